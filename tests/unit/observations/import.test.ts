import { hash } from 'node:crypto'
import { appendFileSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ConflictSummary } from '#core/contract/index.ts'
import { MergedFeeds } from '#core/network/index.ts'
import { importedBody, listOrigins, surveySubjects } from '#core/reconcile/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import {
  corpusDirectory,
  corpusFolder,
  DirectoryCopy,
  directoryOf,
  Importer,
  importingSteward,
} from '#tests/kit/importer.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { foundNetwork, LATER, World } from '#tests/kit/world.ts'
import { decide, pick } from '../reconcile/cast.ts'

const SUMMARY = '_report/usage/external-summary.json'
const HYGIENE = '_report/usage/receipts-hygiene-summary.json'
const DEMO = '_report/external/demo/20250922T014500Z.json'

const CORPUS = ['node-a', 'node-b', 'node-c'].map((name) => corpusDirectory(name))
const PILOT = ['node-a', 'node-b'].map((name) => corpusDirectory(`pilot-sample/${name}`))

function subjectsOf(conflicts: readonly ConflictSummary[]): string[] {
  return conflicts.map(({ subject }) => subject).sort()
}

function observed(node: TestNode): VerifiedReceipt[] {
  return node.signed.filter(({ receipt }) => receipt.kind === 'evidence/observed')
}

function corpusFile(node: string, path: string): Buffer {
  return readFileSync(`${corpusFolder(node)}/${path}`)
}

function rawHash(node: string, path: string): string {
  return `sha256:${hash('sha256', corpusFile(node, path), 'hex')}`
}

/** A directory with a hash-ledger of so many entries. */
function ledgerDirectory(label: string, entries: number, agent = 'codex-1') {
  let before = '0'.repeat(64)
  const lines: string[] = []
  for (let index = 0; index < entries; index++) {
    const entry = { agent_id: agent, metadata: {}, plan_id: 'p', prev_hash: before, ts: `t${index}`, version: 0 }
    before = hash('sha256', JSON.stringify(entry), 'hex')
    lines.push(JSON.stringify({ ...entry, hash: before }))
  }
  return directoryOf(label, {
    '_report/ledger/index.jsonl': `${lines.join('\n')}\n`,
    '_report/ledger/state.json': JSON.stringify({ tip_hash: before, entry_count: entries }),
  })
}

test('the pilot’s own sample has exactly its two conflicts, between the two directories', async () => {
  using cast = importingSteward()
  await cast.importer.import(...PILOT)
  const conflicts = cast.world.conflicts()
  expect(subjectsOf(conflicts)).toEqual([SUMMARY, HYGIENE])
  for (const conflict of conflicts) {
    expect(conflict).toMatchObject({ kind: 'hash-mismatch', severity: 2 })
    expect(conflict.members.map(({ nodeName, origin }) => [nodeName, origin])).toEqual([
      ['node-a', 'node-a'],
      ['node-b', 'node-b'],
    ])
  }
  const { anchors, capsule } = listOrigins(cast.world.db)
  expect([anchors.state, capsule.state]).toEqual(['ok', 'ok'])
})

test('of the three real directories the one whose anchors go on from the others’ holds, and nobody has to decide', async () => {
  using cast = importingSteward()
  await cast.importer.import(...CORPUS)
  expect(cast.world.conflicts()).toEqual([])
  const { items, anchors, capsule } = listOrigins(cast.world.db)
  expect(items.map(({ label, anchors: { state, events, ahead } }) => ({ label, state, events, ahead }))).toEqual([
    { label: 'node-a', state: 'behind', events: 8, ahead: ['node-b', 'node-c'] },
    { label: 'node-b', state: 'behind', events: 10, ahead: ['node-c'] },
    { label: 'node-c', state: 'newest', events: 11, ahead: [] },
  ])
  expect(anchors.state).toBe('ok')
  expect(capsule).toEqual({ state: 'conflict', why: 'The directories have 2 different capsules.' })
})

