import { describe, expect, test } from 'vitest'
import type { Policy } from '#core/contract/index.ts'
import { defaultPolicy, policyHash } from '#core/network/policy.ts'
import { standingOf, type Founding, type SignedAdmission, type SignedPolicy } from '#core/network/standing.ts'
import { signerFromSeed } from '#tests/kit/nodes.ts'

const [ada, ben, cleo, dora] = ['ada', 'ben', 'cleo', 'dora'].map((name) => signerFromSeed(name).node) as [
  ReturnType<typeof signerFromSeed>['node'],
  ReturnType<typeof signerFromSeed>['node'],
  ReturnType<typeof signerFromSeed>['node'],
  ReturnType<typeof signerFromSeed>['node'],
]

function founding(policy: Partial<Policy> = {}, founders = [ada]): Founding {
  const whole = { ...defaultPolicy, ...policy }
  return { founders, policy: whole, policyHash: policyHash(whole, null) }
}

function admits(signer: typeof ada, candidate: typeof ada, policy: Founding['policyHash']): SignedAdmission {
  return { signer, candidate, policy }
}

function signs(signer: typeof ada, policy: Policy, previous: Founding['policyHash']): SignedPolicy {
  return { signer, previous, policy, hash: policyHash(policy, previous) }
}

describe('admission', () => {
  test('before the genesis receipt is read nobody is admitted', () => {
    expect(standingOf(null, [], []).admitted.size).toBe(0)
  })

  test('a founder is admitted, and whom a founder admits is', () => {
    const start = founding()
    expect([...standingOf(start, [admits(ada, ben, start.policyHash)], []).admitted]).toEqual([ada, ben])
  })

  test('a node that was admitted may admit the next one, in whatever order that became known', () => {
    const start = founding()
    const admissions = [admits(ben, cleo, start.policyHash), admits(ada, ben, start.policyHash)]
    expect(standingOf(start, admissions, []).admitted).toEqual(new Set([ada, ben, cleo]))
  })

  test('two strangers who admit each other stay strangers', () => {
    const start = founding()
    const admissions = [admits(ben, cleo, start.policyHash), admits(cleo, ben, start.policyHash)]
    expect(standingOf(start, admissions, []).admitted).toEqual(new Set([ada]))
  })

  test('where policy asks for two stewards, one signing twice is not enough', () => {
    const start = founding({ admissionsNeeded: 2 }, [ada, ben])
    const once = admits(ada, cleo, start.policyHash)
    expect(standingOf(start, [once, once], []).admitted.has(cleo)).toBe(false)
    expect(standingOf(start, [once, admits(ben, cleo, start.policyHash)], []).admitted.has(cleo)).toBe(true)
  })

  test('an admission under a policy that was never adopted does not count', () => {
    const start = founding()
    expect(
      standingOf(start, [admits(ada, ben, policyHash(defaultPolicy, start.policyHash))], []).admitted.has(ben),
    ).toBe(false)
  })

  test('no admission is used with fewer others than its own policy asks for', () => {
    const start = founding({ admissionsNeeded: 2 }, [ada, ben, cleo])
    const stricter = { ...start.policy, admissionsNeeded: 3 }
    const policies = [signs(ada, stricter, start.policyHash)]
    const [next] = policies
    const under = (signer: typeof ada, policy: typeof start.policyHash) => admits(signer, dora, policy)
    expect(standingOf(start, [under(ada, start.policyHash), under(ben, next!.hash)], policies).admitted.has(dora)).toBe(
      false,
    )
    expect(
      standingOf(
        start,
        [under(ada, start.policyHash), under(ben, next!.hash), under(cleo, next!.hash)],
        policies,
      ).admitted.has(dora),
    ).toBe(true)
  })
})

describe('policy', () => {
  const needsTwo = { ...defaultPolicy, decisionsNeeded: 2 }

  test('a policy is in force when as many have signed as the one before it asks', () => {
    const start = founding({ decisionsNeeded: 2 }, [ada, ben])
    const next = { ...defaultPolicy, decisionsNeeded: 1 }
    const one = standingOf(start, [], [signs(ada, next, start.policyHash)])
    expect(one.policyHash).toBe(start.policyHash)
    expect(one.proposed).toMatchObject([{ policy: next, signedBy: [ada] }])
    const two = standingOf(start, [], [signs(ada, next, start.policyHash), signs(ben, next, start.policyHash)])
    expect(two.policy).toEqual(next)
    expect(two.proposed).toEqual([])
  })

  test('of two that follow the same policy, the one with the smaller hash is in force', () => {
    const start = founding({}, [ada, ben])
    const rivals = [
      signs(ada, needsTwo, start.policyHash),
      signs(ben, { ...defaultPolicy, admissionsNeeded: 2 }, start.policyHash),
    ]
    const smaller = rivals.map((signed) => signed.hash).sort()[0]
    expect(standingOf(start, [], rivals).policyHash).toBe(smaller)
    expect(standingOf(start, [], rivals.toReversed()).policyHash).toBe(smaller)
  })

  test('rules that come back later are another link, so the chain has an end', () => {
    const start = founding()
    const there = signs(ada, needsTwo, start.policyHash)
    const back = [ada, ben].map((signer) => signs(signer, defaultPolicy, there.hash))
    const standing = standingOf(start, [admits(ada, ben, start.policyHash)], [there, ...back])
    expect(standing.policy).toEqual(defaultPolicy)
    expect(standing.policyHash).toBe(back[0]!.hash)
  })

  test('what a stranger signs changes no rule', () => {
    const start = founding()
    const standing = standingOf(start, [], [signs(ben, needsTwo, start.policyHash)])
    expect(standing.policyHash).toBe(start.policyHash)
    expect(standing.proposed).toEqual([])
  })
})
