// Decisions between "Sign" and the signature. Nothing is sent to the core before the undo window has passed; until then a
// batch can be taken back as if it had never been. One decision is a batch of one, so that undo, progress and failure are told alike.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ConflictId, DecideInput, ReceiptId } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { type Problem, problemFrom } from './problem.ts'
import type { VerdictDraft } from './verdict-draft.ts'

/** What is to be signed, fixed when the steward pressed Sign. */
export interface PendingDecision {
  readonly input: DecideInput
  readonly subject: string
  readonly task: string | null
  readonly sentence: string
  /** Given back to the review on undo; null in a batch made from a rule. */
  readonly draft: VerdictDraft | null
}

export type DecisionOutcome =
  | { readonly state: 'waiting' }
  | { readonly state: 'signed'; readonly receipt: ReceiptId }
  | { readonly state: 'failed'; readonly problem: Problem }

export type BatchStage =
  | { readonly state: 'counting'; readonly dueAt: number }
  | { readonly state: 'sending' }
  /** Only reached when something was not signed; a batch that was signed whole leaves the tray. */
  | { readonly state: 'stopped' }

export interface PendingBatch {
  readonly key: number
  readonly decisions: readonly PendingDecision[]
  readonly outcomes: readonly DecisionOutcome[]
  readonly stage: BatchStage
}

export interface PendingState {
  readonly batches: readonly PendingBatch[]
  /** Conflicts signed from this window: passed over when going on, also where other stewards are still needed. */
  readonly signed: ReadonlySet<ConflictId>
  /** Seconds of the undo window, as the steward set it. */
  readonly undoSeconds: number
  /** Starts the countdown; answers the batch's key. */
  readonly sign: (decisions: readonly PendingDecision[]) => number
  /** Takes a batch back while it still counts; answers what it held, or nothing once it is being signed. */
  readonly undo: (key: number) => readonly PendingDecision[]
  /** Signs now, without waiting for the rest of the window. */
  readonly sendNow: (key: number) => void
  /** While it is being signed: what is not signed yet stays unsigned. */
  readonly stop: (key: number) => void
  /** Tries again what was not signed. */
  readonly retry: (key: number) => void
  readonly dismiss: (key: number) => void
}

/** Time as the window's machine has it; a test hands in its own. */
export interface WindowClock {
  now(): number
  /** Runs once after so many milliseconds; the answer cancels it. */
  after(ms: number, run: () => void): () => void
}

const WINDOW_CLOCK: WindowClock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

export function createPendingStore(api: Api, changes: Changes): StoreApi<PendingState> {
  return pendingStore(api, changes, WINDOW_CLOCK)
}

