import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import type { Tone } from './tag.tsx'

/** What the top bar says about sync: one sentence each, leading to where it can be dealt with. */
export interface StatePill {
  readonly id: string
  readonly tone: Tone
  readonly text: string
  /** The whole story, on hover. */
  readonly detail: string | null
  readonly href: string
  readonly busy: boolean
}

export function TopBar({ pills, onSearch }: { readonly pills: readonly StatePill[]; readonly onSearch: () => void }) {
  return (
    <>
      <button type="button" className="top-search" onClick={onSearch}>
        <Icon name="search" size={15} />
        <span className="ellipsis">Find a receipt, conflict, peer or action</span>
        <Kbd>{isMac() ? '⌘ K' : 'Ctrl K'}</Kbd>
      </button>
      <div className="top-pills" role="status" aria-label="Sync state">
        {pills.map((pill) => (
          <a key={pill.id} className="pill" href={pill.href} title={pill.detail ?? undefined}>
            <span className="dot" data-tone={pill.tone} data-busy={pill.busy || undefined} />
            <span className="ellipsis">{pill.text}</span>
          </a>
        ))}
      </div>
    </>
  )
}

function isMac(): boolean {
  return /Mac/.test(navigator.userAgent)
}