test('all six feed receipts of the corpus verify, and the form that did is signed', async () => {
  using cast = importingSteward()
  await cast.importer.import(...CORPUS)
  const feeds = observed(cast.ada)
    .map(({ receipt }) => importedBody(receipt.body)!)
    .filter(({ path }) => path.startsWith('_report/external/'))
  expect(feeds).toHaveLength(6)
  for (const { envelope } of feeds) expect(envelope).toMatchObject({ state: 'ok', form: 'feed' })
})

test('a receipt says where the file came from, what it is, and which plan it belongs to', async () => {
  using cast = importingSteward()
  await cast.importer.import(CORPUS[0]!)
  const receipt = observed(cast.ada).find(({ receipt: { subject } }) => subject === DEMO)!.receipt
  expect(receipt.body).toMatchObject({
    origin: 'node-a',
    path: DEMO,
    round: 1,
    content: { hash: rawHash('node-a', DEMO), name: '20250922T014500Z.json' },
    stated: '2025-09-22T01:45:00.000Z',
    envelope: { state: 'ok', keyId: 'feed.demo-2025', form: 'feed' },
    plans: [{ plan: '2025-09-22-external-feed-demo', step: 'S2' }],
  })
})

test('importing again adds nothing, whatever the modification times say', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('node-a')
  await cast.importer.import(copy.as('node-a'))
  const before = { seq: cast.ada.seq, state: cast.world.state() }
  for (const entry of readdirSync(copy.path('_report/usage'))) {
    utimesSync(copy.path(`_report/usage/${entry}`), 1, 1)
  }
  const plan = await cast.importer.plan([copy.as('node-a')])
  expect(plan.origins[0]).toMatchObject({ added: 0, changed: 0, gone: 0, known: 17 })
  expect(await plan.write()).toMatchObject({ signed: 0, known: 17 })
  expect({ seq: cast.ada.seq, state: cast.world.state() }).toEqual(before)
})

test('directories that share what an earlier run of the program kept are imported under other names', async () => {
  using cast = importingSteward()
  await cast.importer.import(...PILOT)
  using later = cast.importer.startedAgain()
  const renamed = ['ada', 'ben'].map((label, index) => ({ label, reader: PILOT[index]!.reader }))
  expect(await later.import(...renamed)).toMatchObject({ signed: 10, refused: [] })
  expect(
    listOrigins(cast.world.db)
      .items.map(({ label }) => label)
      .sort(),
  ).toEqual(['ada', 'ben', 'node-a', 'node-b'])
})

test('the plan tells what is new, changed and gone before anything is written; only that is signed', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('node-a')
  await cast.importer.import(copy.as('node-a'))
  writeFileSync(copy.path(SUMMARY), '{"generated_at":"2025-09-23T00:00:00Z"}')
  writeFileSync(copy.path('_report/usage/new.json'), '{}')
  rmSync(copy.path(HYGIENE))
  const { seq } = cast.ada
  const plan = await cast.importer.plan([copy.as('node-a')])
  expect(plan.origins[0]).toMatchObject({ added: 1, changed: 1, gone: 1, known: 15 })
  expect(cast.ada.seq).toBe(seq)
  await plan.write()
  // Two files, one that is gone, and the directory itself.
  expect(cast.ada.seq).toBe(seq + 4)
})

test('what was cancelled leaves no receipt and no content behind', async () => {
  using cast = importingSteward()
  const plan = await cast.importer.plan(CORPUS)
  const stop = new AbortController()
  const stopAtFirst = plan.write({ signal: stop.signal, onProgress: () => stop.abort(new Error('cancelled')) })
  await expect(stopAtFirst).rejects.toThrow('cancelled')
  expect(observed(cast.ada)).toEqual([])
  expect(cast.importer.keptContents).toBe(0)
})

test('who cannot sign keeps nothing and is told why', async () => {
  using cast = importingSteward()
  cast.importer.cannotSign = new Error('locked')
  const plan = await cast.importer.plan(PILOT)
  await expect(plan.write()).rejects.toThrow('locked')
  expect(cast.importer.keptContents).toBe(0)
})

