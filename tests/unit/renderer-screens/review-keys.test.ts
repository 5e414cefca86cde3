import { describe, expect, test } from 'vitest'
import { intentOf, type KeyPlace, type PressedKey } from '#ui/screens/conflicts/review-keys.ts'

const key = (name: string, held: Partial<PressedKey> = {}): PressedKey => ({
  key: name,
  shift: false,
  mod: false,
  alt: false,
  ...held,
})

test('the number keys name claims as they are shown', () => {
  expect(intentOf(key('1'), 'page')).toEqual({ does: 'claim', position: 0 })
  expect(intentOf(key('9'), 'page')).toEqual({ does: 'claim', position: 8 })
  expect(intentOf(key('0'), 'page')).toBeNull()
})

test('verdicts, later and undo have one key each, with or without caps lock', () => {
  for (const [letter, does] of [
    ['b', 'several'],
    ['N', 'none'],
    ['m', 'replacement'],
    ['D', 'later'],
    ['u', 'undo'],
    ['r', 'raw'],
  ] as const) {
    expect(intentOf(key(letter), 'page')).toEqual({ does })
  }
})

describe('what is typed into a field is no command', () => {
  test.each<KeyPlace>(['reason', 'search', 'editor'])('in %s', (place) => {
    for (const letter of ['1', 'n', 'm', 'd', 'u', 'x', 'j', '?', '/']) expect(intentOf(key(letter), place)).toBeNull()
    expect(intentOf(key('Escape'), place)).toEqual({ does: 'leave' })
  })

  test('Enter signs from the reason, is a new line in the editor, and leaves the search', () => {
    expect(intentOf(key('Enter'), 'reason')).toEqual({ does: 'sign' })
    expect(intentOf(key('Enter'), 'editor')).toBeNull()
    expect(intentOf(key('Enter', { mod: true }), 'editor')).toEqual({ does: 'sign' })
    expect(intentOf(key('Enter'), 'search')).toEqual({ does: 'leave' })
  })
})

test('Enter on a button presses the button; on the verdict that is chosen already it signs', () => {
  expect(intentOf(key('Enter'), 'control')).toBeNull()
  expect(intentOf(key('Enter'), 'chosen-verdict')).toEqual({ does: 'sign' })
  expect(intentOf(key('Enter'), 'page')).toEqual({ does: 'sign' })
})

test('shortcuts of the browser and the system stay theirs', () => {
  for (const letter of ['r', 'n', 'd', '1', 'b']) {
    expect(intentOf(key(letter, { mod: true }), 'page')).toBeNull()
    expect(intentOf(key(letter, { alt: true }), 'page')).toBeNull()
  }
})

test('shift extends the selection by one row, up or down', () => {
  expect(intentOf(key('J', { shift: true }), 'page')).toEqual({ does: 'extend', step: 1 })
  expect(intentOf(key('ArrowUp', { shift: true }), 'page')).toEqual({ does: 'extend', step: -1 })
  expect(intentOf(key('?', { shift: true }), 'page')).toEqual({ does: 'help' })
})
