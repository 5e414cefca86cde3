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
  const members = membersOf(receipts).map(({ receipt }) => receipt)
  const told = tellingWords(members, names)
  const about = `${fileName(conflict.subject)}${conflict.task === null ? '' : ` (task ${conflict.task})`}`
  const kind = knownKind(conflict.kind)
  switch (kind) {
    case 'fork': {
      const seq = Math.max(0, ...members.map((receipt) => receipt.seq))
      return `${names.of(conflict.subject)} told ${countWord(members.length)} stories: it signed receipts at #${seq} of its feed that contradict each other.`
    }
    case 'withheld': {
      const [from, to] = conflict.range ?? [0, 0]
      const missing = from === to ? `#${to}` : `#${from} to #${to}`
      return `${names.of(conflict.subject)} signed that its feed goes up to #${to}; ${missing} did not arrive.`
    }
    case 'decisions-disagree':
      return `${joined(speakers(members, names))} signed decisions about ${about} that disagree.`
    case 'stale':
      return `What ${told} about ${about} is older than the network’s rules allow.`
    case 'invalid-content':
      return `What ${told} about ${about} does not fit its kind.`
    case 'hash-mismatch':
      return `${told} different things about ${about}.`
    case 'invalid-signature':
      return `${told} at ${about} a signature that does not hold.`
    case 'content-mismatch':
      return `${told} at ${about} a hash that does not fit the content it stands for.`
    case 'missing-anchor': {
      const without = members.filter(({ anchor }) => anchor === null)
      if (without.length === members.length) return `What ${told} about ${about} names no anchor.`
      if (without.length === 0) return `What ${told} about ${about} lacks an anchor, says who exported this.`
      return `What ${told} about ${about} stands partly under no anchor: ${joined(speakers(without, names))} named none.`
    }
    // Which anchors a network knows does not follow from the members.
    case 'unknown-anchor':
      return `What ${told} about ${about} names an anchor that no admitted node has signed, says who exported this.`
    case 'diverging-anchors':
      return `What ${told} about ${about} stands under anchors that do not follow each other, says who exported this.`
    // Of these only the word of one node exists, so no node exports them.
    case 'missing-artefact':
    case 'held-future':
    case null:
      return `What ${told} about ${about} does not agree.`
  }
}

/** “ada and ben signed and cleo read in the directory “node-a””: who imported a file did not sign what stands in it. */
function tellingWords(members: readonly SignedLine[], names: ProofNames): string {
  const own = speakers(
    members.filter((receipt) => originOf(receipt) === null),
    names,
  )
  const read = Map.groupBy(
    members.filter((receipt) => originOf(receipt) !== null),
    ({ node }) => names.of(node),
  )
  const readings = [...read]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([reader, receipts]) => {
      const origins = speakers(receipts, names).map((origin) => `“${origin}”`)
      return `${reader} read in the ${origins.length === 1 ? 'directory' : 'directories'} ${joined(origins)}`
    })
  return [...(own.length > 0 || readings.length === 0 ? [`${joined(own)} signed`] : []), ...readings].join(' and ')
}

/** Each once, in the order of their names. */
function speakers(members: readonly SignedLine[], names: ProofNames): readonly string[] {
  return [...new Set(members.map((receipt) => names.speakerOf(receipt)))].sort()
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
