import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hrefTo, parseRoute, SECTIONS } from '#ui/router.ts'

test('an address leads back to the screen it was made for, whatever the id holds', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SECTIONS),
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ minLength: 1 })),
      (section, id, query) => {
        expect(parseRoute(hrefTo(section, id, query))).toEqual({ section, id, query: { ...query } })
      },
    ),
  )
})

test('ids of conflicts and nodes survive their colons and slashes', () => {
  expect(parseRoute(hrefTo('conflicts', 'sha256:00ff'))).toMatchObject({ section: 'conflicts', id: 'sha256:00ff' })
  expect(parseRoute(hrefTo('network', 'did:key:z6Mk/x'))).toMatchObject({ section: 'network', id: 'did:key:z6Mk/x' })
})

test.each(['', '#', '#/', '#/unknown/1', '#token=abc', '#/overview%00', 'garbage'])(
  'an address that is none of ours (%j) leads to the overview',
  (hash) => {
    expect(parseRoute(hash).section).toBe('overview')
  },
)

test('a broken escape opens the section instead of nothing', () => {
  expect(parseRoute('#/receipts/%E0%A4%A')).toEqual({ section: 'receipts', id: null, query: {} })
})

test('filters that are off leave no trace in the address', () => {
  expect(hrefTo('conflicts', null, { status: 'settled', task: '' })).toBe('#/conflicts?status=settled')
})
