// Bundles, directories and proofs in and out, as a person reads it and a script takes it. Commands go through a running host.
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { profileDraft } from '#core/network/index.ts'
import { FIXTURES } from '#tests/kit/directories.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { Place } from '#tests/kit/place.ts'
import { disagreement, proofOfConflict } from '#tests/kit/proofs.ts'
import { segment, whoTheyAre, writeBundle } from '../bundles/made-bundle.ts'
import { say } from './command-line.ts'
import { serve } from './served.ts'

test('node directories are told by origin, signed for, and what they disagree about is counted', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  for (const label of ['node-a', 'node-b'])
    cpSync(join(FIXTURES, 'pilot-sample', label), join(place.folder, 'pilot', label), {
      recursive: true,
      verbatimSymlinks: true,
    })
  await using host = await serve(ada)
  const said = await host.read('import', 'pilot')
  expect([said.code, said.err]).toEqual([0, ''])
  expect(said.out).toMatch(/^pilot: TEOF node directories, \d+ files\n/)
  expect(said.out).toMatch(/DIRECTORY +NEW +CHANGED +KNOWN +GONE +REFUSED +TO KNOW\nnode-a +\d+ +0 +0 +0 +0 +\d+\n/)
  expect(said.out).toMatch(/\nMerged 0 receipts, signed 10 receipts\.\n/)
  expect(said.out).toMatch(/2 conflicts more to review: steward conflicts\n$/)
})

test('what a steward should know about each directory is told in sentences before anything of it counts', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const copied = (name: string, to: string) =>
    cpSync(join(FIXTURES, name), join(place.folder, to), { recursive: true, verbatimSymlinks: true })
  for (const name of ['node-a', 'node-b', 'node-c']) copied(name, `corpus/${name}`)
  await using host = await serve(ada)
  const first = await host.read('import', 'corpus')
  expect([first.code, first.err]).toEqual([0, ''])
  const told = /^To know: (\d+)\n((?: {2}node-[abc]: .+\n)+)/m.exec(first.out)!
  expect(told[2]!.split('\n').length - 1).toBe(Math.min(20, Number(told[1])))

  // Somebody took the signature off a receipt of node-c and wrote another value into it.
  const path = '_report/external/demo/20251004T060046Z.json'
  const receipt = JSON.parse(readFileSync(join(place.folder, 'corpus/node-c', path), 'utf8')) as { plan_id: string }
  const stripped = {
    ...receipt,
    plan_id: 'another',
    signature: undefined,
    public_key_id: undefined,
    hash_sha256: undefined,
  }
  writeFileSync(join(place.folder, 'corpus/node-c', path), JSON.stringify(stripped))
  const again = await host.read('import', 'corpus')
  expect(again.out).toContain(
    `\n  node-c: ${path} was signed when node-c was imported before; now it says something else, and no signature in it holds. It does not replace what was signed: importing leaves a conflict for a person.`,
  )
  expect(again.out).toMatch(/1 conflict more to review: steward conflicts\n$/)
  expect((await host.read('conflicts')).out).toMatch(new RegExp(`hash-mismatch +open .* ${path}`))
  expect((await host.read('import', 'corpus')).out).toMatch(/There is nothing new to import\.\n$/)
})

test('a node directory of a name that is known is another one’s where its anchors say so, unless the steward names it', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const anchored = (folder: string, note: string) => {
    mkdirSync(join(place.folder, folder, '_report'), { recursive: true })
    mkdirSync(join(place.folder, folder, 'governance'))
    writeFileSync(join(place.folder, folder, '_report/a.json'), JSON.stringify({ note }))
    writeFileSync(join(place.folder, folder, 'governance/anchors.json'), JSON.stringify({ events: [{ note }] }))
  }
  anchored('one/node', 'one')
  anchored('two/node', 'two')
  await using host = await serve(ada)
  await host.read('import', 'one/node')
  const other = await host.read('import', 'two/node', '--dry-run')
  expect(other.out).toMatch(/\nnode \(2\) +2 +0 +0 +0 +0 +\d+\n/)
  expect(other.out).toContain(
    '\n  node (2): Another directory named node was imported before; the anchors of this one do not continue it, so this one is called node (2). If it is the same node after all, say so: steward import --node "node=<folder>".\n',
  )
  const named = await host.read('import', '--node', 'node=two/node', '--dry-run')
  expect(named.out).toMatch(/\nnode +0 +2 +0 +0 +0 +\d+\n/)
  const both = await host.read('import', 'one/node', '--node', 'ben=two/node')
  expect(both.out).toMatch(/\nben +2 +0 +0 +0 +0 +\d+\n/)
  expect(both.out).toMatch(/\nnode +0 +0 +2 +0 +0 +\d+\n/)
  // Two folders of one name, given at once, are two directories as well.
  const together = await host.read('import', 'one/node', 'two/node', '--dry-run')
  expect(together.out).toMatch(/\nnode +0 +0 +2 +0 +0 +\d+\n/)
  expect(together.out).toMatch(/\nnode \(2\) +2 +0 +0 +0 +0 +\d+\n/)

  const several = await host.read('import', '--node', 'x=.')
  expect([several.code, several.err]).toEqual([
    2,
    expect.stringMatching(/“x” was given to .*, which holds \d+ node directories\./),
  ])
  expect((await host.read('import', '--node', 'x=one/node/governance')).err).toContain('which holds no node directory.')
  expect((await host.read('import', '--node', 'x')).err).toContain('A node is named as <label>=<dir>.')
  expect((await host.read('import')).err).toContain('Nothing to import was named.')
})

