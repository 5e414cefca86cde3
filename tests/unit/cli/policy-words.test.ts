// The rules of the network in the terminal: read as sentences, tried, signed, and signed by a second steward. Through a running host.
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'
import { serve } from './served.ts'

test('rules are read as sentences, tried without signing, and signed', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await using host = await serve(ada)
  expect((await host.read('policy')).out).toMatch(
    /^Rules in force \([0-9a-f]{12}\):\n- One steward is enough to settle a conflict\.\n/,
  )
  const options = [
    '--fresh',
    'usage/*=24',
    'a=b=1',
    '--require-anchor',
    'x/*',
    '--expect',
    'y/*',
    '--overdue-days',
    '3',
  ]
  const tried = await host.read('policy', 'sign', ...options, '--unsigned-imports', 'refuse', '--dry-run')
  expect(tried.out).toBe(
    [
      'It would say:',
      '- New: Claims on usage/* are stale after a day, once a newer one exists.',
      '- New: Claims on a=b are stale after an hour, once a newer one exists.',
      '- New: Claims on x/* must name an anchor.',
      '- New: Every node and every imported directory is expected to have y/*.',
      '- New: Imported files without a valid signature are refused.',
      '- New: A conflict open for more than 3 days counts one step more severe.',
      '- No longer: No subject requires an anchor.',
      '',
    ].join('\n'),
  )
  const signed = await host.read('policy', 'sign', ...options)
  expect(signed.out).toMatch(/Signed with receipt [0-9a-f]{12}; it is in force now\.\n$/)
  expect((await ada.steward.network.get({})).policy).toMatchObject({
    freshness: [
      { subject: 'usage/*', maxAgeHours: 24 },
      { subject: 'a=b', maxAgeHours: 1 },
    ],
    requireAnchor: ['x/*'],
    escalateAfterDays: 3,
  })
  // The rest stays as it is; one empty text empties a list.
  expect(await host.run('policy', 'sign', '--fresh', '', '--overdue-days', 'never')).toMatchObject({
    code: 0,
    json: { inForce: true, policy: { freshness: [], requireAnchor: ['x/*'], expected: ['y/*'] } },
  })
  expect((await ada.steward.network.get({})).policy).not.toHaveProperty('escalateAfterDays')
})

test('where two stewards must agree the second one signs what the first proposed', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const { policy } = await ada.steward.network.get({})
  await ada.steward.network.signPolicy({ policy: { ...policy, decisionsNeeded: 2 } })
  await place.settle([ada, ben])
  await using adas = await serve(ada)
  const proposed = await adas.read('policy', 'sign', '--admissions-needed', '2')
  expect(proposed.out).toContain('it takes effect when enough stewards have signed the same rules.')
  expect((await adas.read('policy')).out).toContain('\nYou have signed it.\n')
  await place.settle([ada, ben])

  await using bens = await serve(ben)
  const shown = (await bens.read('policy')).out
  expect(shown).toMatch(
    /\nProposed [0-9a-f]{12}, signed by ada; 2 needed:\n- New: 2 stewards must agree to admit a new node\.\n/,
  )
  const [, words = ''] = /`steward (policy sign --proposed \w+)`/.exec(shown) ?? []
  expect(await bens.run(...words.split(' '))).toMatchObject({ code: 0, json: { inForce: true } })
  expect((await ben.steward.network.get({})).policy).toMatchObject({ decisionsNeeded: 2, admissionsNeeded: 2 })
})

test.each([
  [['policy', 'sign'], 'These are the rules in force already.\nNothing was signed.'],
  [['policy', 'sign', '--decisions-needed', 'two'], 'It must be a whole number.'],
  [
    ['policy', 'sign', '--decisions-needed', '0', '--dry-run'],
    'These rules cannot be signed: decisionsNeeded must be at least 1.',
  ],
  [['policy', 'sign', '--fresh', 'usage'], '--fresh usage names no hours.'],
  [['policy', 'sign', '--overdue-days', 'soon'], '--overdue-days soon is no number of days.'],
  [['policy', 'sign', '--proposed', 'ffffffff'], 'No proposed policy is named ffffffff.\nNothing was signed.'],
  [['policy', 'sign', '--proposed', 'ffffffff', '--expect', 'a'], 'cannot be used with'],
])('%j signs nothing and says why', async (words, sentence) => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const said = await host.read(...words)
  expect([said.code, said.out]).toEqual([2, ''])
  expect(said.err).toContain(sentence)
})
