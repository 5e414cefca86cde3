import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { containing, matching, settle, SharedFolder, type Steward } from './shared-folder.ts'

/** Ben signs `count` receipts, which lie as one segment in the folder; Ada has not seen them. */
async function published(shared: SharedFolder, count: number) {
  const [ada, ben, cleo] = await shared.three()
  ben.observeMany(count)
  await ben.exchange.publish()
  const path = shared.pathOf(ben, 'feed', `2-${count + 1}.jsonl`)
  return { ada, ben, cleo, path, lines: readFileSync(path, 'utf8').trimEnd().split('\n') }
}

function write(path: string, lines: readonly string[]): void {
  writeFileSync(path, `${lines.join('\n')}\n`)
}

function breakSignature(line: string): string {
  const at = line.lastIndexOf('"sig":"') + 10
  return line.slice(0, at) + (line[at] === 'A' ? 'B' : 'A') + line.slice(at + 1)
}

test('the first bad signature stops its segment: what stands before it counts, what follows waits for the file to change', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path, lines } = await published(shared, 6)
  const third = lines[2] ?? ''
  write(path, lines.with(2, breakSignature(third)))
  expect(await ada.sync()).toMatchObject({
    admitted: 2,
    waiting: 3,
    refused: [{ source: containing(':3'), reason: 'bad-signature' }],
  })
  expect(ada.seqOf(ben)).toBe(3)
  expect(await ada.exchange.rescan()).toMatchObject({ read: 0, verified: 0 })
  expect(ada.exchange.peer(ben.id).trouble?.what).toMatch(/signature/)
  write(path, lines)
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(7)
  expect(ada.exchange.peer(ben.id).trouble).toBeNull()
})

test('lines that break a rule are refused one by one, each with the rule and its place', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path, lines } = await published(shared, 5)
  const spaced = (lines[3] ?? '').replace('{', '{ ')
  write(path, lines.with(3, spaced))
  const report = await ada.sync()
  expect(report.refused).toEqual([{ source: matching(/feed\/2-6\.jsonl:4$/), reason: 'not-canonical' }])
  // The fifth is right and waits for the fourth.
  expect(report).toMatchObject({ admitted: 3, waiting: 1 })
  const [refused] = ada.exchange.troubles({ outcome: 'refused', limit: 10 }).items
  expect(refused).toMatchObject({ node: null, count: 1, kept: containing('quarantine') })
  // Whatever became of it, it is found by where it lies and by what is said of it.
  const found = (text: string) => ada.exchange.troubles({ text, limit: 10 }).items.map(({ outcome }) => outcome)
  expect(found(' Not-CANONICAL')).toEqual(['refused'])
  expect(found('feed/2-6.jsonl')).toEqual(['refused', 'waiting'])
  expect(found('no such thing')).toEqual([])
  const { next } = ada.exchange.troubles({ text: 'feed/2-6.jsonl', limit: 1 })
  const rest = ada.exchange.troubles({ text: 'feed/2-6.jsonl', limit: 1, after: next ?? undefined })
  expect(rest).toMatchObject({ items: [{ outcome: 'waiting' }], next: null })
  expect(ada.seqOf(ben)).toBe(4)
})

test('every receipt that was read is in exactly one place, and the figures add up', async () => {
  await using shared = new SharedFolder()
  const { ada, path, lines } = await published(shared, 9)
  write(path, lines.with(4, '{"not":"a receipt"}'))
  const counts = await ada.exchange.rescan()
  expect(counts).toMatchObject({ read: 9, admitted: 4, refused: 1, waiting: 4, known: 0, held: 0 })
  write(path, lines)
  const again = await ada.exchange.rescan()
  expect(again.read + again.released).toBe(again.admitted + again.known + again.waiting + again.held + again.refused)
  expect(again).toMatchObject({ read: 9, known: 4, admitted: 5, refused: 0 })
})

test('a receipt of another node is refused in this node’s folder, however well it is signed', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, cleo, path, lines } = await published(shared, 3)
  cleo.observe('x.json')
  await cleo.exchange.publish()
  const foreign = readFileSync(shared.pathOf(cleo, 'feed', '2-2.jsonl'), 'utf8').trimEnd()
  write(path, lines.with(1, foreign))
  expect((await ada.sync()).refused).toMatchObject([{ reason: 'wrong-node' }])
  expect(ada.seqOf(ben)).toBe(2)
})

