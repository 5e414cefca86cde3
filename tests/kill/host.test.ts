// Kills the real host, `steward serve`, while it starts, signs and publishes, at random moments and at named points, and looks at what
// is left after each: every receipt that it acknowledged is in the ledger, nothing is in the folder that is not, the own feed never forks,
// every check of the doctor holds, and in the end another node that reads the folder shows the same.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Encrypter } from 'age-encryption'
import { expect, test } from 'vitest'
import type { Instant, NodeId, ReceiptId } from '#core/contract/index.ts'
import { features } from '#core/features.ts'
import { readRunningFile } from '#core/hosts/running/index.ts'
import { openKey, secretOf } from '#core/identity/index.ts'
import { doctor, feedTailOf, forkSeqOf, knownIds, nodeKeyOf, openLedger } from '#core/ledger/index.ts'
import { fingerprint } from '#core/network/index.ts'
import { parseHead, parseStoredLine } from '#core/receipts/index.ts'
import { PASSPHRASE, World, type Serving, type Steward } from '#tests/e2e/steward.ts'
import { nodeOf } from '#tests/e2e/three-nodes.ts'
import { drawsFrom } from '#tests/kit/draws.ts'
import { Steward as Reader } from '#tests/unit/exchange/shared-folder.ts'
import { HOST_POINTS, PLAN, type HostPlan } from './host-points.ts'

const CYCLES = Number(process.env['STEWARD_HOST_KILL_CYCLES'] ?? 10)
const SEED = Number(process.env['STEWARD_KILL_SEED'] ?? Date.now() % 1_000_000)
const LANES = Math.min(availableParallelism(), 2, CYCLES)
const POINTS = new URL('./host-points.ts', import.meta.url).pathname
/** One node lives through so many kills, so that what one left is what the next one meets. */
const CYCLES_PER_NODE = Math.min(25, Math.ceil(CYCLES / LANES))
const KILL_WITHIN_MS = 250
/** Beyond these a point is not reached in this life, such as a compaction where little has been published. */
const MOST_RECEIPTS = 40
const SIGNED_AT_ONCE = 3

test(
  `the host is killed ${CYCLES} times, and nothing it acknowledged is lost`,
  { timeout: 120_000 + CYCLES * 10_000 },
  async () => {
    console.log(`host kill test: STEWARD_KILL_SEED=${SEED} STEWARD_HOST_KILL_CYCLES=${CYCLES}`)
    const seen = new Map<string, number>()
    const saw = (what: string) => void seen.set(what, (seen.get(what) ?? 0) + 1)
    const nodes = Array.from({ length: Math.ceil(CYCLES / CYCLES_PER_NODE) }, (_, index) => index)
    const started = performance.now()
    let acknowledged = 0
    const lanes = Array.from({ length: LANES }, async () => {
      for (let index = nodes.shift(); index !== undefined; index = nodes.shift()) {
        const cycles = Math.min(CYCLES_PER_NODE, CYCLES - index * CYCLES_PER_NODE)
        acknowledged += await liveThrough(cycles, drawsFrom(SEED + index), saw)
      }
    })
    await Promise.all(lanes)
    const rate = CYCLES / ((performance.now() - started) / 1000)
    const told = [...seen].map(([what, count]) => `${what} ${count}`).join(', ')
    console.log(`${rate.toFixed(1)} cycles a second, ${acknowledged} receipts acknowledged; killed ${told}`)
    expect(acknowledged).toBeGreaterThan(CYCLES / 4)
    // A kill test that never kills where it matters proves nothing.
    const mustBeSeen = CYCLES < 150 ? [] : [...HOST_POINTS, 'while starting', 'while signing']
    expect([...seen.keys()]).toEqual(expect.arrayContaining(mustBeSeen))
  },
)

