// Standing rules: those that stand or stood, and the one that is being made, with what it would decide.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  ConflictId,
  Instant,
  ReceiptId,
  RuleChoice,
  RuledKind,
  RuleView,
  StandingRule,
} from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { type Problem, problemFrom } from './problem.ts'
import { asking, LOADING, type Resource, valueOf } from './resource.ts'

export type RuleSuggestion = Awaited<ReturnType<Api['rules']['suggest']>>
type RulePreview = Awaited<ReturnType<Api['rules']['preview']>>
export type RuleDecisions = Awaited<ReturnType<Api['rules']['decisions']>>['items']

/** A rule as it is being made; `days` from now it is over. */
interface RuleForm {
  readonly subject: string
  readonly onlyTask: boolean
  readonly choice: RuleChoice
  readonly days: number
  readonly reason: string
}

export interface RuleDraft {
  readonly conflict: ConflictId
  readonly suggestion: Resource<RuleSuggestion>
  readonly form: RuleForm
  readonly preview: Resource<RulePreview>
  readonly signing: boolean
  readonly problem: Problem | null
}

export interface RulesState {
  readonly rules: Resource<readonly RuleView[]>
  readonly draft: RuleDraft | null
  /** Decisions of the rule that is unfolded. */
  readonly unfolded: { readonly rule: ReceiptId; readonly decisions: Resource<RuleDecisions> } | null
  readonly refresh: () => void
  readonly begin: (conflict: ConflictId) => void
  readonly write: (change: Partial<RuleForm>) => void
  readonly end: () => void
  /** Answers how many conflicts it decided; null where it was not signed. */
  readonly sign: () => Promise<number | null>
  /** Throws the core's problem. */
  readonly revoke: (rule: ReceiptId, reason: string) => Promise<void>
  readonly unfold: (rule: ReceiptId | null) => void
}

const DAY_MS = 86_400_000
const USUAL_DAYS = 90
/** What was typed is asked about after this rest. */
const REST_MS = 200

export function createRulesStore(api: Api, changes: Changes): StoreApi<RulesState> {
  return createStore<RulesState>()((set, get) => {
    const rules = asking(
      async () => (await api.rules.list({})).items,
      () => get().rules,
      (answer) => set({ rules: answer }),
    )
    const edit = (change: (draft: RuleDraft) => Partial<RuleDraft>) =>
      set((state) => (state.draft === null ? {} : { draft: { ...state.draft, ...change(state.draft) } }))
    const preview = asking(
      () => {
        const rule = ruleOf(get().draft)
        return rule === null ? Promise.reject(new Error('nothing is being made')) : api.rules.preview(rule)
      },
      () => get().draft?.preview ?? LOADING,
      (answer) => edit(() => ({ preview: answer })),
    )
    let resting: ReturnType<typeof setTimeout> | undefined
    const askSoon = () => {
      clearTimeout(resting)
      resting = setTimeout(() => {
        if (ruleOf(get().draft) !== null) void preview.ask()
      }, REST_MS)
    }
    const refresh = () => {
      void rules.ask()
      const { unfolded } = get()
      if (unfolded !== null) void askDecisions(unfolded.rule)
    }
    const askDecisions = (rule: ReceiptId) =>
      asking(
        async () => (await api.rules.decisions({ rule, limit: 100 })).items,
        () => (get().unfolded?.rule === rule ? (get().unfolded?.decisions ?? LOADING) : LOADING),
        (decisions) => set((state) => (state.unfolded?.rule === rule ? { unfolded: { rule, decisions } } : {})),
      ).ask()
    changes.on(['conflicts', 'receipts'], refresh)
    queueMicrotask(refresh)

    return {
      rules: LOADING,
      draft: null,
      unfolded: null,
      refresh,
      begin: (conflict) => {
        const form: RuleForm = {
          subject: '',
          onlyTask: false,
          choice: { type: 'newest' },
          days: USUAL_DAYS,
          reason: '',
        }
        set({ draft: { conflict, suggestion: LOADING, form, preview: LOADING, signing: false, problem: null } })
        void asking(
          () => api.rules.suggest({ conflict }),
          () => get().draft?.suggestion ?? LOADING,
          (suggestion) => {
            if (get().draft?.conflict !== conflict) return
            const found = valueOf(suggestion)
            edit(({ form: before }) => ({
              suggestion,
              form: { ...before, subject: found?.subjects[0]?.pattern ?? before.subject },
            }))
            askSoon()
          },
        ).ask()
      },
      write: (change) => {
        // What another rule would decide must not stand under this one.
        edit(({ form }) => ({ form: { ...form, ...change }, preview: LOADING, problem: null }))
        askSoon()
      },
      end: () => set({ draft: null }),
      sign: async () => {
        const rule = ruleOf(get().draft)
        if (rule === null) return null
        edit(() => ({ signing: true, problem: null }))
        try {
          const { decided } = await api.rules.sign(rule)
          set({ draft: null })
          refresh()
          return decided
        } catch (thrown) {
          edit(() => ({ signing: false, problem: problemFrom(thrown) }))
          return null
        }
      },
      revoke: async (rule, reason) => {
        await api.rules.revoke({ rule, reason })
        refresh()
      },
      unfold: (rule) => {
        set({ unfolded: rule === null ? null : { rule, decisions: LOADING } })
        if (rule !== null) void askDecisions(rule)
      },
    }
  })
}

/** What would be signed now; null while it is not known what it could be for. */
export function ruleOf(draft: RuleDraft | null): StandingRule | null {
  const suggestion = draft === null ? null : valueOf(draft.suggestion)
  if (draft === null || suggestion === null || suggestion.kind === null || draft.form.subject.trim() === '') return null
  const { subject, onlyTask, choice, days, reason } = draft.form
  const kinds: RuledKind[] = [suggestion.kind]
  return {
    subject: subject.trim(),
    task: onlyTask ? suggestion.task : null,
    kinds,
    choice,
    // To the day, so that looking twice asks the same question. toISOString has the form of an Instant.
    until: new Date(Math.ceil((Date.now() + days * DAY_MS) / DAY_MS) * DAY_MS).toISOString() as Instant,
    reason: reason.trim(),
  }
}