export function pendingStore(api: Api, changes: Changes, clock: WindowClock): StoreApi<PendingState> {
  const timers = new Map<number, () => void>()
  const stopping = new Set<number>()
  let lastKey = 0

  const store = createStore<PendingState>()((set, get) => {
    const batchOf = (key: number) => get().batches.find((batch) => batch.key === key)
    const change = (key: number, next: (batch: PendingBatch) => PendingBatch) =>
      set((state) => ({ batches: state.batches.map((batch) => (batch.key === key ? next(batch) : batch)) }))
    const remove = (key: number) => set((state) => ({ batches: state.batches.filter((batch) => batch.key !== key) }))
    const stopTimer = (key: number) => {
      timers.get(key)?.()
      timers.delete(key)
    }

    async function send(key: number): Promise<void> {
      stopTimer(key)
      change(key, (batch) => ({ ...batch, stage: { state: 'sending' } }))
      // One after the other: each decision is the next receipt of the same feed.
      for (const [index, decision] of (batchOf(key)?.decisions ?? []).entries()) {
        if (stopping.has(key)) break
        if (batchOf(key)?.outcomes[index]?.state === 'signed') continue
        const outcome = await decide(api, decision.input)
        if (outcome.state === 'signed')
          set((state) => ({ signed: new Set([...state.signed, decision.input.conflict]) }))
        change(key, (batch) => ({ ...batch, outcomes: batch.outcomes.with(index, outcome) }))
      }
      stopping.delete(key)
      if (batchOf(key)?.outcomes.every((outcome) => outcome.state === 'signed')) remove(key)
      else change(key, (batch) => ({ ...batch, stage: { state: 'stopped' } }))
    }

    return {
      batches: [],
      signed: new Set(),
      undoSeconds: 10,
      sign(decisions) {
        const key = ++lastKey
        const undoMs = get().undoSeconds * 1000
        const batch: PendingBatch = {
          key,
          decisions,
          outcomes: decisions.map(() => ({ state: 'waiting' })),
          stage: { state: 'counting', dueAt: clock.now() + undoMs },
        }
        set((state) => ({ batches: [...state.batches, batch] }))
        const begin = () => void send(key)
        if (undoMs === 0) begin()
        else timers.set(key, clock.after(undoMs, begin))
        return key
      },
      undo(key) {
        const batch = batchOf(key)
        if (batch?.stage.state !== 'counting') return []
        stopTimer(key)
        remove(key)
        return batch.decisions
      },
      sendNow(key) {
        if (batchOf(key)?.stage.state === 'counting') void send(key)
      },
      stop(key) {
        if (batchOf(key)?.stage.state === 'sending') stopping.add(key)
      },
      retry(key) {
        if (batchOf(key)?.stage.state === 'stopped') void send(key)
      },
      dismiss(key) {
        if (batchOf(key)?.stage.state === 'stopped') remove(key)
      },
    }
  })

  const readSettings = () =>
    void api.settings.get({}).then(
      ({ undoSeconds }) => store.setState({ undoSeconds }),
      // Without an answer the window stays as long as it was; the settings screen shows the problem.
      () => undefined,
    )
  changes.on(['settings'], readSettings)
  readSettings()
  return store
}

async function decide(api: Api, input: DecideInput): Promise<DecisionOutcome> {
  try {
    const { id } = await api.conflicts.decide(input)
    return { state: 'signed', receipt: id }
  } catch (thrown) {
    return { state: 'failed', problem: problemFrom(thrown) }
  }
}

/** The newest batch that can still be taken back. */
export function lastUndoable(batches: readonly PendingBatch[]): PendingBatch | null {
  return batches.findLast((batch) => batch.stage.state === 'counting') ?? null
}

/** The batch that counts down for a conflict, if there is one. */
export function countingFor(batches: readonly PendingBatch[], conflict: ConflictId): PendingBatch | null {
  return (
    batches.findLast(
      ({ stage, decisions }) =>
        stage.state === 'counting' && decisions.some(({ input }) => input.conflict === conflict),
    ) ?? null
  )
}

/** Conflicts about which a decision is counting down or being signed: not to be decided a second time. */
export function conflictsInHand(batches: readonly PendingBatch[]): ReadonlySet<ConflictId> {
  return new Set(
    batches.flatMap((batch) =>
      batch.stage.state === 'stopped'
        ? []
        : batch.decisions
            .filter((_, index) => batch.outcomes[index]?.state === 'waiting')
            .map((decision) => decision.input.conflict),
    ),
  )
}

/** True while closing the window would lose a decision that the steward believes made. */
export function hasUnsigned(batches: readonly PendingBatch[]): boolean {
  return batches.some((batch) => batch.stage.state !== 'stopped')
}

export function signedCount(batch: PendingBatch): number {
  return batch.outcomes.filter((outcome) => outcome.state === 'signed').length
}

/** What the tray shows at once: what needs the steward always, of those that count down only the newest few. */
export function foldTray(
  batches: readonly PendingBatch[],
  whole: boolean,
): { readonly shown: readonly PendingBatch[]; readonly folded: number } {
  const counting = batches.filter((batch) => batch.stage.state === 'counting')
  const quiet = new Set(whole ? [] : counting.slice(0, -SHOWN_COUNTING))
  return { shown: batches.filter((batch) => !quiet.has(batch)), folded: quiet.size }
}

const SHOWN_COUNTING = 2
