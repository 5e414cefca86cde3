// The human sentence of a proof, from the receipts in it and nothing else.
import { countWord, fileName } from '#core/contract/sentence.ts'
import type { CheckedReceipt } from './check-receipt.ts'
import { membersOf } from './check-conflict.ts'
import { knownKind } from './conflict-kinds.ts'
import { decisionSentence, readDecision, standingDecisions } from './decisions.ts'
import { originOf, utcWords, type ProofNames } from './names.ts'
import type { ProvedConflict } from './proof.ts'
import type { SignedLine } from './signed-line.ts'

export interface ProofWords {
  readonly sentence: string
  readonly beside: readonly string[]
}

export function proofSentence(
  conflict: ProvedConflict | null,
  receipts: readonly CheckedReceipt[],
  names: ProofNames,
): ProofWords {
  if (conflict === null) {
    const proved = receipts.find(({ role }) => role === 'receipt')?.receipt ?? null
    return {
      sentence: proved === null ? 'This proof holds no receipt.' : receiptSentence(proved, names),
      beside: networkWords(receipts),
    }
  }
  return {
    sentence: conflictSentence(conflict, receipts, names),
    beside: [...decidedWords(conflict, receipts, names), ...networkWords(receipts)],
  }
}

function receiptSentence(receipt: SignedLine, names: ProofNames): string {
  const when = `${names.of(receipt.node)} signed on ${utcWords(receipt.time)}, as receipt #${receipt.seq} of its feed,`
  const about = `${receipt.subject}${receipt.task === null ? '' : ` (task ${receipt.task})`}`
  switch (receipt.kind) {
    case 'evidence/observed': {
      const origin = originOf(receipt)
      return `${when} what it ${origin === null ? 'saw' : `read from the directory “${origin}”`} at ${about}.`
    }
    case 'decision/made':
      return `${when} a decision about ${about}.`
    case 'network/admit':
      return `${when} that it admits a node to the network.`
    case 'node/profile':
      return `${when} what it calls itself.`
    default:
      return `${when} “${receipt.kind}” about ${about}.`
  }
}

function conflictSentence(conflict: ProvedConflict, receipts: readonly CheckedReceipt[], names: ProofNames): string {
  const members = membersOf(receipts)
  const nodes = [...new Set(members.map(({ receipt }) => names.speakerOf(receipt)))].sort()
  const about = `${fileName(conflict.subject)}${conflict.task === null ? '' : ` (task ${conflict.task})`}`
  switch (conflict.kind) {
    case 'fork': {
      const seq = Math.max(0, ...members.map(({ receipt }) => receipt.seq))
      return `${names.of(conflict.subject)} told ${countWord(members.length)} stories: it signed receipts at #${seq} of its feed that contradict each other.`
    }
    case 'withheld': {
      const [from, to] = conflict.range ?? [0, 0]
      const missing = from === to ? `#${to}` : `#${from} to #${to}`
      return `${names.of(conflict.subject)} signed that its feed goes up to #${to}; ${missing} did not arrive.`
    }
    case 'decisions-disagree':
      return `${joined(nodes)} signed decisions about ${about} that disagree.`
    case 'stale':
      return `What ${joined(nodes)} signed about ${about} is older than the network’s rules allow.`
    case 'invalid-content':
      return `What ${joined(nodes)} signed about ${about} does not fit its kind.`
    case 'hash-mismatch':
      return `${joined(nodes)} signed different things about ${about}.`
    default: {
      const kind = knownKind(conflict.kind)
      return `What ${joined(nodes)} signed about ${about} does not agree${kind === null ? '' : ` (${kind.replaceAll('-', ' ')})`}.`
    }
  }
}

function decidedWords(conflict: ProvedConflict, receipts: readonly CheckedReceipt[], names: ProofNames): string[] {
  return standingDecisions(receipts).flatMap(({ receipt }) => {
    const decision = receipt === null ? null : readDecision(receipt)
    if (receipt === null || decision === null) return []
    return [`${names.of(receipt.node)} decided: “${decisionSentence(conflict, decision, receipts, names)}”`]
  })
}

function networkWords(receipts: readonly CheckedReceipt[]): string[] {
  const name = receipts.find(({ role }) => role === 'network')?.receipt?.body['name']
  return typeof name === 'string' ? [`Network: ${name}.`] : []
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? 'nobody') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
