// What was refused, kept with its bytes so that a person can look and a later version can judge again. Bounded: beyond the caps
// only hash, reason and count are kept, and beyond those only the number; the original stays where it lies.
import type { NodeId } from '#core/contract/index.ts'
import { onlyRow, type ReadDb, type Tx } from '#core/ledger/index.ts'
import type { Refusal } from '#core/receipts/index.ts'
import { countHeldBack } from './held-back.ts'
import { QUARANTINE_BYTES, sha256Of } from './segment.ts'

const MOST_ENTRIES = 100_000
const MOST_BYTES = 512 * 1024 * 1024

export interface Refused {
  /** Where it lies: a path in the folder, with the line where it is one line. */
  readonly source: string
  readonly refusal: Refusal
  readonly bytes: Uint8Array
  readonly sizeBytes: number
}

export function quarantine(tx: Tx, { source, refusal, bytes, sizeBytes }: Refused): void {
  const sha256 = sha256Of(bytes)
  const { changes } = tx
    .prepare<[string, string, string, string, string], never>(`
      UPDATE exchange_refusal SET count = count + 1, last_seen = ?, detail = ?
      WHERE source = ? AND sha256 = ? AND reason = ?
    `)
    .run(tx.now, refusal.detail, source, sha256, refusal.reason)
  if (changes > 0) return

  countHeldBack(tx)
  const size = quarantineSize(tx)
  if (size.entries >= MOST_ENTRIES) {
    tx.prepare<[], never>('UPDATE exchange_quarantine_size SET beyond = beyond + 1').run()
    return
  }
  const kept = bytes.subarray(0, QUARANTINE_BYTES)
  const keeps = size.bytes + kept.length <= MOST_BYTES
  tx.prepare<[string, string, string, string, NodeId | null, number, Uint8Array | null, string, string], never>(`
    INSERT INTO exchange_refusal (source, reason, sha256, detail, node, size, bytes, count, first_seen, last_seen)
    VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
  `).run(source, refusal.reason, sha256, refusal.detail, refusal.node, sizeBytes, keeps ? kept : null, tx.now, tx.now)
  tx.prepare<[number], never>('UPDATE exchange_quarantine_size SET entries = entries + 1, bytes = bytes + ?').run(
    keeps ? kept.length : 0,
  )
}

export function quarantineSize(db: ReadDb): {
  readonly entries: number
  readonly bytes: number
  readonly beyond: number
} {
  const size = db.prepare<[], { entries: number; bytes: number; beyond: number }>(
    'SELECT entries, bytes, beyond FROM exchange_quarantine_size',
  )
  return onlyRow(size.get())
}
