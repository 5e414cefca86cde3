// What a rule of thumb says nothing about, and why a steward may not decide now.
import { expect, test } from 'vitest'
import type { ConflictId } from '#core/contract/index.ts'
import { setObservations, previewBulk, conflictReview } from '#core/reconcile/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { instantAt, START } from '#tests/kit/nodes.ts'
import { LATER } from '#tests/kit/world.ts'
import { decide, differing, lastOf, pick, reviewOf, SUBJECT, withThree } from './cast.ts'

test('a rule of thumb leaves alone what was solved meanwhile, what nobody can decide, and who says several things', () => {
  const { world, ada, ben } = withThree({}, ({ ada, ben }) => {
    ada.observe('a.json', { count: 1 })
    ben.observe('a.json', { count: 2 })
  })
  using _ = world
  const [solved] = world.conflicts()
  decide(world, ada, pick(lastOf(ada)))
  const common = lastOf(ada)
  const one = ada.observe('b.json', { count: 1 })
  world.deliver([one, ada.forkAfter(common).observe('b.json', { count: 2 })])
  const [fork] = world.conflicts()
  world.ledger.write(LATER, (tx) =>
    setObservations(tx, [{ type: 'withheld', node: ben.id, fromSeq: 5, toSeq: 9, since: instantAt(START) }]),
  )
  const withheld = world.conflicts().find(({ kind }) => kind === 'withheld')
  const unknown = sha256Id<ConflictId>('never there')
  const whys = previewBulk(world.db, [solved!.id, fork!.id, withheld!.id, unknown], { type: 'node', node: ada.id }).map(
    ({ subject, why }) => [subject, why],
  )
  expect(whys).toEqual([
    ['a.json', 'It was solved meanwhile.'],
    [ada.id, 'ada says several things here.'],
    [ben.id, 'Nothing can be decided here: it ends when what is missing arrives.'],
    ['', 'It was solved meanwhile.'],
  ])
})

test('while stewards disagree, what they disagree about waits for the decision between them', () => {
  const { world, ada, ben, cleo } = differing()
  using _ = world
  const review = reviewOf(world, ada)
  const decided = decide(world, ada, pick(lastOf(ada)))
  const other = ben.sign({
    ...decided.receipt,
    body: { ...decided.receipt.body, verdict: { type: 'none' } },
  })
  world.deliver([other])
  expect(world.conflicts()).toMatchObject([{ kind: 'decisions-disagree', memberCount: 2 }])
  const disputed = conflictReview(world.db, review.summary.id, {
    thisNode: cleo.id,
    now: LATER,
    contentOf: () => ({ type: 'missing', why: 'It was never here.', remedy: 'Ask its node for it.' }),
    heldBy: () => ({ count: 3, of: 3, notBy: [] }),
  })
  expect(disputed.cannotDecide).toBe('Stewards disagree about it: decide between their decisions instead.')
  expect(reviewOf(world, cleo).members).toHaveLength(2)
})

test('a node whose own feed stands still at a fork is told that its decisions do not count yet', () => {
  const { world, ada, ben } = withThree({}, ({ ada, ben }) => {
    ada.observe(SUBJECT, { count: 1 })
    ben.observe(SUBJECT, { count: 2 })
  })
  using _ = world
  const common = lastOf(ada)
  world.deliver([ada.observe('b.json', { count: 1 }), ada.forkAfter(common).observe('b.json', { count: 2 })])
  const reviews = world
    .conflicts()
    .map((_conflict, index) => [
      reviewOf(world, ada, index).summary.kind,
      reviewOf(world, ada, index).cannotDecide,
      reviewOf(world, ben, index).cannotDecide,
    ])
  expect(Object.fromEntries(reviews.map(([kind, own, others]) => [kind, [own, others]]))).toEqual({
    fork: ['This node’s own feed is forked, so its decisions on forks do not count.', null],
    'hash-mismatch': [
      'This node’s own feed stands still at a fork, so what it signs does not count until others decide on it.',
      null,
    ],
  })
})

test('a conflict that is not there any more cannot be reviewed', () => {
  const { world, ada } = differing()
  using _ = world
  expect(() => world.review(sha256Id<ConflictId>('never there'), ada.id)).toThrow(/conflict/)
})
