import { describe, expect, test } from 'vitest'
import type { ReceiptId } from '#core/contract/index.ts'
import { MergedFeeds } from '#core/network/index.ts'
import { withdrawalDraft } from '#core/reconcile/index.ts'
import { sha256Id, signReceipt, type VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt, signerFromSeed, START, TestNode } from '#tests/kit/nodes.ts'
import { admit } from '#tests/kit/world.ts'
import { SUBJECT, type Cast, withThree, decide, reviewOf, pick, lastOf } from './cast.ts'

describe('a fork', () => {
  function forked(): Cast & { readonly one: VerifiedReceipt; readonly other: VerifiedReceipt } {
    const cast = withThree({}, ({ ada }) => void ada.observe('first.json', { count: 1 }))
    const { world, ada } = cast
    const common = lastOf(ada)
    const one = ada.observe(SUBJECT, { count: 2 })
    const behind = ada.observe('behind.json', { count: 3 })
    const other = ada.forkAfter(common).observe(SUBJECT, { count: 4 })
    world.deliver([one, behind, other])
    return { ...cast, one, other }
  }

  test('freezes the feed at the last common receipt and proves itself', () => {
    const { world, ben, one, other } = forked()
    using _ = world
    expect(world.conflicts()).toMatchObject([
      { kind: 'fork', severity: 3, title: 'ada told two stories about its receipt #4', memberCount: 2 },
    ])
    const review = reviewOf(world, ben)
    expect(review.proof.map((line) => line.value)).toEqual(
      expect.arrayContaining([one.id, other.id, one.receipt.sig, other.receipt.sig, one.receipt.node]),
    )
    const feeds = new MergedFeeds(world.db)
    const stateOf = (arrival: number, seq: number) => feeds.stateOf({ nodeKey: 1, seq, arrival })
    expect(feeds.feed(1)).toMatchObject({ baseSeq: 3, boundSeq: 3, forked: true })
    expect(stateOf(8, 4)).toBe('forked')
    expect(stateOf(9, 5)).toBe('behind-fork')
  })

  test('is not decided by the node that forked', () => {
    const { world, ada, one } = forked()
    using _ = world
    expect(reviewOf(world, ada).cannotDecide).toContain('forked')
    expect(() => decide(world, ada, pick(one))).toThrow(/forked/)
  })

  test('does not heed a decision that its own node signed before the fork, about stories it would tell', () => {
    const { world, ada } = withThree({}, () => undefined)
    using _ = world
    const signer = signerFromSeed('ada')
    // Neither names the one before it, so that they can be made first and be named in a receipt that stands before them.
    const story = (count: number) =>
      signReceipt(
        { kind: 'evidence/observed', subject: SUBJECT, task: null, anchor: null, body: { count } },
        { seq: ada.seq + 2, prev: sha256Id<ReceiptId>(`made up ${count}`), time: instantAt(START) },
        signer,
      )
    const stories = [story(1), story(2)]
    const members = stories.map(({ id }) => id).sort()
    const decided = ada.sign({
      kind: 'decision/made',
      subject: ada.id,
      task: null,
      anchor: null,
      body: { conflict: sha256Id('any'), kind: 'fork', members, verdict: { type: 'none' }, reason: 'nothing to see' },
    })
    world.deliver([decided, ...stories])
    expect(world.conflicts()).toMatchObject([{ kind: 'fork', status: 'open' }])
  })

  test('decided by another, the feed goes on along the picked story, and stops again when that is withdrawn', () => {
    const { world, ben, cleo, one } = forked()
    using _ = world
    world.deliver([cleo.observe(SUBJECT, { count: 9 })])
    const frozen = world.conflicts()
    const decision = decide(world, ben, pick(one))
    expect(decision.receipt.subject).toBe(one.receipt.node)
    expect(new MergedFeeds(world.db).feed(1)).toMatchObject({ baseSeq: 3, boundSeq: 5 })
    // What ada said is merged now, and contradicts cleo.
    expect(world.conflicts()).toMatchObject([{ kind: 'hash-mismatch', subject: SUBJECT }])
    expect(world.conflicts({ status: 'settled' })).toMatchObject([{ kind: 'fork' }])

    world.deliver([ben.sign(withdrawalDraft(world.db, ben.id, { decision: decision.id, reason: 'too early' }))])
    expect(world.conflicts()).toEqual(frozen)
  })

  test('with the verdict none it ends the feed', () => {
    const { world, ben } = forked()
    using _ = world
    decide(world, ben, { type: 'none' })
    expect(world.conflicts()).toEqual([])
    expect(new MergedFeeds(world.db).feed(1)).toMatchObject({ boundSeq: 3 })
  })

  test('with a third story it opens again', () => {
    const { world, ada, ben, one } = forked()
    using _ = world
    decide(world, ben, pick(one))
    const third = ada.forkAfter(ada.signed.find((receipt) => receipt.receipt.seq === 3)!).observe(SUBJECT, { count: 7 })
    world.deliver([third])
    expect(world.conflicts()).toMatchObject([{ kind: 'fork', memberCount: 3, reopened: true }])
    expect(new MergedFeeds(world.db).feed(1)).toMatchObject({ boundSeq: 3 })
  })

  test('takes back the admissions that were signed behind it', () => {
    const { world, ada } = withThree({}, () => undefined)
    using _ = world
    const dora = new TestNode('dora')
    const profile = lastOf(ada)
    const admission = admit(world, ada, dora)
    world.deliver([admission, dora.observe(SUBJECT, { count: 1 })])
    expect(new MergedFeeds(world.db).feed(4)?.admitted).toBe(true)
    world.deliver([ada.forkAfter(profile).observe('x', { count: 1 })])
    expect(new MergedFeeds(world.db).feed(4)?.admitted).toBe(false)
  })
})
