// One run of a plan: the network is founded, faults and people do their worst, then the faults stop and everybody must come together.
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { families } from '../families.ts'
import { invariants } from '../invariants.ts'
import { diagnosis } from './diagnosis.ts'
import type { EventLog } from './event-log.ts'
import { HOUR, MINUTE } from './family.ts'
import { Violation } from './invariant.ts'
import type { Plan } from './plan.ts'
import { World } from './world.ts'

export interface Outcome {
  readonly log: EventLog
  readonly events: number
  readonly virtualMs: number
  readonly seen: ReadonlyMap<string, number>
  readonly violation: Violation | null
  /** How the machines stood then. */
  readonly diagnosis: readonly string[]
}

/** Within this many rescans and minutes after the faults have stopped, all that are connected show one fingerprint. */
const RESCANS_TO_CONVERGE = 4
const CONVERGE_MS = HOUR

export async function play(plan: Plan, logAround: number | null = null): Promise<Outcome> {
  const seen = new Map<string, number>()
  const root = mkdtempSync(join(memoryFolder(), 'steward-simulation-'))
  const world = new World({
    seed: plan.seed,
    machines: plan.machines,
    rescanSeconds: plan.rescanSeconds,
    root,
    invariants,
    seen: (path) => void seen.set(path, (seen.get(path) ?? 0) + 1),
    logAround,
  })
  const startMs = world.nowMs
  let violation: Violation | null = null
  let found: readonly string[] = []
  try {
    await world.found()
    world.plan(plan, new Map(families.map((family) => [family.name, family])))
    await world.pass(plan.hours * HOUR)
    await world.heal()
    const withinMs = CONVERGE_MS + RESCANS_TO_CONVERGE * plan.rescanSeconds * 1_000
    await world.until(() => world.haveConverged(), withinMs, 'all show one fingerprint')
    await world.pass(MINUTE)
    await world.atRest()
  } catch (thrown) {
    if (!(thrown instanceof Violation)) violation = new Violation('simulator', describe(thrown))
    else violation = thrown
    found = diagnosis(world)
  } finally {
    await world.close()
    rmSync(root, { recursive: true, force: true })
  }
  return {
    log: world.eventLog,
    events: world.events,
    virtualMs: world.nowMs - startMs,
    seen,
    violation,
    diagnosis: found,
  }
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}

/** Memory that looks like a disk, where there is one with room: an fsync there costs nothing, and nothing here outlives the process. */
function memoryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    if (bavail * bsize > 2 ** 30) return '/dev/shm'
  } catch {
    // Not on this system.
  }
  mkdirSync(tmpdir(), { recursive: true })
  return tmpdir()
}
