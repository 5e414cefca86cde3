import { expect, test } from 'vitest'
import type { Instant } from '#core/contract/index.ts'
import { conflictCounts, decisionDraft, overdueCount } from '#core/reconcile/index.ts'
import { defaultPolicy, policyDraft, policyHashInForce } from '#core/network/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { allSigned, foundNetwork, World } from '#tests/kit/world.ts'

const DAY = 86_400_000
const after = (days: number): Instant => instantAt(START + days * DAY)

function differing(policy: Parameters<typeof foundNetwork>[1]) {
  const [ada, ben] = [new TestNode('ada'), new TestNode('ben')]
  const genesis = foundNetwork([ada, ben], policy)
  ada.observe('report.json', { count: 1 })
  ben.observe('report.json', { count: 2 })
  const world = new World().joinNetwork(genesis.id, after(0.1))
  world.deliver(allSigned([ada, ben]), after(0.1))
  return { world, ada, ben }
}

test('a conflict that nobody settles within the days of the policy counts one step more severe, and says why', () => {
  using world = differing({ escalateAfterDays: 7 }).world
  world.passTo(after(6))
  expect(world.conflicts()).toMatchObject([{ severity: 2, escalated: null }])
  expect(overdueCount(world.db)).toBe(0)

  world.passTo(after(8))
  expect(world.conflicts()).toMatchObject([{ severity: 3 }])
  expect(world.conflicts()[0]?.escalated).toContain('more than 7 days')
  expect(world.conflicts({ severity: 3 })).toHaveLength(1)
  expect(world.conflicts({ severity: 2 })).toEqual([])
  expect(world.conflicts({ overdue: true })).toHaveLength(1)
  expect(conflictCounts(world.db).openBySeverity).toEqual({ '1': 0, '2': 0, '3': 1 })
  expect(overdueCount(world.db)).toBe(1)

  const before = world.state()
  expect(world.rebuild(after(8)).state()).toBe(before)
})

test('a clock that was put back takes the escalation back', () => {
  using world = differing({ escalateAfterDays: 7 }).world
  world.passTo(after(8))
  world.passTo(after(2))
  expect(world.conflicts()).toMatchObject([{ severity: 2, escalated: null }])
  expect(conflictCounts(world.db).openBySeverity).toEqual({ '1': 0, '2': 1, '3': 0 })
})

test('settling an overdue conflict ends its escalation, withdrawing brings it back', () => {
  const { world, ada } = differing({ escalateAfterDays: 7 })
  using _ = world
  world.passTo(after(8))
  const [conflict] = world.conflicts()
  const { members } = world.review(conflict!.id, ada.id)
  const decision = ada.sign(
    decisionDraft(world.db, ada.id, {
      conflict: conflict!.id,
      members: members.map(({ receipt }) => receipt),
      verdict: { type: 'pick', receipt: members[0]!.receipt },
      reason: '',
      planStep: null,
    }),
    8 * DAY,
  )
  world.deliver([decision], after(8.1))
  expect(world.conflicts({ status: 'settled' })).toMatchObject([{ severity: 2, escalated: null }])
  expect(overdueCount(world.db)).toBe(0)

  const body = { decision: decision.id, reason: 'mistaken' }
  const back = ada.sign({ kind: 'decision/withdrawn', subject: 'report.json', task: null, anchor: null, body })
  world.deliver([back], after(8.1))
  expect(world.conflicts()).toMatchObject([{ severity: 3 }])
})

test('without such a rule a conflict stays as severe as it is, and a new policy counts at once', () => {
  const { world, ada } = differing({})
  using _ = world
  world.passTo(after(400))
  expect(world.conflicts()).toMatchObject([{ severity: 2, escalated: null }])
  world.deliver(
    [ada.sign(policyDraft({ ...defaultPolicy, escalateAfterDays: 30 }, policyHashInForce(world.db)))],
    after(400),
  )
  expect(world.conflicts()).toMatchObject([{ severity: 3 }])
})
