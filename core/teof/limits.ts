// What is read of a node directory, and not a byte more. TEOF itself has no limits; these leave room for a hundred times its
// largest real file.

/** Limits on files that others wrote, units in the names. */
export const TEOF_LIMITS = {
  /** One JSON file: a receipt, a plan, anchors, capsule hashes. */
  jsonBytes: 8 * 1024 * 1024,
  /** Objects and arrays inside one another, the outermost counted as the first. */
  depth: 64,
  /** Members and items of one JSON file, all containers together. */
  values: 200_000,
  /** One number as it is written. */
  numberCharacters: 400,
  keyFileBytes: 4 * 1024,
  keyFiles: 10_000,
  keyIdCharacters: 128,
  /** A file that capsule hashes name. */
  capsuleFileBytes: 64 * 1024 * 1024,
  capsuleEntries: 10_000,
  /** Anchors are printed again from a tree, to see which earlier file an event names: that takes many times their bytes. */
  anchorsBytes: 1024 * 1024,
  anchorEvents: 50_000,
  planSteps: 10_000,
  /** All of a hash-ledger's index, read line by line. */
  ledgerBytes: 64 * 1024 * 1024,
  ledgerEntries: 500_000,
  ledgerBadLines: 10_000,
  /** Entries of one folder; the rest is counted and not read. */
  folderEntries: 1_000_000,
  /** Folders inside one another below a node directory. */
  folderDepth: 32,
  pathCharacters: 1024,
  /** Findings of one kind that are listed for one file; beyond, they are counted. */
  findingsPerKind: 20,
} as const
