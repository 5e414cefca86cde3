// A process of its own: one target, case after case, until its time is up. The number of the case stands in a file before it begins: when
// this process is ended for hanging or for its memory, the case can be made again from it. (A worker thread would not do: an allocation
// that is large enough ends the whole process, whatever the thread's limits say.)
import { openSync, writeSync } from 'node:fs'
import { inspect } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { CASE_LIMITS, HEAP_LIMIT_MB } from './limits.ts'
import { WARM_UP_SEED, type Finding, type FuzzOrder, type FuzzWord } from './order.ts'
import { Random } from './random.ts'
import { shrink } from './shrink.ts'
import { Stopwatch } from './stopwatch.ts'
import { loadTarget } from './targets/index.ts'

const WARM_UP_CASES = 30
/** On a machine that has much else to do the time may be up before anything was judged. */
const LEAST_CASES = 40
const MEBIBYTE = 1024 * 1024
/** How often a case that is not done is looked at. */
const LOOK_MS = 200

const order = await new Promise<FuzzOrder>((resolve) =>
  process.once('message', (message) => resolve(message as FuzzOrder)),
) // Sent by judging.ts alone.
const place = openSync(order.placeFile, 'w')
const at = (nth: number) => writeSync(place, String(nth).padEnd(20), 0)
at(0)
const target = await loadTarget(order.target)
const say = (word: FuzzWord) => new Promise<void>((resolve) => process.send?.(word, () => resolve()))

/** Held so that of the heap's limit just what a case may take is left, however much the code and its tables need. */
const ballast: (readonly unknown[])[] = []
// A promise that nobody waits for breaks the case that is running.
let loose: unknown = null
process.on('unhandledRejection', (thrown) => void (loose ??= thrown))

const watch = new Stopwatch()
let whenWaited: ((ms: number) => void) | null = null
// What a case waits for may be nothing that keeps a process by itself.
setInterval(() => {
  const waited = whenWaited === null ? null : watch.waitedOver(CASE_LIMITS.waitMs)
  if (waited !== null) whenWaited?.(waited)
}, LOOK_MS)
await target.open?.()
await warmUp()
await search()
await target.close?.()
// Whatever a target left open does not keep the process.
process.exit(0)

async function search(): Promise<void> {
  const { seed, first, last, untilMs, inputs } = order
  let nth = first
  for (; nth < last && (Date.now() < untilMs || nth < LEAST_CASES); nth++) {
    at(nth)
    const bytes = inputs?.[nth] ?? target.make(new Random(seed, nth))
    const fault = await faultOf(bytes)
    if (fault === null) continue
    const isSameFault = async (each: Uint8Array) => (await faultOf(each))?.kind === fault.kind
    const small = fault.how === 'wrong' && inputs === null ? await shrink(bytes, isSameFault) : bytes
    await say({ type: 'finding', nth, ...fault, bytes: Uint8Array.from(small) })
    // It may still be waiting, in the way of those after it: they get a new process.
    if (fault.how === 'hangs') {
      nth++
      break
    }
  }
  await say({ type: 'done', next: nth })
}

/** Code is compiled and tables are filled before anything is measured. */
async function warmUp(): Promise<void> {
  for (let nth = 1; nth <= WARM_UP_CASES; nth++) {
    at(-nth)
    watch.start()
    try {
      await untilDoneOrWaited(target.check(target.make(new Random(WARM_UP_SEED, nth))))
    } catch {
      // Told where it is found in the search.
    }
  }
  loose = null
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
  const spareMb = HEAP_LIMIT_MB - CASE_LIMITS.heapMb - process.memoryUsage().heapUsed / MEBIBYTE
  while (ballast.length < spareMb) ballast.push(Array.from({ length: MEBIBYTE / 8 }))
}

async function faultOf(bytes: Uint8Array): Promise<Pick<Finding, 'how' | 'what' | 'kind'> | null> {
  const given = Uint8Array.from(bytes)
  const buffersBefore = process.memoryUsage().arrayBuffers
  const cpuBefore = process.threadCpuUsage()
  watch.start()
  let waited: number | null
  try {
    const answer = target.check(given)
    // What answers at once is not held up by a turn of the system's.
    waited = answer === undefined ? null : await untilDoneOrWaited(answer)
    // Also what kept the whole thread waiting.
    waited ??= watch.waitedOver(CASE_LIMITS.waitMs)
    if (loose !== null) throw new Error('A promise that nobody waits for was rejected.', { cause: loose })
  } catch (thrown) {
    loose = null
    return { how: 'wrong', what: told(thrown), kind: kindOf(thrown) }
  }
  const { user, system } = process.threadCpuUsage(cpuBefore)
  const cpuMs = Math.round((user + system) / 1_000)
  const buffers = process.memoryUsage().arrayBuffers - buffersBefore
  if (waited !== null) return { how: 'hangs', what: `It waited ${waited} ms without working.`, kind: 'hangs' }
  if (cpuMs > CASE_LIMITS.cpuMs) return { how: 'slow', what: `It took ${cpuMs} ms of processor time.`, kind: 'slow' }
  if (buffers > CASE_LIMITS.buffersBytes)
    return { how: 'large', what: `It allocated ${buffers} bytes outside the heap.`, kind: 'large' }
  if (Buffer.compare(given, bytes) !== 0)
    return { how: 'wrong', what: 'It changed the bytes that it was given.', kind: 'changes its input' }
  return null
}

/** Null once it is done; how long it waited where that is too long, whether or not it would ever end. */
async function untilDoneOrWaited(answer: void | Promise<void>): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number>()
  whenWaited = resolve
  try {
    return (await Promise.race([answer, promise])) ?? null
  } finally {
    whenWaited = null
  }
}

function told(thrown: unknown): string {
  return inspect(thrown)
}

/** Message without what varies, and the first place in our own code. */
function kindOf(thrown: unknown): string {
  const place = /core\/[\w/.-]+:\d+/.exec(inspect(thrown))?.[0] ?? ''
  if (!(thrown instanceof Error)) return place
  return `${thrown.name} ${thrown.message.replaceAll(/["“].*["”]|\d+/gsu, '#').slice(0, 200)} ${place}`
}
