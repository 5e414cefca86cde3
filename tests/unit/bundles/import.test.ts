import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'
import { ended, imported, inspected, inspection, traces } from './desk.ts'
import { folderOf, lines, segment, whoTheyAre, writeBundle } from './made-bundle.ts'
import { withAdmitted, withStranger } from './strangers.ts'

test('of a node that is not admitted a bundle brings who it is, and nothing else', async () => {
  await using place = new Place()
  const [ada, eve] = await withStranger(place)
  eve.observe('report.json', { value: 1 })
  const file = writeBundle(join(place.folder, 'eve.zip'), [...whoTheyAre(eve), segment(eve, eve.signed)])
  const { nodes, adds } = await inspected(ada, file)
  expect(nodes).toMatchObject([{ name: 'Eve', state: 'not-admitted', new: 0, notRead: 2, receipts: 2 }])
  expect(adds).toBe(0)
  expect(await imported(ada)).toMatchObject({ added: 0 })
  const peers = await ada.steward.network.peers({ state: 'pending', limit: 10 })
  expect(peers.items).toMatchObject([{ node: eve.id, name: 'Eve', lastSeen: { way: 'bundle' } }])
  // A rescan of the shared folder, where they never were, does not forget them.
  await ada.sync()
  await ada.admit(eve.id)
  await inspected(ada, file)
  expect(await imported(ada)).toMatchObject({ added: 2 })
})

test('each receipt is counted once: new, known, refused, withheld behind a gap, held ahead of the clock, and what is missing is named', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  for (let seq = 2; seq <= 9; seq++)
    eve.observe(`${seq}.json`, { seq }, seq === 5 ? { atMs: 60 * 60_000 } : { atMs: seq })
  const [one, two, three, four, five, , , eight, nine] = eve.signed
  const known = writeBundle(join(place.folder, 'one.zip'), [segment(eve, [one!])])
  await inspected(ada, known)
  await imported(ada)
  const tampered = lines([three!, four!]).replace('4.json', '5.json')
  const file = writeBundle(join(place.folder, 'mixed.zip'), [
    ...whoTheyAre(eve, 9),
    segment(eve, [one!, two!]),
    { name: `${folderOf(eve)}/feed/3-4.jsonl`, content: tampered },
    segment(eve, [five!]),
    segment(eve, [eight!, nine!]),
  ])
  const { nodes, refusals } = await inspected(ada, file)
  expect(nodes).toMatchObject([
    { receipts: 7, new: 2, known: 1, refused: 1, withheld: 2, held: 1, notRead: 0, missing: { from: 4, to: 9 } },
  ])
  expect(refusals).toMatchObject([{ entry: `${folderOf(eve)}/feed/3-4.jsonl:2`, reason: 'bad-signature' }])
  expect(await imported(ada)).toMatchObject({ added: 2, known: 1, refused: 1, withheld: 2, held: 1 })
  const { items } = await ada.steward.exchange.troubles({ outcome: 'refused', limit: 10 })
  expect(items).toMatchObject([{ source: `mixed.zip/${folderOf(eve)}/feed/3-4.jsonl:2`, reason: 'bad-signature' }])
})

test.each([
  ['as a copy', ' (1)'],
  ['as the copy of a copy', ' (1).sync-conflict-20261121-000001-ABCDEF1'],
])('a second story in a bundle, %s, is told before it is imported, and opens the fork', async (_how, mark) => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  const first = eve.observe('a.json', { value: 1 })
  const second = eve.forkAfter(eve.signed[0]!).observe('a.json', { value: 2 })
  const file = writeBundle(join(place.folder, 'fork.zip'), [
    segment(eve, [eve.signed[0]!, first]),
    segment(eve, [second], mark),
  ])
  expect((await inspected(ada, file)).nodes).toMatchObject([{ new: 3, forks: 1 }])
  expect(await imported(ada)).toMatchObject({ added: 3, conflicts: 1 })
  expect(await ada.conflicts()).toMatchObject([{ kind: 'fork' }])
})

