// What is taken from others, and not a byte more. Everything here is checked before memory or time is spent on it.

/** Limits on what others send, units in the names. Sizes are of the canonical bytes. */
export const LIMITS = {
  lineBytes: 80 * 1024,
  bodyBytes: 64 * 1024,
  /** The line without its body. */
  envelopeBytes: 8 * 1024,
  /** Nested objects and arrays, the receipt itself counted as the first. */
  depth: 32,
  objectMembers: 1024,
  arrayItems: 10_000,
  keyBytes: 256,
  /** Of subject and task, each. */
  textBytes: 1024,
  kindBytes: 128,
  segmentBytes: 8 * 1024 * 1024,
  segmentLines: 4096,
  headBytes: 4 * 1024,
  profileBytes: 16 * 1024,
  seenBytes: 256 * 1024,
  stateBytes: 512 * 1024,
  /** Of one feed's published leaves: a hundred bytes a receipt. */
  leavesBytes: 32 * 1024 * 1024,
  noteSignatures: 16,
  /** A receipt whose time is further ahead of the local clock is held. */
  aheadMs: 5 * 60 * 1000,
  /** Different receipts kept at one seq of one feed; two prove the fork, more only cost. */
  storiesPerSeq: 64,
  slowChecksPerMinute: 100,
  waitingReceiptsPerNode: 10_000,
  waitingBytesPerNode: 64 * 1024 * 1024,
} as const
