// Front door of core/ledger: the database of every admitted receipt, and the machinery of what follows from them.
export { append } from './append.ts'
export { counters, namedTasks, receiptFacets, recentArrivals } from './counters.ts'
export { doctor, repairProjections } from './doctor.ts'
export { DraftOvertaken } from './draft.ts'
export { ledgerExists } from './database-adapter.ts'
export { leavesOf, treeAt, treeOf } from './feed-tree.ts'
export { openLedger, openLedgerForReading } from './ledger.ts'
export type { OpenLedgerOptions } from './ledger.ts'
export { listReceipts } from './list-receipts.ts'
export type { ListedReceipt } from './list-receipts.ts'
export { onlyRow } from './only-row.ts'
export { LedgerNewerThanAppError } from './problems.ts'
export { rebuildProjections } from './projections.ts'
export {
  arrivalOf,
  feedTailOf,
  forkSeqOf,
  knownAmong,
  knownIds,
  nodeKeyOf,
  receiptById,
  receiptIdsStarting,
  receiptsOfNode,
} from './reading.ts'
export { receiptIdFromBytes, receiptIdToBytes } from './receipt-id-bytes.ts'
export * from './types.ts'
