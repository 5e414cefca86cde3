import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import * as z from 'zod'
import {
  consistencyProof,
  createTree,
  inclusionProof,
  leafHash,
  merkleRoot,
  verifyConsistency,
  verifyInclusion,
} from '#core/receipts/index.ts'
import { hex, vectors } from './feeds.ts'

const Hex = z.string().transform(hex)
const Vectors = z.object({
  leaves: z.array(Hex),
  roots: z.array(Hex),
  inclusion: z.array(z.object({ index: z.number(), size: z.number(), proof: z.array(Hex) })),
  consistency: z.array(z.object({ earlierSize: z.number(), laterSize: z.number(), proof: z.array(Hex) })),
})
const vector = Vectors.parse(vectors('rfc6962.json'))
const leaves = vector.leaves.map(
  (bytes) => new Uint8Array(hash('sha256', Buffer.concat([Uint8Array.of(0), bytes]), 'buffer')),
)

function rootAt(size: number): Uint8Array {
  return vector.roots[size] ?? new Uint8Array()
}

test('the roots over the published leaves are as published, from the empty tree on', () => {
  const tree = createTree()
  expect(Buffer.compare(tree.root(), rootAt(0))).toBe(0)
  for (const [index, leaf] of leaves.entries()) {
    tree.append(leaf)
    expect(Buffer.from(tree.root()).toString('hex')).toBe(Buffer.from(rootAt(index + 1)).toString('hex'))
    expect(Buffer.compare(merkleRoot(leaves.slice(0, index + 1)), rootAt(index + 1))).toBe(0)
  }
})

test('the leaf of a line is hashed with the prefix of leaves', () => {
  expect(Buffer.from(leafHash('')).toString('hex')).toBe(
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  )
})

test.each(vector.inclusion)(
  'the inclusion proof of leaf $index in $size is as published and holds',
  ({ index, size, proof }) => {
    const made = inclusionProof(leaves.slice(0, size), index)
    expect(made.map(toHex)).toEqual(proof.map(toHex))
    const leaf = leaves[index] ?? new Uint8Array()
    expect(verifyInclusion({ leaf, index, size, root: rootAt(size), proof })).toBe(true)
  },
)

test.each(vector.consistency)(
  'the consistency proof from $earlierSize to $laterSize is as published and holds',
  ({ earlierSize, laterSize, proof }) => {
    expect(consistencyProof(leaves.slice(0, laterSize), earlierSize).map(toHex)).toEqual(proof.map(toHex))
    const claim = { earlierSize, earlierRoot: rootAt(earlierSize), laterSize, laterRoot: rootAt(laterSize), proof }
    expect(verifyConsistency(claim)).toBe(true)
  },
)

test('in every tree of up to 40 leaves each leaf has its proof, and each earlier tree is seen to be its beginning', () => {
  const many = Array.from({ length: 40 }, (_, index) => leafHash(`leaf ${index}`))
  for (let size = 1; size <= many.length; size++) {
    const own = many.slice(0, size)
    const root = merkleRoot(own)
    for (const [index, leaf] of own.entries()) {
      const proof = inclusionProof(own, index)
      expect(verifyInclusion({ leaf, index, size, root, proof })).toBe(true)
      const next = (index + 1) % size
      expect(verifyInclusion({ leaf, index: next, size, root, proof })).toBe(size === 1)
    }
    for (let earlierSize = 1; earlierSize <= size; earlierSize++) {
      const earlierRoot = merkleRoot(own.slice(0, earlierSize))
      const proof = consistencyProof(own, earlierSize)
      expect(verifyConsistency({ earlierSize, earlierRoot, laterSize: size, laterRoot: root, proof })).toBe(true)
    }
  }
})

test('a tree goes on after a kept state as if it had never stopped', () => {
  const kept = createTree()
  for (const leaf of leaves.slice(0, 5)) kept.append(leaf)
  const resumed = createTree(kept.state())
  for (const leaf of leaves.slice(5)) resumed.append(leaf)
  expect(resumed.size).toBe(8)
  expect(toHex(resumed.root())).toBe(toHex(rootAt(8)))
  // What goes on does not change what was kept.
  expect(toHex(kept.root())).toBe(toHex(rootAt(5)))
})

test('a state that does not fit its size is a bug and not hidden', () => {
  expect(() => createTree({ size: 3, peaks: new Uint8Array(32) })).toThrow(/Broken invariant/)
})

test('an inner node is not taken for a leaf, nor a larger tree for a smaller one', () => {
  const [left = rootAt(0), right = rootAt(0)] = leaves
  expect(verifyInclusion({ leaf: rootAt(8), index: 0, size: 8, root: rootAt(8), proof: [] })).toBe(false)
  expect(verifyInclusion({ leaf: right, index: 0, size: 1, root: rootAt(2), proof: [left] })).toBe(false)
})

test('a proof in the wrong form is no proof, and no exception', () => {
  const leaf = leaves[0] ?? new Uint8Array()
  const root = rootAt(8)
  const proof = inclusionProof(leaves, 0)
  expect(verifyInclusion({ leaf, index: 8, size: 8, root, proof })).toBe(false)
  expect(verifyInclusion({ leaf, index: -1, size: 8, root, proof })).toBe(false)
  expect(verifyInclusion({ leaf, index: 0.5, size: 8, root, proof })).toBe(false)
  expect(verifyInclusion({ leaf, index: 0, size: 8, root, proof: [...proof, root] })).toBe(false)
  expect(verifyInclusion({ leaf, index: 0, size: 8, root, proof: proof.slice(1) })).toBe(false)
  expect(verifyInclusion({ leaf: leaf.subarray(1), index: 0, size: 8, root, proof })).toBe(false)
  const claim = {
    earlierSize: 6,
    earlierRoot: rootAt(6),
    laterSize: 8,
    laterRoot: root,
    proof: consistencyProof(leaves, 6),
  }
  expect(verifyConsistency({ ...claim, earlierSize: 0 })).toBe(false)
  expect(verifyConsistency({ ...claim, earlierSize: 9 })).toBe(false)
  expect(verifyConsistency({ ...claim, earlierRoot: root })).toBe(false)
  expect(verifyConsistency({ ...claim, laterRoot: rootAt(7) })).toBe(false)
  expect(verifyConsistency({ ...claim, proof: [] })).toBe(false)
  expect(verifyConsistency({ ...claim, proof: [...claim.proof, root] })).toBe(false)
  expect(verifyConsistency({ ...claim, proof: [Uint8Array.of(1)] })).toBe(false)
})

test('a leaf that is not in the tree has no proof', () => {
  expect(() => inclusionProof(leaves, 8)).toThrow(/Broken invariant/)
  expect(() => consistencyProof(leaves, 0)).toThrow(/Broken invariant/)
})

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