test('a bundle says which node lacks what, and which of its content it brings', async () => {
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  const photo = join(place.folder, 'photo.bin')
  writeFileSync(photo, Buffer.alloc(1000, 7))
  await using host = await serve(ada)
  await host.run('sign', '--kind', 'evidence/observed', '--subject', 'photo.bin', '--file', photo)

  const none = await host.read('export', '--to', 'bare.zip', '--node', 'ada', '--no-contents')
  expect(none.out).toMatch(/^Wrote \d+ receipts of 1 node and 0 pieces of content to \S+bare\.zip\n$/)
  const whole = await host.run('export', '--to', 'whole', '--node', 'ada', 'ben', '--lacked-by', 'ben')
  expect(whole.json).toMatchObject({ out: join(place.folder, 'whole'), contents: 1, contentsMissing: 0 })
  expect(existsSync(join(place.folder, 'whole'))).toBe(true)

  const again = await host.read('export', '--to', 'bare.zip')
  expect(again.code).toBe(2)
  expect(again.err).toMatch(/bare\.zip.*\n.*\n/)

  await using other = await serve(ben)
  expect((await other.read('import', 'whole', '--dry-run')).out).toContain('1 piece of content\n')
  expect((await other.read('import', 'whole')).out).toContain(', took in 1 piece of content.\n')
  expect((await other.read('import', 'whole')).out).toMatch(/There is nothing new to import\.\n$/)
})

test('content that this node does not have itself is counted when it cannot be given on', async () => {
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  const photo = join(place.folder, 'photo.bin')
  writeFileSync(photo, Buffer.alloc(1000, 7))
  {
    await using host = await serve(ada)
    await host.run('sign', '--kind', 'evidence/observed', '--subject', 'photo.bin', '--file', photo)
    await host.run('export', '--to', 'bare.zip', '--no-contents')
  }
  await using host = await serve(ben)
  await host.run('import', 'bare.zip')
  expect((await host.read('export', '--to', 'given-on.zip')).out).toContain('1 piece of content is not here.\n')

  // It comes later, without a receipt that is new.
  {
    await using first = await serve(ada)
    await first.run('export', '--to', 'whole.zip', '--node', 'ada')
  }
  expect((await host.read('import', 'whole.zip')).out).toMatch(/\nMerged 0 receipts, took in 1 piece of content\.\n$/)
})

test('a name of somebody else that hides something is taken as it is, and shown with what it hides', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  const eve = new TestNode('eve')
  eve.sign(profileDraft({ name: 'Ada\u202e\u200b\u3164' }))
  await using host = await serve(ada)
  expect((await host.read('import', writeBundle(join(place.folder, 'who.zip'), whoTheyAre(eve)))).code).toBe(0)
  const { out } = await host.read('peers')
  expect(out).toContain('Ada\\u{202e}\\u{200b}\\u{3164}')
  const asked = await host.run('peers')
  // oxlint-disable-next-line no-control-regex -- what hides is what must not be there
  expect(out + asked.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u200b\u3164]/)
  expect(JSON.stringify(asked.json)).toContain('Ada\u202e\u200b\u3164')
})

test('what is missing of a feed is named, and so is everything that is refused, up to twenty', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  const eve = new TestNode('eve')
  eve.sign(profileDraft({ name: 'Eve' }))
  await using host = await serve(ada)
  const who = await host.read('import', writeBundle(join(place.folder, 'who.zip'), whoTheyAre(eve)))
  expect(who.out).toContain('not admitted: only asks to join')
  // It came on a stick and never through the shared folder: that is enough to let it in.
  expect(who.out).toMatch(/Who asks to join waits for you: steward peers\n$/)
  expect((await host.run('admit', eve.id)).json).toEqual({ id: expect.any(String) as string })
  for (let n = 0; n < 5; n++) eve.observe(`${n}.json`, { n })
  const gap = writeBundle(join(place.folder, 'gap.zip'), [...whoTheyAre(eve), segment(eve, eve.signed.slice(0, 2))])
  const looked = await host.read('import', gap, '--dry-run')
  expect(looked.out).toMatch(/ 2 +0 .* admitted; #3 to #6 missing\n/)

  const folder = join(place.folder, 'letters')
  mkdirSync(folder)
  const line = eve.signed.at(1)?.line ?? ''
  for (let n = 0; n < 22; n++) writeFileSync(join(folder, `${n}.json`), line.replace('"seq":2', `"seq":${n + 50}`))
  const refused = await host.read('import', folder)
  expect(refused.code).toBe(3)
  expect(refused.out).toContain('Refused: 22\n')
  expect(refused.out).toContain('  and 2 more; --json names up to 200\n')
})

