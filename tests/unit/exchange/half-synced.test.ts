import { readFileSync, renameSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judgeSegment } from '#core/exchange/segment.ts'
import { createVerifier, signReceipt, type VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt, signerFromSeed, START } from '#tests/kit/nodes.ts'
import { SharedFolder, type Steward } from './shared-folder.ts'

const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => true })

test('a segment cut off at any byte is never used in part', () => {
  const signer = signerFromSeed('ada')
  const lines: string[] = []
  let prev = null
  for (let seq = 1; seq <= 3; seq++) {
    const draft = { kind: 'evidence/observed', subject: `s${seq}`, task: null, anchor: null, body: { seq } }
    const made = signReceipt(draft, { seq, prev, time: instantAt(START + seq) }, signer)
    lines.push(made.line)
    prev = made.id
  }
  const whole = Buffer.from(`${lines.join('\n')}\n`)
  const judge = { verifier, known: () => new Set<never>() }
  const range = { first: 1, last: 3 }
  const taken: number[] = []
  const take = ({ receipt }: VerifiedReceipt) => void taken.push(receipt.seq)
  for (let cut = 0; cut < whole.length; cut++) {
    expect(judgeSegment(whole.subarray(0, cut), signer.node, range, judge, take)).toBeNull()
    const zeroed = Buffer.concat([whole.subarray(0, cut), Buffer.alloc(whole.length - cut)])
    expect(judgeSegment(zeroed, signer.node, range, judge, take)).toBeNull()
  }
  expect(taken).toEqual([])
  judgeSegment(whole, signer.node, range, judge, take)
  expect(taken).toEqual([1, 2, 3])
})

/** Ben has published a segment, and it lies in the folder cut off. */
async function withCutSegment(
  shared: SharedFolder,
): Promise<{ ada: Steward; ben: Steward; path: string; whole: Buffer }> {
  const [ada, ben] = await shared.three()
  ben.observe('a.json')
  ben.observe('b.json')
  await ben.exchange.publish()
  const path = shared.pathOf(ben, 'feed', '2-3.jsonl')
  const whole = readFileSync(path)
  truncateSync(path, whole.length - 100)
  return { ada, ben, path, whole }
}

test('a half-synced segment waits, and is taken as soon as it is whole', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path, whole } = await withCutSegment(shared)
  expect(await ada.sync()).toMatchObject({ admitted: 0, refused: [], waiting: 1 })
  expect(ada.exchange.troubles({ limit: 10 }).items).toMatchObject([{ outcome: 'waiting', reason: 'half-synced' }])
  writeFileSync(path, whole)
  expect(await ada.sync()).toMatchObject({ admitted: 2, refused: [], waiting: 0 })
  expect(ada.seqOf(ben)).toBe(3)
  expect(ada.exchange.troubleCount()).toBe(0)
})

test('a broken segment is refused only after two more rescans saw it unchanged, and read again when it changes', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path, whole } = await withCutSegment(shared)
  expect((await ada.sync()).refused).toEqual([])
  expect((await ada.sync()).refused).toEqual([])
  expect((await ada.sync()).refused).toMatchObject([{ reason: 'bad-segment' }])
  expect((await ada.sync()).refused).toEqual([])
  expect(ada.exchange.view()).toMatchObject({ refused: 1, state: 'idle' })
  writeFileSync(path, whole)
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(3)
})

test('a file that a sync tool lays out in its full size and fills much later is read once it is filled, though size and time stay', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ben.observe('a.json')
  ben.observe('b.json')
  await ben.exchange.publish()
  const path = shared.pathOf(ben, 'feed', '2-3.jsonl')
  const whole = readFileSync(path)
  const asLaidOut = (bytes: Uint8Array) => {
    writeFileSync(path, bytes)
    utimesSync(path, START / 1000, START / 1000)
  }
  asLaidOut(new Uint8Array(whole.length))
  for (let rescan = 0; rescan < 4; rescan++) await ada.sync()
  expect(ada.exchange.view()).toMatchObject({ refused: 1 })

  asLaidOut(whole)
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(3)
  expect((await ada.sync()).refused).toEqual([])
})

test('a broken file that nobody mends is told of once, however often it is looked at again', async () => {
  await using shared = new SharedFolder()
  const { ada } = await withCutSegment(shared)
  for (let rescan = 0; rescan < 8; rescan++) await ada.sync()
  expect(ada.exchange.troubles({ limit: 10 }).items).toMatchObject([{ reason: 'bad-segment', count: 1 }])
})

test('a segment that keeps changing is never refused', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path, whole } = await withCutSegment(shared)
  for (let size = 10; size < 200; size += 20) {
    writeFileSync(path, whole.subarray(0, size))
    expect((await ada.sync()).refused).toEqual([])
  }
  writeFileSync(path, whole)
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(3)
})

test('a file of full size whose content is still zeros waits like a short one', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, path, whole } = await withCutSegment(shared)
  writeFileSync(path, Buffer.concat([whole.subarray(0, 300), Buffer.alloc(whole.length - 300)]))
  expect(await ada.sync()).toMatchObject({ admitted: 0, refused: [] })
  writeFileSync(path, whole)
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(3)
})

test('segments that arrive before earlier ones wait for them, and nothing is lost', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const names: string[] = []
  for (let index = 0; index < 4; index++) {
    ben.observe(`${index}.json`)
    await ben.exchange.publish()
    names.push(`${ben.seq}-${ben.seq}.jsonl`)
  }
  const away = (name: string) => shared.place(name)
  for (const name of names) renameSync(shared.pathOf(ben, 'feed', name), away(name))
  for (const name of names.toReversed()) {
    renameSync(away(name), shared.pathOf(ben, 'feed', name))
    await ada.sync()
  }
  expect(ada.seqOf(ben)).toBe(5)
  expect(ada.exchange.view()).toMatchObject({ waiting: 0 })
})

test('a pass that an event asked for does not make a file count as stable', async () => {
  await using shared = new SharedFolder()
  const { ada, path } = await withCutSegment(shared)
  await ada.sync()
  const then = new Date(START)
  utimesSync(path, then, then)
  expect((await ada.sync()).refused).toEqual([])
  expect((await ada.sync()).refused).toEqual([])
  expect((await ada.sync()).refused).toHaveLength(1)
})
