// What stands below the claims: proof, what a newer anchor put aside, earlier decisions, the history of the subject.
import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { ConflictReview, DecisionView, ReceiptId } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Kbd } from '#ui/components/kbd.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { When } from '#ui/components/when.tsx'
import { hrefTo } from '#ui/router.ts'
import type { HistoryItem } from '#ui/store/conflicts-store.ts'
import type { Pages } from '#ui/store/pages.ts'

/** What anybody can check without trusting this node. */
export function Proof({ rows }: { readonly rows: ConflictReview['proof'] }) {
  if (rows.length === 0) return null
  return (
    <section className="rv-part" aria-label="Proof">
      <h3>Proof</h3>
      <p className="sm muted">Anybody can check these without trusting this node.</p>
      <dl className="rv-proof">
        {rows.map(({ label, value }) => (
          <div key={`${label} ${value}`}>
            <dt>{label}</dt>
            <dd className="mono">
              {/^sha256:[0-9a-f]{64}$/.test(value) ? <ShortId value={value} /> : <DataText text={value} limit={600} />}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

export function Superseded({ items }: { readonly items: ConflictReview['superseded'] }) {
  if (items.length === 0) return null
  return (
    <section className="rv-part" aria-label="Put aside by a rule">
      <h3>Put aside by a rule</h3>
      <ul className="rv-lines">
        {items.map(({ member, rule }) => (
          <li key={member.receipt}>
            <s className="muted">
              <DataText text={member.nodeName} limit={64} />{' '}
              <a className="link mono" href={hrefTo('receipts', member.receipt)}>
                #{member.seq.toLocaleString('en')}
              </a>
            </s>{' '}
            <span className="mono faint">
              <ShortId value={member.hash} />
            </span>{' '}
            <span className="sm muted">
              <DataText text={rule} limit={300} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Decisions({
  decisions,
  inFoot,
  onWithdraw,
}: {
  readonly decisions: readonly DecisionView[]
  readonly inFoot: ReceiptId | null
  readonly onWithdraw: (decision: DecisionView) => void
}) {
  if (decisions.length === 0) return null
  return (
    <section className="rv-part" aria-label="Decisions">
      <h3>Decisions</h3>
      <ul className="rv-lines">
        {decisions.map((decision) => (
          <li key={decision.id} className="rv-decision" data-off={!decision.counts || undefined}>
            <div>
              <b>
                <DataText text={decision.nodeName} limit={64} />
              </b>{' '}
              <a className="link sm" href={hrefTo('receipts', decision.id)}>
                signed
              </a>{' '}
              <span className="sm muted">
                <When at={decision.time} />
              </span>{' '}
              {decision.rule !== null && (
                <a className="link sm" href={hrefTo('receipts', decision.rule)}>
                  by a standing rule
                </a>
              )}{' '}
              {decision.withdrawn !== null ? (
                <Tag tone="plain">Withdrawn</Tag>
              ) : decision.counts ? (
                <Tag tone="green">Counts</Tag>
              ) : (
                <Tag tone="plain">No longer counts</Tag>
              )}
            </div>
            <div>
              “<DataText text={decision.sentence} limit={600} />”
            </div>
            {decision.reason !== '' && (
              <div className="sm muted">
                Reason: <DataText text={decision.reason} limit={4_000} />
                {decision.planStep !== null && (
                  <>
                    {' '}
                    · step <DataText text={decision.planStep} limit={256} />
                  </>
                )}
              </div>
            )}
            {decision.withdrawn !== null && (
              <div className="sm muted">
                Withdrawn <When at={decision.withdrawn.time} />:{' '}
                <DataText text={decision.withdrawn.reason} limit={600} />
              </div>
            )}
            {decision.mine && decision.withdrawn === null && decision.id !== inFoot && (
              <Button size="xs" className="rv-withdraw" onClick={() => onWithdraw(decision)}>
                Withdraw…
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function SubjectHistory({
  count,
  history,
  onShow,
  onMore,
}: {
  readonly count: number
  readonly history: Pages<HistoryItem> | null
  readonly onShow: (shown: boolean) => void
  readonly onMore: () => void
}) {
  const part = useRef<HTMLElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const state = history?.state ?? null
  const before = useRef(state)
  // It opens below what is read, so it is brought into view, and once more when it is as long as it will be.
  useEffect(() => {
    if (state === before.current) return
    if (before.current === null) button.current?.focus({ preventScroll: true })
    before.current = state
    if (state !== null) part.current?.scrollIntoView({ block: 'start' })
  }, [state])
  return (
    <section className="rv-part rv-subject-history" aria-label="History of this subject" ref={part}>
      <button
        ref={button}
        className="link sm"
        aria-expanded={history !== null}
        onClick={() => onShow(history === null)}
      >
        {history === null ? 'History of this subject' : 'Fold the history'} ({count.toLocaleString('en')})
      </button>{' '}
      <Kbd>H</Kbd>
      {history !== null && <HistoryList history={history} onMore={onMore} onRetry={() => onShow(true)} />}
    </section>
  )
}

function HistoryList({
  history,
  onMore,
  onRetry,
}: {
  readonly history: Pages<HistoryItem>
  readonly onMore: () => void
  readonly onRetry: () => void
}) {
  switch (history.state) {
    case 'loading':
      return <ListSkeleton rows={3} label="Loading the history" />
    case 'failed':
      return <ProblemPanel problem={history.problem} onRetry={onRetry} compact />
    case 'ready':
      return (
        <>
          <ol className="rv-history">
            {history.items.map((item) => (
              <li key={item.id}>
                <span className="faint sm num">
                  <When at={item.time} />
                </span>
                <span>
                  <DataText text={item.nodeName} limit={64} />{' '}
                  <a className="link mono num" href={hrefTo('receipts', item.id)}>
                    #{item.seq.toLocaleString('en')}
                  </a>
                </span>
                <span className="mono faint">{item.kind}</span>
                <span className="sm muted">
                  <DataText text={item.note} limit={300} />
                </span>
              </li>
            ))}
          </ol>
          {history.more && (
            <Button size="xs" onClick={onMore}>
              Earlier receipts
            </Button>
          )}
        </>
      )
  }
}
