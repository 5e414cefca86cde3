// The command line from the first node to a settled conflict, as a script on a machine without a screen would use it.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { ConflictId, NodeId, ReceiptId } from '#core/contract/index.ts'
import { PASSPHRASE, makePlace, say, type Place, type Said } from './command-line.ts'

const Words = z.array(z.string()).length(6)
const Init = z.object({ node: NodeId, words: Words, recoveryPhraseFile: z.string().optional() })
const Signed = z.object({ id: ReceiptId, seq: z.number() })
const Sync = z.object({
  published: z.number(),
  admitted: z.number(),
  known: z.number(),
  waiting: z.number(),
  held: z.number(),
  refused: z.array(z.object({ source: z.string(), reason: z.string() })),
  pendingNodes: z.array(z.object({ node: NodeId, name: z.string() })),
})
const Status = z.object({
  node: NodeId,
  receipts: z.number(),
  openConflicts: z.number(),
  fingerprint: z.string(),
  words: Words,
  exchange: z.object({ state: z.string(), reason: z.string().optional() }),
})
const Peers = z.object({
  items: z.array(z.object({ node: NodeId, name: z.string(), words: Words, state: z.string(), seq: z.number() })),
})
const Conflicts = z.object({
  items: z.array(
    z.object({
      id: ConflictId,
      kind: z.string(),
      severity: z.number(),
      subject: z.string(),
      task: z.string().nullable(),
      status: z.string(),
      members: z.array(z.object({ receipt: ReceiptId, node: NodeId, hash: z.string(), time: z.string() })),
    }),
  ),
  next: z.string().nullable(),
})
const Doctor = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
})

/** The answer of a command that must have been done. */
function done<T>(schema: z.ZodType<T>, said: Said): T {
  expect([said.code, said.err]).toEqual([0, ''])
  return schema.parse(said.json)
}

/** Two nodes that look at one file and see different things. */
async function disagreement(place: Place) {
  const ada = done(Init, await place.runWithKey('ada', 'init', '--name', 'Ada', '--exchange', place.exchange))
  const ben = done(Init, await place.runWithKey('ben', 'init', '--name', 'Ben', '--exchange', place.exchange))
  await place.runWithKey('ada', 'sync')
  done(z.object({ id: ReceiptId }), await place.runWithKey('ada', 'admit', ben.node))
  const observe = (name: string, value: number) =>
    place.runWithKey(
      name,
      'sign',
      '--kind=evidence/observed',
      '--subject=usage.json',
      '--task=pilot',
      `--body=${JSON.stringify({ value })}`,
    )
  done(Signed, await observe('ada', 1))
  done(Signed, await observe('ben', 2))
  await everybodySyncs(place, 'ada', 'ben')
  return { ada, ben }
}

async function everybodySyncs(place: Place, ...names: readonly string[]): Promise<void> {
  for (const name of [...names, ...names]) done(Sync, await place.runWithKey(name, 'sync'))
}

