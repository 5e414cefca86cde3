import { describe, expect, test } from 'vitest'
import type { TestNode } from '#tests/kit/nodes.ts'
import { reviewOf, SUBJECT, withThree } from './cast.ts'

type Body = Parameters<TestNode['observe']>[1]

/** What the claims of ada and ben are told apart by. */
function told(ofAda: Body, ofBen: Body) {
  const { world, ada } = withThree({}, (cast) => {
    cast.ada.observe(SUBJECT, ofAda)
    cast.ben.observe(SUBJECT, ofBen)
  })
  using _ = world
  const { members } = reviewOf(world, ada)
  return new Map(members.map(({ node, gist, gistOf }) => [node === ada.id ? 'ada' : 'ben', `${gistOf ?? ''} ${gist}`]))
}

describe('what tells two claims apart in a word', () => {
  const times = { ada: { generated_at: '2025-09-26T22:20:13Z' }, ben: { generated_at: '2025-09-22T22:05:45Z' } }

  test('is named with the field that it stands in', () => {
    expect(told({ feeds: { demo: { count: 12 } } }, { feeds: { demo: { count: 14 } } })).toEqual(
      new Map([
        ['ada', 'feeds.demo.count 12'],
        ['ben', 'feeds.demo.count 14'],
      ]),
    )
  })

  test.each([
    ['a count rather than a word', { count: 12, state: 'ok' }, { count: 14, state: 'stale' }, 'count 12'],
    ['a word rather than a time', { ...times.ada, stale: true }, { ...times.ben, stale: false }, 'stale true'],
    ['a measured number rather than a time', { ...times.ada, age: 1.5 }, { ...times.ben, age: 2.5 }, 'age 1.5'],
    ['a count rather than seconds since 1970', { at: 1758578745, n: 1 }, { at: 1758578746, n: 2 }, 'n 1'],
    [
      'a name rather than a hash',
      { plan: '2025-09-22-governance-l1-hardening' },
      { plan: 'x' },
      'plan 2025-09-22-governance-l1-hardening',
    ],
    ['a time where there is nothing else', times.ada, times.ben, 'generated_at 2025-09-26T22:20:13Z'],
  ])('is %s', (_, ofAda, ofBen, said) => {
    expect(told(ofAda, ofBen).get('ada')).toBe(said)
  })
})
