import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from '#core/receipts/index.ts'

const namesOf = (value: unknown) => (typeof value === 'object' && value !== null ? Object.keys(value) : [])

test('a name that is written with an escape is read as it is, whatever was read before', () => {
  // What V8 is led astray by: an object that had the name `\\` in the same place.
  expect(namesOf(JSON.parse('{"":0,"\\\\":0}'))).toEqual(['', '\\'])
  expect(namesOf(parseJson('{"":0,"\\u0000":[]}'))).toEqual(['', '\0'])
  expect(namesOf(parseJson('{"":0,"\\u0001" \n:"a"}'))).toEqual(['', '\u0001'])
})

test('what stands in texts makes no difference', () => {
  expect(parseJson('{"a":"say \\":\\n","b":[1.5,-0,1e3,true,null]}')).toEqual({
    a: 'say ":\n',
    b: [1.5, -0, 1000, true, null],
  })
})

test('whatever can be printed is read back', () => {
  const name = fc.string({ unit: fc.constantFrom('\\', '"', '\0', '\n', 'a', ':') })
  const value = fc.dictionary(
    name.filter((text) => text !== ''),
    fc.oneof(name, fc.double({ noNaN: true, noDefaultInfinity: true })),
  )
  fc.assert(
    fc.property(value, (printed) => {
      expect(JSON.stringify(parseJson(JSON.stringify(printed)))).toBe(JSON.stringify(printed))
    }),
    { numRuns: 2_000 },
  )
})
