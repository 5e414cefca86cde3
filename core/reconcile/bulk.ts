// A rule of thumb over several conflicts, shown before anything is signed: what each decision would say, or why the rule says nothing.
import {
  verdictSentence,
  type BulkClaim,
  type BulkRule,
  type ConflictId,
  type ContentView,
  type ReceiptId,
  type Verdict,
} from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { createNames, verdictsFor, type Names } from '#core/network/index.ts'
import { kindFromCode, OPEN } from './conflict-codes.ts'
import { conflictRowById, membersOf, type ReadMember } from './conflict-reading.ts'
import { gistsOf, type Gist } from './gists.ts'
import { readMembers, type ReadReceipt } from './review.ts'

export interface BulkPreview {
  readonly conflict: ConflictId
  readonly subject: string
  readonly members: ReceiptId[]
  readonly claims: BulkClaim[]
  readonly verdict: Verdict | null
  readonly sentence: string
  readonly why: string | null
}

/** The receipts that a conflict is about; none where it is gone. */
export function bulkMembers(db: ReadDb, conflict: ConflictId): readonly ReadReceipt[] {
  const row = conflictRowById(db, conflict)
  return row === null ? [] : readMembers(db, row, createNames(db))
}

/** What tells the members apart in a word, from what they carry, in their order. */
export function bulkGists(
  db: ReadDb,
  conflict: ConflictId,
  members: readonly ReadReceipt[],
  contents: readonly ContentView[],
): readonly Gist[] {
  const row = conflictRowById(db, conflict)
  return row === null ? [] : gistsOf(kindFromCode(row.kind), members, contents)
}

/** One entry a conflict, in the order asked for. `gists` by conflict, in the order of its members. */
export function previewBulk(
  db: ReadDb,
  conflicts: readonly ConflictId[],
  rule: BulkRule | null,
  gists: ReadonlyMap<ConflictId, readonly Gist[]> = new Map(),
): BulkPreview[] {
  const names = createNames(db)
  return [...new Set(conflicts)].map((conflict) => {
    const row = conflictRowById(db, conflict)
    if (row === null || row.status !== OPEN) {
      return { ...NOTHING, conflict, subject: row?.subject ?? '', why: 'It was solved meanwhile.' }
    }
    const kind = kindFromCode(row.kind)
    const said = gists.get(conflict) ?? []
    const members = membersOf(db, row.id, names, row.memberCount).map((member, index) => ({
      ...member,
      ...said[index],
    }))
    const claims = members.map(({ receipt, nodeName, seq, time, gist = '', gistOf = null }) => ({
      receipt,
      nodeName,
      seq,
      time,
      gist,
      gistOf,
    }))
    const seen = { conflict, subject: row.subject, members: claims.map(({ receipt }) => receipt), claims }
    if (rule === null) return { ...seen, verdict: null, sentence: '', why: null }
    const applied = applyRule(rule, members, verdictsFor(kind), names)
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

const NOTHING = { members: [], claims: [], verdict: null, sentence: '' }

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