test('a file that is tampered with ends in a sentence, with everything else merged', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('node-a')
  writeFileSync(copy.path(DEMO), copy.text(DEMO).replace('92.4', '12.4'))
  const report = await cast.importer.import(copy.as('node-a'))
  expect(report).toMatchObject({ signed: 18, refused: [] })
  const conflicts = cast.world.conflicts()
  expect(conflicts.map(({ kind, severity }) => `${kind} ${severity}`).sort()).toEqual([
    'content-mismatch 3',
    'invalid-signature 3',
  ])
  const reviews = conflicts.map(({ id }) => cast.world.review(id))
  expect(reviews.map(({ why }) => why).sort()).toEqual([
    'The signature does not fit this content and the key “feed.demo-2025”, in none of the 3 forms in use.',
    expect.stringMatching(/says its content hashes to 05f64845.*, but it hashes to /),
  ])
  for (const { remedy } of reviews) expect(remedy).toMatch(/import again/)
})

test('a swapped key is told as one, and by whom it is kept under that name', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('node-a')
  const key = 'governance/keys/feed.demo-2025.pub'
  writeFileSync(copy.path(key), corpusFile('node-b', key))
  await cast.importer.import(copy.as('swapped'), CORPUS[0]!)
  const [conflict] = cast.world.conflicts().filter(({ kind }) => kind === 'invalid-signature')
  expect(cast.world.review(conflict!.id).why).toMatch(/it fits the one that node-a keeps under that name/)
})

test('what a key signed before it was rotated in place stays signed, and is told; nobody else’s word makes a key', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('node-a')
  const key = 'governance/keys/feed.demo-2025.pub'
  await cast.importer.import(copy.as('node-a'))
  const before = observed(cast.ada).length
  writeFileSync(copy.path(key), corpusFile('node-b', key))
  const plan = await cast.importer.plan([copy.as('node-a')])
  expect(plan.origins[0]?.signatures).toMatchObject({ invalid: 0 })
  expect(plan.origins[0]?.findings.filter(({ code }) => code === 'key-rotated-out')).toMatchObject([{ path: DEMO }])
  await plan.write()
  // The key file is another one now; the receipt that the old key signed is what it was.
  const again = observed(cast.ada).slice(before)
  expect(again.map(({ receipt }) => receipt.subject)).toEqual([key])
  expect(cast.world.conflicts()).toEqual([])

  const ben = new TestNode('ben')
  const importer = new Importer(new World(), ben)
  const fresh = await importer.plan([copy.as('node-a')])
  expect(fresh.origins[0]?.signatures).toMatchObject({ invalid: 1 })
  importer[Symbol.dispose]()
})

test('a key id that leads out of the keys folder opens no file and is told', async () => {
  using cast = importingSteward()
  const body = '{"feed_id":"x","public_key_id":"../../etc/passwd","signature":"AA"}'
  await cast.importer.import(directoryOf('evil', { '_report/external/x/1.json': body }))
  const [conflict] = cast.world.conflicts()
  expect(conflict).toMatchObject({ kind: 'invalid-signature' })
  expect(cast.world.review(conflict!.id).why).toMatch(/could lead out of governance\/keys; no file was opened/)
})

test('the same content in other bytes is agreed, and a rotated key makes no difference', async () => {
  using cast = importingSteward()
  await cast.importer.import(
    directoryOf('one', { '_report/a.json': '{"a": 1.0, "b": "é", "signature": "x"}' }),
    directoryOf('two', { '_report/a.json': '{"b":"é","a":1.0}\n' }),
  )
  expect(cast.world.conflicts({ kinds: ['hash-mismatch'] })).toEqual([])
})

test('a file signed by hand with the same bytes agrees with the imported one', async () => {
  using cast = importingSteward()
  const text = '{"a": 1.0, "signature": "x"}'
  await cast.importer.import(directoryOf('one', { '_report/a.json': text }))
  const { content } = observed(cast.ada)[0]!.receipt.body
  cast.world.deliver([cast.ada.observe('_report/a.json', { content: content! })])
  expect(cast.world.conflicts({ kinds: ['hash-mismatch'] })).toEqual([])
})

