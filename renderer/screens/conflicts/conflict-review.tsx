// One conflict, as a steward judges it: why it waits, the claims side by side, what differs, and what was decided before.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type {
  ConflictId,
  ConflictReview as Review,
  DecisionView,
  ProofFile,
  ProofForm,
  ReceiptId,
} from '#core/contract/index.ts'
import { Banner } from '#ui/components/banner.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { ExportProof } from '#ui/components/export-proof.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ConflictTag, Tag } from '#ui/components/tag.tsx'
import { UsageBeside } from '#ui/components/usage-view.tsx'
import { When } from '#ui/components/when.tsx'
import { Why } from '#ui/components/why.tsx'
import { hrefTo } from '#ui/router.ts'
import type { OpenReview, ReviewNews } from '#ui/store/conflicts-store.ts'
import { ClaimCard } from './claim-card.tsx'
import { DiffTable } from './diff-table.tsx'
import { RawView } from './raw-view.tsx'
import { Decisions, Proof, SubjectHistory, Superseded } from './review-parts.tsx'
import './conflict-review.css'

export interface ConflictReviewProps {
  readonly open: OpenReview
  readonly review: Review
  /** The claims that the steward has chosen, so that their cards show it. */
  readonly chosen: readonly string[]
  /** The decision that the foot offers to withdraw; null where it offers none. */
  readonly inFoot: ReceiptId | null
  readonly onShowEqual: (shown: boolean) => void
  readonly onRaw: (raw: boolean) => void
  readonly onHistory: (shown: boolean) => void
  readonly onMoreHistory: () => void
  readonly onWithdraw: (decision: DecisionView) => void
  readonly onOpen: (id: ConflictId) => void
  readonly onMakeRule: ((id: ConflictId) => void) | null
  readonly onDismissNews: () => void
  readonly onRetry: () => void
  readonly proof: (id: ConflictId, form: ProofForm) => Promise<ProofFile>
}

/** Up to so many claims stand in one row; more of them in as many columns as fit. */
const MOST_COLUMNS = 3

export function ConflictReview(props: ConflictReviewProps) {
  const { open, review } = props
  const { summary, members } = review
  return (
    <>
      {open.news !== null && <News news={open.news} onOpen={props.onOpen} onDismiss={props.onDismissNews} />}
      {open.review.state === 'ready' && open.review.problem !== null && open.news === null && (
        <ProblemPanel problem={open.review.problem} onRetry={props.onRetry} compact />
      )}
      <div className="rv-path sm faint">
        <ConflictTag kind={summary.kind} severity={summary.severity} />
        {summary.status === 'settled' && <Tag tone="green">Settled</Tag>}
        {summary.escalated !== null && <Tag tone="red">Overdue</Tag>}
        {summary.reopened && <Tag tone="amber">Open again: a claim came after a decision</Tag>}
        <span className="mono">
          <DataText text={summary.subject} limit={1_024} />
        </span>
        {summary.task !== null && (
          <>
            {' '}
            · task{' '}
            <a className="link" href={hrefTo('tasks', summary.task)}>
              <DataText text={summary.task} limit={300} />
            </a>
          </>
        )}
      </div>
      <div className="rv-head">
        <h2 id="review-title">
          <DataText text={summary.title} limit={400} />
        </h2>
        <ExportProof proof={(form) => props.proof(summary.id, form)} />
      </div>
      <p className="rv-why muted">
        <DataText text={review.why} limit={1_000} />{' '}
        {summary.status !== 'settled' && (
          <span className="rv-remedy">
            <DataText text={review.remedy} limit={1_000} />
          </span>
        )}{' '}
        {summary.escalated}{' '}
        <span className="sm faint nowrap">
          <When at={summary.since} /> <Why about={{ type: 'conflict', id: summary.id }} what="this conflict" />
        </span>
        {review.quorum.needed > 1 && (
          <span className="sm num nowrap">
            {' '}
            {review.quorum.have} of {review.quorum.needed} stewards agree
          </span>
        )}
      </p>
      {members.length > 0 && (
        <div className="claims" data-count={Math.min(members.length, MOST_COLUMNS + 1)}>
          {members.map((claim, place) => (
            <ClaimCard key={claim.receipt} claim={claim} place={place} chosen={props.chosen.includes(claim.receipt)} />
          ))}
        </div>
      )}
      <Proof rows={review.proof} />
      {members.length > 1 && <Differences {...props} />}
      <MakeRule review={review} onMakeRule={props.onMakeRule} />
      <UsageBeside claims={members} subject={summary.subject} />
      <Superseded items={review.superseded} />
      <Decisions decisions={review.decisions} inFoot={props.inFoot} onWithdraw={props.onWithdraw} />
      <SubjectHistory
        count={review.historyCount}
        history={open.history}
        onShow={props.onHistory}
        onMore={props.onMoreHistory}
      />
    </>
  )
}

