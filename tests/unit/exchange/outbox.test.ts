import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { nodeFolderAdapter, systemTimers, type Timers } from '#core/exchange/index.ts'
import { parseHead, parseSegment, parseSegmentName, verifyHead } from '#core/receipts/index.ts'
import { errno } from '#tests/kit/disk/errno.ts'
import { containing, matching, SharedFolder, type Steward } from './shared-folder.ts'

/** Every receipt of a node that lies in the folder, by seq. */
function publishedSeqs(shared: SharedFolder, steward: Steward): number[] {
  const seqs = shared.segmentsOf(steward).flatMap((name) => {
    const range = parseSegmentName(name)
    if (range === null) throw new Error(`no segment name: ${name}`)
    const segment = parseSegment(readFileSync(shared.pathOf(steward, 'feed', name)), { ...range, node: steward.id })
    expect(segment.complete).toBe(true)
    return [...segment.lines].map((line) => (line.ok ? line.value.receipt.seq : -1))
  })
  return seqs.toSorted((a, b) => a - b)
}

function headOf(shared: SharedFolder, steward: Steward) {
  const head = parseHead(readFileSync(shared.pathOf(steward, 'head')))
  if (!head.ok) throw new Error(head.refusal.detail)
  expect(verifyHead(head.value).ok).toBe(true)
  return head.value
}

test('what was signed offline is published in order, and the head names the newest', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada').found()
  ada.observeMany(20)
  expect(ada.exchange.view().unpublished).toBe(22)
  expect(await ada.exchange.publish()).toBe(22)
  expect(publishedSeqs(shared, ada)).toEqual(Array.from({ length: 22 }, (_, index) => index + 1))
  expect(headOf(shared, ada)).toMatchObject({ seq: 22, node: ada.id })
  expect(ada.exchange.view().unpublished).toBe(0)
})

test('whoever sees a head finds what it names: it is written last', async () => {
  await using shared = new SharedFolder()
  const files = nodeFolderAdapter()
  const seen: (readonly [headSeq: number, published: number])[] = []
  const writeInOrder: typeof files.writeInOrder = async (wanted) => {
    // As somebody else sees the folder who looks between any two.
    for (const file of wanted) {
      await files.writeInOrder([file])
      if (file.path === shared.pathOf(ada, 'head'))
        seen.push([headOf(shared, ada).seq, publishedSeqs(shared, ada).length])
    }
  }
  const ada: Steward = shared.steward('ada', { files: { ...files, writeInOrder } }).found()
  await ada.exchange.publish()
  ada.observe('a.json')
  await ada.exchange.publish()
  expect(seen).toEqual([
    [2, 2],
    [3, 3],
  ])
})

test('a long feed goes into segments of at most 4,096 receipts', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada').found()
  ada.observeMany(4200)
  await ada.exchange.publish()
  expect(shared.segmentsOf(ada)).toEqual(['1-4096.jsonl', '4097-4202.jsonl'])
})

test('small segments are made into one, and at no time is a receipt missing from the folder', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada').found()
  const ben = shared.steward('ben').joinNetwork(ada.network!)
  for (let index = 0; index < 40; index++) {
    ada.observe(`${index}.json`)
    await ada.sync()
    expect(new Set(publishedSeqs(shared, ada)).size).toBe(ada.seq)
    expect(shared.segmentsOf(ada).length).toBeLessThanOrEqual(17)
  }
  await ben.sync()
  expect(ben.seqOf(ada)).toBe(42)
})

test('a compacted feed that is known is not checked again', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada').found()
  const ben = shared.steward('ben').joinNetwork(ada.network!)
  for (let index = 0; index < 16; index++) {
    ada.observe(`${index}.json`)
    await ada.exchange.publish()
  }
  await ben.sync()
  ada.observe('last.json')
  await ada.sync()
  expect(shared.segmentsOf(ada)).toHaveLength(1)
  expect(await ben.exchange.rescan()).toMatchObject({ read: 19, known: 18, admitted: 1, verified: 1 })
})

test('own files that somebody deleted or changed are written again', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const segment = shared.pathOf(ada, 'feed', '1-2.jsonl')
  const whole = readFileSync(segment, 'utf8')
  appendFileSync(segment, 'rubbish\n')
  rmSync(shared.pathOf(ada, 'head'))
  writeFileSync(shared.pathOf(ada, 'seen'), 'rubbish')
  await ada.sync()
  expect(readFileSync(segment, 'utf8')).toBe(whole)
  expect(headOf(shared, ada).seq).toBe(2)
  expect(await ben.sync()).toMatchObject({ refused: [] })
})

test('an own file in which a bit fell over is written again, though its size and time are as they were', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ada.observe('a.json')
  await ada.exchange.publish()
  const path = shared.pathOf(ada, 'feed', '3-3.jsonl')
  const whole = readFileSync(path)
  // A whole second, so that nothing rounds it.
  const time = Math.floor(statSync(path).mtimeMs / 1000)
  utimesSync(path, time, time)
  await ada.sync()
  expect(statSync(path).mtimeMs / 1000).toBe(time)
  const rotten = Buffer.from(whole)
  rotten[100] = (rotten[100] ?? 0) ^ 1
  writeFileSync(path, rotten)
  utimesSync(path, time, time)

  await ada.sync()
  expect(readFileSync(path)).toEqual(whole)
  await ben.sync()
  expect(ben.seqOf(ada)).toBe(3)
})

