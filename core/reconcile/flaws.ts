// What is wrong about an imported file, in words: as the node that imported it found it.
import type { ConflictKind } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import type { ReadMember } from './conflict-reading.ts'
import { importedAt } from './keep-imported.ts'

/** Null for kinds of conflicts that are about no single file. */
export function flawOf(db: ReadDb, kind: ConflictKind, [member]: readonly ReadMember[]): string | null {
  if (kind !== 'invalid-signature' && kind !== 'content-mismatch') return null
  const imported = member === undefined ? null : importedAt(db, member.arrival)
  if (kind === 'invalid-signature') return imported?.envelope?.why ?? null
  const [first, ...more] = imported?.mismatches ?? []
  if (first === undefined || more.length === 0) return first ?? null
  return `${first} ${more.length} more ${more.length === 1 ? 'hash does' : 'hashes do'} not fit either.`
}
