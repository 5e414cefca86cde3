// The checks of a conflict: that it is the one its id names, that its members are signed here, and that they contradict each other.
import { canonicalText } from './canonical.ts'
import type { CheckedReceipt, ProofCheck } from './check-receipt.ts'
import { hashName } from './crypto.ts'
import { flawsIn, type FlawKind } from './flaws.ts'
import { decisionChecks, readDecision } from './decisions.ts'
import { readHead } from './head-note.ts'
import type { ProofNames } from './names.ts'
import type { ProvedConflict } from './proof.ts'
import { contentHashOf, type SignedLine } from './signed-line.ts'

/** A member that was read; those that were not fail on their own. */
interface Member {
  readonly id: string
  readonly receipt: SignedLine
}

export function conflictChecks(
  conflict: ProvedConflict,
  receipts: readonly CheckedReceipt[],
  names: ProofNames,
): ProofCheck[] {
  const members = membersOf(receipts)
  return [
    idCheck(conflict),
    membersCheck(conflict, members, names),
    ...contradiction(conflict, members, names),
    ...decisionChecks(conflict, receipts, names),
  ]
}

export function membersOf(receipts: readonly CheckedReceipt[]): Member[] {
  return receipts.flatMap(({ role, id, receipt }) => (role === 'member' && receipt !== null ? [{ id, receipt }] : []))
}

function idCheck({ id, kind, subject, task, members, range }: ProvedConflict): ProofCheck {
  const sorted = [...members].sort()
  const found = hashName(canonicalText({ kind, members: sorted, subject, task, ...(range === null ? {} : { range }) }))
  return {
    name: 'Conflict id',
    state: found === id ? 'holds' : 'fails',
    detail:
      found === id
        ? 'The id is the hash of kind, subject, task and members, so every node names this conflict alike.'
        : 'Kind, subject, task and members do not hash to this id.',
    values: [
      { label: 'stated', value: id },
      { label: 'computed', value: found },
    ],
  }
}

function membersCheck(conflict: ProvedConflict, members: readonly Member[], names: ProofNames): ProofCheck {
  const { subject, task, kind } = conflict
  const listed = new Set(conflict.members)
  const complete = members.length === listed.size && members.every(({ id }) => listed.has(id))
  const about = members.every(({ receipt }) =>
    kind === 'fork' ? receipt.node === subject : receipt.subject === subject && receipt.task === task,
  )
  return {
    name: 'Members',
    state: complete && about ? 'holds' : 'fails',
    detail: !complete
      ? 'The receipts here are not the members that the conflict names.'
      : about
        ? kind === 'fork'
          ? 'Every member is a receipt of the node that this fork is about.'
          : 'Every member is a signed receipt about this subject.'
        : 'A member is about something else.',
    values: members.map(({ id, receipt }) => ({ label: `${names.speakerOf(receipt)} #${receipt.seq}`, value: id })),
  }
}

function contradiction(conflict: ProvedConflict, members: readonly Member[], names: ProofNames): ProofCheck[] {
  switch (conflict.kind) {
    case 'fork':
      return [forkCheck(members)]
    case 'withheld':
      return [withheldCheck(conflict)]
    case 'decisions-disagree':
      return [differCheck(members, names, (receipt) => JSON.stringify(readDecision(receipt)?.verdict ?? null), 2)]
    case 'hash-mismatch':
      return [differCheck(members, names, contentHashOf, 2)]
    case 'invalid-signature':
    case 'content-mismatch':
      return [flawCheck(conflict.kind, members, names)]
    default:
      return [differCheck(members, names, contentHashOf, 1)]
  }
}

/** Two stories of one key: different receipts at one seq, or one that does not follow the one before it. */
function forkCheck(members: readonly Member[]): ProofCheck {
  const [first, ...others] = members.toSorted((a, b) => a.receipt.seq - b.receipt.seq)
  const holds =
    first !== undefined &&
    others.length > 0 &&
    others.every(
      ({ id, receipt }) =>
        id !== first.id &&
        receipt.node === first.receipt.node &&
        (receipt.seq === first.receipt.seq ||
          (others.length === 1 && receipt.seq === first.receipt.seq + 1 && receipt.prev !== first.id)),
    )
  const sameSeq = others.every(({ receipt }) => receipt.seq === first?.receipt.seq)
  return {
    name: 'Two stories',
    state: holds ? 'holds' : 'fails',
    detail: !holds
      ? 'These receipts do not contradict each other as a fork does.'
      : sameSeq
        ? 'One key signed different receipts with the same number. An honest node never does.'
        : 'One key signed a receipt that does not follow the one before it. An honest node never does.',
    values: members.flatMap(({ id, receipt }) => [
      { label: `receipt #${receipt.seq}`, value: id },
      { label: `#${receipt.seq} follows`, value: receipt.prev ?? 'nothing, it is the first' },
    ]),
  }
}

function differCheck(
  members: readonly Member[],
  names: ProofNames,
  said: (receipt: SignedLine) => string,
  least: number,
): ProofCheck {
  const holds = new Set(members.map(({ receipt }) => said(receipt))).size >= least
  return {
    name: 'What they say',
    state: holds ? 'holds' : 'fails',
    detail: !holds
      ? 'All members say the same, so there is nothing to settle.'
      : least > 1
        ? 'What the members say differs.'
        : 'What each member says, and under which anchor.',
    values: members.flatMap(({ receipt }) => [
      { label: `${names.speakerOf(receipt)} #${receipt.seq}`, value: said(receipt) },
      ...(receipt.anchor === null ? [] : [{ label: 'under anchor', value: receipt.anchor.hash }]),
    ]),
  }
}

/** Who has the file and its key can repeat what the importing node found; here is what it signed about that. */
function flawCheck(kind: FlawKind, members: readonly Member[], names: ProofNames): ProofCheck {
  const found = members.map(({ receipt }) => ({ receipt, flaws: flawsIn(kind, receipt) }))
  const holds = found.length > 0 && found.every(({ flaws }) => flaws !== null)
  return {
    name: 'What was found',
    state: holds ? 'holds' : 'fails',
    detail: holds
      ? 'Who read the file signed what does not hold about it. Whoever has the file and its keys can look for themselves.'
      : 'Nobody signed that anything is wrong about this file.',
    values: found.flatMap(({ receipt, flaws }) => [
      { label: `${names.speakerOf(receipt)} #${receipt.seq}`, value: contentHashOf(receipt) },
      ...(flaws ?? []).map((value) => ({ label: `found by ${names.of(receipt.node)}`, value })),
      ...(receipt.anchor === null ? [] : [{ label: 'under anchor', value: receipt.anchor.hash }]),
    ]),
  }
}

function withheldCheck({ subject, range, head: note }: ProvedConflict): ProofCheck {
  const head = note === null ? null : readHead(note)
  const counted = head !== null && range !== null && range[0] >= 1 && range[0] <= range[1] && range[1] <= head.size
  const holds = counted && head.signed && head.node === subject
  return {
    name: 'Signed head',
    state: holds ? 'holds' : 'fails',
    detail: holds
      ? `The node signed that its feed has ${head.size} receipts. That #${range[0]} to #${range[1]} did not arrive is the word of who exported this.`
      : 'The head does not show that the node signed that many receipts.',
    values: [{ label: 'note', value: note?.trimEnd() ?? 'none' }],
  }
}
