import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBodyText, parseJsonText } from '#ui/store/json-text.ts'
import { containing } from './small-network.ts'

const bodies = fc.object({
  values: [
    fc.string(),
    fc.maxSafeInteger(),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.boolean(),
    fc.constant(null),
  ],
  key: fc.string(),
})

test('what a person may sign is taken exactly as any JSON reader takes it', () => {
  fc.assert(
    fc.property(bodies, fc.constantFrom(0, 2), (body, indent) => {
      const text = JSON.stringify(body, null, indent)
      expect(parseBodyText(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown })
    }),
  )
})

test('what is not JSON is refused, wherever it was broken', () => {
  fc.assert(
    fc.property(bodies, fc.nat(), fc.constantFrom('', '}', ',', '"', 'x', '1'), (body, place, junk) => {
      const text = JSON.stringify(body)
      const at = place % (text.length + 1)
      const broken = text.slice(0, at) + junk + text.slice(at + 1)
      expect(parseJsonText(broken).ok && !isJson(broken)).toBe(false)
    }),
  )
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('a fault is named by line and column', () => {
  expect(parseJsonText('{\n  "count": \n}')).toMatchObject({ why: containing('line 3, column 1') })
  expect(parseJsonText('{"a": 1')).toMatchObject({ why: containing('not complete') })
  expect(parseJsonText('  ')).toMatchObject({ why: 'Nothing is written yet.' })
})

test('a body is an object of at most 64 KiB', () => {
  expect(parseBodyText('[1]')).toMatchObject({ ok: false })
  expect(parseBodyText('{"a":1}')).toEqual({ ok: true, value: { a: 1 } })
  expect(parseBodyText(JSON.stringify({ a: 'x'.repeat(70_000) }))).toMatchObject({
    why: containing('64 KiB'),
  })
})
