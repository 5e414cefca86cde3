import { expect, test } from 'vitest'
import { exactUtc, greeting, longUtc, relativeTime, shortAge, shortUtc } from '#ui/components/relative-time.ts'

const NOW = Date.parse('2026-11-21T10:04:00.000Z')
const ago = (ms: number) => new Date(NOW - ms).toISOString()
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

test.each([
  [0, 'now', 'just now'],
  [59_999, 'now', 'just now'],
  [MINUTE, '1 min', '1 min ago'],
  [59 * MINUTE, '59 min', '59 min ago'],
  [HOUR, '1 h', '1 h ago'],
  [DAY - 1, '23 h', '23 h ago'],
  [DAY, '1 d', '1 d ago'],
  [13 * DAY, '13 d', '13 d ago'],
  [14 * DAY, '2 w', '2 w ago'],
  [364 * DAY, '52 w', '52 w ago'],
  [365 * DAY, '1 y', '1 y ago'],
  [-5 * MINUTE, 'in 5 min', 'in 5 min'],
])('%i ms ago reads %j and %j', (ms, short, long) => {
  expect(shortAge(ago(ms), NOW)).toBe(short)
  expect(relativeTime(ago(ms), NOW)).toBe(long)
})

test('the exact value is UTC to the second, wherever the steward sits', () => {
  expect(exactUtc('2026-11-21T04:55:02.123Z')).toBe('21 Nov 2026, 04:55:02 UTC')
  expect(longUtc('2026-11-21T10:04:00.000Z')).toBe('Saturday 21 November, 10:04 UTC')
})

test('the year is said where it is not this one', () => {
  expect(shortUtc('2026-11-21T04:55:02.000Z', NOW)).toBe('21 Nov, 04:55 UTC')
  expect(shortUtc('2025-11-21T04:55:02.000Z', NOW)).toBe('21 Nov 2025, 04:55 UTC')
})

test('the greeting follows the clock on the wall', () => {
  expect([3, 9, 13, 20].map(greeting)).toEqual(['Hello', 'Good morning', 'Good afternoon', 'Good evening'])
})
