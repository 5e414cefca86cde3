import { Card } from '#ui/components/card.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Hint } from '#ui/components/hint.tsx'
import { Why } from '#ui/components/why.tsx'
import { hrefTo } from '#ui/router.ts'
import type { Overview } from '#ui/store/overview-store.ts'
import { activitySentence } from './sentences.ts'

type Bucket = Overview['activity'][number]

/** Twelve bars of two hours by arrival; what was held back stands on top in amber. */
export function Activity({ buckets }: { readonly buckets: readonly Bucket[] }) {
  const most = Math.max(1, ...buckets.map(({ merged, heldBack }) => merged + heldBack))
  const sentence = activitySentence(buckets)
  return (
    <Card
      title="Receipts, last 24 hours"
      note={sentence}
      aside={
        <span className="sm">
          <Why about={{ type: 'count', name: 'receipts' }} what="what counts as a receipt" />{' '}
          <a className="link" href={hrefTo('receipts')}>
            See them
          </a>
        </span>
      }
    >
      <div className="activity" role="img" aria-label={`Receipts in the last 24 hours: ${sentence}`}>
        {buckets.map((bucket) => (
          <Hint key={bucket.from} label={bucketSentence(bucket)} delayMs={80}>
            <div className="activity-slot">
              {bucket.heldBack > 0 && <i data-held style={{ height: percent(bucket.heldBack, most) }} />}
              {bucket.merged > 0 && <i style={{ height: percent(bucket.merged, most) }} />}
            </div>
          </Hint>
        ))}
      </div>
      <div className="activity-scale xs faint num">
        <span>{clockOf(buckets[0])} yesterday</span>
        <span>{clockOf(buckets[6])}</span>
        <span>now</span>
      </div>
    </Card>
  )
}

/** A bucket with anything in it is seen, however small beside the largest. */
function percent(count: number, most: number): string {
  return `${Math.max(4, (count / most) * 100)}%`
}

function bucketSentence({ from, merged, heldBack }: Bucket): string {
  const until = new Date(Date.parse(from) + 2 * 3_600_000).toISOString()
  const held = heldBack > 0 ? `, ${grouped(heldBack)} held back` : ''
  return `${from.slice(11, 16)} to ${until.slice(11, 16)} UTC: ${grouped(merged)} merged${held}`
}

function clockOf(bucket: Bucket | undefined): string {
  return bucket === undefined ? '' : bucket.from.slice(11, 16)
}
