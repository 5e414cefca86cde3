// The right pane: a review in each of its states, and below it what the steward can do about it.
import { Button } from '@mantine/core'
import type { RefObject } from 'react'
import type { AppPhase, ConflictId, ConflictReview as Review, DecisionView } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { Kbd } from '#ui/components/kbd.tsx'
import { KeyHints } from '#ui/components/key-hints.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { When } from '#ui/components/when.tsx'
import { Words } from '#ui/components/words.tsx'
import { hrefTo } from '#ui/router.ts'
import { type AppStoreState, createAppStore } from '#ui/store/app-store.ts'
import type { ConflictsState } from '#ui/store/conflicts-store.ts'
import type { LiveState } from '#ui/store/live.ts'
import { setLookAround } from '#ui/store/look-around.ts'
import { valueOf } from '#ui/store/resource.ts'
import { useLive, useSteward } from '#ui/store/stores.tsx'
import { editReplacement, startReplacementFrom, type VerdictDraft } from '#ui/store/verdict-draft.ts'
import { ConflictReview } from './conflict-review.tsx'
import { ownDecision } from './own-decision.ts'
import { VerdictBar } from './verdict-bar.tsx'

export interface ReviewPaneProps {
  readonly conflicts: ConflictsState
  readonly draft: VerdictDraft
  readonly phase: AppPhase | null
  readonly mayDecide: boolean
  readonly inHand: boolean
  readonly undoable: boolean
  readonly undoSeconds: number
  readonly hint: string | null
  /** Everything in the list is decided or put off. */
  readonly allInHand: boolean
  readonly bodyRef: RefObject<HTMLDivElement | null>
  readonly reasonRef: RefObject<HTMLInputElement | null>
  readonly editorRef: RefObject<HTMLTextAreaElement | null>
  readonly onClaim: (place: number) => void
  readonly onSeveral: () => void
  readonly onNone: () => void
  readonly onReplacement: () => void
  readonly onEdit: (change: (draft: VerdictDraft) => VerdictDraft) => void
  readonly onLater: () => void
  readonly onSign: () => void
  readonly onUndo: () => void
  readonly onOpen: (id: ConflictId) => void
  readonly onDecideAgain: () => void
  readonly onWithdraw: (decision: DecisionView) => void
  /** Null while nothing can be signed. */
  readonly onMakeRule: ((id: ConflictId) => void) | null
  readonly onHelp: () => void
}

/** What the parts of the pane get; the pane's own scrolling stays with it. */
type PartProps = Omit<ReviewPaneProps, 'bodyRef'>

export function ReviewPane({ bodyRef, ...props }: ReviewPaneProps) {
  const { open } = props.conflicts
  const review = open === null ? null : valueOf(open.review)
  return (
    <div className="rv">
      <div
        className="rv-body"
        ref={bodyRef}
        tabIndex={0}
        role="region"
        aria-label={review?.summary.title ?? 'Review'}
        data-keys="review"
      >
        <div className="rv-inner">
          <Body {...props} />
        </div>
      </div>
      {review !== null && <Foot {...props} review={review} />}
    </div>
  )
}

function Body(props: PartProps) {
  const { conflicts } = props
  const { open } = conflicts
  if (open === null) return <NothingOpen {...props} />
  switch (open.review.state) {
    case 'loading':
      return <ListSkeleton rows={5} label="Loading the review" />
    case 'failed':
      return open.review.problem.code === 'NOT_FOUND' ? (
        <EmptyState icon="check" title="This conflict no longer stands">
          Its claims changed, or the nodes agree by now. What stands is in the list.
        </EmptyState>
      ) : (
        <ProblemPanel problem={open.review.problem} onRetry={conflicts.reload} />
      )
    case 'ready':
      return (
        <ConflictReview
          key={open.id}
          open={open}
          review={open.review.value}
          chosen={chosenIn(props.draft)}
          inFoot={props.mayDecide || props.inHand ? null : (ownDecision(open.review.value)?.id ?? null)}
          onShowEqual={conflicts.showEqual}
          onRaw={conflicts.showRaw}
          onHistory={conflicts.showHistory}
          onMoreHistory={conflicts.loadMoreHistory}
          onWithdraw={props.onWithdraw}
          onOpen={props.onOpen}
          onMakeRule={props.onMakeRule}
          onDismissNews={conflicts.dismissNews}
          onRetry={conflicts.reload}
          proof={conflicts.proof}
        />
      )
  }
}

