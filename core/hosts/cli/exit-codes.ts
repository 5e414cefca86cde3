// What a script learns without reading the answer.

export const EXIT = {
  /** Done. */
  done: 0,
  /** Done, and something waits for a person: always of `report make`, `report guard` and `reconcile`, of others where `--exit-code` asks. */
  waiting: 1,
  /** Could not be done: bad usage, a locked key, a folder that is not there. */
  failed: 2,
  /** A signature, a hash or the ledger itself does not hold. */
  integrity: 3,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  done, and something waits for a person: always with report make, report guard and
     reconcile; with conflicts, status, compare and states only where --exit-code is given
  2  could not be done; the message says what was kept and what to do
  3  a signature, a hash or the ledger itself does not hold
`
