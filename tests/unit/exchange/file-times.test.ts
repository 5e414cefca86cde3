// Drives and sync tools stamp files in steps of seconds, with clocks that nobody vouches for: what changes without showing it is read
// all the same, and what has settled is left alone.
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import type { ContentHash } from '#core/contract/index.ts'
import { nodeFolderAdapter, type FolderAdapter } from '#core/exchange/index.ts'
import { feedTailOf } from '#core/ledger/index.ts'
import { profileDraft } from '#core/network/index.ts'
import { signHead, signReceipt, signSeen, signState } from '#core/receipts/index.ts'
import { errno } from '#tests/kit/disk/errno.ts'
import { instantAt, signerFromSeed, START } from '#tests/kit/nodes.ts'
import { settle, SharedFolder, type Steward } from './shared-folder.ts'

const DAY = 86_400_000
const times = { 'two days ago': START - 2 * DAY, 'this moment': START, 'a year ahead': START + 365 * DAY } as const

const signer = signerFromSeed('ben')
const policyOf = (digit: number) => `sha256:${String(digit).repeat(64)}` as ContentHash
const idOf = (ben: Steward) => feedTailOf(ben.ledger.read, ben.id).idsAt(1)[0]!

/** What Ben says for the first and the second time, each as long as the other, and what Ada then takes him to say. */
const notes = {
  head: {
    text: (ben: Steward, turn: number) =>
      signHead({ seq: turn, id: idOf(ben), root: new Uint8Array(32), time: instantAt(START + turn) }, signer),
    believed: (ada: Steward, ben: Steward) => ada.exchange.peer(ben.id).head?.seq,
  },
  seen: {
    text: (ben: Steward, turn: number) => signSeen([{ node: ben.id, seq: turn, id: idOf(ben) }], signer),
    believed: (ada: Steward, ben: Steward) =>
      ada.exchange.knownState().find(({ holder, node }) => holder === ben.id && node === ben.id)?.seq,
  },
  state: {
    text: (_ben: Steward, turn: number) => signState(policyOf(turn), [], signer),
    believed: (ada: Steward, ben: Steward) => Number(ada.exchange.stateOf(ben.id)?.policy.at(-1)),
  },
  'profile.json': {
    text: (_ben: Steward, turn: number) => {
      const place = { seq: 1, prev: null, time: instantAt(START) }
      return `${signReceipt(profileDraft({ name: `ben ${turn}` }), place, signer).line}\n`
    },
    believed: (ada: Steward) => Number(ada.exchange.pendingNodes()[0]?.name.at(-1)),
  },
} as const

const cases = Object.entries(notes).flatMap(([name, note]) =>
  Object.entries(times).map(([when, timeMs]) => ({ name, ...note, when, timeMs })),
)

test.each(cases)(
  'a $name that is replaced by one of the same size and time ($when) is read in the next rescan',
  async ({ name, text, believed, timeMs }) => {
    await using shared = new SharedFolder()
    const [ada, ben] = name === 'profile.json' ? await withStranger(shared) : await shared.three()
    const path = shared.pathOf(ben, name)
    for (const turn of [3, 4, 5]) {
      putAt(path, text(ben, turn), timeMs)
      await ada.sync()
      expect(believed(ada, ben)).toBe(turn)
    }
    // Nothing new: nothing is written down, and nobody is told.
    const before = ada.changes.filter((topic) => topic === 'network').length
    ada.nowMs += 60_000
    await ada.sync()
    expect(believed(ada, ben)).toBe(5)
    expect(ada.changes.filter((topic) => topic === 'network').length).toBeLessThanOrEqual(before + 1)
    expect(ada.exchange.troubleCount()).toBe(0)
  },
)

test('a head that was read and looks the same is no trouble while the drive does not let it be read again', async () => {
  await using shared = new SharedFolder()
  const { files, refuse } = countingFiles()
  const [ada] = await reading(shared, files)
  refuse('head')
  await ada.sync()
  expect(ada.exchange.troubleCount()).toBe(0)
})

test('the other story of a segment, of the same size and a time long past, is read once a head names it', async () => {
  await using shared = new SharedFolder()
  const { files } = countingFiles()
  const [ada, ben] = await reading(shared, files)
  const path = shared.pathOf(ben, 'feed', '2-2.jsonl')
  const [one, two] = [storyOf(ben, 'one'), storyOf(ben, 'two')]
  putAt(path, `${one.line}\n`, START - 2 * DAY)
  await ada.sync()
  putAt(path, `${two.line}\n`, START - 2 * DAY)
  const head = signHead({ seq: 2, id: two.id, root: new Uint8Array(32), time: instantAt(START + DAY) }, signer)
  putAt(shared.pathOf(ben, 'head'), head, START - 2 * DAY)
  for (let rescan = 0; rescan < 2; rescan++) await ada.sync()
  expect(feedTailOf(ada.ledger.read, ben.id).idsAt(2).toSorted()).toEqual([one.id, two.id].toSorted())
})

