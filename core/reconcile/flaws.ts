// What is wrong about an imported file, in words: as the node that imported it found it.
import type { ConflictKind } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import type { ReadMember } from './conflict-reading.ts'
import { importedAt } from './keep-imported.ts'

/** Members that are looked at: of what differs, those of one directory are few. */
export const FLAWED_MEMBERS = 64

/** Null for kinds of conflicts that are about no single file, and where nothing is wrong about one. */
export function flawOf(db: ReadDb, kind: ConflictKind, members: readonly ReadMember[]): string | null {
  const [member] = members
  if (kind === 'hash-mismatch') return signatureLost(db, members.slice(0, FLAWED_MEMBERS))
  if (kind !== 'invalid-signature' && kind !== 'content-mismatch') return null
  const imported = member === undefined ? null : importedAt(db, member.arrival)
  if (kind === 'invalid-signature') return imported?.envelope?.why ?? null
  const [first, ...more] = imported?.mismatches ?? []
  if (first === undefined || more.length === 0) return first ?? null
  return `${first} ${more.length} more ${more.length === 1 ? 'hash does' : 'hashes do'} not fit either.`
}

/** A directory whose signed file was replaced by what nobody signed has both among the members. */
function signatureLost(db: ReadDb, members: readonly ReadMember[]): string | null {
  const byOrigin = Map.groupBy(members, ({ origin }) => origin ?? null)
  for (const [origin, ofOrigin] of byOrigin) {
    if (origin === null || ofOrigin.length < 2) continue
    const imports = ofOrigin.map(({ arrival }) => importedAt(db, arrival)).filter((imported) => imported !== null)
    const signed = imports.find(({ envelope }) => envelope?.state === 'ok')
    const last = imports.find(({ round }) => signed !== undefined && round > signed.round)
    if (last === undefined) continue
    return `${origin} has replaced a signed file by other content ${last.envelope?.state === 'missing' ? 'without a signature' : 'whose signature does not hold'}, and what nobody signed never wins over what was signed.`
  }
  return null
}
