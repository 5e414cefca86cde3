// Conflicts: the queue on the left, the open review on the right, and one keyboard over both.
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { ConflictId, DecisionView, VerdictType } from '#core/contract/index.ts'
import { verdictSentence } from '#core/contract/sentence.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { redirect, useRoute } from '#ui/router.ts'
import { type AppStoreState, createAppStore } from '#ui/store/app-store.ts'
import { type BulkState, bulkDecisions, createBulkStore } from '#ui/store/bulk-store.ts'
import { type ConflictsState, createConflictsStore, idsOf } from '#ui/store/conflicts-store.ts'
import { addressedFilter } from './addressed-filter.ts'
import { nextAfter } from '#ui/store/list-selection.ts'
import {
  conflictsInHand,
  countingFor,
  createPendingStore,
  lastUndoable,
  type PendingBatch,
  type PendingState,
} from '#ui/store/pending-decisions.ts'
import { valueOf } from '#ui/store/resource.ts'
import { createRulesStore, type RulesState } from '#ui/store/rules-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import {
  chooseClaim,
  chooseNone,
  chooseReplacement,
  chooseSeveral,
  EMPTY_DRAFT,
  readiness,
  type VerdictDraft,
} from '#ui/store/verdict-draft.ts'
import { BulkDialog } from './bulk-dialog.tsx'
import { ConflictQueue } from './conflict-queue.tsx'
import { KeysHelp } from './keys-help.tsx'
import { ownDecision } from './own-decision.ts'
import { ReviewPane } from './review-pane.tsx'
import type { KeyPlace, ReviewIntent } from './review-keys.ts'
import { useReviewKeys } from './use-review-keys.ts'
import { WithdrawDialog } from './withdraw-dialog.tsx'

const wholeConflicts = (state: ConflictsState) => state
const wholePending = (state: PendingState) => state
const wholeBulk = (state: BulkState) => state
const selectRuleDraft = (state: RulesState) => state.draft !== null
const selectBeginRule = (state: RulesState) => state.begin
const selectPhase = (state: AppStoreState) => valueOf(state.app)?.phase ?? null

interface Hint {
  readonly conflict: ConflictId
  readonly draft: VerdictDraft
  readonly why: string
}

/** A place of this section that is no conflict. */
const RULES = 'rules'

export function ConflictsScreen() {
  const { id } = useRoute()
  const phase = useSteward(createAppStore, selectPhase)
  return id === RULES ? (
    <Suspense fallback={<ListSkeleton rows={4} label="Opening the standing rules" />}>
      <RulesPage maySign={phase === 'ready'} />
    </Suspense>
  ) : (
    <Review />
  )
}

// Both are opened seldom, so their code comes with the first look.
const RulesPage = lazy(() => import('./rules-page.tsx').then((m) => ({ default: m.RulesPage })))
const RuleDialog = lazy(() => import('./rule-dialog.tsx').then((m) => ({ default: m.RuleDialog })))

