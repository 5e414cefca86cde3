// What stands in the way of a go, and what stewards signed about it.
import type { SummaryFile } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ShortId } from '#ui/components/short-id.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { When } from '#ui/components/when.tsx'
import { hrefTo } from '#ui/router.ts'

const SHOWN_BLOCKERS = 12

export function Blockers({ blockers: { total, items } }: { readonly blockers: SummaryFile['blockers'] }) {
  if (total === 0) {
    return (
      <Card title="What stands in the way">
        <p className="muted">Nothing: everything that can be reconciled is.</p>
      </Card>
    )
  }
  const more = total - Math.min(total, SHOWN_BLOCKERS)
  return (
    <Card title="What stands in the way" aside={<span className="sm muted num">{grouped(total)}</span>}>
      <ul className="rp-blockers">
        {items.slice(0, SHOWN_BLOCKERS).map((item) => (
          <li key={item.id}>
            {item.id.startsWith('sha256:') ? (
              <a className="link strong" href={hrefTo('conflicts', item.id)}>
                <DataText text={item.what} limit={200} />
              </a>
            ) : (
              <span className="strong">{item.what}</span>
            )}
            <p className="sm muted">
              <DataText text={item.why} limit={400} /> {item.remedy}
            </p>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="sm muted">{grouped(more)} more are in conflicts.json.</p>}
    </Card>
  )
}

export function Overrides({ overrides }: { readonly overrides: SummaryFile['recommendation']['overrides'] }) {
  if (overrides.length === 0) return null
  return (
    <Card title="Overrides" note="Signed by stewards; each covers exactly what it named.">
      <ul className="rp-blockers">
        {overrides.map((one) => (
          <li key={one.receipt}>
            <span className="strong">
              <DataText text={one.nodeName} limit={64} /> signed {one.verdict}
            </span>{' '}
            <Tag tone={one.inForce ? 'tide' : 'plain'}>{one.inForce ? 'in force' : 'lapsed'}</Tag>{' '}
            <span className="sm faint">
              <When at={one.time} /> · <ShortId value={one.receipt} />
            </span>
            <p className="sm muted">
              <DataText text={one.reason} limit={400} />
              {one.lapsed !== null && (
                <>
                  {' '}
                  <span className="amber">
                    <DataText text={one.lapsed} limit={300} />
                  </span>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}
