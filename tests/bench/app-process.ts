// The app's process as the desktop has it: a thread that owns the window and relays frames, and the core in a thread of its own.
// A bench starts one, tells it over IPC what to do, and gets the figures back. Runs as a child so that its memory is its own.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import type { ChangeEvent, SignInput } from '#core/contract/index.ts'
import { keepCompiled } from '#core/hosts/compiled/index.ts'
import { connectClient, startCoreThread, type CoreClient } from '#core/hosts/thread/index.ts'
import type { AppOrder, AppReport } from './app-orders.ts'

// Whoever started it is gone: nobody would ever stop it. Not `exit`, which waits for threads that may be deep in SQLite.
const endAtOnce = () => process.kill(process.pid, 'SIGKILL')
process.once('disconnect', endAtOnce)
if (!process.connected) endAtOnce()

keepCompiled()
const [home = ''] = process.argv.slice(2)
const startedAt = performance.now()
const core = await startCoreThread({ home, host: 'desktop', version: 'bench', keychain: openKeychain() })
const { client } = connectClient(core)
await client.app.state({})
tell({ type: 'ready', startMs: performance.now() - startedAt })

process.on('message', (order: AppOrder) => void obey(order).then(tell))

async function obey(order: AppOrder): Promise<AppReport> {
  switch (order.type) {
    case 'create':
      await client.node.create({ name: 'bench', passphrase: null, exchange: null, networkName: null })
      return { type: 'done' }
    case 'choose':
      return ingest(client, order.exchange, order.until)
    case 'sign':
      for (let index = 0; index < order.count; index++) await client.receipts.sign(observed(index))
      return { type: 'done' }
    case 'publish':
      await client.exchange.choose({ folder: order.exchange })
      await client.exchange.sync({})
      return { type: 'done' }
    case 'await':
      return { type: 'awaited', ms: await untilReceipts(client, order.until) }
    case 'sign-published':
      return { type: 'published', taken: await signPublished(client, order.exchange, order.count) }
    case 'stop':
      await core.stop()
      void setImmediate().then(() => process.exit())
      return { type: 'done' }
  }
}

/** From the moment that the steward chooses the folder until the window was told of all receipts. */
async function ingest(asking: CoreClient, exchange: string, until: number): Promise<AppReport> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const changes = await asking.app.changes({})
  delay.enable()
  const from = performance.now()
  let firstMs: number | null = null
  const before = (await asking.receipts.list({ filter: {}, sort: 'newest', limit: 1 })).items.length
  const choosing = asking.exchange.choose({ folder: exchange })
  for await (const { counters } of changes as AsyncIterable<ChangeEvent>) {
    if (firstMs === null && counters.receipts > before + 10) firstMs = performance.now() - from
    if (counters.receipts >= until) break
  }
  const seconds = (performance.now() - from) / 1e3
  delay.disable()
  await choosing
  // The histogram counts from the resolution on: 1 ms of it is the timer's own.
  const blockMs = { p999: delay.percentile(99.9) / 1e6 - 1, max: delay.max / 1e6 - 1 }
  return { type: 'ingested', seconds, firstMs: firstMs ?? Number.NaN, blockMs, ...memory() }
}

async function untilReceipts(asking: CoreClient, until: number): Promise<number> {
  const from = performance.now()
  for await (const { counters } of await asking.app.changes({})) if (counters.receipts >= until) break
  return performance.now() - from
}

async function signPublished(asking: CoreClient, exchange: string, count: number): Promise<number[]> {
  const { node } = await asking.app.state({})
  const head = join(exchange, 'nodes', node?.id.slice('did:key:'.length) ?? '', 'head')
  const taken: number[] = []
  for (let index = 0; index < count; index++) {
    const from = performance.now()
    const { seq } = await asking.receipts.sign(observed(index))
    while (!existsSync(head) || readFileSync(head, 'utf8').split('\n')[1] !== String(seq)) await setImmediate()
    taken.push(performance.now() - from)
  }
  return taken
}

function observed(index: number): SignInput {
  const body = { value: index, note: 'observed by the bench '.repeat(16) }
  const content = { type: 'body' as const, body }
  return { kind: 'evidence/observed', subject: `_report/bench/${index}.json`, task: null, anchor: null, content }
}

function memory() {
  return { peakMiB: process.resourceUsage().maxRSS / 1024 }
}

function tell(report: AppReport): void {
  process.send?.(report)
}

/** The key of a bench is nobody's secret, and stretching a passphrase would only be in the way. */
function openKeychain() {
  return {
    seal: (secret: Uint8Array) => Promise.resolve(secret),
    open: (sealed: Uint8Array) => Promise.resolve({ secret: sealed, reseal: false }),
  }
}
