// Head, seen, state and profile: what somebody may put in their place, and what is said of it.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeFolderAdapter, type FolderAdapter } from '#core/exchange/index.ts'
import { judgeHead, judgeProfile, judgeSeen } from '#core/exchange/peer-files.ts'
import { judgeState } from '#core/exchange/state-files.ts'
import { defaultPolicy, genesisDraft, profileDraft } from '#core/network/index.ts'
import { createVerifier, signHead, signReceipt, signSeen, signState } from '#core/receipts/index.ts'
import { errno } from '#tests/kit/disk/errno.ts'
import { instantAt, signerFromSeed, START } from '#tests/kit/nodes.ts'
import { containing, SharedFolder } from './shared-folder.ts'

const [ada, ben] = [signerFromSeed('ada'), signerFromSeed('ben')]
const made = createVerifier({ native: 'node', slowChecksAllowed: () => true })
const pass = { verifier: () => made }
const place = { seq: 1, prev: null, time: instantAt(START) }
const profile = signReceipt(profileDraft({ name: 'ada' }), place, ada).line
const genesis = signReceipt(genesisDraft('a network', [ada.node], defaultPolicy), place, ada)
const policy = `sha256:${'0'.repeat(64)}` as Parameters<typeof signState>[0]
const texts = {
  head: signHead({ seq: 1, id: genesis.id, root: new Uint8Array(32), time: instantAt(START) }, ada),
  seen: signSeen([], ada),
  state: signState(policy, [], ada),
  profile: `${profile}\n`,
}
const judges = { head: judgeHead, seen: judgeSeen, state: judgeState, profile: judgeProfile }
const names = ['head', 'seen', 'state', 'profile'] as const

test.each(names)('a %s holds where it is signed by the node whose it is, and nowhere else', (name) => {
  const judge = judges[name]
  const bytes = Buffer.from(texts[name])
  expect(judge(pass, ada.node, bytes).ok).toBe(true)
  expect(judge(pass, ben.node, bytes)).toMatchObject({
    ok: false,
    refusal: { reason: 'wrong-node', detail: `It is signed by ${ada.node}, in the folder of ${ben.node}.` },
  })
  expect(judge(pass, ada.node, bytes.subarray(0, 40)).ok).toBe(false)
})

test('a profile may lack its newline; another receipt is none, and one that was altered neither', () => {
  expect(judgeProfile(pass, ada.node, Buffer.from(profile)).ok).toBe(true)
  expect(judgeProfile(pass, ada.node, Buffer.from(`${genesis.line}\n`))).toMatchObject({
    refusal: { reason: 'bad-profile' },
  })
  const altered = Buffer.from(profile.replace('"name":"ada"', '"name":"eve"'))
  expect(judgeProfile(pass, ada.node, altered)).toMatchObject({ ok: false })
})

test('a head that the drive does not let be read is told as such, and read once it does', async () => {
  await using shared = new SharedFolder()
  const [first, other] = await shared.three()
  other.observe('a.json')
  await other.sync()
  const real = nodeFolderAdapter()
  let isBroken = true
  const files: FolderAdapter = {
    ...real,
    read: (path, limit) =>
      isBroken && path === shared.pathOf(other, 'head') ? Promise.reject(errno('EACCES')) : real.read(path, limit),
  }
  const reader = shared.steward('reader', { files }).joinNetwork(first.network!)
  await reader.sync()
  expect(reader.exchange.troubles({ limit: 10 }).items).toMatchObject([{ reason: 'unreadable', node: other.id }])
  expect(reader.exchange.peer(other.id)).toMatchObject({ head: null, trouble: { what: containing('may not be read') } })
  isBroken = false
  await reader.sync()
  expect(reader.exchange.peer(other.id)).toMatchObject({ head: { seq: 2 }, trouble: null })
})

test.each(['list', 'stat'] as const)(
  'a node whose folder answers %s with an error stops no other node',
  async (call) => {
    await using shared = new SharedFolder()
    const [first, other] = await shared.three()
    const real = nodeFolderAdapter()
    const fails = (path: string) => path.startsWith(shared.pathOf(other))
    const files: FolderAdapter = {
      ...real,
      ...(call === 'list'
        ? { list: (path, limit) => (fails(path) ? Promise.reject(errno('EIO')) : real.list(path, limit)) }
        : { stat: (path) => (fails(path) ? Promise.reject(errno('EIO')) : real.stat(path)) }),
    }
    const reader = shared.steward('reader', { files }).joinNetwork(first.network!)
    await reader.sync()
    expect(reader.seqOf(first)).toBe(2)
    expect(reader.exchange.view().state).not.toBe('missing')
  },
)

