// How often a property is tried.

interface Wish {
  /** What every run of the tests affords. */
  readonly usual: number
  /** What a change affords in CI. */
  readonly ci?: number
  /** In a thousand runs of all others: ten thousand for what all else stands on, the first of the invariants (I1, I2). */
  readonly whole?: number
}

const THOUSAND = 1_000

/** `npm run properties -- --runs N` asks every property that many times, whatever it costs. */
export function propertyRuns({ usual, ci = usual, whole = THOUSAND }: Wish): number {
  const asked = process.env['STEWARD_PROPERTY_RUNS']
  if (asked !== undefined) return Math.ceil((Number(asked) * whole) / THOUSAND)
  return process.env['CI'] === 'true' ? ci : usual
}
