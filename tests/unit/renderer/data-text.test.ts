import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { markHidden } from '#ui/components/data-text.tsx'

test('text that turns the reading direction round is shown with its marks', () => {
  expect(markHidden('invoice\u202Efdp.exe')).toEqual([
    { type: 'text', text: 'invoice' },
    { type: 'mark', code: 'U+202E', name: 'right-to-left override' },
    { type: 'text', text: 'fdp.exe' },
  ])
})

test.each([
  ['a zero-width space', 'ad\u200Bmin', 'U+200B'],
  ['a null character', 'a\u0000b', 'U+0000'],
  ['an escape', '\u001B[31mred', 'U+001B'],
  ['a byte order mark', '\uFEFFname', 'U+FEFF'],
  ['a language tag', 'x\u{E0041}', 'U+E0041'],
  ['a lone surrogate', 'x\uD800y', 'U+D800'],
  ['a line separator', 'a\u2028b', 'U+2028'],
])('%s is made visible', (_, text, code) => {
  expect(markHidden(text)).toContainEqual(expect.objectContaining({ type: 'mark', code }))
})

test('line breaks stay line breaks where a text keeps its lines', () => {
  expect(markHidden('one\ntwo\tthree', true)).toEqual([{ type: 'text', text: 'one\ntwo\tthree' }])
  expect(markHidden('one\ntwo')).toHaveLength(3)
})

test('ordinary text, also in other scripts and with emoji, stays one piece', () => {
  for (const text of ['_report/usage/summary.json', 'Grüße 東京 שלום', '👩‍🚀'.replace('\u200D', '')]) {
    expect(markHidden(text)).toEqual([{ type: 'text', text }])
  }
})

test('nothing of a text is lost but what became a mark', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = markHidden(text).map((part) =>
        part.type === 'text' ? part.text : String.fromCodePoint(Number.parseInt(part.code.slice(2), 16)),
      )
      expect(shown.join('')).toBe(text)
    }),
  )
})
