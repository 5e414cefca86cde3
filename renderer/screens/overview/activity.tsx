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
  const most = Math.max(1, ...buckets.map(({ inLedger, heldBack }) => inLedger + heldBack))
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
      <div className="activity-chart">
        <div className="activity" role="group" aria-label={`Receipts in the last 24 hours: ${sentence}`}>
          {buckets.map((bucket) => (
            <Slot key={bucket.from} bucket={bucket} most={most} />
          ))}
        </div>
        <div className="activity-heights xs faint num" aria-hidden>
          <span>{grouped(most)}</span>
          <span>0</span>
        </div>
      </div>
      <div className="activity-scale xs faint num">
        <span>{clockOf(buckets[0])} yesterday</span>
        <span>{clockOf(buckets[6])}</span>
        <span>now</span>
      </div>
    </Card>
  )
}

/** Leads to what it counts; where nothing arrived there is nothing to lead to. */
function Slot({ bucket, most }: { readonly bucket: Bucket; readonly most: number }) {
  const { inLedger, heldBack } = bucket
  const bars = (
    <>
      {heldBack > 0 && <i data-held style={{ height: percent(heldBack, most) }} />}
      {inLedger > 0 && <i style={{ height: percent(inLedger, most) }} />}
    </>
  )
  const sentence = bucketSentence(bucket)
  return (
    <Hint label={sentence} delayMs={80} below>
      {inLedger + heldBack === 0 ? (
        <div className="activity-slot">{bars}</div>
      ) : (
        <a className="activity-slot" href={hrefOf(bucket)} aria-label={sentence}>
          {bars}
        </a>
      )}
    </Hint>
  )
}

function hrefOf({ from, inLedger }: Bucket): string {
  return inLedger === 0
    ? hrefTo('receipts', 'not-merged')
    : hrefTo('receipts', null, { arrivedFrom: from, arrivedTo: endOf(from) })
}

function endOf(from: string): string {
  return new Date(Date.parse(from) + 2 * 3_600_000).toISOString()
}

/** A bucket with anything in it is seen, however small beside the largest. */
function percent(count: number, most: number): string {
  return `${Math.max(4, (count / most) * 100)}%`
}

function bucketSentence({ from, inLedger, heldBack }: Bucket): string {
  const held = heldBack > 0 ? `, ${grouped(heldBack)} held back` : ''
  return `${from.slice(11, 16)} to ${endOf(from).slice(11, 16)} UTC: ${grouped(inLedger)} in the ledger${held}`
}

function clockOf(bucket: Bucket | undefined): string {
  return bucket === undefined ? '' : bucket.from.slice(11, 16)
}
