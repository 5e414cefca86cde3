// Runs that once broke a promise, played again from then on: tests/simulation/seeds.json.
import { readFileSync } from 'node:fs'
import { families } from '../families.ts'
import { drawPlan, type Plan } from './plan.ts'

interface KnownSeed {
  readonly seed: string
  readonly hours: number
  readonly machines?: number
  readonly only?: readonly string[]
  /** What it found, and in which words. */
  readonly found: string
}

export function knownPlans(): readonly Plan[] {
  const file = new URL('../seeds.json', import.meta.url)
  // Written by hand, by whoever mends what a seed found.
  const known = JSON.parse(readFileSync(file, 'utf8')) as readonly KnownSeed[]
  return known.map(({ seed, ...wish }) => drawPlan(seed, families, wish))
}
