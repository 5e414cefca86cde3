import { expect, test } from 'vitest'
import type { Topic } from '#core/contract/index.ts'
import { append, counters, doctor, DraftOvertaken, openLedger } from '#core/ledger/index.ts'
import { features } from '#core/features.ts'
import { feedOf, FROM_FOLDER, NOW, openIn, openInMemory, seededSigner, temporaryFolder } from './world.ts'

const feed = feedOf(seededSigner('ada'), [{}, {}, {}, {}])

test('what a draft holds is seen by nobody before it is committed, and then at once', () => {
  using folder = temporaryFolder()
  const told: (readonly Topic[])[] = []
  const ledger = openLedger({
    file: `${folder.path}/ledger.sqlite`,
    features,
    now: NOW,
    backupDir: folder.path,
    onCommitted: (topics) => told.push(topics),
  })
  told.length = 0
  const draft = ledger.draft()
  for (const receipt of feed) {
    draft.ledger.write(NOW, (tx) => append(tx, receipt, FROM_FOLDER))
    expect(counters(ledger.read).receipts).toBe(0)
    expect(told).toEqual([])
  }
  expect(counters(draft.ledger.read).receipts).toBe(4)
  draft.commit()
  expect(counters(ledger.read).receipts).toBe(4)
  expect(told).toEqual([expect.arrayContaining(['receipts'])])
  ledger.close()
})

test('a draft that is given up, and one that a crash cuts off, leave nothing', () => {
  using folder = temporaryFolder()
  const ledger = openIn(folder.path)
  const given = ledger.draft()
  given.ledger.write(NOW, (tx) => append(tx, feed[0]!, FROM_FOLDER))
  given.discard()
  expect(counters(ledger.read).receipts).toBe(0)
  const cutOff = ledger.draft()
  cutOff.ledger.write(NOW, (tx) => append(tx, feed[0]!, FROM_FOLDER))
  // The connection goes without a commit, as it does with its process.
  ledger.raw.close()
  const again = openIn(folder.path)
  expect(counters(again.read).receipts).toBe(0)
  again.write(NOW, (tx) => expect(append(tx, feed[0]!, FROM_FOLDER).outcome).toBe('appended'))
  again.close()
})

test('who writes beside a draft is not kept waiting: the draft is undone, says so, and can be begun again', () => {
  using folder = temporaryFolder()
  const ledger = openIn(folder.path)
  const draft = ledger.draft()
  draft.ledger.write(NOW, (tx) => append(tx, feed[0]!, FROM_FOLDER))
  ledger.write(NOW, (tx) => append(tx, feedOf(seededSigner('ben'), [{}])[0]!, FROM_FOLDER))
  expect(counters(ledger.read).receipts).toBe(1)
  expect(() => draft.ledger.write(NOW, () => 0)).toThrow(DraftOvertaken)
  expect(() => draft.commit()).toThrow(DraftOvertaken)
  const second = ledger.draft()
  for (const receipt of feed) second.ledger.write(NOW, (tx) => append(tx, receipt, FROM_FOLDER))
  second.commit()
  expect(counters(ledger.read).receipts).toBe(5)
  ledger.close()
})

test('a draft in which nothing was written changes nothing, and nobody is told of it', () => {
  using folder = temporaryFolder()
  const told: (readonly Topic[])[] = []
  const ledger = openIn(folder.path, { onCommitted: (topics) => told.push(topics) })
  const before = ledger.raw.serialize()
  ledger.draft().commit()
  expect(told).toEqual([])
  expect(ledger.raw.serialize().equals(before)).toBe(true)
  ledger.close()
})

test('a ledger in memory has drafts too; the log is not written home while one is open', () => {
  const inMemory = openInMemory()
  const given = inMemory.draft()
  given.ledger.write(NOW, (tx) => append(tx, feed[0]!, FROM_FOLDER))
  // One connection: here a draft is seen before its commit, and gone with it all the same.
  expect(counters(inMemory.read).receipts).toBe(1)
  given.discard()
  expect(counters(inMemory.read).receipts).toBe(0)
  inMemory.close()

  using folder = temporaryFolder()
  const ledger = openIn(folder.path)
  const draft = ledger.draft()
  draft.ledger.write(NOW, (tx) => append(tx, feed[0]!, FROM_FOLDER))
  ledger.checkpoint()
  draft.commit()
  ledger.checkpoint()
  expect(counters(ledger.read).receipts).toBe(1)
  ledger.close()
})

test('the doctor looks at a ledger with an open draft, finds no fault and leaves the draft alone', async () => {
  using folder = temporaryFolder()
  const ledger = openIn(folder.path)
  ledger.write(NOW, (tx) => append(tx, feed[0]!, FROM_FOLDER))
  const draft = ledger.draft()
  draft.ledger.write(NOW, (tx) => append(tx, feed[1]!, FROM_FOLDER))
  const checks = await doctor(ledger, ledger.features, NOW)
  expect(checks.filter((check) => !check.ok)).toEqual([])
  draft.commit()
  expect(counters(ledger.read).receipts).toBe(2)
  ledger.close()
})

test('a piece that fails undoes the whole draft', () => {
  using folder = temporaryFolder()
  const ledger = openIn(folder.path)
  const draft = ledger.draft()
  draft.ledger.write(NOW, (tx) => append(tx, feed[0]!, FROM_FOLDER))
  expect(() =>
    draft.ledger.write(NOW, (tx) => {
      append(tx, feed[1]!, FROM_FOLDER)
      throw new Error('no')
    }),
  ).toThrow('no')
  draft.discard()
  expect(counters(ledger.read).receipts).toBe(0)
  ledger.write(NOW, (tx) => append(tx, feed[0]!, FROM_FOLDER))
  expect(counters(ledger.read).receipts).toBe(1)
  ledger.close()
})