test('a hash-ledger that is merely ahead is no conflict, and neither is its state', async () => {
  using cast = importingSteward()
  await cast.importer.import(ledgerDirectory('short', 2), ledgerDirectory('long', 4))
  expect(cast.world.conflicts()).toEqual([])
  await cast.importer.import(ledgerDirectory('other', 3, 'another'))
  expect(subjectsOf(cast.world.conflicts())).toEqual(['_report/ledger/index.jsonl', '_report/ledger/state.json'])
})

test('unsigned files never win over signed ones: a newer anchor without a signature waits for a person', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('node-b')
  // The signature is taken off, the content changed; the anchors of node-b go on from node-a's.
  const receipt = {
    ...(JSON.parse(copy.text(DEMO)) as object),
    signature: undefined,
    hash_sha256: undefined,
    plan_id: 'x',
  }
  writeFileSync(copy.path(DEMO), JSON.stringify(receipt))
  await cast.importer.import(CORPUS[0]!, copy.as('node-b'))
  const conflicts = cast.world.conflicts()
  expect(conflicts).toMatchObject([{ kind: 'hash-mismatch', subject: DEMO }])
  expect(conflicts[0]!.members.map(({ nodeName }) => nodeName).sort()).toEqual(['node-a', 'node-b'])
})

const SIGNED = '_report/external/demo/20251004T060046Z.json'

/** The file with another value, without its signature and its hash. */
function withoutSignature(text: string, value: number): string {
  const {
    signature: _signature,
    public_key_id: _key,
    hash_sha256: _hash,
    ...said
  } = JSON.parse(text) as {
    [member: string]: unknown
    observations: { value: unknown }[]
  }
  return JSON.stringify({ ...said, observations: said.observations.map((one) => ({ ...one, value })) })
}

test('a signed file of a directory is never replaced by one that nobody signed: both wait for a person, and are told before', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('node-c')
  await cast.importer.import(...CORPUS)
  const signed = copy.text(SIGNED)
  writeFileSync(copy.path(SIGNED), withoutSignature(signed, 12.4))
  const plan = await cast.importer.plan([copy.as('node-c')])
  expect(plan.origins[0]).toMatchObject({ changed: 1 })
  expect(plan.origins[0]!.findings[0]).toMatchObject({
    code: 'signature-lost',
    path: SIGNED,
    happened: `${SIGNED} was signed when node-c was imported before; now it says something else, and no signature in it holds.`,
  })
  await plan.write()
  const [conflict] = cast.world.conflicts()
  expect(conflict).toMatchObject({ kind: 'hash-mismatch', subject: SIGNED, memberCount: 2 })
  expect(conflict!.members.map(({ origin }) => origin)).toEqual(['node-c', 'node-c'])
  expect(cast.world.review(conflict!.id).why).toBe(
    'node-c has replaced a signed file by other content without a signature, and what nobody signed never wins over what was signed.',
  )
  // Once more, and once more changed: what was signed still stands against it.
  expect(await cast.importer.import(copy.as('node-c'))).toMatchObject({ signed: 0 })
  writeFileSync(copy.path(SIGNED), withoutSignature(signed, 13.4))
  const again = await cast.importer.plan([copy.as('node-c')])
  expect(again.origins[0]!.findings[0]).toMatchObject({ code: 'signature-lost' })
  await again.write()
  expect(cast.world.conflicts()).toMatchObject([{ kind: 'hash-mismatch', subject: SIGNED, memberCount: 2 }])
  // Put aside and brought back, it is no better; the signed one ends it.
  rmSync(copy.path(SIGNED))
  await cast.importer.import(copy.as('node-c'))
  expect(cast.world.conflicts()).toEqual([])
  writeFileSync(copy.path(SIGNED), withoutSignature(signed, 14.4))
  await cast.importer.import(copy.as('node-c'))
  expect(cast.world.conflicts()).toMatchObject([{ kind: 'hash-mismatch', subject: SIGNED }])
  writeFileSync(copy.path(SIGNED), signed)
  expect((await cast.importer.plan([copy.as('node-c')])).origins[0]!.findings.map(({ code }) => code)).not.toContain(
    'signature-lost',
  )
  await cast.importer.import(copy.as('node-c'))
  expect(cast.world.conflicts()).toEqual([])
})