test('single receipts are taken from files of lines and from one that was made easy to read', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  eve.observe('a.json', { value: 1 })
  eve.observe('b.json', { value: 2 })
  const some = join(place.folder, 'some.jsonl')
  const pretty = join(place.folder, 'pretty.json')
  const other = join(place.folder, 'package.json')
  writeFileSync(some, lines([eve.signed[1]!, eve.signed[0]!]))
  writeFileSync(pretty, JSON.stringify(JSON.parse(eve.signed[2]!.line), null, 2))
  writeFileSync(other, '{"name":"something else"}')
  const preview = await inspected(ada, some, pretty, other)
  expect(preview).toMatchObject({ kinds: ['receipts'], adds: 3, foreign: 1, refusalCount: 0 })
  expect(await imported(ada)).toMatchObject({ added: 3 })
})

test('tricks in a folder are refused one by one, and what is right beside them is imported', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  eve.observe('a.json', { value: 1 })
  const folder = join(place.folder, 'dropped')
  const feed = join(folder, folderOf(eve), 'feed')
  mkdirSync(feed, { recursive: true })
  writeFileSync(join(feed, '1-2.jsonl'), lines(eve.signed))
  symlinkSync('/etc/passwd', join(feed, '3-3.jsonl'))
  symlinkSync(folder, join(folder, 'itself'))
  writeFileSync(join(feed, '4-4\n.jsonl'), 'x')
  writeFileSync(join(feed, 'readme.txt'), 'x')
  writeFileSync(join(folder, 'inner.zip'), 'x')
  writeFileSync(join(feed, '9-9.jsonl'), lines([eve.signed[0]!]))
  if (process.platform !== 'win32') execFileSync('mkfifo', [join(feed, '5-5.jsonl')])
  const { refusals, nodes } = await inspected(ada, folder)
  const everywhere = ['link', 'control-character', 'nested-zip', 'bad-segment-name', 'bad-segment']
  const here = process.platform === 'win32' ? [] : ['special-file']
  expect(refusals.map(({ reason }) => reason)).toEqual(expect.arrayContaining([...everywhere, ...here]))
  expect(nodes).toMatchObject([{ node: eve.id, new: 2 }])
  expect(await imported(ada)).toMatchObject({ added: 2 })
})

test('an import that is cancelled leaves no trace, whatever it was doing', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  for (let n = 0; n < 1000; n++) eve.observe(`${n}.json`, { n })
  place.pass(60 * 60_000)
  const file = writeBundle(join(place.folder, 'eve.zip'), [...whoTheyAre(eve), segment(eve, eve.signed)])
  const before = await traces(ada)

  const { id } = await ada.steward.bundles.inspect({ from: { type: 'paths', paths: [file] } })
  await ada.steward.bundles.cancel({ id })
  await ended(ada)
  expect(await traces(ada)).toEqual(before)

  await inspected(ada, file)
  const { import: shown } = await ada.steward.bundles.current({})
  expect(shown!.step.state).toBe('ready')
  await ada.steward.bundles.import({ id: shown!.id })
  await ada.steward.bundles.cancel({ id: shown!.id })
  expect((await ended(ada)).state).toBe('gone')
  expect(await traces(ada)).toEqual(before)

  await inspected(ada, file)
  expect(await imported(ada)).toMatchObject({ added: 1001 })
})

test('a bundle that is hostile as a whole is refused before anything of it is read', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  const before = await traces(ada)
  const file = writeBundle(join(place.folder, 'evil.zip'), [
    segment(eve, eve.signed),
    { name: '../../outside', content: 'x' },
  ])
  const step = await inspection(ada, file)
  expect(step).toMatchObject({ state: 'refused', refusals: [{ entry: '../../outside', reason: 'leaves-folder' }] })
  expect(await traces(ada)).toEqual(before)
})
