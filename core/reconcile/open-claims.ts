// Open conflicts about claims, as standing rules look at them: all members, and what the steward of one node did there before.
import type { ConflictId, NodeId, ReceiptId } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import {
  createNames,
  decisionsOn,
  policyInForce,
  resolve,
  withdrawalsOf,
  type MergedFeeds,
  type SignedDecision,
} from '#core/network/index.ts'
import { kindFromCode, kindToCode, OPEN } from './conflict-codes.ts'
import { conflictIdFromBytes, conflictRow, conflictRowById, membersOf, type ReadMember } from './conflict-reading.ts'
import { castOn } from './settle-subject.ts'

/** The kinds where nodes claim different things; everything else is proof of harm, or waits for what is missing. */
type ClaimKind = 'hash-mismatch' | 'missing-anchor' | 'unknown-anchor' | 'diverging-anchors'

export interface OpenClaims {
  readonly id: ConflictId
  readonly kind: ClaimKind
  readonly subjectKey: number
  readonly subject: string
  readonly task: string | null
  readonly members: readonly ReadMember[]
}

interface ClaimsWanted {
  readonly kinds: readonly ClaimKind[]
  /** Only subjects that begin so. */
  readonly prefix: string
  readonly fits: (subject: string) => boolean
  readonly task: string | null
}

/** In the order of their subjects. Read one by one, so that a caller may stop. */
export function* openClaims(db: ReadDb, { kinds, prefix, fits, task }: ClaimsWanted): Generator<OpenClaims> {
  const names = createNames(db)
  const rows = db
    .prepare<[string, string], { id: Buffer; subject: string }>(`
      SELECT id, subject FROM reconcile_conflict INDEXED BY reconcile_conflict_by_subject
      WHERE status = ${OPEN} AND subject >= ? AND subject < ? AND kind IN (${kinds.map(kindToCode).join(', ')})
      ORDER BY subject, id
    `)
    .all(prefix, `${prefix}\u{10ffff}`)
  for (const { id, subject } of rows) {
    if (!fits(subject)) continue
    const row = conflictRow(db, id)
    if (row === null || row.owner <= 0 || (task !== null && row.task !== task)) continue
    const kind = kindFromCode(row.kind)
    if (!isClaimKind(kind)) continue
    yield {
      id: conflictIdFromBytes(id),
      kind,
      subjectKey: row.owner,
      subject,
      task: row.task === '' ? null : row.task,
      members: membersOf(db, id, names, row.memberCount),
    }
  }
}

/** Null where there is no such conflict, or where it is not about claims. */
export function claimsOf(db: ReadDb, id: ConflictId): OpenClaims | null {
  const row = conflictRowById(db, id)
  const kind = row === null ? null : kindFromCode(row.kind)
  if (row === null || kind === null || !isClaimKind(kind)) return null
  return {
    id,
    kind,
    subjectKey: row.owner,
    subject: row.subject,
    task: row.task === '' ? null : row.task,
    members: membersOf(db, row.id, createNames(db), row.memberCount),
  }
}

/** What the steward of a node has to do with a conflict already. */
interface OwnStand {
  /** A decision of theirs counts for it as it stands. */
  readonly counts: boolean
  /** The newest decision on the subject that they made by hand, as its place in their feed; 0 for none. */
  readonly byHandSeq: number
  /** Rules whose decision on this subject they took back. */
  readonly takenBack: ReadonlySet<ReceiptId>
  /** How often they decided on the subject, by hand or by a rule. */
  readonly decided: number
}

export function ownStandOn(db: ReadDb, feeds: MergedFeeds, conflict: OpenClaims, node: NodeId): OwnStand {
  const own = decisionsOn(db, conflict.subjectKey).filter((decision) => decision.node === node)
  if (own.length === 0) return { counts: false, byHandSeq: 0, takenBack: new Set(), decided: 0 }
  const { counting } = resolve(
    conflict.kind,
    conflict.members,
    castOn(db, feeds, conflict.subjectKey),
    policyInForce(db).decisionsNeeded,
  )
  const byHand = own.filter((decision) => ruleOf(decision) === null)
  const takenBack = own.filter((decision) => withdrawalsOf(db, decision).length > 0).map(ruleOf)
  return {
    counts:
      counting.some((decision) => decision.node === node) ||
      // Whatever became of it: a rule never decides the same conflict twice.
      own.some((decision) => decision.body.conflict === conflict.id && ruleOf(decision) !== null),
    byHandSeq: Math.max(0, ...byHand.map((decision) => decision.seq)),
    takenBack: new Set(takenBack.filter((rule) => rule !== null)),
    decided: own.length,
  }
}

/** The standing rule that a decision names; null for one that was made by hand. */
function ruleOf({ body }: Pick<SignedDecision, 'body'>): ReceiptId | null {
  return body.rule ?? null
}

function isClaimKind(kind: string): kind is ClaimKind {
  return CLAIM_KINDS.has(kind)
}

const CLAIM_KINDS: ReadonlySet<string> = new Set<ClaimKind>([
  'hash-mismatch',
  'missing-anchor',
  'unknown-anchor',
  'diverging-anchors',
])
