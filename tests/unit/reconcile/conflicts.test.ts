import { describe, expect, test } from 'vitest'
import type { ContentHash } from '#core/contract/index.ts'
import { MergedFeeds, setBlocked } from '#core/network/index.ts'
import { conflictCounts, conflictFacets, conflictsOfReceipt } from '#core/reconcile/index.ts'
import { contentHashOf, sha256Id } from '#core/receipts/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { admit, LATER } from '#tests/kit/world.ts'
import { SUBJECT, withThree, differing, reviewOf, lastOf } from './cast.ts'

describe('a conflict', () => {
  test('says in sentences what is the matter, why, and what to do', () => {
    const { world, ada } = differing()
    using _ = world
    const review = reviewOf(world, ada)
    expect(review.summary).toMatchObject({
      kind: 'hash-mismatch',
      severity: 2,
      status: 'open',
      subject: SUBJECT,
      title: 'external-summary.json: two claims differ',
      memberCount: 2,
      decidable: true,
      reopened: false,
    })
    expect(review.why).toBe(
      'The claims differ and no anchor is newer than the others, so no rule may choose between them.',
    )
    expect(review.remedy).toBe('Compare the claims and sign which of them holds.')
    expect(review.quorum).toEqual({ needed: 1, have: 0 })
    expect(review.cannotDecide).toBeNull()
    expect(new Set(review.members.map((member) => member.gist))).toEqual(new Set(['12', '14']))
    expect(review.members.filter((member) => member.thisNode)).toHaveLength(1)
    expect(review.historyCount).toBe(2)
  })

  test('goes by an id made of its members, the same for everybody', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const members = [lastOf(ada).id, lastOf(ben).id].sort()
    expect(world.conflicts()[0]?.id).toBe(
      sha256Id(`{"kind":"hash-mismatch","members":${JSON.stringify(members)},"subject":"${SUBJECT}","task":null}`),
    )
    expect(conflictsOfReceipt(world.db, lastOf(ada).id)).toEqual([world.conflicts()[0]?.id])
  })

  test('is gone when the nodes agree', () => {
    const { world, ben } = differing()
    using _ = world
    world.deliver([ben.observe(SUBJECT, { count: 12 })])
    expect(world.conflicts({ status: 'all' })).toEqual([])
    expect(conflictCounts(world.db)).toMatchObject({ open: 0, settled: 0 })
    expect(conflictFacets(world.db)).toEqual({ tasks: [], nodes: [] })
  })

  test('keeps the same subject in two tasks apart', () => {
    const { world } = withThree({}, ({ ada, ben }) => {
      ada.observe(SUBJECT, { count: 1 }, { task: 'pilot' })
      ben.observe(SUBJECT, { count: 2 }, { task: 'trial' })
    })
    using _ = world
    expect(world.conflicts()).toEqual([])
  })

  test('a claim by content names its hash; another by body its canonical form', () => {
    const { world, ada } = withThree({}, (cast) => {
      cast.ada.observe(SUBJECT, { z: 1, a: { 'kind": "x"': ',"kind":' } })
      cast.ben.observe(SUBJECT, { content: { hash: sha256Id('blob'), size: 4 } })
    })
    using _ = world
    expect(new Set(reviewOf(world, ada).members.map((member) => member.hash))).toEqual(
      new Set([contentHashOf(lastOf(ada).receipt.body), sha256Id<ContentHash>('blob')]),
    )
  })

  test('is between the newest claims, however many came before', () => {
    const { world, ada } = withThree({}, (cast) => {
      for (let count = 0; count < 40; count++) cast.ada.observe(SUBJECT, { count })
      for (let count = 0; count < 40; count++) cast.ben.observe(SUBJECT, { count: 100 + count })
    })
    using _ = world
    expect(world.conflicts()).toMatchObject([{ kind: 'hash-mismatch', memberCount: 2 }])
    expect(new Set(reviewOf(world, ada).members.map((member) => member.gist))).toEqual(new Set(['39', '139']))
    // Behind a fork the newest claim is the last one before it.
    const before = ada.signed.find((receipt) => receipt.receipt.seq === 30)!
    world.deliver([ada.forkAfter(before).observe('elsewhere.json', { count: 1 })])
    const mismatch = world.conflicts({ kinds: ['hash-mismatch'] })[0]
    expect(new Set(mismatch?.members.map((member) => member.seq))).toEqual(new Set([30, 41]))
  })

  test.each(['ada', 'ben'] as const)('is seen however often %s said the same before', (often) => {
    const { world, ...cast } = withThree({}, (founders) => {
      for (let again = 0; again < 40; again++) founders[often].observe(SUBJECT, { count: 1 })
    })
    using _ = world
    // Alone: a single receipt is not judged the way in which many are.
    world.deliver([cast[often === 'ada' ? 'ben' : 'ada'].observe(SUBJECT, { count: 2 })])
    expect(world.conflicts()).toMatchObject([{ kind: 'hash-mismatch', memberCount: 2 }])
  })

  test('is made by a single imported file that does not fit what it says, though nobody says otherwise', () => {
    const { world, ada } = withThree({}, () => undefined)
    using _ = world
    const content = { hash: sha256Id<ContentHash>('the file'), size: 8 }
    const file = { origin: 'mill', round: 1, path: SUBJECT, content, envelope: { state: 'missing' } }
    world.deliver([ada.observe(SUBJECT, { ...file, mismatches: ['It does not fit.'] })])
    expect(world.conflicts()).toMatchObject([{ kind: 'content-mismatch', memberCount: 1 }])
  })

  test('is not made by a node that is not admitted, and is as soon as it is', () => {
    const { world, ada } = withThree({}, ({ ada: first }) => void first.observe(SUBJECT, { count: 12 }))
    using _ = world
    const dora = new TestNode('dora')
    const claim = dora.observe(SUBJECT, { count: 99 })
    world.deliver([claim])
    expect(world.conflicts()).toEqual([])
    world.deliver([admit(world, ada, dora)])
    expect(world.conflicts()).toMatchObject([{ kind: 'hash-mismatch', memberCount: 2 }])
  })

  test('blocking a node hides what it says on this installation, and lifting the block brings it back', () => {
    const { world, ben } = differing()
    using _ = world
    const before = world.state()
    world.ledger.write(LATER, (tx) => setBlocked(tx, ben.id, true))
    expect(world.conflicts()).toEqual([])
    expect(new MergedFeeds(world.db).stateOf({ nodeKey: 2, seq: 2, arrival: 4 })).toBe('blocked')
    world.ledger.write(LATER, (tx) => setBlocked(tx, ben.id, false))
    expect(world.state()).toBe(before)
  })
})