test('of two hosts that start at one moment on one data folder, one runs and the other says why it does not', async () => {
  await using world = new World()
  const first = await world.node('ada')
  const ada = first.steward
  await openQuickly(ada)
  await first.kill()
  for (let round = 0; round < 3; round++) {
    const both = [ada.begin(), ada.begin()]
    const became = await Promise.all(
      both.map((host) =>
        host.ready().then(
          () => 'runs' as const,
          () => 'ended' as const,
        ),
      ),
    )
    expect(became.toSorted()).toEqual(['ended', 'runs'])
    const [winner, loser] = became[0] === 'runs' ? both : both.toReversed()
    expect(await loser?.ended()).not.toBe(0)
    expect(loser?.complaint).toContain('Another Steward is running on this data folder.')
    // The one that gave up took nothing with it.
    expect(readRunningFile(ada.home)).not.toBeNull()
    if (winner !== undefined) await sign(winner, round)
    await winner?.kill()
  }
})

test('of two that make a node at one moment in one data folder, one makes it', async () => {
  await using world = new World()
  const ada = world.home('ada')
  const init = () => ada.run('init', '--name', 'ada', '--exchange', world.exchange)
  const [one, other] = await Promise.allSettled([init(), init()])
  expect([one.status, other.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  const refused = [one, other].find((each) => each.status === 'rejected')
  expect(String(refused?.reason)).toMatch(/already holds a node|Another Steward is running/)
  expect(await ada.run('doctor')).toMatchObject({ ok: true })
})

test('a core that crashed and was started again is found by commands as before', async () => {
  await using world = new World()
  const first = await world.node('ada')
  const ada = first.steward
  await first.stop()
  const serving = await ada.serve(planned({ point: 'after-commit', patience: 1, does: 'throw' }))
  await signUntilItEnds(serving, 2)
  await expect
    .poll(
      () =>
        ada.run('status').then(
          () => true,
          () => false,
        ),
      { timeout: 60_000 },
    )
    .toBe(true)
  expect(readRunningFile(ada.home)).not.toBeNull()
  await serving.stop()
})

/** One node, killed again and again; answers how many receipts it acknowledged in all. */
async function liveThrough(cycles: number, random: () => number, saw: (what: string) => void): Promise<number> {
  await using world = new World()
  const first = await world.node('ada')
  const node = await nodeOf(first)
  const ada = first.steward
  await first.stop()
  await openQuickly(ada)
  const acknowledged = new Set<ReceiptId>()
  for (let cycle = 0; cycle < cycles; cycle++) {
    saw(await liveOnce(ada, random, (id) => acknowledged.add(id)))
    await examine(ada, world.exchange, node, acknowledged)
  }
  await ada.run('sync')
  await expectAnotherToShowTheSame(world, ada, node)
  return acknowledged.size
}

/** Answers at which point, or while what, the host was killed. */
async function liveOnce(ada: Steward, random: () => number, onAcknowledged: (id: ReceiptId) => void): Promise<string> {
  const dice = random()
  const patience = Math.floor(random() * 8)
  const point = HOST_POINTS[Math.floor(random() * HOST_POINTS.length)]
  const afterMs = random() * KILL_WITHIN_MS
  if (dice < 0.15) {
    const starting = ada.begin()
    const ready = starting.ready().then(
      () => true,
      () => false,
    )
    const kill = setTimeout(() => void starting.kill(), afterMs * 6)
    const isReady = await ready
    clearTimeout(kill)
    await starting.kill()
    return isReady ? 'once started' : 'while starting'
  }
  if (dice < 0.4 || point === undefined) {
    const serving = await ada.serve()
    setTimeout(() => void serving.kill(), afterMs)
    await signUntilItEnds(serving, Infinity, onAcknowledged)
    return 'while signing'
  }
  // Many segments are made one when the host starts, and that happens once.
  const serving = ada.begin(planned({ point, patience: point === 'in-compaction' ? 0 : patience, does: 'kill' }))
  const isReady = await serving.ready().then(
    () => true,
    () => false,
  )
  if (isReady) await signUntilItEnds(serving, MOST_RECEIPTS, onAcknowledged)
  const byItself = serving.hasEnded
  await serving.kill()
  return byItself ? point : 'while idle'
}

function planned(plan: HostPlan) {
  return { nodeOptions: ['--import', POINTS], env: { [PLAN]: JSON.stringify(plan) } }
}

async function signUntilItEnds(
  serving: Serving,
  most: number,
  onAcknowledged: (id: ReceiptId) => void = () => undefined,
): Promise<void> {
  try {
    for (let count = 0; count < most; count++) {
      onAcknowledged(await sign(serving, count))
      // What is signed without a pause is published in one piece; points of publishing are to be passed more often.
      if ((count + 1) % SIGNED_AT_ONCE === 0) await serving.client.exchange.sync({})
    }
  } catch (thrown) {
    // The connection went with the process; whatever else is no end of it.
    if (!serving.hasEnded) await serving.ended()
    if (!(thrown instanceof Error)) throw thrown
  }
}

async function sign(serving: Serving, count: number): Promise<ReceiptId> {
  const content = { type: 'body' as const, body: { count } }
  const subject = `report/${count % 7}.json`
  const claim = { kind: 'evidence/observed', subject, task: null, anchor: null, content }
  return (await serving.client.receipts.sign(claim)).id
}

const LONG_AGO = '2020-01-01T00:00:00.000Z' as Instant // an instant by its form

async function examine(
  ada: Steward,
  exchange: string,
  node: NodeId,
  acknowledged: ReadonlySet<ReceiptId>,
): Promise<void> {
  const ledger = openLedger({
    file: join(ada.home, 'ledger.sqlite'),
    features,
    now: LONG_AGO,
    backupDir: join(ada.home, 'backups'),
  })
  try {
    const kept = knownIds(ledger.read, [...acknowledged])
    expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([])
    const nodeKey = nodeKeyOf(ledger.read, node)
    expect(nodeKey === null ? null : forkSeqOf(ledger.read, nodeKey)).toBeNull()
    expect((await doctor(ledger, features, LONG_AGO)).filter((check) => !check.ok)).toEqual([])

    const { ids, headSeq } = publishedBy(exchange, node)
    const committed = knownIds(ledger.read, ids)
    expect(ids.filter((id) => !committed.has(id))).toEqual([])
    expect(headSeq).toBeLessThanOrEqual(feedTailOf(ledger.read, node).seq)
  } finally {
    ledger.close()
  }
}

function publishedBy(exchange: string, node: NodeId) {
  const own = join(exchange, 'nodes', node.slice('did:key:'.length))
  const feed = join(own, 'feed')
  const names = existsSync(feed) ? readdirSync(feed).filter((name) => name.endsWith('.jsonl')) : []
  const lines = names.flatMap((name) => readFileSync(join(feed, name), 'utf8').split('\n'))
  const head = existsSync(join(own, 'head')) ? parseHead(readFileSync(join(own, 'head'))) : null
  // Every line and head is whole: half a file never has its name.
  if (head !== null) expect(head.ok).toBe(true)
  return {
    ids: lines.filter((line) => line !== '').map((line) => parseStoredLine(line).id),
    headSeq: head?.ok === true ? head.value.seq : 0,
  }
}

async function expectAnotherToShowTheSame(world: World, ada: Steward, node: NodeId): Promise<void> {
  const ledger = openLedger({ file: join(ada.home, 'ledger.sqlite'), features, now: LONG_AGO, backupDir: ada.home })
  const home = join(world.folder, 'reader')
  mkdirSync(home)
  const reader = new Reader(home, { name: 'reader', folder: world.exchange })
  try {
    reader.nowMs = Date.now()
    reader.joinNetwork(genesisIn(world.exchange))
    expect((await reader.sync()).refused).toEqual([])
    expect(reader.seqOf({ id: node })).toBe(feedTailOf(ledger.read, node).seq)
    expect(reader.fingerprint()).toBe(fingerprint(ledger.read).fingerprint)
  } finally {
    await reader.close()
    ledger.close()
  }
}

function genesisIn(exchange: string): ReceiptId {
  const marker: unknown = JSON.parse(readFileSync(join(exchange, 'steward-exchange.json'), 'utf8'))
  if (typeof marker !== 'object' || marker === null || !('network' in marker)) throw new Error('There is no marker.')
  return marker.network as ReceiptId // written by the host that was killed, and checked by every reader
}

/** To stretch the passphrase takes half of each start, and is not what is tried here. */
async function openQuickly(ada: Steward): Promise<void> {
  const path = join(ada.home, 'key.age')
  const key = await openKey(readFileSync(path), PASSPHRASE)
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(2)
  encrypter.setPassphrase(PASSPHRASE)
  writeFileSync(path, await encrypter.encrypt(secretOf(key)))
}
