import { expect, test } from 'vitest'
import fc from 'fast-check'
import { diffContents } from '#core/reconcile/index.ts'

const json = (value: unknown) => JSON.stringify(value)

test('only what differs is a row; what is equal is counted', () => {
  const diff = diffContents(
    [
      json({ feeds: { demo: { receipt_count: 12, ok: true } } }),
      json({ feeds: { demo: { ok: true, receipt_count: 14 } } }),
    ],
    false,
  )
  expect(diff).toEqual({
    structured: true,
    rows: [{ path: 'feeds.demo.receipt_count', change: 'changed', cells: ['12', '14'] }],
    equalCount: 1,
    more: 0,
  })
})

test('three members stand side by side in one row', () => {
  const { rows } = diffContents([json({ a: 1 }), json({ a: 2 }), json({})], false)
  expect(rows).toEqual([{ path: 'a', change: 'missing', cells: ['1', '2', null] }])
})

test('an element put in front moves nothing', () => {
  const { rows } = diffContents([json(['b', 'c', 'd']), json(['a', 'b', 'c', 'd'])], false)
  expect(rows).toEqual([{ path: '[0]', change: 'missing', cells: [null, 'a'] }])
})

test('an element in another place is moved, a changed one is compared inside', () => {
  const { rows } = diffContents(
    [json([{ s: 1, t: 'x' }, 'b', 'c', 'd']), json(['d', { s: 2, t: 'x' }, 'b', 'c'])],
    false,
  )
  expect(rows).toContainEqual({ path: '[3]', change: 'moved', cells: ['[3]', '[0]'] })
  expect(rows).toContainEqual({ path: '[0].s', change: 'changed', cells: ['1', '2'] })
})

test('text that is no JSON is compared line by line', () => {
  const { structured, rows } = diffContents(['one\ntwo\nthree', 'one\n2\nthree'], false)
  expect(structured).toBe(false)
  expect(rows).toEqual([{ path: '[1]', change: 'changed', cells: ['two', '"2"'] }])
})

test('a member whose content is missing shows as missing, the others are still compared', () => {
  const { rows } = diffContents([json({ a: 1 }), null, json({ a: 2 })], false)
  expect(rows.map(({ path, change }) => [path, change])).toEqual([
    ['', 'missing'],
    ['a', 'changed'],
  ])
})

test('hostile nesting is compared as text and throws nothing', () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000)
  expect(diffContents([deep, deep.slice(2, -2)], false).structured).toBe(false)
})

test('more than 2,000 differences are counted, not listed', () => {
  const numbered = (shift: number) =>
    json(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${i}`, i + shift])))
  const { rows, more } = diffContents([numbered(0), numbered(1)], false)
  expect([rows.length, more]).toEqual([2000, 1000])
})

test('contents are equal exactly when no row says otherwise, for any JSON in any order of keys', () => {
  const reorder = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reorder)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([key, inner]) => [key, reorder(inner)]),
          )
        : value
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.jsonValue(), (one, other) => {
      expect(diffContents([json(one), json(reorder(one))], false).rows).toEqual([])
      const differs = diffContents([json(one), json(other)], false).rows.length > 0
      expect(differs).toBe(json(sorted(one)) !== json(sorted(other)))
    }),
  )
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
