// What this program could not do (StewardError), what must hold (invariant), how both are told, and what code a failure has.
// What others sent us is never an exception: it is judged and kept as a Refusal (core/receipts).

/** The four things a steward is told about a failure; also what crosses the contract. */
export interface Problem {
  /** Stable, upper snake case; hosts map it to an exit code or an HTTP status. */
  readonly code: string
  /** What happened, one sentence. */
  readonly happened: string
  /** What was kept, one sentence. */
  readonly kept: string
  /** What to do about it, one sentence. */
  readonly remedy: string
}

/** Something we could not do. Carries what happened, what was kept and what to do. */
export class StewardError extends Error implements Problem {
  override readonly name: string = 'StewardError'
  readonly code: string
  readonly happened: string
  readonly kept: string
  readonly remedy: string

  constructor(problem: Problem & { readonly cause?: unknown }) {
    super(problem.happened, problem.cause === undefined ? undefined : { cause: problem.cause })
    this.code = problem.code
    this.happened = problem.happened
    this.kept = problem.kept
    this.remedy = problem.remedy
  }
}

/** The Problem inside any thrown value. A bug has no remedy of its own, so it gets the general one. */
export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof StewardError) {
    const { code, happened, kept, remedy } = thrown
    return { code, happened, kept, remedy }
  }
  return {
    code: 'INTERNAL',
    happened: 'Steward met a fault of its own.',
    kept: 'Receipts that were acknowledged before are safe in the ledger.',
    remedy: 'Try again; if it comes back, run `steward doctor` and report it.',
  }
}

/** The system's code of a failure (`ENOSPC`, `EACCES`, `SQLITE_FULL` …), or that of a StewardError; null for anything else. */
export function codeOf(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null
}

/** Throws when what must hold does not. Never caught: a broken invariant is a bug. */
export function invariant(condition: unknown, why: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${why}`)
}