test('however often a signed file was replaced by unsigned ones, it stands against the last', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('node-c')
  for (const folder of ['_plans', '_report/usage', '_report/agent', '_report/planner', '_report/external/sample'])
    rmSync(copy.path(folder), { recursive: true, force: true })
  await cast.importer.import(copy.as('node-c'))
  const signed = copy.text(SIGNED)
  for (let times = 0; times < 33; times++) {
    writeFileSync(copy.path(SIGNED), withoutSignature(signed, times))
    await cast.importer.import(copy.as('node-c'))
  }
  const [conflict, ...others] = cast.world.conflicts()
  expect(others).toEqual([])
  expect(conflict).toMatchObject({ kind: 'hash-mismatch', subject: SIGNED, memberCount: 2 })
  const versions = observed(cast.ada).filter(({ receipt: { subject } }) => subject === SIGNED)
  expect(conflict!.members.map(({ receipt }) => receipt).sort()).toEqual(
    [versions[0]!, versions.at(-1)!].map(({ id }) => id).sort(),
  )
})

test('a signed file that only lost its signature says the same; a decision for the unsigned one settles what was changed', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('node-c')
  await cast.importer.import(copy.as('node-c'))
  const signed = copy.text(SIGNED)
  const { signature: _signature, ...same } = JSON.parse(signed) as { [member: string]: unknown }
  writeFileSync(copy.path(SIGNED), JSON.stringify(same))
  await cast.importer.import(copy.as('node-c'))
  expect(cast.world.conflicts()).toEqual([])
  writeFileSync(copy.path(SIGNED), withoutSignature(signed, 12.4))
  await cast.importer.import(copy.as('node-c'))
  expect(cast.world.conflicts()).toMatchObject([{ kind: 'hash-mismatch', subject: SIGNED }])
  const apart = () => {
    const surveyed = surveySubjects(cast.world.db, new MergedFeeds(cast.world.db), [], Date.parse(LATER))
    return [...surveyed].find(({ subject }) => subject === SIGNED)!.drift.episodes.map(({ endedBy }) => endedBy)
  }
  expect(apart()).toEqual([null])
  const unsigned = observed(cast.ada).findLast(({ receipt: { subject } }) => subject === SIGNED)!
  decide(cast.world, cast.ada, pick(unsigned))
  expect(cast.world.conflicts()).toEqual([])
  expect(apart()).toEqual(['decision'])
})

test('where policy refuses unsigned files they are not signed for, and do not count if somebody did', async () => {
  using strict = importingSteward({ unsignedImports: 'refuse' })
  const plan = await strict.importer.plan(CORPUS)
  expect(plan.origins[0]!.refused).toHaveLength(15)
  expect(plan.origins[0]!.refused[0]).toMatchObject({ reason: 'unsigned' })
  const { refused } = await plan.write()
  expect(refused).toHaveLength(15 + 12 + 12)
  expect(observed(strict.ada)).toHaveLength(6)

  using lax = importingSteward()
  await lax.importer.import(...PILOT)
  using world = new World()
  const genesis = foundNetwork([new TestNode('eve'), lax.ada], { unsignedImports: 'refuse' })
  world.joinNetwork(genesis.id)
  world.deliver([genesis, ...lax.ada.signed])
  expect(world.conflicts({ kinds: ['hash-mismatch'] })).toEqual([])
})

