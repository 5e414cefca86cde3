import type { AnchorView } from '#core/contract/index.ts'
import { DataText } from './data-text.tsx'
import { ShortId } from './short-id.tsx'

/** The anchor that a receipt was issued under, and whether anybody signed that there is such an anchor. */
export function AnchorFact({ anchor }: { readonly anchor: AnchorView }) {
  switch (anchor.state) {
    case 'verified':
      return (
        <>
          <DataText text={anchor.label} limit={80} /> <span className="faint">·</span>{' '}
          <span className="green">verified</span>
        </>
      )
    case 'stale':
      return (
        <>
          <DataText text={anchor.label} limit={80} /> <span className="faint">·</span>{' '}
          <span className="amber">
            stale, followed by <DataText text={anchor.by.label} limit={80} />
          </span>
        </>
      )
    case 'unknown':
      return (
        <>
          <ShortId value={anchor.hash} /> <span className="faint">·</span>{' '}
          <span className="amber">nobody signed it</span>
        </>
      )
    case 'missing':
      return <span className="faint">names none</span>
  }
}
