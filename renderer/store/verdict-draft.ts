// What a steward has chosen for one conflict and not signed yet. A choice names receipts, never positions: a key or a
// button is turned into a receipt id the moment it is pressed, so that claims may change places without changing what is signed.
import type { MemberView, ReceiptId, Verdict } from '#core/contract/index.ts'
import { parseJsonText } from '#core/contract/typed-json.ts'

export type Choice =
  | { readonly type: 'undecided' }
  | { readonly type: 'pick'; readonly receipt: ReceiptId }
  /** While choosing it may name fewer than two; then it is not ready to be signed. */
  | { readonly type: 'several'; readonly receipts: readonly ReceiptId[] }
  | { readonly type: 'none' }
  | { readonly type: 'replacement'; readonly text: string; readonly from: ReceiptId | null }

export interface VerdictDraft {
  readonly choice: Choice
  readonly reason: string
  readonly planStep: string
}

export const EMPTY_DRAFT: VerdictDraft = { choice: { type: 'undecided' }, reason: '', planStep: '' }

/** What would be signed as the draft stands, or what is missing, said to the steward. */
export type Readiness =
  | { readonly ready: true; readonly verdict: Verdict }
  | { readonly ready: false; readonly missing: 'verdict' | 'claims' | 'json' | 'reason'; readonly why: string }

type Member = Pick<MemberView, 'receipt' | 'content'>

export function readiness(draft: VerdictDraft, members: readonly { readonly receipt: ReceiptId }[]): Readiness {
  const verdict = verdictOf(draft.choice, new Set(members.map((member) => member.receipt)))
  if (!verdict.ready) return verdict
  return needsReason(draft.choice) && draft.reason.trim() === ''
    ? { ready: false, missing: 'reason', why: 'Give a reason: others will ask why no claim was taken as it is.' }
    : verdict
}

/** A reason is required where the verdict takes no claim as it is. */
export function needsReason(choice: Choice): boolean {
  return choice.type === 'none' || choice.type === 'replacement'
}

function verdictOf(choice: Choice, stand: ReadonlySet<ReceiptId>): Readiness {
  switch (choice.type) {
    case 'undecided':
      return { ready: false, missing: 'verdict', why: 'Choose a verdict first.' }
    case 'pick':
      return stand.has(choice.receipt)
        ? { ready: true, verdict: { type: 'pick', receipt: choice.receipt } }
        : { ready: false, missing: 'verdict', why: 'The claim you chose is no longer part of this conflict.' }
    case 'several': {
      const receipts = choice.receipts.filter((receipt) => stand.has(receipt))
      return receipts.length >= 2
        ? { ready: true, verdict: { type: 'several', receipts } }
        : { ready: false, missing: 'claims', why: 'Choose at least two claims that are both right.' }
    }
    case 'none':
      return { ready: true, verdict: { type: 'none' } }
    case 'replacement': {
      const body = parseJsonText(choice.text)
      return body.ok
        ? { ready: true, verdict: { type: 'replacement', body: body.value } }
        : { ready: false, missing: 'json', why: body.why }
    }
  }
}

/** The n-th claim as it is shown (0 is the first). While several are being chosen it is added or taken out instead. */
export function chooseClaim(draft: VerdictDraft, members: readonly Member[], position: number): VerdictDraft {
  const receipt = members[position]?.receipt
  if (receipt === undefined) return draft
  if (draft.choice.type !== 'several' || members.length <= 2) {
    return { ...draft, choice: { type: 'pick', receipt } }
  }
  const chosen = draft.choice.receipts
  const receipts = chosen.includes(receipt) ? chosen.filter((other) => other !== receipt) : [...chosen, receipt]
  return { ...draft, choice: { type: 'several', receipts } }
}

/** Several valid: of two claims it is both at once; of more it starts with the one picked and waits for others. */
export function chooseSeveral(draft: VerdictDraft, members: readonly Member[]): VerdictDraft {
  if (draft.choice.type === 'several') return { ...draft, choice: { type: 'undecided' } }
  const picked = draft.choice.type === 'pick' ? [draft.choice.receipt] : []
  const receipts = members.length <= 2 ? members.map((member) => member.receipt) : picked
  return { ...draft, choice: { type: 'several', receipts } }
}

export function chooseNone(draft: VerdictDraft): VerdictDraft {
  return { ...draft, choice: { type: 'none' } }
}

/** A replacement starts from the claim picked before, otherwise from the first that has readable JSON. */
export function chooseReplacement(draft: VerdictDraft, members: readonly Member[]): VerdictDraft {
  const picked = draft.choice.type === 'pick' ? draft.choice.receipt : null
  const start = members.find((member) => member.receipt === picked) ?? members.find(hasJson) ?? members[0]
  return start === undefined ? draft : startReplacementFrom(draft, start)
}

export function startReplacementFrom(draft: VerdictDraft, member: Member): VerdictDraft {
  const text = hasJson(member) ? indented(member.content.text) : '{\n}'
  return { ...draft, choice: { type: 'replacement', text, from: member.receipt } }
}

export function editReplacement(draft: VerdictDraft, text: string): VerdictDraft {
  const from = draft.choice.type === 'replacement' ? draft.choice.from : null
  return { ...draft, choice: { type: 'replacement', text, from } }
}

/**
 * The draft after the conflict's claims changed: what names a claim that is gone is given up, the reason always stays.
 * A choice that no longer stands is given up whole, so that nothing is signed that the steward did not choose.
 */
export function keepWhatStands(draft: VerdictDraft, members: readonly { readonly receipt: ReceiptId }[]): VerdictDraft {
  const stand = new Set(members.map((member) => member.receipt))
  const named =
    draft.choice.type === 'pick' ? [draft.choice.receipt] : draft.choice.type === 'several' ? draft.choice.receipts : []
  return named.every((receipt) => stand.has(receipt)) ? draft : { ...draft, choice: { type: 'undecided' } }
}

function hasJson(
  member: Member,
): member is Member & { readonly content: { readonly type: 'json'; readonly text: string } } {
  return member.content.type === 'json' && !member.content.cut
}

function indented(text: string): string {
  const parsed = parseJsonText(text)
  return parsed.ok ? JSON.stringify(parsed.value, null, 2) : text
}
