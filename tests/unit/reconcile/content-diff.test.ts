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

test('where no content is here there is nothing to compare', () => {
  expect(diffContents([null, null], true)).toEqual({ structured: false, rows: [], equalCount: 0, more: 0 })
})

test('what is equal is shown where it is asked for, by its path, however deep', () => {
  const text = json({ feed: { items: ['a', { b: 1 }] }, title: 'x' })
  const { rows, equalCount } = diffContents([text, text], true)
  expect(equalCount).toBe(3)
  expect(rows.map(({ path, change, cells }) => [path, change, ...cells])).toEqual([
    ['feed.items[0]', 'equal', 'a', 'a'],
    ['feed.items[1].b', 'equal', '1', '1'],
    ['title', 'equal', 'x', 'x'],
  ])
  const list = json(['a'])
  expect(diffContents([list, list], true).rows).toEqual([{ path: '[0]', change: 'equal', cells: ['a', 'a'] }])
})

test('of lines too, one whose text is missing is said once', () => {
  const { structured, rows } = diffContents(['one\ntwo', null, 'one\n2'], false)
  expect(structured).toBe(false)
  expect(rows.map(({ path, change }) => [path, change])).toEqual([
    ['', 'missing'],
    ['[1]', 'changed'],
  ])
})

test('a record or a list that one member lacks is said once, and the others are compared inside', () => {
  const [one, two, lacks] = [json({ a: { b: 1, c: 1, d: 1 } }), json({ a: { b: 2, c: 1 } }), json({})]
  expect(diffContents([one, two, lacks], false).rows).toEqual([
    { path: 'a', change: 'missing', cells: ['{"b":1,"c":1,"d":1}', '{"b":2,"c":1}', null] },
    { path: 'a.b', change: 'changed', cells: ['1', '2', null] },
    { path: 'a.d', change: 'changed', cells: ['1', null, null] },
  ])
  const moved = diffContents([json({ a: ['x', 'y', 'z'] }), json({ a: ['z', 'x', 'y'] }), lacks], false).rows
  expect(moved.map(({ path, change, cells }) => [path, change, ...cells])).toEqual([
    ['a', 'missing', '["x","y","z"]', '["z","x","y"]', null],
    ['a[2]', 'moved', '[2]', '[0]', null],
  ])
})

test('contents of more lines than anybody reads are compared as one value each', () => {
  const long = 'x\n'.repeat(200_001)
  const { rows } = diffContents([`${long}1`, `${long}2`, null], false)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ path: '', change: 'missing' })
})
