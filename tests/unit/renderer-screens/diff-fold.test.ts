import { expect, test } from 'vitest'
import { diffSummary, foldDiff } from '#ui/screens/conflicts/diff-fold.ts'

const differs = { path: 'feeds.demo.count', change: 'changed' as const, cells: ['12', '14'] }
const moved = { path: 'feeds.order[2]', change: 'moved' as const, cells: ['demo', 'demo'] }
const absent = { path: 'note', change: 'missing' as const, cells: ['draft', null] }
const equal = { path: 'version', change: 'equal' as const, cells: ['1', '1'] }

test('what differs is shown and what is equal is folded into a number', () => {
  const folded = foldDiff({ structured: true, rows: [differs, moved], equalCount: 27, more: 0 }, false, 200)
  expect(folded).toEqual({ rows: [differs, moved], folded: 27, undrawn: 0 })
})

test('unfolding shows equal fields in their place, and folding again hides them without asking anew', () => {
  const diff = { structured: true, rows: [equal, differs, equal], equalCount: 2, more: 0 }
  expect(foldDiff(diff, true, 200)).toEqual({ rows: [equal, differs, equal], folded: 0, undrawn: 0 })
  expect(foldDiff(diff, false, 200)).toEqual({ rows: [differs], folded: 2, undrawn: 0 })
})

test('of very many rows only the first are drawn, and the rest is counted', () => {
  const rows = Array.from({ length: 1_000 }, () => differs)
  expect(foldDiff({ structured: true, rows, equalCount: 0, more: 5 }, false, 200)).toMatchObject({ undrawn: 800 })
})

test('the table says in words how much differs', () => {
  expect(diffSummary([differs])).toBe('1 value differs')
  expect(diffSummary([differs, differs, moved, absent])).toBe('2 values differ, 1 not in every claim, 1 moved')
})
