// How a figure is taken: beside its limit, in the same process and run, interleaved, so that a busy machine slows both alike.

/** What a row says about itself. Ratios are gated; a few absolute figures are promises to the steward and set wide. */
export interface Figure {
  readonly what: string
  readonly unit: string
  /** Median of ours. */
  readonly ours: number
  /** Median of the limit measured beside it; null for an absolute figure. */
  readonly limit: number | null
  readonly limitIs: string
  /** Median of the pairwise ratios ours / limit, or ours itself where there is no limit. */
  readonly value: number
  /** Largest over smallest of the pairwise ratios; 1 where there was one sample. */
  readonly spread: number
  readonly gate: Gate
}

/** `null` is for reading only. */
export type Gate = { readonly atLeast: number } | { readonly atMost: number } | null

export function holds(figure: Figure): boolean {
  if (figure.gate === null) return true
  return 'atLeast' in figure.gate ? figure.value >= figure.gate.atLeast : figure.value <= figure.gate.atMost
}

export const NOISY_SPREAD = 1.6

export interface Pairs {
  readonly what: string
  readonly unit: string
  readonly limitIs: string
  readonly gate: Gate
  readonly count: number
  /** Both answer with their figure in `unit`; each is warmed up once. */
  readonly limit: () => Promise<number> | number
  readonly ours: () => Promise<number> | number
}

export async function measurePairs(pairs: Pairs): Promise<Figure> {
  await pairs.limit()
  await pairs.ours()
  const taken: { limit: number; ours: number }[] = []
  // One after the other on purpose: side by side they would measure each other.
  for (let pair = 0; pair < pairs.count; pair++) taken.push({ limit: await pairs.limit(), ours: await pairs.ours() })
  const ratios = taken.map(({ limit, ours }) => ours / limit)
  return {
    what: pairs.what,
    unit: pairs.unit,
    ours: median(taken.map((pair) => pair.ours)),
    limit: median(taken.map((pair) => pair.limit)),
    limitIs: pairs.limitIs,
    value: median(ratios),
    spread: Math.max(...ratios) / Math.min(...ratios),
    gate: pairs.gate,
  }
}

/** A figure without a limit beside it. */
export function absolute(what: string, unit: string, samples: readonly number[], value: number, gate: Gate): Figure {
  return { what, unit, ours: value, limit: null, limitIs: '', value, spread: spreadOf(samples), gate }
}

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** Nearest rank. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN
}

// Of single calls the slowest is an outlier of the machine; the middle half says whether the run was calm.
function spreadOf(samples: readonly number[]): number {
  return samples.length < 4 ? 1 : percentile(samples, 75) / percentile(samples, 25)
}

export async function secondsOf(work: () => unknown): Promise<number> {
  const from = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - from) / 1e9
}

export async function millisecondsOf(work: () => unknown): Promise<number> {
  return (await secondsOf(work)) * 1e3
}
