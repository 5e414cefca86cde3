// Decisions and withdrawals in a proof: who signed what about the conflict.
import { verdictSentence, type SentenceMember } from '#core/contract/sentence.ts'
import type { CheckedReceipt, ProofCheck } from './check-receipt.ts'
import { knownKind } from './conflict-kinds.ts'
import { isHash, type SignedLine } from './signed-line.ts'
import { utcWords, type ProofNames } from './names.ts'
import type { ProvedConflict } from './proof.ts'

type Verdict = Parameters<typeof verdictSentence>[1]
type ReceiptName = SentenceMember['receipt']

/** What a `decision/made` says, as far as the sentence needs it; null where it is none. */
export interface ReadDecision {
  readonly members: readonly string[]
  readonly verdict: Verdict
  readonly reason: string
}

export function readDecision({ kind, body }: SignedLine): ReadDecision | null {
  const { members, reason } = body
  const verdict = readVerdict(body['verdict'])
  if (kind !== 'decision/made' || verdict === null || !isIdList(members)) return null
  return { members, verdict, reason: typeof reason === 'string' ? reason : '' }
}

function readVerdict(value: unknown): Verdict | null {
  if (typeof value !== 'object' || value === null || !('type' in value)) return null
  switch (value.type) {
    case 'pick':
      return 'receipt' in value && isHash(value.receipt) ? { type: 'pick', receipt: named(value.receipt) } : null
    case 'several':
      return 'receipts' in value && isIdList(value.receipts)
        ? { type: 'several', receipts: value.receipts.map(named) }
        : null
    case 'none':
      return { type: 'none' }
    case 'replacement':
      // It came out of a parsed line, so it is JSON.
      return 'body' in value
        ? { type: 'replacement', body: value.body as Extract<Verdict, { type: 'replacement' }>['body'] }
        : null
    default:
      return null
  }
}

/** What a steward signed, in the very words of the window. */
export function decisionSentence(
  conflict: ProvedConflict,
  decision: ReadDecision,
  receipts: readonly CheckedReceipt[],
  names: ProofNames,
): string {
  const listed = new Set(decision.members)
  const members = receipts.flatMap(({ role, id, receipt }): SentenceMember[] =>
    role === 'member' && receipt !== null && listed.has(id)
      ? [{ receipt: named(id), nodeName: names.speakerOf(receipt), seq: receipt.seq }]
      : [],
  )
  const kind = knownKind(conflict.kind) ?? 'hash-mismatch'
  return verdictSentence({ kind, subject: conflict.subject, members }, decision.verdict)
}

export function decisionChecks(
  conflict: ProvedConflict,
  receipts: readonly CheckedReceipt[],
  names: ProofNames,
): ProofCheck[] {
  const members = new Set(conflict.members)
  return [
    ...receipts
      .filter(({ role }) => role === 'decision')
      .map((decided) => decisionCheck(conflict, members, decided, receipts, names)),
    ...receipts
      .filter(({ role }) => role === 'withdrawal')
      .map((withdrawal) => withdrawalCheck(withdrawal, receipts, names)),
  ]
}

function decisionCheck(
  conflict: ProvedConflict,
  members: ReadonlySet<string>,
  { id, receipt }: CheckedReceipt,
  receipts: readonly CheckedReceipt[],
  names: ProofNames,
): ProofCheck {
  const decision = receipt === null ? null : readDecision(receipt)
  if (receipt === null || decision === null || !decision.members.some((member) => members.has(member))) {
    return {
      name: 'Decision',
      state: 'fails',
      detail: 'This is no decision on a member of this conflict.',
      values: [{ label: 'receipt', value: id }],
    }
  }
  return {
    name: 'Decision',
    state: 'holds',
    detail: `${names.of(receipt.node)} signed on ${utcWords(receipt.time)}: “${decisionSentence(conflict, decision, receipts, names)}”`,
    values: [
      { label: 'receipt', value: id },
      ...(decision.reason === '' ? [] : [{ label: 'reason', value: decision.reason }]),
      ...decision.members.map((member) => ({ label: 'decides on', value: member })),
    ],
  }
}

function withdrawalCheck(
  { id, receipt }: CheckedReceipt,
  receipts: readonly CheckedReceipt[],
  names: ProofNames,
): ProofCheck {
  const withdrawn = receipts.find((other) => other.role === 'decision' && other.id === receipt?.body['decision'])
  const holds = receipt !== null && receipt.kind === 'decision/withdrawn' && withdrawn?.receipt?.node === receipt.node
  const reason = receipt?.body['reason']
  return {
    name: 'Withdrawal',
    state: holds ? 'holds' : 'fails',
    detail: holds
      ? `${names.of(receipt.node)} took that decision back on ${utcWords(receipt.time)}.`
      : 'This withdraws no decision of this proof by who signed it.',
    values: [
      { label: 'receipt', value: id },
      ...(withdrawn === undefined ? [] : [{ label: 'withdraws', value: withdrawn.id }]),
      ...(typeof reason === 'string' && reason !== '' ? [{ label: 'reason', value: reason }] : []),
    ],
  }
}

/** Decisions of the proof that nobody of them withdrew in it. */
export function standingDecisions(receipts: readonly CheckedReceipt[]): readonly CheckedReceipt[] {
  const withdrawn = new Set(
    receipts.filter(({ role }) => role === 'withdrawal').map(({ receipt }) => receipt?.body['decision']),
  )
  return receipts.filter(({ role, id }) => role === 'decision' && !withdrawn.has(id))
}

function isIdList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 1_000 && value.every(isHash)
}

// The sentence only prints the id; that it has the form of one is asked before.
function named(id: string): ReceiptName {
  return id as ReceiptName
}
