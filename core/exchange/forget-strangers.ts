// Whoever makes a key asks to join, and is nobody once its folder is gone: what was noted of its files goes with it. Or who makes new
// folders each day would fill the ledger, for all that no more than ten thousand are looked at in one look.
import type { NodeId } from '#core/contract/index.ts'
import type { Pass } from './pass.ts'
import { pendingRecords } from './peer-records.ts'

/** Keeps what is noted of these nodes, and of those that ask to join by a bundle. Only after a look at every folder. */
export function forgetStrangersExcept(pass: Pass, kept: ReadonlySet<NodeId>): void {
  const asking = new Set(pendingRecords(pass.ledger.read).map(({ node }) => node))
  const gone = notedNodes(pass).filter((node) => !kept.has(node) && !asking.has(node))
  if (gone.length === 0) return
  pass.ledger.write(pass.now(), (tx) => {
    for (const table of ['exchange_inbox_file', 'exchange_head', 'exchange_last_seen', 'exchange_note']) {
      const forget = tx.prepare<[NodeId], never>(`DELETE FROM ${table} WHERE node = ?`)
      for (const node of gone) forget.run(node)
    }
  })
}

/** From one node to the next by the index, since one of them may have thousands of files. */
function notedNodes({ ledger }: Pass): readonly NodeId[] {
  return ledger.read
    .prepare<[], NodeId>(
      `WITH RECURSIVE holder (node) AS (
         SELECT min(node) FROM exchange_inbox_file
         UNION ALL
         SELECT (SELECT min(node) FROM exchange_inbox_file WHERE node > holder.node) FROM holder WHERE holder.node IS NOT NULL
       )
       SELECT node FROM holder WHERE node IS NOT NULL
       UNION SELECT node FROM exchange_head
       UNION SELECT node FROM exchange_last_seen`,
    )
    .pluck()
    .all()
}
