// Several conflicts decided by one rule: what the rule would sign for each, which the steward took out, and why.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BulkRule, ConflictId } from '#core/contract/index.ts'
import type { Api } from './api.ts'
import type { PendingDecision } from './pending-decisions.ts'
import { asking, LOADING, type Resource } from './resource.ts'

export type BulkPreview = Awaited<ReturnType<Api['conflicts']['preview']>>['items']
export type BulkItem = BulkPreview[number]

export interface BulkDraft {
  readonly conflicts: readonly ConflictId[]
  /** Selected beyond what the core previews at once; they stay open. */
  readonly leftOut: number
  /** Null until the steward chooses one: none is better than another before the claims are seen. */
  readonly rule: BulkRule | null
  readonly preview: Resource<BulkPreview>
  /** Unchecked by the steward: they stay open. */
  readonly takenOut: ReadonlySet<ConflictId>
  readonly reason: string
  readonly planStep: string
}

export interface BulkState {
  /** Null while nothing is being decided together. */
  readonly draft: BulkDraft | null
  readonly begin: (conflicts: readonly ConflictId[]) => void
  readonly setRule: (rule: BulkRule) => void
  readonly toggle: (conflict: ConflictId) => void
  readonly write: (text: { readonly reason?: string; readonly planStep?: string }) => void
  readonly askAgain: () => void
  readonly end: () => void
}

/** How many the core previews at once. */
const BULK_LIMIT = 200

export function createBulkStore(api: Api): StoreApi<BulkState> {
  return createStore<BulkState>()((set, get) => {
    const change = (part: (draft: BulkDraft) => Partial<BulkDraft>) =>
      set((state) => (state.draft === null ? {} : { draft: { ...state.draft, ...part(state.draft) } }))
    const preview = asking(
      async () => {
        const draft = get().draft
        if (draft === null) return []
        const { items } = await api.conflicts.preview({ conflicts: [...draft.conflicts], rule: draft.rule })
        return items
      },
      () => get().draft?.preview ?? LOADING,
      (answer) => change(() => ({ preview: answer })),
    )
    return {
      draft: null,
      begin: (conflicts) => {
        const chosen = conflicts.slice(0, BULK_LIMIT)
        const leftOut = conflicts.length - chosen.length
        const words = { reason: '', planStep: '' }
        set({ draft: { conflicts: chosen, leftOut, rule: null, preview: LOADING, takenOut: new Set(), ...words } })
        void preview.ask()
      },
      setRule: (rule) => {
        // What another rule would sign must not stand under this one, not even for a moment.
        change(() => ({ rule, preview: LOADING }))
        void preview.ask()
      },
      toggle: (conflict) =>
        change(({ takenOut }) => ({
          takenOut: takenOut.has(conflict)
            ? new Set([...takenOut].filter((other) => other !== conflict))
            : new Set([...takenOut, conflict]),
        })),
      write: (text) => change(() => text),
      askAgain: () => void preview.ask(),
      end: () => set({ draft: null }),
    }
  })
}

/** What would be signed now: exactly the previewed verdicts that are not taken out. */
export function bulkDecisions(draft: BulkDraft): readonly PendingDecision[] {
  if (draft.preview.state !== 'ready') return []
  const planStep = draft.planStep.trim()
  return draft.preview.value.flatMap((item) =>
    item.verdict === null || draft.takenOut.has(item.conflict)
      ? []
      : [
          {
            input: {
              conflict: item.conflict,
              members: item.members,
              verdict: item.verdict,
              reason: draft.reason.trim(),
              planStep: planStep === '' ? null : planStep,
            },
            subject: item.subject,
            task: null,
            sentence: item.sentence,
            draft: null,
          },
        ],
  )
}

/** Why nothing can be signed as it stands; null where it can. */
export function bulkHindrance(draft: BulkDraft): string | null {
  if (draft.rule === null) return 'Choose the rule that decides them.'
  const decisions = bulkDecisions(draft)
  if (decisions.length === 0) return 'Nothing to sign: the rule decides none of these, or all are taken out.'
  const takesNone = decisions.some(({ input }) => input.verdict.type === 'none')
  return takesNone && draft.reason.trim() === '' ? 'Give a reason: others will ask why no claim was taken.' : null
}
