import { describe, expect, test } from 'vitest'
import type { ContentHash } from '#core/contract/index.ts'
import { anchorView, newestAnchor } from '#core/reconcile/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { instantAt, START, type TestNode } from '#tests/kit/nodes.ts'
import { SUBJECT, withThree, reviewOf } from './cast.ts'

describe('anchors', () => {
  const anchorBody = (name: string, previous: string | null) => ({
    hash: sha256Id<ContentHash>(name),
    previous: previous === null ? null : sha256Id<ContentHash>(previous),
    label: name,
  })
  const under = (name: string) => ({ hash: sha256Id<ContentHash>(name), time: instantAt(START) })
  const signAnchor = (node: TestNode, name: string, previous: string | null) =>
    node.sign({
      kind: 'governance/anchor',
      subject: 'capsule',
      task: null,
      anchor: null,
      body: anchorBody(name, previous),
    })

  test('one that arrives later turns an unknown anchor into a rule that settles', () => {
    const { world, ada } = withThree({}, ({ ada, ben }) => {
      signAnchor(ada, 'v1', null)
      ada.observe(SUBJECT, { count: 1 }, { anchor: under('v1') })
      ben.observe(SUBJECT, { count: 2 }, { anchor: under('v2') })
    })
    using _ = world
    expect(world.conflicts()).toMatchObject([{ kind: 'unknown-anchor' }])
    expect(anchorView(world.db, under('v2')).state).toBe('unknown')
    world.deliver([signAnchor(ada, 'v2', 'v1')])
    expect(world.conflicts()).toEqual([])
    expect(newestAnchor(world.db)?.hash).toBe(sha256Id('v2'))
    expect(anchorView(world.db, under('v2'))).toMatchObject({ state: 'verified', label: 'v2' })
    expect(anchorView(world.db, null)).toEqual({ state: 'missing' })
  })

  test('the review shows what a newer anchor put aside, with the rule', () => {
    const { world, ada } = withThree({}, ({ ada, ben, cleo }) => {
      signAnchor(ada, 'v1', null)
      signAnchor(ada, 'v2', 'v1')
      ada.observe(SUBJECT, { count: 1 }, { anchor: under('v1') })
      ben.observe(SUBJECT, { count: 2 }, { anchor: under('v2') })
      cleo.observe(SUBJECT, { count: 3 }, { anchor: under('v2') })
    })
    using _ = world
    expect(reviewOf(world, ada)).toMatchObject({
      summary: { kind: 'hash-mismatch', memberCount: 2 },
      superseded: [{ member: { nodeName: 'ada' }, rule: 'The most recent anchor holds: v2 follows v1.' }],
    })
  })
})
