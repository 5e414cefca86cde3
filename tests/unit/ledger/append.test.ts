import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  append,
  arrivalOf,
  counters,
  feedTailOf,
  forkSeqOf,
  knownIds,
  nodeKeyOf,
  receiptById,
  receiptIdsStarting,
  receiptsOfNode,
  type Ledger,
} from '#core/ledger/index.ts'
import { LedgerMemo } from '#core/ledger/memo.ts'
import type { Admission, VerifiedReceipt } from '#core/receipts/index.ts'
import {
  at,
  feedOf,
  FROM_FOLDER,
  nextReceipt,
  NOW,
  openIn,
  openInMemory,
  seededSigner,
  temporaryFolder,
} from './world.ts'

const ada = seededSigner('ada')
const ben = seededSigner('ben')

test('a receipt that the feed rules take is kept word for word, with the way it came', () => {
  const ledger = openInMemory()
  const [first] = feedOf(ada, [{ subject: 'a/ü.json', task: 'pilot' }])
  expect(appendAll(ledger, [first!])).toEqual([{ outcome: 'appended' }])
  expect(receiptById(ledger.read, first!.id)).toMatchObject({ id: first!.id, seq: 1, line: first!.line })
  expect(arrivalOf(ledger.read, first!.id)).toEqual({ ...FROM_FOLDER, at: NOW })
  expect(counters(ledger.read)).toEqual({ receipts: 1 })
})

test('a receipt that is held already changes no row', () => {
  const ledger = openInMemory()
  const feed = feedOf(ada, [{}, {}, {}])
  appendAll(ledger, feed)
  const before = ledger.raw.serialize()
  expect(appendAll(ledger, feed)).toEqual(feed.map(() => ({ outcome: 'known' })))
  expect(ledger.raw.serialize().equals(before)).toBe(true)
})

test('what waits for an earlier one or is ahead of the clock leaves nothing behind', () => {
  const ledger = openInMemory()
  const feed = feedOf(ada, [{}, {}, {}])
  const early = nextReceipt(ben, null, { time: at(10 * 60_000) })
  const before = ledger.raw.serialize()
  expect(appendAll(ledger, [feed[2]!, early])).toEqual([
    { outcome: 'waiting', for: 1 },
    { outcome: 'held', until: at(5 * 60_000) },
  ])
  expect(ledger.raw.serialize().equals(before)).toBe(true)
  expect(appendAll(ledger, [early], at(5 * 60_000))).toEqual([{ outcome: 'appended' }])
})

test('two stories at one seq are both kept, and the feed is known to fork there', () => {
  const ledger = openInMemory()
  const [first, second] = feedOf(ada, [{}, {}])
  const other = nextReceipt(ada, first!, { value: 'another story' })
  const behind = nextReceipt(ada, other)
  expect(appendAll(ledger, [first!, second!, other, behind])).toEqual([
    { outcome: 'appended' },
    { outcome: 'appended' },
    { outcome: 'forked', other: second!.id },
    { outcome: 'appended' },
  ])
  const tail = feedTailOf(ledger.read, ada.node)
  expect(tail.seq).toBe(3)
  expect(tail.idsAt(2)).toEqual([second!.id, other.id].sort())
  expect(tail.idsAt(3)).toEqual([behind.id])
  expect(tail.idsAt(4)).toEqual([])
  expect(forkSeqOf(ledger.read, nodeKeyOf(ledger.read, ada.node)!)).toBe(2)
})

test('a fork that comes to light earlier in the feed moves the place where it forks', () => {
  const ledger = openInMemory()
  const [first, second, third] = feedOf(ada, [{}, {}, {}])
  const otherSecond = nextReceipt(ada, first!, { value: 'b' })
  const otherThird = nextReceipt(ada, otherSecond)
  // Its predecessor is missing here, so at first only a broken link shows.
  expect(appendAll(ledger, [first!, second!, otherThird]).at(-1)).toEqual({ outcome: 'forked', other: second!.id })
  const forkSeq = () => forkSeqOf(ledger.read, nodeKeyOf(ledger.read, ada.node)!)
  expect(forkSeq()).toBe(3)
  appendAll(ledger, [third!, otherSecond])
  expect(forkSeq()).toBe(2)
})

test('a receipt of a kind that this version does not know is kept like any other', () => {
  const ledger = openInMemory()
  const feed = feedOf(ada, [{ kind: 'from/the-future' }, {}])
  expect(appendAll(ledger, feed)).toEqual([{ outcome: 'appended' }, { outcome: 'appended' }])
  expect(receiptById(ledger.read, feed[0]!.id)?.line).toBe(feed[0]!.line)
})

