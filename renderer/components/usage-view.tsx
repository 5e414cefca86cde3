// The two usage receipts of a node directory, as a person reads them. The raw JSON stands below.
import { useEffect } from 'react'
import type { ReceiptId, UsageView } from '#core/contract/index.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { createUsageStore, type UsageState } from '#ui/store/usage-store.ts'
import { DataText } from './data-text.tsx'
import { grouped } from './grouped.ts'
import { exactUtc } from './relative-time.ts'
import { Tag, type Tone } from './tag.tsx'
import { ageWords, durationWords } from './usage-words.ts'
import './usage-view.css'

const wholeState = (state: UsageState) => state

const SUBJECTS: readonly string[] = [
  '_report/usage/external-summary.json',
  '_report/usage/receipts-hygiene-summary.json',
]

/** Nothing for every other receipt. */
export function Usage({ id, subject }: { readonly id: ReceiptId; readonly subject: string }) {
  const { views, ask } = useSteward(createUsageStore, wholeState)
  const fits = SUBJECTS.includes(subject)
  useEffect(() => {
    if (fits) ask([id])
  }, [fits, id, ask])
  const usage = views.get(id) ?? null
  return fits && usage !== null ? <View usage={usage} /> : null
}

/** The claims of a conflict beside each other; nothing where they are no usage receipts. */
export function UsageBeside({
  claims,
  subject,
}: {
  readonly claims: readonly { readonly receipt: ReceiptId; readonly nodeName: string }[]
  readonly subject: string
}) {
  const { views, ask } = useSteward(createUsageStore, wholeState)
  const fits = SUBJECTS.includes(subject)
  const ids = claims.map(({ receipt }) => receipt).join(' ')
  useEffect(() => {
    // Ids hold no spaces.
    if (fits) ask(ids.split(' ') as ReceiptId[])
  }, [fits, ids, ask])
  const known = claims.filter(({ receipt }) => (views.get(receipt) ?? null) !== null)
  if (!fits || known.length === 0) return null
  return (
    <section className="rv-part" aria-label="In figures">
      <h3>In figures</h3>
      <div className="us-beside">
        {known.map(({ receipt, nodeName }) => {
          const usage = views.get(receipt) ?? null
          return (
            <div key={receipt} className="us-claim">
              <div className="strong sm">
                <DataText text={nodeName} limit={64} />
              </div>
              {usage !== null && <View usage={usage} />}
            </div>
          )
        })}
      </div>
    </section>
  )
}

function View({ usage }: { readonly usage: UsageView }) {
  switch (usage.type) {
    case 'external-summary':
      return <ExternalSummary usage={usage} />
    case 'receipts-hygiene':
      return <Hygiene usage={usage} />
  }
}

const FRESHNESS: Readonly<
  Record<'fresh' | 'stale' | 'ahead' | 'unknown', { readonly tone: Tone; readonly word: string }>
> = {
  fresh: { tone: 'green', word: 'Fresh' },
  stale: { tone: 'amber', word: 'Stale' },
  ahead: { tone: 'amber', word: 'Future-dated' },
  unknown: { tone: 'plain', word: 'Age not stated' },
}

