import { expect, test } from 'vitest'
import type { Instant, ReceiptId, StandingRule } from '#core/contract/index.ts'
import { instantAt } from '#tests/kit/nodes.ts'
import { type Core, Place, refusal } from '#tests/kit/place.ts'

const DAY = 86_400_000

function rule(place: Place, part: Partial<StandingRule> = {}): StandingRule {
  return {
    subject: 'usage/*',
    task: null,
    kinds: ['hash-mismatch'],
    choice: { type: 'newest' },
    until: instantAt(place.nowMs + 30 * DAY),
    reason: 'The counter is refreshed every day.',
    ...part,
  }
}

async function differ(one: Core, other: Core, subject: string): Promise<void> {
  await one.observe(subject, { count: 1 })
  await other.observe(subject, { count: 2 })
}

test('a standing rule decides what it is for, by decisions that name it, and nothing else', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await differ(ada, ben, 'usage/a.json')
  await differ(ada, ben, 'plans/a.json')
  await place.settle([ada, ben])
  expect(await ada.conflicts()).toHaveLength(2)

  const preview = await ada.steward.rules.preview(rule(place))
  expect(preview).toMatchObject({ decides: 1, leaves: 0 })
  expect(preview.sentence).toContain('Where claims differ on usage/*')
  expect(preview.items[0]?.sentence).toContain('ben')
  // A preview signs nothing.
  expect(await ada.conflicts()).toHaveLength(2)

  const { id, decided } = await ada.steward.rules.sign(rule(place))
  expect(decided).toBe(1)
  expect((await ada.conflicts()).map(({ subject }) => subject)).toEqual(['plans/a.json'])
  const [settled] = await ada.conflicts('settled')
  const review = await ada.steward.conflicts.get({ id: settled!.id })
  expect(review.decisions).toMatchObject([{ rule: id, mine: true, counts: true }])
  expect(review.decisions[0]?.reason).toContain('By standing rule')

  // What comes later is decided with the pass that brings it, and the other node sees the same.
  await differ(ada, ben, 'usage/b.json')
  await place.settle([ada, ben])
  expect((await ada.conflicts()).map(({ subject }) => subject)).toEqual(['plans/a.json'])
  expect((await ben.conflicts()).map(({ subject }) => subject)).toEqual(['plans/a.json'])
  expect(await ben.steward.rules.list({})).toMatchObject({
    items: [{ id, mine: false, decided: 2, state: 'in-force' }],
  })
  const { items } = await ada.steward.rules.decisions({ rule: id, limit: 10 })
  expect(items.map(({ subject }) => subject)).toEqual(['usage/b.json', 'usage/a.json'])
})

test('a rule decides only by the hand of who signed it', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.steward.network.signPolicy({
    policy: { decisionsNeeded: 2, admissionsNeeded: 1, freshness: [], requireAnchor: [] },
  })
  await ada.steward.rules.sign(rule(place))
  await differ(ada, ben, 'usage/a.json')
  await place.settle([ada, ben])
  const [open] = await ben.conflicts()
  const review = await ben.steward.conflicts.get({ id: open!.id })
  expect(review.quorum).toEqual({ needed: 2, have: 1 })
  expect(review.decisions.map(({ nodeName }) => nodeName)).toEqual(['ada'])
})

test('a rule that is taken back decides nothing more; what it decided stays', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await differ(ada, ben, 'usage/a.json')
  await place.settle([ada, ben])
  const { id } = await ada.steward.rules.sign(rule(place))
  await ada.steward.rules.revoke({ rule: id, reason: 'The counter is gone.' })
  await differ(ada, ben, 'usage/b.json')
  await place.settle([ada, ben])
  expect((await ada.conflicts()).map(({ subject }) => subject)).toEqual(['usage/b.json'])
  expect(await ada.conflicts('settled')).toHaveLength(1)
  expect((await ben.steward.rules.list({})).items).toMatchObject([
    { state: 'revoked', revoked: { reason: 'The counter is gone.' }, decided: 1 },
  ])
  expect(await refusal(ada.steward.rules.revoke({ rule: id, reason: '' }))).toMatchObject({ code: 'ALREADY_REVOKED' })
  expect(await refusal(ben.steward.rules.revoke({ rule: id, reason: '' }))).toMatchObject({ code: 'NOT_OWN_RULE' })
  const unknown = `sha256:${'0'.repeat(64)}` as ReceiptId
  expect(await refusal(ada.steward.rules.revoke({ rule: unknown, reason: '' }))).toMatchObject({ code: 'NOT_FOUND' })
})

test('a rule is over at its date', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.steward.rules.sign(rule(place))
  place.pass(31 * DAY)
  await differ(ada, ben, 'usage/a.json')
  await place.settle([ada, ben])
  expect(await ada.conflicts()).toHaveLength(1)
  expect((await ada.steward.rules.list({})).items).toMatchObject([{ state: 'ended' }])
})

test('what the steward took back or decided by hand, the rule leaves alone', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await differ(ada, ben, 'usage/a.json')
  await place.settle([ada, ben])
  const { id } = await ada.steward.rules.sign(rule(place))
  const [decision] = (await ada.steward.rules.decisions({ rule: id, limit: 1 })).items
  await ada.steward.conflicts.withdraw({ decision: decision!.id, reason: 'Counted wrongly.' })
  await place.settle([ada, ben])
  expect(await ada.conflicts()).toHaveLength(1)
  // Also another claim on that subject stays with the steward.
  await ben.observe('usage/a.json', { count: 3 })
  await place.settle([ada, ben])
  const preview = await ada.steward.rules.preview(rule(place))
  expect(await ada.conflicts()).toHaveLength(1)
  expect(preview.decides).toBe(1)
})

test('what can be no rule is refused with what to do', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
  const over = rule(place, { until: '2020-01-01T00:00:00.000Z' as Instant })
  expect(await refusal(ada.steward.rules.sign(over))).toMatchObject({ code: 'RULE_UNFIT' })
  const long = rule(place, { until: '2099-01-01T00:00:00.000Z' as Instant })
  expect((await refusal(ada.steward.rules.sign(long))).happened).toContain('a year at most')
  const half = rule(place, { choice: { type: 'agreeing', needed: 2, of: 4 } })
  expect((await refusal(ada.steward.rules.preview(half))).happened).toContain('no more than half')
})

test('a rule for conflicts like this one is suggested from the conflict', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await differ(ada, ben, 'usage/a.json')
  await differ(ada, ben, 'usage/b.json')
  await place.settle([ada, ben])
  const [conflict] = await ada.conflicts()
  const suggestion = await ada.steward.rules.suggest({ conflict: conflict!.id })
  expect(suggestion.subjects[0]?.open).toBe(1)
  expect(suggestion.subjects[1]).toEqual({ pattern: 'usage/*', open: 2 })
  expect(suggestion).toMatchObject({ kind: 'hash-mismatch', claims: 2, decidedBefore: 0 })
})
