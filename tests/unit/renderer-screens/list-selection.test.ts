import { expect, test } from 'vitest'
import { extend, nextAfter, noSelection, toggle } from '#ui/store/list-selection.ts'

const ids = ['a', 'b', 'c', 'd', 'e']

test('a range reaches from the row selected by itself to the row named, either way', () => {
  const down = extend(toggle(noSelection<string>(), 'b'), ids, 'd')
  expect([...down.chosen]).toEqual(['b', 'c', 'd'])
  expect([...extend(down, ids, 'a').chosen].sort()).toEqual(['a', 'b', 'c', 'd'])
})

test('a selection names rows, not places: it survives rows that arrive in between', () => {
  const chosen = toggle(noSelection<string>(), 'b')
  expect([...extend(chosen, ['new', 'a', 'b', 'other', 'c'], 'c').chosen]).toEqual(['b', 'other', 'c'])
})

test('after a decision the next conflict is the one below, going round, passing over what is in hand', () => {
  expect(nextAfter(ids, 'b', new Set(['b', 'c']))).toBe('d')
  expect(nextAfter(ids, 'e', new Set(['e', 'a']))).toBe('b')
  expect(nextAfter(ids, 'e', new Set(ids))).toBeNull()
  expect(nextAfter(ids, null, new Set())).toBe('a')
})
