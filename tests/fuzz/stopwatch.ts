// How long a case waited: what the clock says, without what its process worked and without what others kept it from working. On a machine
// that has much else to do everything takes longer, and by this measure nothing waits longer.
import { readdirSync, readFileSync } from 'node:fs'

/** How old the reading that a case begins with may be: reading takes longer than most cases do. */
const FRESH_MS = 100

/** What /proc/stat counts in. */
const TICK_MS = 10

/** Milliseconds for which each thread of this process was ready and had no processor, and for which the machine had none of its own. */
type Starved = ReadonlyMap<string, number>

export class Stopwatch {
  #cpu = process.cpuUsage()
  #startedMs = performance.now()
  #starved = readStarved()
  #readMs = performance.now()

  start(): void {
    if (performance.now() - this.#readMs > FRESH_MS) {
      this.#starved = readStarved()
      this.#readMs = performance.now()
    }
    this.#cpu = process.cpuUsage()
    this.#startedMs = performance.now()
  }

  /** Milliseconds since `start`, where they are more than these; null where not, and where the system does not say who had to wait. */
  waitedOver(limitMs: number): number | null {
    const passed = performance.now() - this.#startedMs
    if (passed <= limitMs || this.#starved === null) return null
    const starved = readStarved()
    if (starved === null) return null
    const { user, system } = process.cpuUsage(this.#cpu)
    const waited = passed - (user + system) / 1_000 - sinceThen(this.#starved, starved)
    return waited > limitMs ? Math.round(waited) : null
  }
}

function sinceThen(before: Starved, after: Starved): number {
  return [...after].reduce((sum, [name, ms]) => sum + ms - (before.get(name) ?? 0), 0)
}

function readStarved(): Starved | null {
  try {
    // What a virtual machine's host took of it.
    const stolen = Number(/^cpu(?: +\d+){7} (\d+)/.exec(readFileSync('/proc/stat', 'latin1'))?.[1] ?? 0) * TICK_MS
    const threads = readdirSync('/proc/self/task').map((thread) => [thread, queuedMs(thread)] as const)
    return new Map([['stolen', stolen], ...threads])
  } catch {
    return null // Not Linux.
  }
}

function queuedMs(thread: string): number {
  try {
    const [, waitedNs] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'latin1').split(' ')
    return Number(waitedNs) / 1_000_000
  } catch (thrown) {
    // It ended meanwhile.
    if (thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ESRCH')) return 0
    throw thrown
  }
}