function ExternalSummary({ usage }: { readonly usage: Extract<UsageView, { type: 'external-summary' }> }) {
  return (
    <div className="us" role="group" aria-label="External summary">
      <p className="sm muted">
        Made <Stated at={usage.generatedAt} />; a feed is stale after {figure(usage.thresholdHours)} hours.
      </p>
      <ul className="us-feeds">
        {usage.feeds.map((feed) => {
          const { tone, word } = FRESHNESS[feed.freshness]
          return (
            <li key={feed.id}>
              <div className="us-feed-head">
                <b>
                  <DataText text={feed.id} limit={80} />
                </b>
                <Tag tone={tone}>{word}</Tag>
                <span className="sm muted num">{ageWords(feed.ageHours)}</span>
              </div>
              <dl className="us-facts sm">
                <dt>Receipts</dt>
                <dd className="num">
                  {figure(feed.receipts)}
                  {count(feed.stale) > 0 && <span className="amber">, {figure(feed.stale)} stale</span>}
                  {count(feed.invalidSignatures) > 0 && (
                    <span className="red">, {figure(feed.invalidSignatures)} with an invalid signature</span>
                  )}
                </dd>
                <dt>Newest</dt>
                <dd>
                  <Stated at={feed.latestIssuedAt} />{' '}
                  {feed.latestReceipt !== null && (
                    <span className="mono faint us-path">
                      <DataText text={feed.latestReceipt} limit={200} />
                    </span>
                  )}
                </dd>
                <dt>Trust</dt>
                <dd className="num">
                  {feed.trust === null ? (
                    <span className="faint">not stated</span>
                  ) : (
                    <>
                      <DataText text={feed.trust.status ?? 'no status'} limit={40} />, score {figure(feed.trust.score)},
                      adjusted {figure(feed.trust.adjusted)}
                      {feed.trust.signals.length > 0 && (
                        <span className="amber">
                          ; <DataText text={feed.trust.signals.join(', ')} limit={200} />
                        </span>
                      )}
                    </>
                  )}
                </dd>
                <dt>Steward</dt>
                <dd>
                  {feed.steward === null ? (
                    <span className="faint">not stated</span>
                  ) : (
                    <DataText text={feed.steward} limit={100} />
                  )}
                  {feed.tier !== null && (
                    <span className="faint">
                      , <DataText text={feed.tier.replaceAll('_', ' ')} limit={60} />
                    </span>
                  )}
                </dd>
              </dl>
            </li>
          )
        })}
      </ul>
      {usage.feeds.length === 0 && <p className="sm muted">It names no feed.</p>}
      {usage.invalidReceipts.length > 0 && (
        <>
          <h4 className="us-title">Invalid receipts</h4>
          <ul className="sm us-list">
            {usage.invalidReceipts.map(({ path, error }) => (
              <li key={`${path ?? ''} ${error ?? ''}`}>
                <span className="mono">
                  <DataText text={path ?? 'no path'} limit={200} />
                </span>{' '}
                <span className="red">
                  <DataText text={error ?? 'no reason stated'} limit={200} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Hygiene({ usage }: { readonly usage: Extract<UsageView, { type: 'receipts-hygiene' }> }) {
  return (
    <div className="us" role="group" aria-label="Receipts hygiene">
      <p className="sm muted">
        Made <Stated at={usage.generatedAt} />.
      </p>
      <div className="us-numbers">
        <div>
          <b className="num">{figure(usage.plansTotal)}</b> <span className="sm muted">plans</span>
        </div>
        <div>
          <b className={count(usage.plansMissingReceipts) > 0 ? 'num amber' : 'num'}>
            {figure(usage.plansMissingReceipts)}
          </b>{' '}
          <span className="sm muted">without receipts</span>
        </div>
      </div>
      {usage.missingPlanIds === null ? (
        <p className="sm faint">It does not list which plans lack receipts.</p>
      ) : (
        usage.missingPlanIds.length > 0 && (
          <>
            <h4 className="us-title">Plans without receipts</h4>
            <ul className="sm us-list mono">
              {usage.missingPlanIds.map((plan) => (
                <li key={plan}>
                  <DataText text={plan} limit={200} />
                </li>
              ))}
            </ul>
          </>
        )
      )}
      {usage.slowPlans.length > 0 && (
        <>
          <h4 className="us-title">Slowest plans</h4>
          <ul className="us-slow sm">
            {usage.slowPlans.map(({ plan, seconds }) => (
              <li key={plan}>
                <span className="mono">
                  <DataText text={plan} limit={200} />
                </span>
                <span className="num muted">{seconds === null ? 'time not known' : durationWords(seconds)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Stated({ at }: { readonly at: string | null }) {
  if (at === null) return <span className="faint">at a time not stated</span>
  return Number.isNaN(Date.parse(at)) ? <DataText text={at} limit={60} /> : <span className="num">{exactUtc(at)}</span>
}

function figure(value: number | null): string {
  if (value === null) return 'not stated'
  return Number.isInteger(value) && value >= 0 ? grouped(value) : String(Math.round(value * 1000) / 1000)
}

function count(value: number | null): number {
  return value ?? 0
}
