// Whole seconds, as nearly all times are written, are read on a way of their own: it has to say what the way of all others says.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTeofTime } from '#core/teof/index.ts'

const part = (digits: number, most: number) => fc.nat(most).map((value) => String(value).padStart(digits, '0'))
const time = fc
  .tuple(part(4, 9999), part(2, 14), part(2, 33), part(2, 25), part(2, 61), part(2, 61))
  .map(([year, month, day, hour, minute, second]) => `${year}-${month}-${day}T${hour}:${minute}:${second}`)

test('a time in whole seconds is the same with a fraction of nothing', () => {
  fc.assert(
    fc.property(time, (text) => {
      expect(parseTeofTime(`${text}Z`)).toEqual(parseTeofTime(`${text}.000Z`))
    }),
    { numRuns: 2_000 },
  )
})

test('with one character changed it is a time or none, as with a fraction', () => {
  fc.assert(
    fc.property(time, fc.nat(18), fc.constantFrom(...Array.from('0 -+:./TtZ٣a')), (text, at, put) => {
      const changed = text.slice(0, at) + put + text.slice(at + 1)
      expect(parseTeofTime(`${changed}Z`)).toEqual(parseTeofTime(`${changed}.000Z`))
    }),
    { numRuns: 2_000 },
  )
})