test('a write that throws leaves no receipt, and what is remembered of the feeds is right afterwards', () => {
  const ledger = openInMemory()
  const feed = feedOf(ada, [{ subject: 'a' }, { subject: 'b' }, { subject: 'c' }])
  appendAll(ledger, feed.slice(0, 1))
  const before = ledger.raw.serialize()
  expect(() =>
    ledger.write(NOW, (tx) => {
      append(tx, feed[1]!, { way: 'folder', source: 'a new source' })
      append(tx, nextReceipt(ben, null, { subject: 'd' }), FROM_FOLDER)
      throw new Error('the power went')
    }),
  ).toThrow('the power went')
  expect(ledger.raw.serialize().equals(before)).toBe(true)
  // With a stale memory the third would be taken, or the second would refer to rows that are gone.
  expect(appendAll(ledger, [feed[2]!])).toEqual([{ outcome: 'waiting', for: 2 }])
  expect(appendAll(ledger, [feed[1]!, feed[2]!, nextReceipt(ben, null, { subject: 'd' })])).toEqual([
    { outcome: 'appended' },
    { outcome: 'appended' },
    { outcome: 'appended' },
  ])
  expect(ledger.raw.prepare('PRAGMA foreign_key_check').all()).toEqual([])
})

test('known ids are told from unknown ones', () => {
  const ledger = openInMemory()
  const feed = feedOf(ada, [{}, {}, {}])
  appendAll(ledger, feed.slice(0, 2))
  expect(knownIds(ledger.read, [])).toEqual(new Set())
  expect(
    knownIds(
      ledger.read,
      feed.map((receipt) => receipt.id),
    ),
  ).toEqual(new Set(feed.slice(0, 2).map((receipt) => receipt.id)))
})

test('what is not here is not found, nor the way it came', () => {
  const ledger = openInMemory()
  const [first, second] = feedOf(ada, [{}, {}])
  appendAll(ledger, [first!])
  expect(receiptById(ledger.read, first!.id)).toMatchObject({ id: first!.id, seq: 1 })
  expect(receiptById(ledger.read, second!.id)).toBeNull()
  expect(arrivalOf(ledger.read, first!.id)).toEqual({ ...FROM_FOLDER, at: NOW })
  expect(arrivalOf(ledger.read, second!.id)).toBeNull()
})

test('a feed that a damaged ledger has lost is taken again from its beginning', () => {
  const ledger = openInMemory()
  const feed = feedOf(ada, [{}, {}])
  appendAll(ledger, feed)
  ledger.raw.exec('DELETE FROM receipt')
  expect(feedTailOf(ledger.read, ada.node).seq).toBe(0)
  // What the writer remembers is of before; another start forgets it.
  const restarted = ledger.raw.serialize()
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'ledger.sqlite'), restarted)
  const again = openIn(folder.path)
  expect(appendAll(again, feed)).toEqual([{ outcome: 'appended' }, { outcome: 'appended' }])
  again.close()
})

test('what the writer remembers is bounded, and what it forgot is looked up again', () => {
  const memo = new LedgerMemo()
  for (let key = 0; key < 25_000; key++) memo.sourceKeys.set(`source ${key}`, key)
  expect(memo.sourceKeys.get('source 0')).toBeUndefined()
  expect(memo.sourceKeys.get('source 24999')).toBe(24_999)
})

test('a receipt is found by the first digits of its id', () => {
  const ledger = openInMemory()
  const ids = feedOf(
    ada,
    Array.from({ length: 40 }, () => ({})),
  ).map((receipt) => (appendAll(ledger, [receipt]), receipt.id))
  for (const digits of ['', '7', ids[3]!.slice(7, 12), ids[5]!.slice(7), 'f'.repeat(64)]) {
    const expected = ids.filter((id) => id.startsWith(`sha256:${digits}`)).sort()
    expect(receiptIdsStarting(ledger.read, digits, 100)).toEqual(expected)
  }
  expect(receiptIdsStarting(ledger.read, '', 3)).toEqual(ids.toSorted().slice(0, 3))
})

test('a feed is read in the order of its numbers, whatever the order of arrival, while others write', () => {
  const ledger = openInMemory()
  const feed = feedOf(
    ada,
    Array.from({ length: 600 }, () => ({})),
  )
  const fork = nextReceipt(ada, feed[9]!, { value: 'b' })
  appendAll(ledger, [...feed, fork])
  const seqs: number[] = []
  for (const row of receiptsOfNode(ledger.read, ada.node, 5, 590)) {
    seqs.push(row.seq)
    if (row.seq === 300) appendAll(ledger, [nextReceipt(ben, null)])
  }
  const expected = [...Array.from({ length: 586 }, (_, index) => index + 5), 11].sort((a, b) => a - b)
  expect(seqs).toEqual(expected)
  expect([...receiptsOfNode(ledger.read, ben.node, 1, 9)]).toHaveLength(1)
  // However far somebody asks: it ends where the feed does.
  expect([...receiptsOfNode(ledger.read, ada.node, 590, Number.MAX_SAFE_INTEGER)]).toHaveLength(11)
  expect([...receiptsOfNode(ledger.read, seededSigner('nobody').node, 1, 9)]).toEqual([])
})

function appendAll(ledger: Ledger, receipts: readonly VerifiedReceipt[], now = NOW): readonly Admission[] {
  return ledger.write(now, (tx) => receipts.map((receipt) => append(tx, receipt, FROM_FOLDER)))
}
