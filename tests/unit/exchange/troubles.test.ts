import { hash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Trouble, ExchangeView, SyncReport } from '#core/contract/index.ts'
import { containing, SharedFolder, type Steward } from './shared-folder.ts'

/** Ada sees one of everything: refused lines, a gap, a half-synced file, held receipts, a placeholder, a conflict copy. */
async function withTroubles(shared: SharedFolder): Promise<Steward> {
  const [ada, ben, cleo] = await shared.three()
  for (const steward of [ben, cleo]) {
    steward.observeMany(8)
    await steward.exchange.publish()
  }
  const path = shared.pathOf(ben, 'feed', '2-9.jsonl')
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const broken = lines.map((line, index) => (index % 2 === 1 ? `${line} ` : line))
  writeFileSync(path, `${broken.join('\n')}\n`)
  writeFileSync(shared.pathOf(ben, 'feed', '20-21.jsonl'), 'half')
  writeFileSync(shared.pathOf(ben, 'feed', '30-31.jsonl'), '')
  writeFileSync(shared.pathOf(ben, 'feed', '1-1 (1).jsonl'), readFileSync(shared.pathOf(ben, 'feed', '1-1.jsonl')))
  cleo.nowMs += 3_600_000
  cleo.observe('future.json')
  await cleo.exchange.publish()
  await ada.sync()
  return ada
}

test('every trouble says what, where, since when, what was kept and what to do', async () => {
  await using shared = new SharedFolder()
  const ada = await withTroubles(shared)
  const { items, next } = ada.exchange.troubles({ limit: 200 })
  expect(next).toBeNull()
  const byOutcome = Map.groupBy(items, ({ outcome }) => outcome)
  expect([...byOutcome].map(([outcome, of]) => [outcome, of.length])).toEqual([
    ['refused', 4],
    ['waiting', 2],
    ['held', 1],
    ['placeholder', 1],
    ['conflict-copy', 1],
  ])
  for (const item of items) {
    expect(Trouble.parse(item)).toEqual(item)
    for (const text of [item.detail, item.remedy, item.kept]) expect(text).toMatch(/[.]$/)
  }
  expect(ada.exchange.troubleCount()).toBe(items.length)
})

test('what was refused can be had as it came, and nothing else can', async () => {
  await using shared = new SharedFolder()
  const ada = await withTroubles(shared)
  const { items } = ada.exchange.troubles({ limit: 200 })
  const refused = items.filter(({ outcome }) => outcome === 'refused')
  for (const { id, keptBytes } of refused) {
    const kept = ada.exchange.refusedBytes(id)
    expect(kept?.bytes).toHaveLength(keptBytes ?? 0)
    // The broken lines of `withTroubles` end with a space too many.
    expect(Buffer.from(kept?.bytes ?? []).toString()).toMatch(/^\{.*\} $/)
    expect(kept?.sha256).toBe(hash('sha256', kept?.bytes ?? ''))
  }
  expect(items.filter(({ outcome, keptBytes }) => outcome !== 'refused' && keptBytes !== undefined)).toEqual([])
  expect(ada.exchange.refusedBytes('refused-999')).toBeNull()
})

test('troubles are paged without losing or repeating one', async () => {
  await using shared = new SharedFolder()
  const ada = await withTroubles(shared)
  const whole = ada.exchange.troubles({ limit: 200 }).items.map(({ id }) => id)
  for (const limit of [1, 2, 3, 8, 9]) {
    const paged: string[] = []
    let after: string | undefined
    do {
      const page = ada.exchange.troubles({ limit, after })
      paged.push(...page.items.map(({ id }) => id))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(paged).toEqual(whole)
  }
  const held = ada.exchange.troubles({ outcome: 'held', limit: 5 })
  expect(held.items.map(({ outcome }) => outcome)).toEqual(['held'])
})

test('what is shown of the exchange fits the contract', async () => {
  await using shared = new SharedFolder()
  const ada = await withTroubles(shared)
  expect(ExchangeView.parse(ada.exchange.view())).toMatchObject({
    refused: 4,
    held: 1,
    placeholders: 1,
    conflictCopies: 1,
  })
  const report = await ada.sync()
  expect(SyncReport.parse(report)).toEqual(report)
})

test('a refusal that is met again is counted, not listed twice', async () => {
  await using shared = new SharedFolder()
  const ada = await withTroubles(shared)
  await ada.exchange.setFolder(shared.folder)
  await ada.sync()
  const refused = ada.exchange.troubles({ outcome: 'refused', limit: 50 }).items
  expect(refused).toHaveLength(4)
  expect(refused.map(({ count }) => count)).toEqual([2, 2, 2, 2])
})

test('what waits behind a gap is let go when the gap closes in whatever way', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  for (let index = 0; index < 3; index++) {
    ben.observe(`${index}.json`)
    await ben.exchange.publish()
  }
  const gap = shared.pathOf(ben, 'feed', '2-2.jsonl')
  const text = readFileSync(gap)
  rmSync(gap)
  expect(await ada.sync()).toMatchObject({ waiting: 2, admitted: 0 })
  expect(ada.exchange.troubles({ limit: 5 }).items).toMatchObject([
    { outcome: 'waiting', reason: 'gap', count: 2, detail: containing('#2') },
  ])
  writeFileSync(gap, text)
  expect(await ada.exchange.rescan()).toMatchObject({ read: 1, released: 2, admitted: 3 })
})

test('files that are no receipts are read again in turn, and a segment outside the feed is none', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  for (const name of ['20-20.jsonl', '21-21.jsonl', '22-22.jsonl'])
    writeFileSync(shared.pathOf(ben, 'feed', name), 'no receipt\n')
  writeFileSync(shared.pathOf(ben, '1-1.jsonl'), readFileSync(shared.pathOf(ben, 'feed', '1-1.jsonl')))
  for (let rescan = 0; rescan < 3; rescan++) await ada.sync()
  expect(ada.exchange.troubleCount()).toBe(3)
  expect(ada.exchange.view().ignored).toBe(1)
})

test.each(['', 'rubbish', '99:x'])('a page after %j begins at a place that is there, or is empty', async (after) => {
  await using shared = new SharedFolder()
  const ada = await withTroubles(shared)
  const whole = ada.exchange.troubles({ limit: 200 }).items
  expect(ada.exchange.troubles({ limit: 200, after }).items).toEqual(after === '99:x' ? [] : whole)
})
