// What was refused and has come right since is nobody's trouble any more.
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { expect, test } from 'vitest'
import { settle, SharedFolder, type Steward } from './shared-folder.ts'

/** Ben has published three receipts in one segment, which nobody has read. */
async function published(shared: SharedFolder): Promise<{ ada: Steward; ben: Steward; path: string; whole: string }> {
  const [ada, ben] = await shared.three()
  for (const subject of ['a.json', 'b.json', 'c.json']) ben.observe(subject)
  await ben.exchange.publish()
  const path = shared.pathOf(ben, 'feed', '2-4.jsonl')
  return { ada, ben, path, whole: readFileSync(path, 'utf8') }
}

function unsigned(line: string): string {
  const at = line.indexOf('"sig":"') + 20
  return line.slice(0, at) + (line[at] === 'A' ? 'B' : 'A') + line.slice(at + 1)
}

function withLine(whole: string, at: number, change: (line: string) => string): string {
  const lines = whole.split('\n')
  return lines.with(at, change(lines[at] ?? '')).join('\n')
}

const NOTHING_REFUSED = { refused: 0, waiting: 0 }

test('a file that was cut off for so long that it was refused is no trouble any more once it is whole', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path, whole } = await published(shared)
  truncateSync(path, whole.length - 100)
  for (let rescan = 0; rescan < 3; rescan++) await ada.sync()
  expect(ada.exchange.view()).toMatchObject({ refused: 1 })
  writeFileSync(path, whole)
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(4)
  expect(ada.exchange.view()).toMatchObject(NOTHING_REFUSED)
  expect(ada.exchange.troubles({ limit: 10 }).items).toEqual([])
})

test.each([
  ['whose signature fell over', unsigned],
  ['with a space in it', (line: string) => line.replace('{', '{ ')],
])('a line %s is no trouble any more once the file says what it should', async (_what, change) => {
  await using shared = new SharedFolder()
  const { ada, ben, path, whole } = await published(shared)
  writeFileSync(path, withLine(whole, 1, change))
  await ada.sync()
  expect(ada.exchange.view()).toMatchObject({ refused: 1 })
  writeFileSync(path, whole)
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(4)
  expect(ada.exchange.view()).toMatchObject(NOTHING_REFUSED)
})

test('what another line of the file was refused for stays refused', async () => {
  await using shared = new SharedFolder()
  const { ada, path, whole } = await published(shared)
  const spaced = (line: string) => line.replace('{', '{ ')
  writeFileSync(path, withLine(withLine(whole, 0, spaced), 2, spaced))
  await ada.sync()
  expect(ada.exchange.view()).toMatchObject({ refused: 2 })
  writeFileSync(path, withLine(whole, 2, spaced))
  await ada.sync()
  const refused = ada.exchange.troubles({ outcome: 'refused', limit: 10 }).items
  expect(refused.map(({ source }) => source.split(':').at(-1))).toEqual(['3'])
})

test('a copy whose line was refused for its signature is no trouble any more once the very receipt came by another file', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path, whole } = await published(shared)
  const copy = path.replace('.jsonl', ' (1).jsonl')
  rmSync(path)
  writeFileSync(copy, withLine(whole, 1, unsigned))
  await ada.sync()
  expect(ada.exchange.view()).toMatchObject({ refused: 1, waiting: 1 })
  writeFileSync(path, whole)
  for (let rescan = 0; rescan < 2; rescan++) await ada.sync()
  expect(ada.seqOf(ben)).toBe(4)
  expect(ada.exchange.view()).toMatchObject(NOTHING_REFUSED)
})

test('a file that its node replaced by a longer one is no trouble any more, however it was refused', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path, whole } = await published(shared)
  writeFileSync(path, withLine(whole, 1, unsigned))
  await ada.sync()
  expect(ada.exchange.view()).toMatchObject({ refused: 1 })
  rmSync(path)
  ben.observe('d.json')
  await ben.exchange.publish()
  const fourth = readFileSync(shared.pathOf(ben, 'feed', '5-5.jsonl'), 'utf8')
  rmSync(shared.pathOf(ben, 'feed', '5-5.jsonl'))
  writeFileSync(shared.pathOf(ben, 'feed', '2-5.jsonl'), whole + fourth)
  for (let rescan = 0; rescan < 2; rescan++) await ada.sync()
  expect(ada.seqOf(ben)).toBe(5)
  expect(ada.exchange.view()).toMatchObject(NOTHING_REFUSED)
})

test('a head that was refused is no trouble any more once it holds', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const path = shared.pathOf(ben, 'head')
  const head = readFileSync(path, 'utf8')
  writeFileSync(path, head.replace('\n1\n', '\n9\n'))
  for (let rescan = 0; rescan < 3; rescan++) await ada.sync()
  expect(ada.exchange.view()).toMatchObject({ refused: 1 })
  writeFileSync(path, head)
  await ada.sync()
  expect(ada.exchange.view()).toMatchObject(NOTHING_REFUSED)
})

test('a broken file under another time is the broken file that it was', async () => {
  await using shared = new SharedFolder()
  const { ada, path, whole } = await published(shared)
  truncateSync(path, whole.length - 100)
  for (let rescan = 0; rescan < 3; rescan++) await ada.sync()
  utimesSync(path, 1, 1)
  await ada.sync()
  expect(ada.exchange.view()).toMatchObject({ refused: 1, waiting: 0 })
  expect(ada.exchange.troubles({ limit: 10 }).items).toMatchObject([{ reason: 'bad-segment', count: 1 }])
})

test('an older copy of a folder, without its capitals, takes back nothing of what the node says that it holds', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  const older = shared.place('older')
  cpSync(shared.pathOf(ben), older, { recursive: true })
  cleo.observe('a.json')
  await settle([cleo, ben, ada])
  const said = ada.exchange.knownState()
  const folded = shared.pathOf(ben).replace(/[^/]+$/, (name) => name.toLowerCase())
  renameSync(older, folded)
  for (let rescan = 0; rescan < 2; rescan++) await ada.sync()
  expect(ada.exchange.knownState()).toEqual(said)
})

test('what a person may wonder about in a folder and in its copy is listed for both, and not anew with each look', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path } = await published(shared)
  copyFileSync(path, path.replace('.jsonl', ' (1).jsonl'))
  const folded = shared.pathOf(ben).replace(/[^/]+$/, (name) => name.toLowerCase())
  mkdirSync(folded)
  cpSync(shared.pathOf(ben), folded, { recursive: true })
  await ada.sync()
  const listed = ada.exchange.troubles({ outcome: 'conflict-copy', limit: 10 }).items
  expect(listed).toHaveLength(2)
  ada.nowMs += 3_600_000
  await ada.sync()
  expect(ada.exchange.troubles({ outcome: 'conflict-copy', limit: 10 }).items).toEqual(listed)
})