test.each([
  ['this moment', 0],
  ['a year ahead', 365 * DAY],
] as const)(
  'the other story of a segment, of the same size and time (%s), is read in the next rescan',
  async (_when, off) => {
    await using shared = new SharedFolder()
    const { files } = countingFiles()
    const [ada, ben] = await reading(shared, files)
    const path = shared.pathOf(ben, 'feed', '2-2.jsonl')
    const stamp = START + off
    putAt(path, `${storyOf(ben, 'one').line}\n`, stamp)
    ada.nowMs = START + 1_000
    await ada.sync()
    expect(feedTailOf(ada.ledger.read, ben.id).idsAt(2)).toHaveLength(1)
    // Within the same two seconds, as a drive with coarse times stamps it.
    putAt(path, `${storyOf(ben, 'two').line}\n`, stamp)
    ada.nowMs = START + 60_000
    await ada.sync()
    expect(feedTailOf(ada.ledger.read, ben.id).idsAt(2)).toHaveLength(2)
  },
)

test.each([
  ['zeros at its end', (whole: Buffer) => Buffer.concat([whole.subarray(0, 300), Buffer.alloc(whole.length - 300)])],
  ['another letter in a line', (whole: Buffer) => Buffer.from(whole.toString().replace('a.json', 'b.json'))],
] as const)(
  'a segment with %s is taken in the rescan after it is whole, though size and time stay',
  async (_what, halfOf) => {
    await using shared = new SharedFolder()
    const { files } = countingFiles()
    const [ada, ben] = await reading(shared, files)
    ben.observe('a.json')
    await ben.exchange.publish()
    const path = shared.pathOf(ben, 'feed', '2-2.jsonl')
    const whole = readFileSync(path)
    putAt(path, halfOf(whole), START - 2 * DAY)
    await ada.sync()
    expect(ada.seqOf(ben)).toBe(1)
    putAt(path, whole, START - 2 * DAY)
    await ada.sync()
    expect(ada.seqOf(ben)).toBe(2)
  },
)

test.each(Object.entries(times))(
  'a segment of a time that is %s is read again at most once, and then left alone',
  async (_when, timeMs) => {
    await using shared = new SharedFolder()
    const { files, readings } = countingFiles()
    const [ada, ben] = await reading(shared, files)
    const segment = shared.pathOf(ben, 'feed', '1-1.jsonl')
    putAt(segment, readFileSync(segment), timeMs)
    const rescan = async () => {
      ada.nowMs += 60_000
      await ada.sync()
      return readings().filter((path) => path === segment).length
    }
    await rescan()
    expect(await rescan()).toBeLessThanOrEqual(1)
    for (let again = 0; again < 3; again++) expect(await rescan()).toBe(0)
    // A clock that was a year ahead and is put right keeps nothing open for a year.
    ada.nowMs -= 365 * DAY
    for (let again = 0; again < 3; again++) await rescan()
    expect(await rescan()).toBe(0)
  },
)

/** A second receipt of Ben’s feed, as long with one value as with another of the same length. */
function storyOf(ben: Steward, value: string) {
  const draft = { kind: 'evidence/observed', subject: 'a.json', task: null, anchor: null, body: { value } }
  return signReceipt(draft, { seq: 2, prev: idOf(ben), time: instantAt(START) }, signer)
}

/** The real folder, which counts what is read and may refuse files of a name. */
function countingFiles() {
  const real = nodeFolderAdapter()
  let paths: string[] = []
  let refused: string | null = null
  const files: FolderAdapter = {
    ...real,
    read: (path, limitBytes) => {
      paths.push(path)
      return basename(path) === refused ? Promise.reject(errno('EACCES')) : real.read(path, limitBytes)
    },
  }
  return {
    files,
    refuse: (name: string) => void (refused = name),
    /** What was read since this was asked last. */
    readings: () => {
      const read = paths
      paths = []
      return read
    },
  }
}

/** Ada reads through `files`; Ben is admitted, and all that he wrote is read. */
async function reading(shared: SharedFolder, files: FolderAdapter): Promise<[ada: Steward, ben: Steward]> {
  const [ada, ben] = [shared.steward('ada', { files }), shared.steward('ben')]
  ada.found([ada, ben])
  ben.introduce()
  await settle([ada, ben])
  return [ada, ben]
}

/** Ben asks to join. */
async function withStranger(shared: SharedFolder): Promise<[ada: Steward, ben: Steward]> {
  const [ada, ben] = [shared.steward('ada').found(), shared.steward('ben')]
  ben.joinNetwork(ada.network!).introduce()
  await settle([ada, ben])
  return [ada, ben]
}

function putAt(path: string, bytes: Uint8Array | string, timeMs: number): void {
  writeFileSync(path, bytes)
  utimesSync(path, timeMs / 1000, timeMs / 1000)
  expect(statSync(path).mtimeMs).toBe(timeMs)
}