test('a receipt from the future is held, counted, and merged when its time has come', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ben.nowMs += 60 * 60 * 1000
  const early = ben.observe('early.json')
  ben.observe('after.json')
  await ben.exchange.publish()
  expect(await ada.sync()).toMatchObject({ admitted: 0, held: 2, refused: [] })
  expect(ada.exchange.observations()).toMatchObject([
    { type: 'held-future', node: ben.id, receipt: early.id },
    { type: 'held-future' },
  ])
  expect(ada.exchange.clockOffMs()).toBeGreaterThan(50 * 60 * 1000)
  // They came: however long they are held, nothing is withheld.
  ada.nowMs += 2 * 60 * 1000
  await ada.sync()
  expect(ada.exchange.observations()).toMatchObject([{ type: 'held-future' }, { type: 'held-future' }])
  expect(ada.exchange.peer(ben.id).trouble).toEqual({
    what: 'Receipt #2 of its feed is dated ahead of the clock here and held until then.',
    remedy: 'Check the clock of both machines.',
  })
  ada.nowMs += 56 * 60 * 1000
  const counts = await ada.exchange.rescan()
  expect(counts).toMatchObject({ read: 0, released: 2, admitted: 2 })
  expect(ada.seqOf(ben)).toBe(3)
  expect(ada.exchange.view().held).toBe(0)
})

test('a conflict copy with the same content is listed and not judged twice', async () => {
  await using shared = new SharedFolder()
  const { ada, path } = await published(shared, 3)
  await ada.sync()
  const copy = path.replace('.jsonl', '.sync-conflict-20261121-120000-ABCDEFG.jsonl')
  copyFileSync(path, copy)
  expect(await ada.exchange.rescan()).toMatchObject({ read: 0, verified: 0 })
  expect(ada.exchange.view()).toMatchObject({ conflictCopies: 1, refused: 0 })
  expect(ada.exchange.troubles({ outcome: 'conflict-copy', limit: 5 }).items).toHaveLength(1)
})

test.each([
  '2-4.sync-conflict-20261121-120000-ABCDEFG.jsonl',
  '2-4 (conflicted copy 2026-11-21).jsonl',
  '2-4 (Ada’s conflicted copy).jsonl',
  '2-4 (1).jsonl',
])('what is signed in the conflict copy %s is evidence even where the original is gone', async (name) => {
  await using shared = new SharedFolder()
  const { ada, ben, path } = await published(shared, 3)
  renameSync(path, shared.pathOf(ben, 'feed', name.normalize('NFD')))
  expect(await ada.sync()).toMatchObject({ admitted: 3 })
  expect(ada.seqOf(ben)).toBe(4)
})

test('placeholders of a sync tool are said to be not downloaded, not to be broken', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path, lines } = await published(shared, 3)
  writeFileSync(path, '')
  writeFileSync(shared.pathOf(ben, 'feed', '.5-6.jsonl.icloud'), 'bplist')
  for (let rescan = 0; rescan < 4; rescan++) expect((await ada.sync()).refused).toEqual([])
  expect(ada.exchange.view()).toMatchObject({ placeholders: 2, refused: 0 })
  const { items } = ada.exchange.troubles({ outcome: 'placeholder', limit: 5 })
  expect(items.map(({ remedy }) => remedy)).toEqual(Array(2).fill(containing('available offline')))
  write(path, lines)
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(4)
  expect(ada.exchange.view().placeholders).toBe(1)
})

test('a node’s folder that lost its capitals on the way is read all the same', async () => {
  await using shared = new SharedFolder()
  const { ada, ben } = await published(shared, 3)
  const folder = shared.pathOf(ben)
  renameSync(
    folder,
    folder.replace(/[^/]+$/, (name) => name.toLowerCase()),
  )
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(4)
})

test('two stories of one node are both kept, whichever copy brought them', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, cleo } = await published(shared, 2)
  await settle([ada])
  const twin: Steward = shared.steward('twin', { seed: 'ben', folder: shared.place('elsewhere') })
  twin.joinNetwork(ben.network!)
  twin.ledger.write(twin.now(), () => undefined)
  twin.introduce()
  const other = twin.observe('another story')
  write(shared.pathOf(ben, 'feed', '1-2 (1).jsonl'), [
    readFileSync(shared.pathOf(ben, 'feed', '1-1.jsonl'), 'utf8').trimEnd(),
    other.line,
  ])
  expect(await ada.sync()).toMatchObject({ admitted: 1 })
  await cleo.sync()
  await settle([ada, cleo])
  expect(ada.fingerprint()).toBe(cleo.fingerprint())
})
