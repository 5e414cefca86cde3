// Counts what the real host asks of the system, with strace: a receipt is acknowledged only after the ledger's log was synced with it, and
// a file in the exchange has its name only after its bytes were synced, and is followed by a sync of its folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readRunningFile } from '#core/hosts/running/index.ts'
import type { ReceiptId } from '#core/contract/index.ts'
import { World, type Serving } from '#tests/e2e/steward.ts'
import { hasStrace } from '#tests/kit/strace.ts'

const RECEIPTS = 12
/** So many are signed without waiting for the folder. */
const TOGETHER = 4

test('every acknowledged receipt and every published file was synced', { timeout: 300_000 }, async (context) => {
  if (!hasStrace()) {
    console.log('skipped: to see what the host asks of the system needs strace (Debian: apt-get install strace)')
    context.skip('strace is not installed')
  }
  await using world = new World()
  const first = await world.node('ada')
  const ada = first.steward
  await first.stop()

  const log = join(world.folder, 'calls.txt')
  const calls = 'trace=fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto,sendmsg'
  // Names of files beside their numbers; as much of what is written as an answer is long.
  const serving = await ada.serve({ under: ['strace', '-f', '-y', '-s', '4096', '-e', calls, '-o', log] })
  const ids: ReceiptId[] = []
  for (let count = 1; count <= RECEIPTS; count++) {
    ids.push(await sign(serving, count))
    // What is signed while a segment is written comes in one with the next: so now and then that is waited for.
    if (count % TOGETHER === 0) await published(serving)
  }
  const host = readRunningFile(ada.home)
  if (host === null) throw new Error('The host says where it is while it runs.')
  // strace itself would only let go of it.
  process.kill(host.pid, 'SIGTERM')
  await serving.ended()

  const events = eventsIn(readFileSync(log, 'utf8'))
  expect(unsyncedAcknowledgements(events, ids)).toEqual([])
  const { named, faults } = unsyncedNames(events, world.exchange)
  expect(faults).toEqual([])
  // What lies there came by that way: nothing else writes under these names.
  const feed = segmentsBelow(world.exchange)
  expect(feed.length).toBeGreaterThan(0)
  expect(named.filter((path) => path.endsWith('.jsonl')).length).toBeGreaterThanOrEqual(RECEIPTS / TOGETHER)
  expect(named).toContain('head')
})

async function published({ client }: Serving): Promise<void> {
  await expect.poll(async () => (await client.exchange.get({})).unpublished, { timeout: 60_000 }).toBe(0)
}

interface Call {
  readonly name: string
  readonly text: string
}

/** Calls in the order in which they ended, those that another thread interrupted put together again. */
function eventsIn(log: string): readonly Call[] {
  const begun = new Map<string, string>()
  const calls: Call[] = []
  for (const line of log.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(rest)
    if (unfinished !== null) {
      begun.set(pid, unfinished[1] ?? '')
      continue
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)
    const text = resumed === null ? rest : `${begun.get(pid) ?? ''}${resumed[1] ?? ''}`
    const [, name = ''] = /^(\w+)\(/.exec(text) ?? []
    if (name !== '') calls.push({ name, text })
  }
  return calls
}

function hasSucceeded({ text }: Call): boolean {
  return / = (0|[1-9]\d*)( |$)/.test(text)
}

/** The file that a sync was of. */
function synced(call: Call): string | null {
  if ((call.name !== 'fsync' && call.name !== 'fdatasync') || !hasSucceeded(call)) return null
  return /\(\d+<([^>]*)>/.exec(call.text)?.[1] ?? null
}

/** Receipts that were told to somebody with no sync of the ledger since the one before was told. */
function unsyncedAcknowledgements(calls: readonly Call[], ids: readonly ReceiptId[]): readonly string[] {
  const faults: string[] = []
  let syncs = 0
  let next = 0
  for (const call of calls) {
    if (synced(call)?.includes('ledger.sqlite') === true) syncs++
    const id = ids[next]
    // To a socket: in the ledger and in the folder it is written too.
    const isTold = /^(write|writev|sendto|sendmsg)\(\d+<(socket|TCP)/.test(call.text)
    if (id === undefined || !isTold || !call.text.includes(id)) continue
    if (syncs === 0) faults.push(`${id} was acknowledged before it was synced`)
    syncs = 0
    next++
  }
  if (next < ids.length) faults.push(`only ${next} of ${ids.length} acknowledgements were seen`)
  return faults
}

function unsyncedNames(calls: readonly Call[], exchange: string) {
  const faults: string[] = []
  const named: string[] = []
  const wholeBefore = new Set<string>()
  const waiting = new Set<string>()
  for (const call of calls) {
    const path = synced(call)
    if (path !== null) {
      wholeBefore.add(path)
      for (const file of waiting) if (dirname(file) === path) waiting.delete(file)
    }
    if (!call.name.startsWith('rename') || !hasSucceeded(call)) continue
    const [from, to] = [...call.text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) => quoted)
    if (from === undefined || to === undefined || !to.startsWith(exchange)) continue
    named.push(basename(to))
    if (!wholeBefore.delete(from)) faults.push(`${to} had its name before its bytes were synced`)
    waiting.add(to)
  }
  for (const file of waiting) faults.push(`the folder of ${file} was not synced after it was named`)
  return { named, faults }
}

function segmentsBelow(exchange: string): readonly string[] {
  return readdirSync(join(exchange, 'nodes')).flatMap((node) => {
    const feed = join(exchange, 'nodes', node, 'feed')
    return existsSync(feed) ? readdirSync(feed).filter((name) => name.endsWith('.jsonl')) : []
  })
}

async function sign(serving: Serving, count: number): Promise<ReceiptId> {
  const content = { type: 'body' as const, body: { count } }
  const claim = { kind: 'evidence/observed', subject: `report/${count}.json`, task: null, anchor: null, content }
  return (await serving.client.receipts.sign(claim)).id
}
