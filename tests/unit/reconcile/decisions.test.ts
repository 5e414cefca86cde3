import { describe, expect, test } from 'vitest'
import type { ReceiptId, Verdict } from '#core/contract/index.ts'
import { conflictCounts, decisionDraft, withdrawalDraft } from '#core/reconcile/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { SUBJECT, differing, decide, reviewOf, pick, lastOf } from './cast.ts'

describe('a decision', () => {
  test('settles the conflict for everybody and lowers the count', () => {
    const { world, ada } = differing()
    using _ = world
    expect(conflictCounts(world.db)).toMatchObject({ open: 1, settled: 0, openByKind: { 'hash-mismatch': 1 } })
    const signed = decide(world, ada, pick(lastOf(ada)))
    expect(conflictCounts(world.db)).toMatchObject({ open: 0, settled: 1, openByKind: {} })
    expect(world.conflicts({ status: 'settled' })).toHaveLength(1)
    expect(reviewOf(world, ada).decisions).toMatchObject([
      {
        id: signed.id,
        nodeName: 'ada',
        counts: true,
        mine: true,
        withdrawn: null,
        sentence: "For external-summary.json, ada's receipt #3 (count 12) holds.",
      },
    ])
  })

  test('waits for as many stewards as policy asks', () => {
    const { world, ada, ben } = differing({ decisionsNeeded: 2 })
    using _ = world
    const claim = lastOf(ada)
    decide(world, ada, pick(claim))
    expect(reviewOf(world, ada)).toMatchObject({ summary: { status: 'open' }, quorum: { needed: 2, have: 1 } })
    decide(world, ben, pick(claim))
    expect(world.conflicts()).toEqual([])
  })

  test('opens again when a claim joins, and says so', () => {
    const { world, ada, cleo } = differing()
    using _ = world
    decide(world, ada, pick(lastOf(ada)))
    world.deliver([cleo.observe(SUBJECT, { count: 16 })])
    expect(world.conflicts()).toMatchObject([{ reopened: true, memberCount: 3 }])
    const review = reviewOf(world, ada)
    expect(review.decisions).toMatchObject([{ counts: false }])
    expect(review.why).toContain('It was settled before')
  })

  test('can be withdrawn by who made it, and by nobody else', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const signed = decide(world, ada, pick(lastOf(ada)))
    const request = { decision: signed.id, reason: 'mistaken' }
    expect(() => withdrawalDraft(world.db, ben.id, request)).toThrow(/another node/)
    world.deliver([ada.sign(withdrawalDraft(world.db, ada.id, request))])
    expect(world.conflicts()).toMatchObject([{ status: 'open', reopened: false }])
    expect(reviewOf(world, ada).decisions).toMatchObject([{ counts: false, withdrawn: { reason: 'mistaken' } }])
    expect(() => withdrawalDraft(world.db, ada.id, request)).toThrow(/already/)
  })

  test('stays when another node signs that it is withdrawn', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const signed = decide(world, ada, pick(lastOf(ada)))
    const { subject, task } = signed.receipt
    const body = { decision: signed.id, reason: 'I would rather not' }
    world.deliver([ben.sign({ kind: 'decision/withdrawn', subject, task, anchor: null, body })])
    expect(world.conflicts()).toEqual([])
    expect(reviewOf(world, ada).decisions).toMatchObject([{ counts: true, withdrawn: null }])
  })

  test('of two stewards who disagree leaves one conflict, not two winners', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const [first, second] = [lastOf(ada), lastOf(ben)]
    const members = [first.id, second.id]
    const [conflict] = world.conflicts()
    const say = (steward: TestNode, claim: VerifiedReceipt) =>
      steward.sign(
        decisionDraft(world.db, steward.id, {
          conflict: conflict!.id,
          members,
          verdict: pick(claim),
          reason: '',
          planStep: null,
        }),
      )
    const decisions = [say(ada, first), say(ben, second)]
    world.deliver(decisions)
    expect(world.conflicts()).toMatchObject([{ kind: 'decisions-disagree', severity: 3, memberCount: 2 }])
    expect(world.conflicts()[0]?.title).toBe('external-summary.json: two stewards decided differently')
    expect(conflictCounts(world.db)).toMatchObject({ open: 1, settled: 0 })

    decide(world, ada, pick(decisions[1]!))
    expect(world.conflicts()).toEqual([])
    expect(
      world
        .conflicts({ status: 'settled' })
        .map((settled) => settled.kind)
        .sort(),
    ).toEqual(['decisions-disagree', 'hash-mismatch'])
  })

  test('is refused when the claims are not those that the steward saw', () => {
    const { world, ada, cleo } = differing()
    using _ = world
    const seen = { conflict: world.conflicts()[0]!.id, members: [lastOf(ada).id], reason: 'x', planStep: null }
    expect(() => decisionDraft(world.db, ada.id, { ...seen, verdict: { type: 'none' } })).toThrow(/changed/)
    world.deliver([cleo.observe(SUBJECT, { count: 16 })])
    expect(() => decisionDraft(world.db, ada.id, { ...seen, verdict: { type: 'none' } })).toThrow(/changed/)
  })

  test('needs a reason where it puts every claim aside, and a verdict that means something', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const about = {
      conflict: world.conflicts()[0]!.id,
      members: [lastOf(ada).id, lastOf(ben).id],
      reason: ' ',
      planStep: null,
    }
    const draft = (verdict: Verdict) => () => decisionDraft(world.db, ada.id, { ...about, verdict })
    expect(draft({ type: 'none' })).toThrow(/reason/)
    expect(draft({ type: 'replacement', body: {} })).toThrow(/reason/)
    expect(draft({ type: 'pick', receipt: world.conflicts()[0]!.id as unknown as ReceiptId })).toThrow(/not among/)
    expect(draft({ type: 'several', receipts: [lastOf(ada).id, lastOf(ada).id] })).toThrow(/two different/)
    expect(draft(pick(lastOf(ada)))().body).toMatchObject({ kind: 'hash-mismatch', reason: '' })
  })

  test('of a node that is not admitted cannot be signed, since it would not count', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const dora = new TestNode('dora')
    expect(reviewOf(world, dora).cannotDecide).toContain('not admitted')
    expect(() =>
      decisionDraft(world.db, dora.id, {
        conflict: world.conflicts()[0]!.id,
        members: [lastOf(ada).id, lastOf(ben).id],
        verdict: { type: 'none' },
        reason: 'x',
        planStep: null,
      }),
    ).toThrow(/not admitted/)
  })
})