function NothingOpen({ conflicts, allInHand, onHelp }: PartProps) {
  const { queue, later } = conflicts
  if (queue.state === 'loading') return <ListSkeleton rows={5} label="Loading" />
  if (queue.state === 'ready' && allInHand) {
    return (
      <EmptyState icon="check" title="Nothing left to decide here">
        {later.size > 0
          ? `${later.size === 1 ? 'One is' : `${later.size} are`} put off for later; open it from the list when you are ready.`
          : 'What you decided leaves the list once it is signed.'}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon="conflicts"
      title="No conflict is open"
      actions={
        <Button variant="subtle" onClick={onHelp} rightSection={<Kbd>?</Kbd>}>
          All keys
        </Button>
      }
    >
      A conflict opens here with its claims side by side.
      <div style={{ marginTop: 14, display: 'grid', justifyItems: 'center' }}>
        <KeyHints
          keys={[
            ['J K', 'next, previous'],
            ['1 … 9', 'pick a claim'],
            ['Enter', 'sign'],
          ]}
        />
      </div>
    </EmptyState>
  )
}

function Foot(props: PartProps & { readonly review: Review }) {
  const { review, conflicts, draft, onEdit } = props
  const { summary } = review
  const news = conflicts.open?.news?.news
  if (props.mayDecide && news !== 'replaced' && news !== 'gone') {
    return (
      <VerdictBar
        review={review}
        draft={draft}
        undoSeconds={props.undoSeconds}
        hint={props.hint}
        reasonRef={props.reasonRef}
        editorRef={props.editorRef}
        onClaim={props.onClaim}
        onSeveral={props.onSeveral}
        onNone={props.onNone}
        onReplacement={props.onReplacement}
        onStartFrom={(claim) => onEdit((before) => startReplacementFrom(before, claim))}
        onEdit={(text) => onEdit((before) => editReplacement(before, text))}
        onReason={(reason) => onEdit((before) => ({ ...before, reason }))}
        onPlanStep={(planStep) => onEdit((before) => ({ ...before, planStep }))}
        onLater={props.onLater}
        onSign={props.onSign}
      />
    )
  }
  if (news === 'replaced' || news === 'gone') return null
  if (props.inHand) return <InHand {...props} />
  if (summary.status === 'settled') return <Settled {...props} />
  if (ownDecision(review) !== null && props.phase === 'ready') return <WaitsForOthers {...props} />
  return summary.decidable ? <CannotDecide {...props} /> : <ResolvesItself {...props} />
}

function InHand({ undoable, onUndo }: PartProps) {
  return (
    <footer className="verdict" aria-label="Your decision">
      <div className="verdict-calm">
        <span className="muted">
          {undoable ? 'You decided this one; it is signed in a moment.' : 'Your decision is being signed.'}
        </span>
        {undoable && (
          <Button onClick={onUndo} leftSection={<Icon name="undo" size={15} />}>
            Undo
          </Button>
        )}
      </div>
    </footer>
  )
}

function Settled({ review, onDecideAgain, onWithdraw }: PartProps & { readonly review: Review }) {
  const counting = review.decisions.filter((decision) => decision.counts)
  const [first] = counting
  const mine = ownDecision(review)
  return (
    <footer className="verdict" aria-label="Your decision">
      <div className="verdict-calm">
        <span>
          <b className="green">Settled.</b>{' '}
          {first === undefined ? (
            <span className="muted">Nothing is left to do here.</span>
          ) : (
            <>
              “<DataText text={first.sentence} limit={600} />”{' '}
              <span className="muted">
                signed by <DataText text={counting.map((decision) => decision.nodeName).join(', ')} limit={200} />{' '}
                <When at={counting.reduce((newest, { time }) => (time > newest ? time : newest), first.time)} />
              </span>
            </>
          )}
        </span>
        <span className="verdict-acts">
          {review.cannotDecide === null && review.summary.decidable && (
            <Button variant="subtle" onClick={onDecideAgain}>
              Decide otherwise
            </Button>
          )}
          {mine !== null && <Button onClick={() => onWithdraw(mine)}>Withdraw…</Button>}
        </span>
      </div>
    </footer>
  )
}

/** Signed here, and not enough stewards agree yet. */
function WaitsForOthers({ review, onDecideAgain, onWithdraw }: PartProps & { readonly review: Review }) {
  const own = ownDecision(review)
  const { needed, have } = review.quorum
  if (own === null) return null
  return (
    <footer className="verdict" aria-label="Your decision">
      <div className="verdict-calm">
        <span>
          You signed: “<DataText text={own.sentence} limit={600} />”{' '}
          <span className="muted">
            It settles once {needed} stewards agree; {have} did so far.
          </span>
        </span>
        <span className="verdict-acts">
          <Button variant="subtle" onClick={onDecideAgain}>
            Decide otherwise
          </Button>
          <Button onClick={() => onWithdraw(own)}>Withdraw…</Button>
        </span>
      </div>
    </footer>
  )
}

/** What keeps this steward from deciding now: the key, or a reason that the core gives. */
function CannotDecide({ review, phase, onLater }: PartProps & { readonly review: Review }) {
  const isUnadmitted = useLive(selectUnadmitted)
  const words = useSteward(createAppStore, selectWords)
  return (
    <footer className="verdict" aria-label="Your decision">
      <div className="verdict-calm">
        <Icon name={phase === 'ready' ? 'info' : 'lock'} size={16} />
        <span>
          {hindrance(phase) ?? review.cannotDecide}
          {isUnadmitted && words !== null && (
            <>
              {' '}
              Read your six words to one of its stewards:{' '}
              <b>
                <Words words={words} />
              </b>
            </>
          )}
        </span>
        <span className="verdict-acts">
          <Button variant="subtle" onClick={onLater} leftSection={<Kbd>D</Kbd>}>
            Later
          </Button>
          {isUnadmitted && (
            <Button component="a" href={hrefTo('network')}>
              See who can admit it
            </Button>
          )}
          {phase === 'locked' && (
            <Button variant="filled" onClick={() => setLookAround(false)}>
              Unlock to decide
            </Button>
          )}
        </span>
      </div>
    </footer>
  )
}

const selectUnadmitted = (state: LiveState) => state.exchange?.state === 'not-admitted'
const selectWords = (state: AppStoreState) => valueOf(state.app)?.node?.words ?? null

function hindrance(phase: AppPhase | null): string | null {
  switch (phase) {
    case 'locked':
      return 'The key is locked. You can read everything; deciding waits for your passphrase.'
    case 'head-unknown':
      return 'This node reads its own newest receipt back from the exchange before it signs again.'
    case 'ready':
    case 'no-node':
    case null:
      return null
  }
}

/** Withheld, held, stale: what settles these is a thing that is missing, or time. */
function ResolvesItself({ review, onLater }: PartProps & { readonly review: Review }) {
  return (
    <footer className="verdict" aria-label="Your decision">
      <div className="verdict-calm">
        <Icon name="clock" size={16} />
        <span>
          <b>Nothing to sign here.</b> <DataText text={review.remedy} limit={600} />
        </span>
        <Button onClick={onLater} leftSection={<Kbd>D</Kbd>}>
          Next one
        </Button>
      </div>
    </footer>
  )
}

function chosenIn({ choice }: VerdictDraft): readonly string[] {
  return choice.type === 'pick' ? [choice.receipt] : choice.type === 'several' ? choice.receipts : []
}