function Review() {
  const route = useRoute()
  const conflicts = useSteward(createConflictsStore, wholeConflicts)
  const pending = useSteward(createPendingStore, wholePending)
  const bulk = useSteward(createBulkStore, wholeBulk)
  const phase = useSteward(createAppStore, selectPhase)
  const makingRule = useSteward(createRulesStore, selectRuleDraft)
  const beginRule = useSteward(createRulesStore, selectBeginRule)
  const [helpOpen, setHelpOpen] = useState(false)
  const [withdrawing, setWithdrawing] = useState<DecisionView | null>(null)
  /** What kept the last Sign from being one, for the conflict and draft that it was about. */
  const [hint, setHint] = useState<Hint | null>(null)
  /** A settled conflict whose steward wants to decide otherwise. */
  const [again, setAgain] = useState<ConflictId | null>(null)

  const searchRef = useRef<HTMLInputElement>(null)
  const bodyRef = useRef<HTMLDivElement>(null)
  const reasonRef = useRef<HTMLInputElement>(null)
  const editorRef = useRef<HTMLTextAreaElement>(null)

  const { queue, open, selection } = conflicts
  const ids = idsOf(queue)
  const inHand = conflictsInHand(pending.batches)
  const passedOver = new Set([...inHand, ...pending.signed, ...conflicts.later])
  const review = open === null ? null : valueOf(open.review)
  const draft = (open === null ? undefined : conflicts.drafts.get(open.id)) ?? EMPTY_DRAFT
  const maySign = phase === 'ready'
  const mayDecide =
    maySign &&
    review !== null &&
    review.summary.decidable &&
    review.cannotDecide === null &&
    !inHand.has(review.summary.id) &&
    (again === review.summary.id || (review.summary.status === 'open' && ownDecision(review) === null))

  const counting = open === null ? null : countingFor(pending.batches, open.id)

  useOpenAddress(conflicts, passedOver, route.id, route.query)

  const goTo = (id: ConflictId | null) => redirect('conflicts', id)
  /** The focus stays in the list if it is there, and otherwise goes to the new review; it is never lost with the old one. */
  const goOn = (from: ConflictId, skip: ReadonlySet<ConflictId>) => {
    const next = nextAfter(ids, from, skip)
    if (next === null) conflicts.show(null)
    goTo(next)
    if (!(document.activeElement?.closest('.vlist') ?? false)) bodyRef.current?.focus({ preventScroll: true })
    bodyRef.current?.scrollTo({ top: 0 })
  }
  const edit = (change: (draft: VerdictDraft) => VerdictDraft) => {
    if (open !== null) conflicts.edit(open.id, change)
  }

  const sign = () => {
    if (review === null || !mayDecide) return
    const { summary, members } = review
    const ready = readiness(draft, members)
    if (!ready.ready) {
      setHint({ conflict: summary.id, draft, why: ready.why })
      if (ready.missing === 'reason') reasonRef.current?.focus()
      if (ready.missing === 'json') editorRef.current?.focus()
      return
    }
    const planStep = draft.planStep.trim()
    pending.sign([
      {
        input: {
          conflict: summary.id,
          members: members.map((member) => member.receipt),
          verdict: ready.verdict,
          reason: draft.reason.trim(),
          planStep: planStep === '' ? null : planStep,
        },
        subject: summary.subject,
        task: summary.task,
        sentence: verdictSentence({ ...summary, members }, ready.verdict),
        draft,
      },
    ])
    conflicts.forgetDraft(summary.id)
    goOn(summary.id, new Set([...passedOver, summary.id]))
  }

  const later = () => {
    if (open === null) return
    conflicts.putOff(open.id)
    goOn(open.id, new Set([...passedOver, open.id]))
  }

  const undo = (batch: PendingBatch | null): boolean => {
    if (batch === null) return false
    const taken = pending.undo(batch.key)
    for (const { input, draft: before } of taken) if (before !== null) conflicts.edit(input.conflict, () => before)
    goTo(taken[0]?.input.conflict ?? null)
    return true
  }

  const allows = (verdict: VerdictType) => mayDecide && (review?.verdicts.includes(verdict) ?? false)
  const claim = (place: number) => edit((before) => chooseClaim(before, review?.members ?? [], place))
  const several = () => edit((before) => chooseSeveral(before, review?.members ?? []))
  const none = () => {
    edit(chooseNone)
    if (draft.reason.trim() === '') reasonRef.current?.focus()
  }
  const replacement = () => {
    edit((before) => chooseReplacement(before, review?.members ?? []))
    // The editor is drawn with the choice.
    requestAnimationFrame(() => editorRef.current?.focus())
  }

  const step = (by: number): ConflictId | null => {
    const at = open === null ? -1 : ids.indexOf(open.id)
    return ids[Math.max(0, Math.min(ids.length - 1, at === -1 ? 0 : at + by))] ?? null
  }
  const extendBy = (by: number) => {
    const to = step(by)
    if (to === null) return
    if (selection.from === null && open !== null) conflicts.select(open.id)
    conflicts.selectTo(to)
    goTo(to)
  }
  const together = () => {
    const chosen = ids.filter((id) => selection.chosen.has(id) && !inHand.has(id))
    if (chosen.length > 0 && maySign) bulk.begin(chosen)
  }
  const leave = (place: KeyPlace): boolean => {
    if (place === 'reason' || place === 'search' || place === 'editor') bodyRef.current?.focus({ preventScroll: true })
    else if (open?.raw) conflicts.showRaw(false)
    else if (selection.chosen.size > 0) conflicts.clearSelection()
    else return false
    return true
  }

  /** Answers whether the key did something; a key that does nothing here is left to the page. */
  const carryOut = (intent: ReviewIntent, place: KeyPlace): boolean => {
    switch (intent.does) {
      case 'claim':
        return when(allows('pick'), () => claim(intent.position))
      case 'several':
        return when(allows('several'), several)
      case 'none':
        return when(allows('none'), none)
      case 'replacement':
        return when(allows('replacement'), replacement)
      case 'sign':
        return when(mayDecide, sign)
      case 'reason':
        return when(mayDecide, () => reasonRef.current?.focus())
      case 'later':
        return when(open !== null, later)
      case 'undo':
        return undo(lastUndoable(pending.batches))
      case 'raw':
        return when(open !== null, () => conflicts.showRaw(!open?.raw))
      case 'equal':
        return when(open !== null, () => conflicts.showEqual(!open?.equalShown))
      case 'history':
        return when(open !== null, () => conflicts.showHistory(open?.history === null))
      case 'next':
        return when(ids.length > 0, () => goTo(step(1)))
      case 'previous':
        return when(ids.length > 0, () => goTo(step(-1)))
      case 'first':
        return when(ids.length > 0, () => goTo(ids[0] ?? null))
      case 'last':
        return when(ids.length > 0, () => goTo(ids.at(-1) ?? null))
      case 'extend':
        return when(ids.length > 0, () => extendBy(intent.step))
      case 'select':
        return when(open !== null, () => open !== null && conflicts.select(open.id))
      case 'together':
        return when(selection.chosen.size > 0, together)
      case 'search':
        return when(true, () => searchRef.current?.focus())
      case 'help':
        return when(true, () => setHelpOpen(true))
      case 'leave':
        return leave(place)
    }
  }
  useReviewKeys(carryOut)

  return (
    <div className="conflicts">
      <ConflictQueue
        queue={queue}
        counts={valueOf(conflicts.counts)}
        facets={valueOf(conflicts.facets)}
        filter={conflicts.filter}
        sort={conflicts.sort}
        openId={open?.id ?? null}
        selected={selection.chosen}
        maySign={maySign}
        markOf={(id) => (inHand.has(id) ? 'signing' : conflicts.later.has(id) ? 'later' : null)}
        searchRef={searchRef}
        onFilter={conflicts.setFilter}
        onSort={conflicts.setSort}
        onOpen={goTo}
        onSelect={(id, range) => (range ? conflicts.selectTo(id) : conflicts.select(id))}
        onClearSelection={conflicts.clearSelection}
        onTogether={together}
        onMore={conflicts.loadMore}
        onShown={conflicts.shown}
        onRetry={conflicts.refresh}
      />
      <ReviewPane
        conflicts={conflicts}
        draft={draft}
        phase={phase}
        mayDecide={mayDecide}
        inHand={review !== null && inHand.has(review.summary.id)}
        undoable={counting !== null}
        undoSeconds={pending.undoSeconds}
        hint={hint !== null && hint.conflict === open?.id && hint.draft === draft ? hint.why : null}
        allInHand={ids.length > 0 && ids.every((id) => passedOver.has(id))}
        bodyRef={bodyRef}
        reasonRef={reasonRef}
        editorRef={editorRef}
        onClaim={claim}
        onSeveral={several}
        onNone={none}
        onReplacement={replacement}
        onEdit={edit}
        onLater={later}
        onSign={sign}
        onUndo={() => undo(counting)}
        onOpen={goTo}
        onDecideAgain={() => setAgain(open?.id ?? null)}
        onWithdraw={setWithdrawing}
        onMakeRule={maySign ? beginRule : null}
        onHelp={() => setHelpOpen(true)}
      />
      {makingRule && (
        <Suspense>
          <RuleDialog />
        </Suspense>
      )}
      <KeysHelp opened={helpOpen} onClose={() => setHelpOpen(false)} />
      {withdrawing !== null && (
        <WithdrawDialog
          decision={withdrawing}
          onWithdraw={async (reason) => {
            await conflicts.withdraw(withdrawing.id, reason)
            conflicts.reload()
          }}
          onClose={() => setWithdrawing(null)}
        />
      )}
      {bulk.draft !== null && (
        <BulkDialog
          draft={bulk.draft}
          nodes={valueOf(conflicts.facets)?.nodes ?? []}
          undoSeconds={pending.undoSeconds}
          onRule={bulk.setRule}
          onToggle={(item) => bulk.toggle(item.conflict)}
          onWrite={bulk.write}
          onRetry={bulk.askAgain}
          onClose={bulk.end}
          onSign={() => {
            if (bulk.draft === null) return
            pending.sign(bulkDecisions(bulk.draft))
            bulk.end()
            conflicts.clearSelection()
            bodyRef.current?.focus({ preventScroll: true })
          }}
        />
      )}
    </div>
  )
}

function when(possible: boolean, act: () => unknown): boolean {
  if (possible) act()
  return possible
}

/** The address says what is open. Without one it is what was open before, or the first that is not in hand. */
function useOpenAddress(
  conflicts: ConflictsState,
  passedOver: ReadonlySet<ConflictId>,
  addressed: string | null,
  query: Readonly<Record<string, string>>,
): void {
  const { show, setFilter, queue, open } = conflicts
  const ids = idsOf(queue)
  const fallback = open !== null && ids.includes(open.id) ? open.id : nextAfter(ids, null, passedOver)

  useEffect(() => {
    // The core answers NOT_FOUND to an address that names nothing, and the pane says so.
    if (addressed !== null) show(addressed as ConflictId)
    else if (fallback !== null) redirect('conflicts', fallback)
    else if (queue.state === 'ready') show(null)
  }, [addressed, fallback, queue.state, show])

  useEffect(() => {
    const asked = addressedFilter(query)
    if (asked !== null) setFilter(asked)
  }, [query, setFilter])
}