test('two nodes meet in a folder, disagree, and settle it', async () => {
  using place = makePlace()
  const { ada, ben } = await disagreement(place)

  const peers = done(Peers, await place.run('ada', 'peers'))
  expect(
    peers.items
      .map(({ name, state, words }) => ({ name, state, words }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  ).toEqual([
    { name: 'Ada', state: 'this-node', words: ada.words },
    { name: 'Ben', state: 'admitted', words: ben.words },
  ])

  const [conflict] = done(Conflicts, await place.run('ada', 'conflicts', '--status', 'open')).items
  expect(conflict).toMatchObject({ kind: 'hash-mismatch', subject: 'usage.json', task: 'pilot', status: 'open' })
  expect(conflict?.members.map((member) => member.node).toSorted()).toEqual([ada.node, ben.node].toSorted())
  expect(done(Status, await place.run('ben', 'status')).openConflicts).toBe(1)

  const id = conflict?.id ?? ''
  const shown = done(Conflicts, await place.run('ben', 'show', id.slice(7, 19)))
  expect(shown.items[0]?.id).toBe(id)

  const picked = conflict?.members.find((member) => member.node === ada.node)?.receipt ?? ''
  const decide = ['decide', id, '--pick', picked, '--reason', 'read the meter']
  const decision = done(z.object({ id: ReceiptId }), await place.runWithKey('ben', ...decide))
  await everybodySyncs(place, 'ada', 'ben')
  expect(done(Status, await place.run('ada', 'status')).openConflicts).toBe(0)
  expect(done(Conflicts, await place.run('ada', 'conflicts', '--status', 'settled')).items[0]?.id).toBe(id)

  const [one, two] = [done(Status, await place.run('ada', 'status')), done(Status, await place.run('ben', 'status'))]
  expect(one.fingerprint).toBe(two.fingerprint)

  done(z.object({ id: ReceiptId }), await place.runWithKey('ben', 'withdraw', decision.id, '--reason', 'wrong meter'))
  expect(done(Status, await place.run('ben', 'status')).openConflicts).toBe(1)
  expect((await place.run('ben', 'status', '--exit-code')).code).toBe(1)
  expect((await place.run('ben', 'conflicts', '--exit-code')).code).toBe(1)
  expect(done(Doctor, await place.run('ada', 'doctor')).ok).toBe(true)
})

test('two nodes with the same state write the same report', async () => {
  using place = makePlace()
  await disagreement(place)
  const out = (name: string) => join(place.folder, `out-${name}`)
  for (const name of ['ada', 'ben']) expect((await place.run(name, 'export', '--out', out(name))).code).toBe(0)
  const report = (name: string) => readFileSync(join(out(name), 'report.json'), 'utf8')
  expect(report('ada')).toBe(report('ben'))
  const feeds = readdirSync(join(out('ada'), 'nodes'))
  expect(feeds).toEqual(readdirSync(join(out('ben'), 'nodes')))
  for (const feed of feeds) {
    const lines = readFileSync(join(out('ada'), 'nodes', feed), 'utf8')
      .trim()
      .split('\n')
    expect(lines.map((line) => z.object({ seq: z.number() }).parse(JSON.parse(line)).seq)).toEqual(
      lines.map((_, at) => at + 1),
    )
    expect(
      readFileSync(join(out('ben'), 'nodes', feed), 'utf8')
        .trim()
        .split('\n'),
    ).toEqual(lines)
  }
  expect((await place.run('ada', 'export', '--out', out('ada'))).json).toMatchObject({
    error: { code: 'EXPORT_FOLDER_UNUSABLE' },
  })
})

test('content of a file is signed by its hash', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada', '--exchange', place.exchange)
  const file = join(place.folder, 'photo.bin')
  // Larger than a piece, and no text.
  writeFileSync(file, Buffer.alloc(1_000_000, 7))
  const sign = ['sign', '--kind', 'evidence/observed', '--subject', 'photo.bin', '--file', file]
  const { id } = done(Signed, await place.runWithKey('ada', ...sign))
  const out = join(place.folder, 'out')
  await place.run('ada', 'export', '--out', out)
  const lines = readdirSync(join(out, 'nodes')).map((name) => readFileSync(join(out, 'nodes', name), 'utf8'))
  expect(lines.join('')).toContain('photo.bin')
  expect(id).toMatch(/^sha256:/)
  const missing = await place.runWithKey('ada', ...sign.slice(0, -1), join(place.folder, 'nothing'))
  expect(missing.json).toMatchObject({ error: { code: 'FILE_UNREADABLE', kept: 'Nothing was signed.' } })
})

test('commands that only read never ask for the passphrase, commands that sign cannot do without', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada', '--exchange', place.exchange)
  for (const command of [['status'], ['peers'], ['conflicts'], ['doctor'], ['sync']]) {
    expect((await place.run('ada', ...command)).code).toBe(0)
  }
  const sign = ['sign', '--kind', 'evidence/observed', '--subject', 'a', '--body', '{}']
  expect((await place.run('ada', ...sign)).json).toMatchObject({ error: { code: 'PASSPHRASE_NEEDED' } })
  writeFileSync(place.passphraseFile, 'not the passphrase\n')
  const wrong = await place.runWithKey('ada', ...sign)
  expect(wrong.code).toBe(2)
  expect(wrong.json).toMatchObject({ error: { kept: expect.any(String) as string } })
})

test('a recovery phrase goes to the owner’s eyes only, and brings the node back', async () => {
  using place = makePlace()
  const phraseFile = join(place.folder, 'phrase')
  const init = ['init', '--name', 'Ada', '--exchange', place.exchange, '--recovery-phrase-file', phraseFile]
  const said = await place.runWithKey('ada', ...init)
  const { node, recoveryPhraseFile } = done(Init, said)
  expect(recoveryPhraseFile).toBe(phraseFile)
  expect(statSync(phraseFile).mode & 0o777).toBe(0o600)
  const phrase = readFileSync(phraseFile, 'utf8').trim()
  expect(phrase.split(' ')).toHaveLength(24)
  expect(said.out).not.toContain(phrase.split(' ').slice(0, 3).join(' '))

  const again = await place.runWithKey('ada', 'recovery-phrase')
  expect(again.json).toEqual({ phrase: phrase.split(' ') })

  await place.runWithKey('ada', 'sync')
  const restore = ['restore', '--name', 'Ada', '--phrase-file', phraseFile, '--exchange', place.exchange]
  const back = done(z.object({ node: NodeId, ready: z.boolean() }), await place.runWithKey('new-machine', ...restore))
  expect(back).toEqual({ node, ready: true })
})

