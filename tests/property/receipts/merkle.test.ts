import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  consistencyProof,
  createTree,
  inclusionProof,
  merkleRoot,
  verifyConsistency,
  verifyInclusion,
} from '#core/receipts/index.ts'

/** RFC 6962 2.1 as it is written: the definition, without a thought for cost. */
function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only === undefined) return sha256()
  if (leaves.length === 1) return only
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return sha256(Uint8Array.of(1), definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)))
}

function sha256(...parts: Uint8Array[]): Uint8Array {
  return hash('sha256', Buffer.concat(parts), 'buffer')
}

function leavesOf(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, index) => sha256(Uint8Array.of(0), Buffer.from(`leaf ${index}`)))
}

const all = leavesOf(300)
const size = fc.integer({ min: 1, max: 300 })
const sizeWithIndex = size.chain((count) => fc.tuple(fc.constant(count), fc.nat(count - 1)))

function flipped(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes, (byte, index) => (index === 5 ? byte ^ 8 : byte))
}

test('the compact tree has the root that RFC 6962 defines, at every size and after any pause', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(300), (count, pause) => {
      let tree = createTree()
      for (const [index, leaf] of all.slice(0, count).entries()) {
        if (index === pause) tree = createTree(tree.state())
        tree.append(leaf)
      }
      expect(tree.size).toBe(count)
      expect(Buffer.compare(tree.root(), definedRoot(all.slice(0, count)))).toBe(0)
      expect(Buffer.compare(merkleRoot(all.slice(0, count)), tree.root())).toBe(0)
    }),
    { numRuns: 1000 },
  )
})

test('every leaf of every tree can be proved, at its place only', () => {
  fc.assert(
    fc.property(sizeWithIndex, fc.nat(300), ([count, index], other) => {
      const leaves = all.slice(0, count)
      const claim = {
        leaf: leaves[index] ?? sha256(),
        index,
        size: count,
        root: merkleRoot(leaves),
        proof: inclusionProof(leaves, index),
      }
      expect(verifyInclusion(claim)).toBe(true)
      expect(verifyInclusion({ ...claim, index: other })).toBe(other === index)
      expect(verifyInclusion({ ...claim, leaf: flipped(claim.leaf) })).toBe(false)
      expect(verifyInclusion({ ...claim, root: flipped(claim.root) })).toBe(false)
      for (const [at, hash_] of claim.proof.entries()) {
        expect(verifyInclusion({ ...claim, proof: claim.proof.with(at, flipped(hash_)) })).toBe(false)
        expect(verifyInclusion({ ...claim, proof: claim.proof.toSpliced(at, 1) })).toBe(false)
      }
    }),
    { numRuns: 1000 },
  )
})

test('every later tree is shown to begin with every earlier one, and with no other', () => {
  fc.assert(
    fc.property(sizeWithIndex, fc.integer({ min: 1, max: 300 }), ([count, index], other) => {
      const leaves = all.slice(0, count)
      const earlierSize = index + 1
      const claim = {
        earlierSize,
        earlierRoot: merkleRoot(leaves.slice(0, earlierSize)),
        laterSize: count,
        laterRoot: merkleRoot(leaves),
        proof: consistencyProof(leaves, earlierSize),
      }
      expect(verifyConsistency(claim)).toBe(true)
      expect(verifyConsistency({ ...claim, earlierSize: other })).toBe(other === earlierSize)
      const rewritten = [sha256(Buffer.from('another story')), ...leaves.slice(1, earlierSize)]
      expect(verifyConsistency({ ...claim, earlierRoot: merkleRoot(rewritten) })).toBe(false)
      expect(verifyConsistency({ ...claim, laterRoot: flipped(claim.laterRoot) })).toBe(false)
      for (const [at, hash_] of claim.proof.entries()) {
        expect(verifyConsistency({ ...claim, proof: claim.proof.with(at, flipped(hash_)) })).toBe(false)
      }
    }),
    { numRuns: 1000 },
  )
})

test('any hashes in any number are judged, never an exception', () => {
  const bytes = fc.uint8Array({ maxLength: 34 })
  const count = fc.oneof(fc.nat(20), fc.maxSafeInteger(), fc.double())
  fc.assert(
    fc.property(bytes, bytes, count, count, fc.array(bytes, { maxLength: 70 }), (leaf, root, index, total, proof) => {
      expect(verifyInclusion({ leaf, index, size: total, root, proof })).toBeTypeOf('boolean')
      expect(
        verifyConsistency({ earlierSize: index, earlierRoot: leaf, laterSize: total, laterRoot: root, proof }),
      ).toBeTypeOf('boolean')
    }),
    { numRuns: 2000 },
  )
})
