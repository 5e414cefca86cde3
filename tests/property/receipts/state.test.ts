// State notes and published leaves come from others: whatever they hold, they are judged and never thrown; and the way down two trees
// always ends at the first leaf that differs.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ContentHash, ReceiptId } from '#core/contract/index.ts'
import {
  descendToDifference,
  feedLeavesText,
  parseFeedLeaves,
  parseState,
  rootOf,
  signState,
  verifyState,
  type FeedLeaf,
} from '#core/receipts/index.ts'
import { signerFromSeed } from '#tests/kit/nodes.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest()
const leafOf = (text: string): FeedLeaf => ({
  leaf: hashOf(text),
  id: ReceiptId.parse(`sha256:${hashOf(text).toString('hex')}`),
})
const policy = ContentHash.parse(`sha256:${'0'.repeat(64)}`)
const ada = signerFromSeed('ada')
const others = Array.from({ length: 41 }, (_, seed) => signerFromSeed(`node ${seed}`).node)
const rows = fc.uniqueArray(fc.nat(others.length - 1), { maxLength: 8 }).chain((seeds) =>
  fc.tuple(
    ...seeds.map((seed) =>
      fc.record({
        node: fc.constant(others[seed] ?? ada.node),
        seq: fc.integer({ min: 1, max: 2 ** 40 }),
        id: fc.constant(leafOf(`id ${seed}`).id),
        aside: fc.constantFrom(null, 'a'.repeat(64)),
        root: fc.constantFrom(null, rootOf([leafOf('x')])),
      }),
    ),
  ),
)

test('a state note says after its way what it said before, and no changed byte of it holds', () => {
  fc.assert(
    fc.property(rows, fc.nat(), (some, at) => {
      const bytes = Buffer.from(signState(policy, some, ada))
      const parsed = parseState(bytes)
      if (!parsed.ok) throw new Error(parsed.refusal.detail)
      expect(verifyState(parsed.value).ok).toBe(true)
      expect(parsed.value.rows).toEqual(some.toSorted((a, b) => (a.node < b.node ? -1 : 1)))
      const changed = Buffer.from(bytes)
      changed[at % bytes.length] = (changed[at % bytes.length] ?? 0) ^ 1
      const other = parseState(changed)
      expect(other.ok && verifyState(other.value).ok === true).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

test('no bytes make the readers of state notes and leaves throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 300 }), (bytes, text) => {
      expect(parseState(bytes).ok).toBe(false)
      expect(parseState(Buffer.from(`steward/1/state ${ada.node}\npolicy ${policy}\n${text}\n\n— x AAAA\n`)).ok).toBe(
        false,
      )
      expect(parseFeedLeaves(text, 1, rootOf([leafOf('x')]))).toBe(null)
    }),
    { numRuns: 1_000 },
  )
})

test('leaves are read back under their root and under no other, and not where one is missing', () => {
  const leaves = Array.from({ length: 9 }, (_, one) => leafOf(String(one)))
  const text = feedLeavesText(leaves)
  const root = rootOf(leaves)
  expect(parseFeedLeaves(text, 9, root)).toEqual(leaves)
  expect(parseFeedLeaves(text, 8, root)).toBe(null)
  expect(parseFeedLeaves(text, 9, rootOf(leaves.toReversed()))).toBe(null)
  expect(parseFeedLeaves(text.trimEnd(), 9, root)).toBe(null)
})

test('the way down ends at the first leaf that differs, whatever stands behind it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 130 }),
      fc.nat(40),
      fc.nat(40),
      fc.boolean(),
      (common, ours, theirs, differs) => {
        const make = (side: string, more: number) => [
          ...Array.from({ length: common }, (_, one) => leafOf(`same ${one}`)),
          ...Array.from({ length: more }, (_, one) => leafOf(`${differs ? side : 'same'} ${common + one}`)),
        ]
        const found = descendToDifference(make('ours', ours), make('theirs', theirs))
        const parts = differs && ours > 0 && theirs > 0
        expect(found?.seq ?? null).toBe(parts ? common + 1 : null)
        expect(found?.subtrees.at(-1) ?? null).toEqual(parts ? [common + 1, common + 1] : null)
      },
    ),
    { numRuns: 1_000 },
  )
})
