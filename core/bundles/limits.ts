// What of a bundle is taken, and not a byte more. Checked before anything of it is used.

/** Limits on bundles that others made, units in the names. */
export const BUNDLE_LIMITS = {
  /** Of the zip file itself. */
  packedBytes: 2 * 1024 ** 3,
  /** Of everything in it, unpacked. */
  unpackedBytes: 4 * 1024 ** 3,
  entries: 200_000,
  /** Unpacked to packed, of each entry and of the whole. */
  ratio: 100,
  /** What is smaller cannot do harm by its ratio: a page of blanks shrinks to nothing. */
  ratioFromBytes: 64 * 1024,
  /** Relative, in characters. */
  nameCharacters: 240,
  /** Folders inside one another. */
  depth: 32,
  /** Entries that are named when a bundle is refused; more are counted. */
  listedRefusals: 200,
  /** A file that may hold single receipts. */
  linesFileBytes: 8 * 1024 * 1024,
} as const
