import { expect, test } from 'vitest'
import type { BundlePreview } from '#core/contract/index.ts'
import { importWords, nothingNew } from '#ui/screens/bundles/words.ts'

type Node = Pick<BundlePreview['nodes'][number], 'known' | 'notRead'>

function preview(kinds: BundlePreview['kinds'], nodes: readonly Node[]): BundlePreview {
  // Only what the sentence looks at.
  return {
    kinds,
    nodes,
    adds: 0,
    asks: 0,
    contents: { count: 0, sizeBytes: 0, awaited: 0 },
  } as unknown as BundlePreview
}

test.each([
  [
    'what is here already and who is not admitted',
    [
      { known: 5, notRead: 0 },
      { known: 0, notRead: 1 },
    ],
    /^What can be read of it is here already\./,
  ],
  ['nodes that nobody admitted', [{ known: 0, notRead: 3 }], /^Nothing in it can be read yet/],
  ['receipts that are all here', [{ known: 5, notRead: 0 }], /^Everything in it is here already\.$/],
])('a bundle with nothing new says why: %s', (_case, nodes, words) => {
  expect(nothingNew(preview(['steward'], nodes))).toMatch(words)
})

test('of files that Steward does not know it says what it takes in', () => {
  expect(nothingNew(preview([], []))).toContain('TEOF node directories')
})

test.each([
  [{ adds: 3, asks: 1 }, 'Import 3 receipts'],
  [{ asks: 1 }, 'Let it ask to join'],
  [{ asks: 1200 }, 'Let 1,200 nodes ask to join'],
  [{ contents: { count: 4, sizeBytes: 40, awaited: 2 } }, 'Take in 2 files of content'],
  [{ contents: { count: 4, sizeBytes: 40, awaited: 0 } }, null],
])('the button says what importing does: %o', (part, words) => {
  expect(importWords({ ...preview(['steward'], []), ...part })).toBe(words)
})

test('content that was missing is told where all receipts are here', () => {
  const brings = {
    ...preview(['steward'], [{ known: 5, notRead: 0 }]),
    contents: { count: 1, sizeBytes: 9, awaited: 1 },
  }
  expect(nothingNew(brings)).toBe('Its receipts are here already, but not all the content that they name.')
})