test('anchors that went on in two ways are a conflict of their own', async () => {
  using cast = importingSteward()
  const anchors = (...notes: string[]) =>
    JSON.stringify({ events: notes.map((note) => ({ ts: '2025-09-22T00:00:00Z', note })) })
  const file = { '_report/a.json': '{"n":1}' }
  await cast.importer.import(
    directoryOf('one', { ...file, 'governance/anchors.json': anchors('begin', 'left') }),
    directoryOf('two', { '_report/a.json': '{"n":2}', 'governance/anchors.json': anchors('begin', 'right') }),
  )
  expect(
    cast.world
      .conflicts()
      .map(({ kind, subject }) => `${kind} ${subject}`)
      .sort(),
  ).toEqual(['diverging-anchors _report/a.json', 'diverging-anchors governance/anchors.json'])
  expect(listOrigins(cast.world.db)).toMatchObject({
    anchors: {
      state: 'conflict',
      why: 'The anchors of one and two do not follow each other; a person has to say which hold.',
    },
  })
})

test('a directory whose anchors go on takes its unchanged files along', async () => {
  using cast = importingSteward()
  const anchors = (...notes: string[]) => JSON.stringify({ events: notes.map((note) => ({ note })) })
  const one = (...notes: string[]) =>
    directoryOf('one', { '_report/a.json': '{"n":1}', 'governance/anchors.json': anchors(...notes) })
  await cast.importer.import(
    one('begin'),
    directoryOf('two', { '_report/a.json': '{"n":2}', 'governance/anchors.json': anchors('begin', 'next') }),
  )
  const standing = () => cast.world.conflicts().length
  expect(standing()).toBe(0)
  const { signed } = await cast.importer.import(one('begin', 'next', 'after'))
  // The directory and its anchors; the file is not signed again.
  expect(signed).toBe(2)
  expect(listOrigins(cast.world.db).items.map(({ label, anchors: { state } }) => [label, state])).toEqual([
    ['one', 'newest'],
    ['two', 'behind'],
  ])
})

test('a decision on imported claims still holds when another node imports the same again', async () => {
  const [ada, ben] = [new TestNode('ada'), new TestNode('ben')]
  const genesis = foundNetwork([ada, ben])
  using world = new World().joinNetwork(genesis.id)
  world.deliver([...ada.signed, ...ben.signed])
  using first = new Importer(world, ada)
  using second = new Importer(world, ben)
  await first.import(...PILOT)
  // Ben imported as well, not knowing of Ada's import.
  using apart = new World().joinNetwork(genesis.id)
  apart.deliver([...ada.signed.slice(0, 2), ...ben.signed])
  using alone_ = new Importer(apart, ben)
  await alone_.import(...PILOT)
  world.deliver(ben.signed)
  for (const conflict of world.conflicts()) expect(conflict.memberCount).toBe(4)
  // Whoever knows of both has nothing to add.
  expect((await second.import(...PILOT)).signed).toBe(0)
})

test('of two imports of one directory the later one is its claim, whoever made it', async () => {
  const [ada, ben] = [new TestNode('ada'), new TestNode('ben')]
  const genesis = foundNetwork([ada, ben])
  using world = new World().joinNetwork(genesis.id)
  world.deliver([...ada.signed, ...ben.signed])
  using first = new Importer(world, ada)
  using second = new Importer(world, ben)
  const state = (n: number) => directoryOf('one', { '_report/a.json': `{"n":${n}}` })
  await first.import(state(1))
  await second.import(state(2))
  expect(world.conflicts()).toEqual([])
  await first.import(directoryOf('two', { '_report/a.json': '{"n":3}' }))
  expect(world.conflicts()).toMatchObject([{ memberCount: 2, members: [{ nodeName: 'two' }, { nodeName: 'one' }] }])
  // Back to the first state: the last import counts, although Ada said just that before.
  expect(await first.import(state(1))).toMatchObject({ signed: 2 })
})

test('a file that grows while it is imported is left out and told', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('pilot-sample/node-a')
  const plan = await cast.importer.plan([copy.as('node-a')])
  appendFileSync(copy.path(SUMMARY), ' ')
  const { refused, signed } = await plan.write()
  expect(refused).toMatchObject([{ label: 'node-a', path: SUMMARY, reason: 'changed-meanwhile' }])
  expect(signed).toBe(4)
})
