// What is put up for signing when a steward decides or takes a decision back. Judged here once more against what stands now: a
// decision is about the claims that the steward saw, and about no others.
import type { ConflictId, DecideInput, NodeId, ReceiptId, Verdict } from '#core/contract/index.ts'
import { nodeKeyOf, type ReadDb } from '#core/ledger/index.ts'
import {
  createNames,
  DECISION,
  decisionById,
  MergedFeeds,
  verdictsFor,
  WITHDRAWAL,
  withdrawalsOf,
} from '#core/network/index.ts'
import type { Draft } from '#core/receipts/index.ts'
import { kindFromCode } from './conflict-codes.ts'
import { conflictRowById, membersOf, type ConflictRow } from './conflict-reading.ts'
import { whyCannotDecide } from './may-decide.ts'
import {
  alreadyWithdrawn,
  cannotDecide,
  conflictChanged,
  noSuchDecision,
  notOwnDecision,
  reasonMissing,
  verdictUnfit,
} from './problems.ts'

/**
 * Throws CONFLICT_CHANGED where the members are not those that stand now, CANNOT_DECIDE, VERDICT_UNFIT and REASON_MISSING where
 * the decision would count for nothing.
 */
export function decisionDraft(db: ReadDb, thisNode: NodeId, input: DecideInput): Draft {
  const row = conflictRowById(db, input.conflict)
  if (row === null || !sameMembers(db, row, input.members)) throw conflictChanged()
  const obstacle = whyCannotDecide(db, new MergedFeeds(db), row, thisNode)
  if (obstacle !== null) throw cannotDecide(obstacle)
  const kind = kindFromCode(row.kind)
  checkVerdict(input.verdict, input.members, verdictsFor(kind))
  const reason = input.reason.trim()
  if (reason === '' && (input.verdict.type === 'none' || input.verdict.type === 'replacement')) throw reasonMissing()
  return draftOf(row, input.conflict, { ...input, reason })
}

/** Throws NOT_FOUND, NOT_OWN_DECISION or ALREADY_WITHDRAWN. */
export function withdrawalDraft(
  db: ReadDb,
  thisNode: NodeId,
  { decision: id, reason }: { readonly decision: ReceiptId; readonly reason: string },
): Draft {
  const decision = decisionById(db, id)
  if (decision === null) throw noSuchDecision()
  if (decision.nodeKey !== nodeKeyOf(db, thisNode)) throw notOwnDecision()
  if (withdrawalsOf(db, decision).length > 0) throw alreadyWithdrawn()
  return {
    kind: WITHDRAWAL,
    subject: decision.subject,
    task: decision.task,
    anchor: null,
    body: { decision: id, reason: reason.trim() },
  }
}

function draftOf(row: ConflictRow, conflict: ConflictId, { members, verdict, reason, planStep }: DecideInput): Draft {
  return {
    kind: DECISION,
    subject: row.subject,
    task: row.task === '' ? null : row.task,
    anchor: null,
    body: {
      conflict,
      kind: kindFromCode(row.kind),
      members: [...members].sort(),
      verdict: verdictBody(verdict),
      reason,
      ...(planStep === null || planStep === '' ? {} : { planStep }),
    },
  }
}

function verdictBody(verdict: Verdict): Verdict {
  return verdict.type === 'several' ? { type: 'several', receipts: [...new Set(verdict.receipts)].sort() } : verdict
}

function sameMembers(db: ReadDb, row: ConflictRow, seen: readonly ReceiptId[]): boolean {
  const members = membersOf(db, row.id, createNames(db), row.memberCount).map((member) => member.receipt)
  return members.length === new Set(seen).size && members.every((member) => seen.includes(member))
}

function checkVerdict(verdict: Verdict, members: readonly ReceiptId[], allowed: readonly Verdict['type'][]): void {
  if (!allowed.includes(verdict.type))
    throw verdictUnfit(`The verdict “${verdict.type}” has no meaning for this conflict.`)
  const picked = verdict.type === 'pick' ? [verdict.receipt] : verdict.type === 'several' ? verdict.receipts : []
  if (picked.some((receipt) => !members.includes(receipt))) {
    throw verdictUnfit('The verdict picks a receipt that is not among the claims.')
  }
  if (verdict.type === 'several' && new Set(picked).size < 2) {
    throw verdictUnfit('“Several” needs at least two different claims.')
  }
}
