import { expect, test } from 'vitest'
import { parseTeofTime, timeInName } from '#core/teof/index.ts'

test.each([
  ['2025-09-22T01:45:00Z', '2025-09-22T01:45:00.000Z'],
  ['2025-09-22T22:05:45.531580+00:00', '2025-09-22T22:05:45.531Z'],
  ['2025-09-22T01:45:00+02:30', '2025-09-21T23:15:00.000Z'],
  ['2025-09-22T01:45:00-0100', '2025-09-22T02:45:00.000Z'],
  ['2025-09-22 01:45:00Z', '2025-09-22T01:45:00.000Z'],
  ['20250922T014500Z', '2025-09-22T01:45:00.000Z'],
  ['2024-02-29T23:59:59.9Z', '2024-02-29T23:59:59.900Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
])('%s is %s', (text, instant) => {
  expect(parseTeofTime(text)?.instant).toBe(instant)
})

test.each([
  ['no zone', '2025-09-22T01:45:00'],
  ['a date only', '2025-09-22'],
  ['30 February', '2025-02-30T00:00:00Z'],
  ['29 February of another year', '2100-02-29T00:00:00Z'],
  ['day 0', '2025-01-00T00:00:00Z'],
  ['month 13', '2025-13-01T00:00:00Z'],
  ['hour 24', '2025-01-01T24:00:00Z'],
  ['a leap second', '2016-12-31T23:59:60Z'],
  ['before year 0', '0000-01-01T00:00:00+01:00'],
  ['after year 9999', '9999-12-31T23:59:59-01:00'],
  ['words', 'yesterday'],
])('%s is no time', (_, text) => {
  expect(parseTeofTime(text)).toBeNull()
})

test('microseconds keep the order of two events within one millisecond', () => {
  const [first, second] = ['2025-01-01T00:00:00.000001Z', '2025-01-01T00:00:00.000002Z'].map(parseTeofTime)
  expect(first?.instant).toBe(second?.instant)
  expect(second!.epochMicros - first!.epochMicros).toBe(1)
})

test('a name tells its compact time, and nothing else', () => {
  expect(timeInName('_report/planner/summary-20250922T021548Z.json')?.instant).toBe('2025-09-22T02:15:48.000Z')
  expect(timeInName('_report/20250922T021548Z/summary.json')).toBeNull()
  expect(timeInName('_report/20259922T021548Z.json')).toBeNull()
})
