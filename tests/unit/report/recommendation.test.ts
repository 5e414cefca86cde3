// An override covers what it lists and nothing else, and stewards change the recommendation only where they are of one mind.
import { expect, test } from 'vitest'
import type { Blocker, Measured, Recommendation } from '#core/contract/index.ts'
import type { Names } from '#core/network/index.ts'
import { recommendationOf } from '../../../core/report/recommendation.ts'
import type { SignedOverride } from '../../../core/report/receipts-pass.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'

const [ada, ben] = [new TestNode('ada'), new TestNode('ben')]
const names = { of: (node: string) => (node === ada.id ? 'ada' : 'ben') } as Names
const criterion = (id: string, more: Partial<Measured> = {}): Measured => ({
  id,
  label: `Criterion ${id}`,
  definition: '',
  value: 2,
  unit: 'count',
  bound: 'at-most',
  threshold: 0,
  state: 'fail',
  basis: 'Counted.',
  ...more,
})
const blocker = (id: string): Blocker => ({ id, subject: null, what: `Thing ${id}`, why: '', remedy: '' })

function override(verdict: Recommendation, more: { node?: TestNode; atMs?: number; nth?: number; body?: object } = {}) {
  const { node = ada, atMs = 0, nth = 1, body = {} } = more
  return {
    receipt: `sha256:${String(nth).repeat(64)}`,
    node: node.id,
    time: instantAt(START + atMs),
    body: {
      computed: 'no-go',
      verdict,
      reason: 'seen',
      failing: [{ criterion: 'forks', value: 2 }],
      blockers: ['b1'],
      ...body,
    },
  } as unknown as SignedOverride
}

const judged = (
  overrides: readonly SignedOverride[],
  blockers = { total: 1, items: [blocker('b1')] },
  criteria: readonly Measured[] = [criterion('forks')],
) => recommendationOf(criteria, blockers, overrides, names)

test('an override that lists all that stands in the way is in force', () => {
  expect(judged([override('go')])).toMatchObject({ computed: 'no-go', effective: 'go', overrides: [{ inForce: true }] })
})

test.each([
  ['It overrides a go; what is computed now is a no-go.', { computed: 'go' }],
  ['“Criterion forks” did not fail then.', { failing: [] }],
  ['“Criterion forks” is worse than it was then.', { failing: [{ criterion: 'forks', value: 1 }] }],
  ['It does not know of this: Thing b1.', { blockers: [] }],
])('an override lapses: %s', (lapsed, body) => {
  expect(judged([override('go', { body })])).toMatchObject({
    effective: 'no-go',
    overrides: [{ inForce: false, lapsed }],
  })
})

test('an override lapses where more stands in the way than a report lists', () => {
  expect(judged([override('go')], { total: 2, items: [blocker('b1')] }).overrides).toMatchObject([
    { lapsed: 'More stands in the way than it could list.' },
  ])
})

test('what could not be measured is no reason to go where nothing can be recommended without it', () => {
  const unknown = (id: string) => criterion(id, { state: 'not-measured', value: null })
  const nothing = { total: 0, items: [] }
  expect(judged([], nothing, [unknown('signatures')])).toMatchObject({
    computed: 'no-go',
    reasons: ['Criterion signatures: not measured. Counted.'],
  })
  expect(judged([], nothing, [unknown('coverage')])).toMatchObject({ computed: 'go', reasons: [] })
})

test('of one steward the newest counts; two who differ leave what was computed', () => {
  const mine = [override('no-go', { atMs: 1000, nth: 2 }), override('go', { atMs: 2000, nth: 1 })]
  expect(judged(mine)).toMatchObject({ effective: 'go', overrides: [{ verdict: 'no-go' }, { verdict: 'go' }] })
  expect(judged(mine.toReversed()).overrides).toEqual(judged(mine).overrides)
  expect(judged([...mine, override('no-go', { node: ben, atMs: 3000 })])).toMatchObject({ effective: 'no-go' })
  // Equal times are common, so the receipt's id decides their order.
  const equal = [override('go', { nth: 5 }), override('go', { nth: 4, node: ben }), override('go', { nth: 6 })]
  expect(judged(equal).overrides.map(({ receipt }) => receipt[7])).toEqual(['4', '5', '6'])
})