/** Only where a rule may decide: what proves harm, and what stewards disagree about, always waits for a person. */
function MakeRule({ review, onMakeRule }: { readonly review: Review } & Pick<ConflictReviewProps, 'onMakeRule'>) {
  const { summary } = review
  if (onMakeRule === null || !RULED.has(summary.kind) || summary.status !== 'open') return null
  return (
    <p className="sm rv-rule">
      <button type="button" className="link" onClick={() => onMakeRule(summary.id)}>
        Make a rule for conflicts like this…
      </button>
      {' · '}
      <a className="link" href={hrefTo('conflicts', 'rules')}>
        Standing rules
      </a>
    </p>
  )
}

const RULED: ReadonlySet<Review['summary']['kind']> = new Set([
  'hash-mismatch',
  'missing-anchor',
  'unknown-anchor',
  'diverging-anchors',
])

function Differences(props: ConflictReviewProps): ReactNode {
  const { open, review } = props
  const { diff } = open
  if (open.raw) {
    return (
      <section className="rv-part" aria-label="Raw view">
        <div className="rv-part-head">
          <h3>Raw</h3>
          <button className="link sm" onClick={() => props.onRaw(false)}>
            Back to the comparison
          </button>
        </div>
        <RawView claims={review.members} />
      </section>
    )
  }
  switch (diff.state) {
    case 'loading':
      return <ListSkeleton rows={3} label="Comparing" />
    case 'failed':
      return <ProblemPanel problem={diff.problem} onRetry={props.onRetry} compact />
    case 'ready':
      return diff.value.structured ? (
        <DiffTable
          diff={diff.value}
          claims={review.members}
          equalShown={open.equalShown}
          onShowEqual={props.onShowEqual}
          onRaw={() => props.onRaw(true)}
        />
      ) : (
        <section className="rv-part" aria-label="Raw view">
          <p className="sm muted">These claims cannot be compared field by field; here they are as they came.</p>
          <RawView claims={review.members} />
        </section>
      )
  }
}

function News({
  news,
  onOpen,
  onDismiss,
}: {
  readonly news: ReviewNews
  readonly onOpen: (id: ConflictId) => void
  readonly onDismiss: () => void
}) {
  const dismiss = (
    <Button size="xs" variant="subtle" onClick={onDismiss}>
      Understood
    </Button>
  )
  switch (news.news) {
    case 'settled-elsewhere':
      return (
        <Banner tone="green" icon="check" action={dismiss}>
          <b>Settled elsewhere.</b> <DataText text={news.by} limit={64} /> decided while you were reading
          {news.sentence === '' ? '.' : ': '}
          {news.sentence !== '' && (
            <>
              “<DataText text={news.sentence} limit={400} />”
            </>
          )}{' '}
          Nothing is left to do here.
        </Banner>
      )
    case 'reopened':
      return (
        <Banner tone="amber" icon="info" action={dismiss}>
          <b>Open again.</b> What settled it no longer does. Earlier decisions are listed below.
        </Banner>
      )
    case 'replaced':
      return (
        <Banner
          tone="amber"
          icon="info"
          action={
            <Button size="xs" onClick={() => onOpen(news.by)}>
              Show it as it stands now
            </Button>
          }
        >
          <b>Its claims changed while you were reading.</b> What you see is what it was. A decision on it would no
          longer be taken.
        </Banner>
      )
    case 'gone':
      return (
        <Banner tone="green" icon="check" action={dismiss}>
          <b>It no longer stands.</b> The nodes agree now; what you see is what it was.
        </Banner>
      )
  }
}
