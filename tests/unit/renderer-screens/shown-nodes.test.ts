import { expect, test } from 'vitest'
import type { Overview } from '#ui/store/overview-store.ts'
import { shownNodes } from '#ui/screens/overview/shown-nodes.ts'

function nodes(count: number, behind: readonly number[] = []): Overview['nodes'] {
  // Only what the choice looks at.
  return Array.from({ length: count }, (_, place) => ({
    name: `node-${place}`,
    head: 5,
    merged: behind.includes(place) ? 3 : 5,
  })) as unknown as Overview['nodes']
}

const names = (list: readonly Overview['nodes'][number][]) => list.map(({ name }) => name)

test('of a few nodes the overview shows all, in their order', () => {
  const { shown, more } = shownNodes(nodes(5, [4]))
  expect(names(shown)).toEqual(['node-0', 'node-1', 'node-2', 'node-3', 'node-4'])
  expect(more).toBe(0)
})

test('of fifty nodes it shows those that lag first, and says how many more there are', () => {
  const { shown, more } = shownNodes(nodes(50, [17, 42]))
  expect(names(shown).slice(0, 3)).toEqual(['node-17', 'node-42', 'node-0'])
  expect(shown.length + more).toBe(50)
})
