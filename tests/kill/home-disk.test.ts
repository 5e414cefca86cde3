// A node that is made, signs and publishes, on a disk whose power fails at every call that changes something, and whose every call fails once.
// Whatever is left, the app starts on it: with no node, where none was acknowledged, and one can be made; otherwise with the node, its key
// and everything that it signed. Only the ledger lies on the real disk: what SQLite asks of the system is another test's matter.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test, vi } from 'vitest'
import { bundleFiles } from '#core/bundles/index.ts'
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { inlineVerification, nodeFolderAdapter, systemTimers } from '#core/exchange/index.ts'
import { createNode, openHome, sealWithAge, type NodeDeps, type StewardNode } from '#core/node/index.ts'
import { openReportStore } from '#core/report/index.ts'
import { openNodeFolder } from '#core/teof/index.ts'
import { Disk, type Forgotten, type Loss } from '#tests/kit/disk/disk.ts'
import { Machine, type Fault } from '#tests/kit/disk/machine.ts'
import { mount } from '#tests/kit/disk/mounted-fs.ts'
import { instantAt, START } from '#tests/kit/nodes.ts'
import { memoryKeychain } from '#tests/kit/place.ts'

vi.mock('node:fs', async (original) => (await import('#tests/kit/disk/mounted-fs.ts')).mountedFs(await original()))
vi.mock('node:fs/promises', async (original) =>
  (await import('#tests/kit/disk/mounted-fs.ts')).mountedPromises(await original()),
)

const POINT = '/machine-of-a-new-node'
/** What a call may answer; `less` is none, but to do a part of what was asked. */
const ERRORS = ['EIO', 'ENOSPC', 'EACCES', 'EBUSY', 'EMFILE', 'less']
/** At every call: CI draws some by its seed, `npm run kill` takes all. */
const ERRORS_AT_A_CALL = process.env['STEWARD_EACH_ERROR'] === undefined ? 2 : ERRORS.length
const SEED = Number(process.env['STEWARD_KILL_SEED'] ?? Date.now() % 1_000_000)

class NewNode implements AsyncDisposable {
  readonly machine: Machine
  readonly #mounted: Disposable
  readonly #keychain = memoryKeychain()
  readonly #ledgers: string[] = [mkdtempSync(join(tmpdir(), 'steward-home-'))]
  #random = 0
  #node: StewardNode
  acknowledged: NodeId | null = null
  readonly signed: ReceiptId[] = []

  constructor(forgotten: readonly Forgotten[]) {
    this.machine = new Machine(new Disk(forgotten))
    this.#mounted = mount(POINT, this.machine)
    this.#node = this.#begin()
  }