test('an own file in which only a signature changed is written again: its receipts are known, and nobody else would take them', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ada.observe('a.json')
  await ada.exchange.publish()
  const path = shared.pathOf(ada, 'feed', '3-3.jsonl')
  const whole = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    whole.replace(/"sig":"(.)/, (_, sign: string) => `"sig":"${sign === 'A' ? 'B' : 'A'}`),
  )

  await ada.sync()
  expect(readFileSync(path, 'utf8')).toBe(whole)
  await ben.sync()
  expect(ben.seqOf(ada)).toBe(3)
})

test('while the key is locked nothing is published, and everything follows once it is open', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ada.observe('a.json')
  ada.locked = true
  ben.observe('b.json')
  await ben.exchange.publish()
  expect(await ada.sync()).toMatchObject({ published: 0, admitted: 1 })
  expect(ada.exchange.view()).toMatchObject({ unpublished: 1, state: 'idle' })
  ada.locked = false
  expect(await ada.sync()).toMatchObject({ published: 1 })
})

test('a folder of another network is neither read nor written', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const other = shared.steward('other').found()
  expect(await other.sync()).toMatchObject({ published: 0, admitted: 0, exchange: { state: 'other-network' } })
  expect(existsSync(shared.pathOf(other))).toBe(false)
  expect(ada.exchange.view().state).toBe('idle')
})

test.each([
  ['ENOSPC', 'full'],
  ['EROFS', 'read-only'],
  ['EACCES', 'read-only'],
])('when writing fails with %s the state is %s, reading goes on, and the backlog follows', async (code, state) => {
  await using shared = new SharedFolder()
  const refuse = () => Promise.reject(errno(code))
  const ada = shared.steward('ada').found()
  await ada.sync()
  const ben = shared.steward('ben', { files: { ...nodeFolderAdapter(), write: refuse, writeInOrder: refuse } })
  ben.joinNetwork(ada.network!).introduce()
  expect(await ben.sync()).toMatchObject({ admitted: 2, published: 0, exchange: { state } })
  expect(ben.exchange.view()).toMatchObject({ unpublished: 1, remedy: matching(/backlog follows/) })
  const back = shared.steward('ben again', { seed: 'ben' }).joinNetwork(ada.network!)
  back.introduce()
  expect(await back.sync()).toMatchObject({ published: 1 })
})

test('nothing is written through a link that somebody planted in place of the own folder', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const outside = shared.place('outside')
  mkdirSync(outside)
  rmSync(shared.pathOf(ada), { recursive: true })
  const { symlinkSync } = await import('node:fs')
  symlinkSync(outside, shared.pathOf(ada))
  const report = await ada.sync()
  expect(report.exchange).toMatchObject({ state: 'unreadable', reason: containing('link') })
  expect(readdirSync(outside)).toEqual([])
})

test('an interrupted write leaves nothing behind once the folder is looked at again', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada').found()
  await ada.sync()
  writeFileSync(shared.pathOf(ada, '.head.tmp'), 'half')
  writeFileSync(shared.pathOf(ada, 'feed', '.9-9.jsonl.tmp'), 'half')
  ada.observe('a.json')
  await ada.sync()
  const names = readdirSync(join(shared.folder, 'nodes'), { recursive: true }).map(String)
  expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('what is signed goes out at once; what follows from it is written once for many, when the node stops at the latest', async () => {
  await using shared = new SharedFolder()
  const real = systemTimers()
  // Nothing that waits for quiet comes by itself here.
  const timers: Timers = { ...real, setTimeout: (run, delayMs) => (delayMs > 0 ? 0 : real.setTimeout(run, delayMs)) }
  const ada = shared.steward('ada', { timers }).found()
  await ada.sync()
  const state = () => readFileSync(shared.pathOf(ada, 'state'), 'utf8')
  const headSeq = () => Number(readFileSync(shared.pathOf(ada, 'head'), 'utf8').split('\n')[1])
  const before = state()

  for (const subject of ['a.json', 'b.json', 'c.json']) {
    ada.observe(subject)
    ada.exchange.signed()
    await vi.waitFor(() => expect(headSeq()).toBe(ada.seq), 20_000)
    expect(publishedSeqs(shared, ada)).toContain(ada.seq)
  }
  expect(state()).toBe(before)

  // Another core on the same folder finds a feed that holds, whatever was not written yet.
  const ben = shared.steward('ben').joinNetwork(ada.network!)
  expect(await ben.sync()).toMatchObject({ refused: [], waiting: 0 })
  expect(ben.seqOf(ada)).toBe(ada.seq)

  await ada.exchange.stop()
  expect(state()).not.toBe(before)
  expect(ada.exchange.view()).toMatchObject({ unpublished: 0 })
  const segments = shared.segmentsOf(ada)
  expect(await ada.sync()).toMatchObject({ published: 0 })
  expect(shared.segmentsOf(ada)).toEqual(segments)
})

test('calls to publish that come together are answered by one', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada').found()
  await ada.sync()
  const calls: Promise<number>[] = []
  for (let index = 0; index < 20; index++) {
    ada.observe(`${index}.json`)
    calls.push(ada.exchange.publish())
  }
  await Promise.all(calls)
  expect(shared.segmentsOf(ada)).toEqual(['1-2.jsonl', '3-22.jsonl'])
  expect(statSync(shared.pathOf(ada, 'head')).size).toBeGreaterThan(100)
})
