import { expect, test } from 'vitest'
import { countCoverage, freshnessRule, judgeFile, NO_KEYS, pathPattern } from '#core/teof/index.ts'
import type { Coverage, Freshness } from '#core/teof/index.ts'
import { Instant } from '#core/contract/index.ts'
import { bytesOf } from './corpus.ts'

test('what one node has and another has not lowers the other’s ratio and is named', () => {
  const found = covered(['_report/*.json', '_report/usage/external-summary.json'], {
    '_report/a.json': ['one', 'two'],
    '_report/b.json': ['one'],
    '_report/c.json': ['one', 'two'],
    'docs/d.json': ['two'],
  })
  expect(found.rows.filter(({ pattern }) => pattern === '_report/*.json')).toEqual([
    { label: 'one', pattern: '_report/*.json', expected: 3, present: 3, ppm: 1_000_000, missing: [] },
    { label: 'two', pattern: '_report/*.json', expected: 3, present: 2, ppm: 666_666, missing: ['_report/b.json'] },
  ])
  expect(found.byNode.get('one')).toEqual({ expected: 4, present: 3, ppm: 750_000 })
  expect(found.byPattern.get('_report/usage/external-summary.json')).toEqual({ expected: 2, present: 0, ppm: 0 })
})

test('what nobody has is missing at everybody', () => {
  const found = covered(['_report/none-*.json'], {})
  expect(found.rows.map(({ label, missing }) => [label, missing])).toEqual([
    ['one', ['_report/none-*.json']],
    ['two', ['_report/none-*.json']],
  ])
})

test('where nothing is expected nothing is measured, and one missing of a million shows', () => {
  expect(covered([], { 'a.json': ['one'] }).whole).toEqual({ expected: 0, present: 0, ppm: null })
  const count = countCoverage(['*'], ['one'])
  const [having, nobody] = [new Set(['one']), new Set<string>()]
  for (let index = 0; index < 2_000; index++) count.add(`${index}`, index === 7 ? nobody : having)
  expect(count.result().whole).toEqual({ expected: 2_000, present: 1_999, ppm: 999_500 })
})

test('of very many missing paths the first are listed, whatever order they come in', () => {
  const paths = Array.from({ length: 500 }, (_, index) => String(index).padStart(3, '0'))
  for (const order of [paths, paths.toReversed()]) {
    const count = countCoverage(['*'], ['one'])
    for (const path of order) count.add(path, new Set())
    expect(count.result().rows[0]?.missing).toEqual(paths.slice(0, 100))
  }
})

test.each([
  ['_report/*.json', '_report/usage/x.json', true],
  ['_report/**/*.json', '_report/x.json', true],
  ['_report/**/*.json', '_report/a/b/x.json', true],
  ['_report/**/x.json', '_report/ax.json', false],
  ['**/x.json', 'x.json', true],
  ['**/x.json', 'a/b/x.json', true],
  ['**/x.json', 'a/bx.json', false],
  ['a?c', 'a/c', true],
  ['a?c', 'ac', false],
  ['[ab]x', 'bx', true],
  ['[!ab]x', 'bx', false],
  ['[!ab]x', 'cx', true],
  ['[0-9]x', '7x', true],
  ['[]]x', ']x', true],
  ['[x', '[x', true],
  ['*', '', true],
  ['', '', true],
  ['A.json', 'a.json', false],
  ['a.json', 'aXjson', false],
  ['📎?', '📎📎', true],
])('the pattern %s on %s: %s', (pattern, path, expected) => {
  expect(pathPattern(pattern)(path)).toBe(expected)
})

test('a pattern made to stall does not', () => {
  expect(pathPattern('*a'.repeat(200))('a'.repeat(1_000) + 'b')).toBe(false)
})

test('age follows from what the file says and the time that was asked for', () => {
  const rule = freshnessRule(
    [
      { pattern: '_report/usage/*', limitMs: 24 * 3_600_000 },
      { pattern: '_report/*', limitMs: 1 },
    ],
    Instant.parse('2025-09-23T01:45:00.000Z'),
  )
  const state = (path: string, value: unknown): Freshness['state'] =>
    rule(path, judgeFile(path, bytesOf(JSON.stringify(value)), NO_KEYS, null).stated).state
  expect(state('_report/usage/a.json', { generated_at: '2025-09-22T01:45:00Z' })).toBe('fresh')
  expect(state('_report/usage/a.json', { generated_at: '2025-09-22T01:44:59Z' })).toBe('stale')
  expect(state('_report/other.json', { generated_at: '2025-09-22T01:45:00Z' })).toBe('stale')
  expect(state('_report/usage/a.json', { issued_at: '2025-09-23T01:45:01Z' })).toBe('ahead')
  expect(state('_report/usage/a.json', { issued_at: 'soon' })).toBe('undated')
  expect(state('_report/usage/a.json', {})).toBe('undated')
  expect(state('_report/usage/20250922T000000Z.json', {})).toBe('stale')
  expect(state('_plans/a.json', { ts: '2025-09-22T01:45:00Z' })).toBe('unlimited')
})

function covered(patterns: readonly string[], having: Readonly<Record<string, readonly string[]>>): Coverage {
  const count = countCoverage(patterns, ['two', 'one'])
  for (const [path, labels] of Object.entries(having)) count.add(path, new Set(labels))
  return count.result()
}
