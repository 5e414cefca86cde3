import { expect, test } from 'vitest'
import type { NodeId } from '#core/contract/index.ts'
import { append, leavesOf, treeAt, treeOf, type Ledger } from '#core/ledger/index.ts'
import { merkleRoot, type VerifiedReceipt } from '#core/receipts/index.ts'
import { feedOf, FROM_FOLDER, nextReceipt, NOW, openInMemory, seededSigner } from './world.ts'

const ada = seededSigner('ada')
const feed = feedOf(
  ada,
  Array.from({ length: 40 }, () => ({})),
)

test('the tree of a feed is that of RFC 6962 at every length, whether it grew bit by bit or was asked for at once', () => {
  const ledger = openInMemory()
  for (let size = 3; size <= feed.length; size += 3) {
    appendAll(ledger, feed.slice(size - 3, size))
    expect(rootOf(ledger)).toBe(expectedRoot(size))
  }
  appendAll(ledger, feed)
  for (let size = 0; size <= feed.length; size++) expect(rootOf(ledger, size)).toBe(expectedRoot(size))
  expect(rootOf(ledger, feed.length + 1)).toBeNull()
})

test('who only looks sees the same tree, and of a feed that is not here an empty one', () => {
  const ledger = openInMemory()
  appendAll(ledger, feed)
  for (const size of [1, 12, 40]) expect(seen(ledger, ada.node, size)).toBe(expectedRoot(size))
  expect(seen(ledger, ada.node, 41)).toBeNull()
  // Going on from a state that somebody kept, or not from one that is already beyond.
  const kept = treeAt(ledger.read, ada.node, 12)?.state() ?? null
  for (const size of [5, 12, 40]) expect(seen(ledger, ada.node, size, kept)).toBe(expectedRoot(size))
  const { node } = seededSigner('nobody')
  expect(seen(ledger, node, 0)).toBe(expectedRoot(0))
  expect(ledger.write(NOW, (tx) => treeOf(tx, node))?.size).toBe(0)
  expect(ledger.write(NOW, (tx) => treeOf(tx, node, 1))).toBeNull()
})

test('leaves for a proof are those of the feed in its order', () => {
  const ledger = openInMemory()
  appendAll(ledger, feed)
  expect(leavesOf(ledger.read, ada.node, 12)?.map(hex)).toEqual(feed.slice(0, 12).map((receipt) => hex(receipt.leaf)))
  expect(leavesOf(ledger.read, ada.node, 41)).toBeNull()
  expect(leavesOf(ledger.read, seededSigner('nobody').node, 0)).toEqual([])
})

test('a feed with two stories has a tree up to the fork and none beyond', () => {
  const ledger = openInMemory()
  appendAll(ledger, feed)
  expect(rootOf(ledger)).toBe(expectedRoot(40))
  appendAll(ledger, [nextReceipt(ada, feed[9]!, { value: 'another story' })])
  expect(rootOf(ledger)).toBeNull()
  expect(rootOf(ledger, 11)).toBeNull()
  expect(rootOf(ledger, 10)).toBe(expectedRoot(10))
  expect(leavesOf(ledger.read, ada.node, 11)).toBeNull()
  expect(leavesOf(ledger.read, ada.node, 10)).toHaveLength(10)
})

function seen(ledger: Ledger, node: NodeId, size: number, from: Parameters<typeof treeAt>[3] = null): string | null {
  const tree = treeAt(ledger.read, node, size, from)
  return tree === null ? null : hex(tree.root())
}

function rootOf(ledger: Ledger, size?: number): string | null {
  const tree = ledger.write(NOW, (tx) => treeOf(tx, ada.node, size))
  return tree === null ? null : hex(tree.root())
}

function expectedRoot(size: number): string {
  return hex(merkleRoot(feed.slice(0, size).map((receipt) => receipt.leaf)))
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function appendAll(ledger: Ledger, receipts: readonly VerifiedReceipt[]): void {
  ledger.write(NOW, (tx) => {
    for (const receipt of receipts) append(tx, receipt, FROM_FOLDER)
  })
}