test('a folder that lost its capitals is read under the name in its head, and ignored where that is none', async () => {
  await using shared = new SharedFolder()
  const [first, other, third] = await shared.three()
  const folded = (name: string) => name.toLowerCase().replace(/[l0]/g, 'x')
  const lower = (steward: { readonly id: string }) => steward.id.slice('did:key:'.length).toLowerCase()
  const nodes = join(shared.folder, 'nodes')
  renameSync(shared.pathOf(other), join(nodes, lower(other)))
  renameSync(shared.pathOf(third), join(nodes, `${folded(lower(third)).slice(0, -1)}9`))
  const [bare, broken] = [`z6mk${'a'.repeat(44)}`, `z6mk${'b'.repeat(44)}`]
  for (const name of [bare, broken]) mkdirSync(join(nodes, name))
  writeFileSync(join(nodes, broken, 'head'), 'no head')
  const reader = shared.steward('reader').joinNetwork(first.network!)
  await reader.sync()
  expect(reader.seqOf(other)).toBe(1)
  expect(reader.seqOf(third)).toBe(0)
  expect(reader.exchange.view().ignored).toBe(3)
})

test('a head that names another receipt than the feed holds is called what it is', async () => {
  await using shared = new SharedFolder()
  const [first, other] = await shared.three()
  const head = { seq: 1, id: genesis.id, root: new Uint8Array(32), time: instantAt(START + 9_000_000) }
  writeFileSync(shared.pathOf(other, 'head'), signHead(head, signerFromSeed('ben')))
  await first.sync()
  expect(first.exchange.peer(other.id).trouble?.what).toBe('Its head names another receipt #1 than its feed holds.')
})

test('a clock that runs ahead is seen from the head, as long as nothing worse is', async () => {
  await using shared = new SharedFolder()
  const [first, other] = await shared.three()
  const [from, to] = [shared.pathOf(other, 'head'), new Date(START + 3_600_000).toISOString()]
  const text = readFileSync(from, 'utf8')
  const [, seq, root, id] = text.split('\n')
  const claim = {
    seq: Number(seq),
    root: Buffer.from(String(root), 'base64'),
    id: String(id).slice('id '.length) as typeof genesis.id,
    time: to as ReturnType<typeof instantAt>,
  }
  writeFileSync(from, signHead(claim, signerFromSeed('ben')))
  await first.sync()
  expect(first.exchange.peer(other.id).trouble?.what).toMatch(/^Its clock was \d+ minutes ahead/)
})

test('receipts behind one that is missing are told at their node, even without a head', async () => {
  await using shared = new SharedFolder()
  const [first, other] = await shared.three()
  for (const subject of ['a.json', 'b.json', 'c.json', 'd.json']) {
    other.observe(subject)
    await other.exchange.publish()
  }
  rmSync(shared.pathOf(other, 'feed', '2-2.jsonl'))
  rmSync(shared.pathOf(other, 'feed', '3-3.jsonl'))
  rmSync(shared.pathOf(other, 'head'))
  await first.sync()
  expect(first.exchange.peer(other.id).trouble?.what).toBe('Receipt #2 of its feed is missing; 2 behind it wait.')
  expect(first.exchange.troubles({ limit: 10 }).items[0]?.detail).toBe(
    '2 receipts wait for #2 and #3, which are not here.',
  )
})

test('a receipt that waited and was changed on this disk is refused, and taken from the folder again', async () => {
  await using shared = new SharedFolder()
  const [first, other] = await shared.three()
  for (const subject of ['a.json', 'b.json']) {
    other.observe(subject)
    await other.exchange.publish()
  }
  const away = shared.place('away')
  renameSync(shared.pathOf(other, 'feed', '2-2.jsonl'), away)
  await first.sync()
  first.ledger.raw.exec(`UPDATE exchange_early SET line = replace(line, 'b.json', 'x.json')`)
  renameSync(away, shared.pathOf(other, 'feed', '2-2.jsonl'))
  expect((await first.sync()).refused).toMatchObject([{ reason: 'bad-signature' }])
  expect(first.exchange.troubles({ limit: 10 }).items).toMatchObject([
    { detail: 'What was stored of it has changed on this disk since.' },
  ])
  await first.sync()
  expect(first.seqOf(other)).toBe(3)
})