  get client() {
    return createRouterClient(this.#node.router)
  }

  async make(): Promise<void> {
    this.machine.makeFolder('/exchange', 0o755)
    this.machine.disk.fail({ lost: 'nothing' })
    await this.#node.start()
  }

  /** A node is made where none is; it signs, and publishes. Ends where something is refused. */
  async act(): Promise<void> {
    if ((await this.client.app.state({})).node === null) {
      const wish = { name: 'ada', passphrase: null, exchange: `${POINT}/exchange`, networkName: 'of ada' }
      const { node } = await this.client.node.create(wish)
      // Whatever a program without power goes on to say, nobody hears.
      if (this.machine.isOff) return
      this.acknowledged = node
    }
    const content = { type: 'body' as const, body: { value: this.signed.length } }
    const claim = { kind: 'evidence/observed', subject: 'a report', task: null, anchor: null, content }
    const { id } = await this.client.receipts.sign(claim)
    if (this.machine.isOff) return
    this.signed.push(id)
    await this.client.exchange.sync({})
  }

  /** What was committed when the power failed is all that the next start finds. */
  keepLedger(): void {
    const kept = mkdtempSync(join(tmpdir(), 'steward-home-'))
    for (const name of ['ledger.sqlite', 'ledger.sqlite-wal']) {
      const from = join(this.#ledgers.at(-1) ?? '', name)
      if (existsSync(from)) cpSync(from, join(kept, name))
    }
    this.#ledgers.push(kept)
  }

  async restart(): Promise<void> {
    await this.#node.stop().catch(() => undefined)
    this.machine.boot()
    this.#node = this.#begin()
    await this.#node.start()
  }

  #begin() {
    const [folders, clock] = [nodeFolderAdapter(), () => instantAt(START + this.#random++)]
    const onDisk = openHome(`${POINT}/home`)
    const ledgers = this.#ledgers.at(-1) ?? ''
    const isLedger = (name: string) => name.startsWith('ledger.sqlite') || name === 'backups'
    const home: NodeDeps['home'] = {
      ...onDisk,
      path: (name) => (isLedger(name) ? join(ledgers, name) : onDisk.path(name)),
      read: (name) =>
        isLedger(name) ? (existsSync(join(ledgers, name)) ? new Uint8Array() : null) : onDisk.read(name),
    }
    return createNode({
      home,
      openHome,
      host: 'cli',
      version: '0.0.0-test',
      runtime: { node: '24.0.0', napi: '10', platform: 'linux', arch: 'x64' },
      clock,
      timers: systemTimers(),
      randomBytes: (count) => Uint8Array.from({ length: count }, (_, index) => (index * 7 + this.#random++) % 256),
      keychain: this.#keychain,
      sealUnderPassphrase: sealWithAge,
      folders,
      openReports: (folder) => openReportStore(folder),
      bundleFiles: bundleFiles(),
      openDirectory: openNodeFolder,
      userFolder: POINT,
      verification: () => inlineVerification({ folders, known: () => new Set(), clock }),
      sample: null,
      onBug: () => undefined,
      background: false,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#node.stop().catch(() => undefined)
    this.#mounted[Symbol.dispose]()
    for (const folder of this.#ledgers) rmSync(folder, { recursive: true, force: true })
  }
}

/** Begins beyond every call where nothing is to fail before all is done. */
async function sweep(
  faultsAt: (at: number) => readonly Fault[],
  { from = 1, forgotten = [] }: { readonly from?: number; readonly forgotten?: readonly Forgotten[] } = {},
): Promise<readonly string[]> {
  const wrong: string[] = []
  for (let at = from; ; at++) {
    for (const fault of faultsAt(at)) {
      const tried = await tryOnce(fault, forgotten)
      wrong.push(...tried.wrong)
      if (tried.struck === null || wrong.length > 8) return wrong
    }
  }
}

async function tryOnce(fault: Fault, forgotten: readonly Forgotten[]) {
  const wrong: string[] = []
  await using ada = new NewNode(forgotten)
  await ada.make()
  ada.machine.strike(fault, () => ada.keepLedger())
  await ada.act().catch(() => undefined)
  const { struck } = ada.machine
  const complain = (what: string) => void wrong.push(`${what} (${JSON.stringify(fault)}, ${struck ?? 'afterwards'})`)
  ada.machine.strike(null)
  if (struck === null) {
    ada.keepLedger()
    ada.machine.disk.fail({ lost: 'all' })
  }
  try {
    await ada.restart()
    const { node, phase } = await ada.client.app.state({})
    if (ada.acknowledged !== null && node?.id !== ada.acknowledged) complain('the node is gone')
    if (node !== null && phase !== 'ready') complain(`the node is ${phase}`)
    for (const id of ada.signed) await ada.client.receipts.get({ id }).catch(() => complain(`${id} is gone`))
    await ada.act()
    const { state, unpublished } = await ada.client.exchange.get({})
    if (state !== 'idle' || unpublished > 0) complain(`the exchange is ${state}, ${unpublished} unpublished`)
    const { checks } = await ada.client.app.doctor({ repair: false })
    for (const { ok, name, detail } of checks) if (!ok) complain(`${name}: ${detail}`)
  } catch (thrown) {
    complain(thrown instanceof Error ? `${thrown.message} ${JSON.stringify(thrown)}` : String(thrown))
  }
  return { struck, wrong }
}

test.each(['all', 'nothing', 'some'] as const)(
  'the power may fail while a node is made; of what was not synced %s is lost',
  { timeout: 600_000 },
  async (lost) => {
    const loss = (at: number): Loss => (lost === 'some' ? { lost, seed: SEED + at } : { lost })
    expect(await sweep((at) => [{ at, does: 'power-failure', loss: loss(at) }])).toEqual([])
  },
)

test(
  `any call may fail while a node is made, with ${ERRORS_AT_A_CALL} of ${ERRORS.join(', ')}`,
  { timeout: 600_000 },
  async () => {
    console.log(`disk test: STEWARD_KILL_SEED=${SEED}`)
    const faultsAt = (at: number) =>
      Array.from({ length: ERRORS_AT_A_CALL }, (_, more): Fault => {
        const code = ERRORS[(at * ERRORS_AT_A_CALL + more + SEED) % ERRORS.length] ?? 'EIO'
        return code === 'less' ? { at, does: 'less' } : { at, does: 'fail', code }
      })
    expect(await sweep(faultsAt)).toEqual([])
  },
)

test.each(['files', 'folders'] as const)('a build that forgot to sync %s would be caught', async (forgotten) => {
  const beyond = { from: 1_000_000, forgotten: [forgotten] }
  expect(await sweep((at) => [{ at, does: 'power-failure', loss: { lost: 'all' } }], beyond)).not.toEqual([])
})

test('a node that is made stays, wherever the power fails afterwards', async () => {
  expect(await sweep((at) => [{ at, does: 'power-failure', loss: { lost: 'all' } }], { from: 1_000_000 })).toEqual([])
})
