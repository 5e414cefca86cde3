// A rule of thumb over several conflicts, shown before anything is signed: what each decision would say, or why the rule says nothing.
import { verdictSentence, type BulkRule, type ConflictId, type ReceiptId, type Verdict } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { createNames, verdictsFor, type Names } from '#core/network/index.ts'
import { kindFromCode, OPEN } from './conflict-codes.ts'
import { conflictRowById, membersOf, type ReadMember } from './conflict-reading.ts'

export interface BulkPreview {
  readonly conflict: ConflictId
  readonly subject: string
  readonly members: ReceiptId[]
  readonly verdict: Verdict | null
  readonly sentence: string
  readonly why: string | null
}

/** One entry a conflict, in the order asked for. */
export function previewBulk(db: ReadDb, conflicts: readonly ConflictId[], rule: BulkRule): BulkPreview[] {
  const names = createNames(db)
  return [...new Set(conflicts)].map((conflict) => {
    const row = conflictRowById(db, conflict)
    if (row === null || row.status !== OPEN) {
      return { ...NOTHING, conflict, subject: row?.subject ?? '', why: 'It was solved meanwhile.' }
    }
    const kind = kindFromCode(row.kind)
    const members = membersOf(db, row.id, names, row.memberCount)
    const applied = applyRule(rule, members, verdictsFor(kind), names)
    const seen = { conflict, subject: row.subject, members: members.map((member) => member.receipt) }
    return 'why' in applied
      ? { ...seen, verdict: null, sentence: '', why: applied.why }
      : {
          ...seen,
          ...applied,
          sentence: verdictSentence({ kind, subject: row.subject, members }, applied.verdict),
          why: null,
        }
  })
}

const NOTHING = { members: [], verdict: null, sentence: '' }

function applyRule(
  rule: BulkRule,
  members: readonly ReadMember[],
  allowed: readonly Verdict['type'][],
  names: Names,
): { readonly verdict: Verdict } | { readonly why: string } {
  if (allowed.length === 0) return { why: 'Nothing can be decided here: it ends when what is missing arrives.' }
  switch (rule.type) {
    case 'none':
      return { verdict: { type: 'none' } }
    case 'node': {
      const own = members.filter((member) => member.node === rule.node)
      if (own.length === 0) return { why: `${names.of(rule.node)} is not among the claims.` }
      return own.length === 1 && own[0] !== undefined
        ? { verdict: { type: 'pick', receipt: own[0].receipt } }
        : { why: `${names.of(rule.node)} says several things here.` }
    }
    case 'newest': {
      const newest = members.reduce<ReadMember | null>(
        (best, member) => (best === null || member.time > best.time ? member : best),
        null,
      )
      if (newest === null) return { why: 'There is nothing to choose from.' }
      const equal = members.filter((member) => member.time === newest.time)
      return equal.every((member) => member.hash === newest.hash)
        ? { verdict: { type: 'pick', receipt: newest.receipt } }
        : { why: 'Several of them carry the newest time.' }
    }
  }
}
