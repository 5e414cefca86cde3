import { expect, test } from 'vitest'
import type { BundlePreview } from '#core/contract/index.ts'
import { nothingNew } from '#ui/screens/bundles/words.ts'

type Node = Pick<BundlePreview['nodes'][number], 'known' | 'notRead'>

function preview(kinds: BundlePreview['kinds'], nodes: readonly Node[]): BundlePreview {
  // Only what the sentence looks at.
  return { kinds, nodes } as unknown as BundlePreview
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
