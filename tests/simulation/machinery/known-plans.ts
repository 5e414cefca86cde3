// Runs that once broke a promise, played again from then on: drawn from the seeds in seeds.json, and read from the plans in found/, which
// stay as they were whatever later commits draw from a seed.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
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
  return [...known.map(({ seed, ...wish }) => drawPlan(seed, families, wish)), ...foundPlans()]
}

/** As a failure prints them, each in a file whose name says what it found. */
function foundPlans(): readonly Plan[] {
  const folder = new URL('../found/', import.meta.url)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  return names.toSorted().map((name) => planIn(new URL(name, folder)))
}

export function planIn(file: string | URL): Plan {
  // Written by hand, from what a failure printed.
  return JSON.parse(readFileSync(file, 'utf8')) as Plan
}