test('where nothing is known nothing was done, and what Steward knows is told', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  writeFileSync(join(place.folder, 'notes.md'), '# notes')
  await using host = await serve(ada)
  mkdirSync(join(place.folder, 'empty'))
  for (const [words, happened] of [
    [['notes.md'], 'notes.md holds nothing that Steward knows (1 file).'],
    [['empty', '--dry-run'], 'empty holds nothing that Steward knows (0 files).'],
  ] as const) {
    const said = await host.read('import', ...words)
    expect(said).toMatchObject({ code: 2, out: '' })
    expect(said.err.split('\n').slice(0, 2)).toEqual([happened, 'Nothing was imported.'])
    for (const known of ['steward export --to', '_report', 'receipts', 'proof']) expect(said.err).toContain(known)
    expect(await host.run('import', ...words)).toMatchObject({
      code: 2,
      json: { error: { code: 'NOTHING_KNOWN', happened } },
    })
  }
})

test('a proof is checked and told: what holds ends with 0, what does not with 3, what was not checked with 2', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const { text, sentence } = await proofOfConflict(ada, 'hash-mismatch', 'json')
  const write = (name: string, content: string) => writeFileSync(join(place.folder, name), content)
  write('good.json', text)
  write('bad.json', text.replace('\\"count\\":12', '\\"count\\":13'))
  await using host = await serve(ada)
  const good = await host.read('import', 'good.json')
  expect(good.code).toBe(0)
  expect(good.out).toMatch(/\ngood\.json holds, all \d+ checks\n/)
  expect(good.out).toContain(`\n  ${sentence}\n`)
  expect(good.out).toMatch(/Nothing of a proof is imported\.\n$/)
  const bad = await host.read('import', 'bad.json')
  expect(bad.code).toBe(3)
  expect(bad.out).toContain('bad.json does not hold: do not rely on it\n')

  mkdirSync(join(place.folder, 'many'))
  for (let n = 0; n < 21; n++) write(join('many', `${n}.json`), text)
  const many = await host.read('import', 'many')
  expect(many.code).toBe(2)
  expect(many.out).toContain('1 more proof not checked: name fewer at a time\n')
})

test('a conflict is proved in one file; what names nothing is told', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const [conflict] = await ada.conflicts()
  await using host = await serve(ada)
  const said = await host.read('export', conflict?.id.slice(7, 19) ?? '', '--to', 'proof', '--html')
  expect(said.out).toMatch(/Wrote the proof of conflict [0-9a-f]{12} to \S+proof\n$/)
  expect(readFileSync(join(place.folder, 'proof'), 'utf8')).toMatch(/^<!doctype html>/)
  expect((await host.read('export', 'meter', '--to', 'other')).err).toContain(
    'No receipt or conflict is named meter.\nNothing was written.\n',
  )
})

test('the network as files: every feed whole, conflicts of this node alone left out', async () => {
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  await using host = await serve(ada)
  const said = await host.read('export', '--out', 'evidence')
  expect(said.out).toMatch(/^Wrote \d+ receipts of 2 nodes and 1 conflict to \S+evidence\n$/)
  const report = JSON.parse(readFileSync(join(place.folder, 'evidence', 'report.json'), 'utf8')) as {
    nodes: { node: string }[]
    conflicts: { members: unknown[] }[]
  } // a report by its own format
  expect(report.nodes.map(({ node }) => node)).toEqual([ada.id, ben.id].toSorted())
  expect(report.conflicts).toMatchObject([{ members: [{}, {}] }])
})

test.each([
  ['import', ['import', 'letters'], 'The import was cancelled.\nNothing was imported.\nRun the command again.\n'],
  [
    'export',
    ['export', '--to', 'all.zip'],
    'The export was cancelled.\nNothing was written.\nRun the command again.\n',
  ],
] as const)('an %s that the system stops leaves no trace and says so', async (_what, words, sentences) => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  // So much that it takes many times as long as to stop it.
  mkdirSync(join(place.folder, 'letters'))
  const eve = new TestNode('eve')
  for (let n = 0; n < 1_000; n++)
    writeFileSync(join(place.folder, 'letters', `${n}.json`), eve.observe(`${n}.json`, { n }).line)
  const film = join(place.folder, 'film.bin')
  writeFileSync(film, randomBytes(32 * 1024 * 1024))
  await using host = await serve(ada)
  await host.run('sign', '--kind', 'evidence/observed', '--subject', 'film.bin', '--file', film)
  const before = await ada.fingerprint()
  const said = await say(['--home', ada.home, ...words], place.folder, [], Promise.resolve())
  expect(said).toMatchObject({ code: 2, out: '', err: sentences })
  expect(await ada.fingerprint()).toBe(before)
  expect(existsSync(join(place.folder, 'all.zip'))).toBe(false)
})
