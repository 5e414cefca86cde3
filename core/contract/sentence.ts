// What a decision says, as the sentence that a steward signs. One function for the window and for core, so that what was read is
// what was signed.
import type { ConflictKind, ReceiptId, Verdict } from './index.ts'

export interface SentenceMember {
  readonly receipt: ReceiptId
  readonly nodeName: string
  readonly seq: number
  /** Short value of the claim; left out where it says nothing to a person. */
  readonly gist?: string
  /** The field that it stands in, so that it is said of what. */
  readonly gistOf?: string | null
}

export interface SentenceFacts {
  readonly kind: ConflictKind
  readonly subject: string
  /** For a fork: the node that told several stories. */
  readonly members: readonly SentenceMember[]
}

/** Without quotation marks; ends with a full stop. */
export function verdictSentence({ kind, subject, members }: SentenceFacts, verdict: Verdict): string {
  switch (kind) {
    case 'fork':
      return forkSentence(members, verdict)
    case 'decisions-disagree':
      return `For ${fileName(subject)}, ${outcome(members, verdict, decision, 'of the decisions')}`
    case 'stale':
      return `For ${fileName(subject)}, ${outcome(members, verdict, claim, 'of the old claims', 'still ')}`
    case 'invalid-content':
    case 'invalid-signature':
    case 'content-mismatch':
      return `For ${fileName(subject)}, ${invalidSentence(members, verdict)}`
    case 'hash-mismatch':
    case 'missing-anchor':
    case 'unknown-anchor':
    case 'diverging-anchors':
    // Nothing is decided about these; the sentence is total all the same.
    case 'missing-artefact':
    case 'withheld':
    case 'held-future':
      return `For ${fileName(subject)}, ${outcome(members, verdict, claim, `of the ${countWord(members.length)} claims`)}`
  }
}

/** The last part of a subject's path: what a person calls it. */
export function fileName(subject: string): string {
  const parts = subject.split('/').filter((part) => part !== '')
  return parts.at(-1) ?? subject
}

/** Numbers up to ten as words, as they stand in a sentence. */
export function countWord(count: number): string {
  return COUNT_WORDS[count] ?? String(count)
}

const COUNT_WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const SHOWN_CHARACTERS = 80
const PATH_CHARACTERS = 40

function outcome(
  members: readonly SentenceMember[],
  verdict: Verdict,
  named: (member: SentenceMember) => string,
  ofThem: string,
  adverb = '',
): string {
  switch (verdict.type) {
    case 'pick':
      return `${memberNamed(members, verdict.receipt, named)} ${adverb}holds.`
    case 'several': {
      const picked = verdict.receipts.map((receipt) => memberNamed(members, receipt, named))
      return `${joined(picked)} ${adverb}hold.`
    }
    case 'none':
      return `none ${ofThem} holds.`
    case 'replacement':
      return `none ${ofThem} holds; in their place stands ${shortened(JSON.stringify(verdict.body))}.`
  }
}

function forkSentence(members: readonly SentenceMember[], verdict: Verdict): string {
  const first = members[0]
  const node = first?.nodeName ?? 'the node'
  const picked = verdict.type === 'pick' ? members.find((member) => member.receipt === verdict.receipt) : undefined
  if (picked !== undefined)
    return `${node}'s feed goes on along its receipt #${picked.seq} ${shortReceipt(picked.receipt)}.`
  const seq = Math.max(0, ...members.map((member) => member.seq))
  return `${node}'s feed ends before its receipt #${seq}; neither story goes on.`
}

function invalidSentence(members: readonly SentenceMember[], verdict: Verdict): string {
  const [member] = members
  const named = member === undefined ? 'the receipt' : `${member.nodeName}'s receipt #${member.seq}`
  return verdict.type === 'pick' ? `${named} is kept as it is.` : `${named} does not count.`
}

function claim(member: SentenceMember): string {
  const said = saidBy(member)
  return `${member.nodeName}'s receipt #${member.seq}${said === '' ? '' : ` (${said})`}`
}

/** "receipt_count 14": a claim's value with the field that it stands in; of a long path the end. */
export function saidBy({ gist = '', gistOf = null }: Pick<SentenceMember, 'gist' | 'gistOf'>): string {
  if (gist === '' || gistOf === null || gistOf === '') return gist
  const path = Array.from(gistOf)
  return `${path.length <= PATH_CHARACTERS ? gistOf : `…${path.slice(1 - PATH_CHARACTERS).join('')}`} ${gist}`
}

function decision({ nodeName, seq }: SentenceMember): string {
  return `${nodeName}'s decision #${seq}`
}

function memberNamed(
  members: readonly SentenceMember[],
  receipt: ReceiptId,
  named: (member: SentenceMember) => string,
): string {
  const member = members.find((other) => other.receipt === receipt)
  return member === undefined ? `receipt ${shortReceipt(receipt)}` : named(member)
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

function shortReceipt(receipt: ReceiptId): string {
  return receipt.slice('sha256:'.length, 'sha256:'.length + 8)
}

function shortened(text: string): string {
  const characters = Array.from(text)
  return characters.length <= SHOWN_CHARACTERS ? text : `${characters.slice(0, SHOWN_CHARACTERS).join('')}…`
}