test('no phrase file is ever written over, and a node that was not made leaves none behind', async () => {
  using place = makePlace()
  const phraseFile = join(place.folder, 'phrase')
  writeFileSync(phraseFile, 'precious')
  const init = ['init', '--name', 'Ada', '--recovery-phrase-file', phraseFile]
  expect((await place.runWithKey('ada', ...init)).json).toMatchObject({ error: { code: 'PHRASE_FILE_NOT_MADE' } })
  expect(readFileSync(phraseFile, 'utf8')).toBe('precious')

  await place.runWithKey('ada', 'init', '--name', 'Ada')
  const second = await place.runWithKey('ada', ...init.with(-1, join(place.folder, 'other')))
  expect(second.json).toMatchObject({ error: { code: 'NODE_EXISTS' } })
  expect(readdirSync(place.folder)).not.toContain('other')
})

test('a person is asked without echo, twice for a new passphrase, and sees the phrase on stderr only', async () => {
  using place = makePlace()
  const init = ['--home', place.home('ada'), 'init', '--name', 'Ada']
  const differ = await say(init, place.folder, [PASSPHRASE, 'something else'])
  expect([differ.code, differ.out]).toEqual([2, ''])
  expect(differ.err).toContain('not the same')

  const made = await say(init, place.folder, [PASSPHRASE, PASSPHRASE])
  expect(made.code).toBe(0)
  expect(made.out).toContain('Ada is a node now')
  const words =
    made.err
      .match(/^ .*\d+ [a-z]+/gm)
      ?.join(' ')
      .match(/[a-z]{3,}/g) ?? []
  expect(words).toHaveLength(24)
  expect(made.out).not.toContain(words.slice(0, 2).join(' '))
  expect(made.out + made.err).not.toContain(PASSPHRASE)
})

test('what cannot be done says what was kept, in words and in JSON', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada', '--exchange', place.exchange)
  for (const words of [
    ['show', 'abcdef123456'],
    ['admit', 'Nobody'],
    ['withdraw', `sha256:${'0'.repeat(64)}`, '--reason', 'x'],
    ['decide', `sha256:${'0'.repeat(64)}`, '--none', '--reason', 'x'],
    ['sign', '--kind', 'evidence/observed', '--subject', 'a', '--body', '{broken'],
    ['sign', '--kind', 'evidence/observed', '--subject', 'a'],
    ['sign', '--kind', 'NOT A KIND', '--subject', 'a', '--body', '{}'],
    ['conflicts', '--limit', '0'],
  ]) {
    const said = await place.runWithKey('ada', ...words)
    expect([words, said.code]).toEqual([words, 2])
    const { error } = z.object({ error: z.record(z.string(), z.string()) }).parse(said.json)
    expect(Object.keys(error).toSorted()).toEqual(['code', 'happened', 'kept', 'remedy'])
    expect(error['code']).not.toBe('INTERNAL')
    expect(JSON.stringify(error)).not.toMatch(/\.ts|node_modules|at \w+ \(/)
  }
})

test('an exchange folder that has gone is told, and nothing is lost', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada')
  const said = await place.runWithKey('ada', 'sync')
  expect(said.code).toBe(2)
  expect(said.json).toMatchObject({ exchange: { state: 'none' } })
})

test('a person gets tables, and nothing in them moves the cursor', async () => {
  using place = makePlace()
  const { ben } = await disagreement(place)
  const sneaky = 'red\u001b[31m\u202etxt'
  await place.runWithKey('ada', 'init', '--name', 'Ada')
  const sign = ['sign', '--kind', 'evidence/observed', '--body', '{"v":1}', '--subject', sneaky]
  await place.runWithKey('ada', ...sign)
  const table = (await place.runForPerson('ada', 'peers')).out
  expect(table.split('\n')[0]).toMatch(/^NAME +NODE +STATE +MERGED +WORDS$/)
  expect(table).toContain(ben.words.join(' '))
  const conflicts = (await place.runForPerson('ada', 'conflicts')).out
  expect(conflicts).toContain('usage.json (pilot)')
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(table + conflicts).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/)
})
