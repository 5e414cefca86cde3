import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NodeId, ReceiptId, RuleChoice } from '#core/contract/index.ts'
import { subjectPattern } from '#core/reconcile/index.ts'
import { literalPrefix } from '#core/rules/apply.ts'
import { choose, type ChosenFrom } from '#core/rules/choose.ts'

const members = fc
  .array(
    fc.record({
      node: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      hash: fc.constantFrom('x', 'y', 'z'),
      time: fc.constantFrom('2026-11-21T10:00:00.000Z', '2026-11-21T11:00:00.000Z', '2026-11-21T12:00:00.000Z'),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((said): ChosenFrom[] =>
    said.map((member, place) => ({
      ...member,
      origin: null,
      nodeName: member.node,
      receipt: `sha256:${place}` as ReceiptId,
    })),
  )

const choice: fc.Arbitrary<RuleChoice> = fc.oneof(
  fc.constantFrom('a', 'b').map((node): RuleChoice => ({ type: 'node', node: node as NodeId })),
  fc.constant<RuleChoice>({ type: 'newest' }),
  fc
    .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 6 }))
    .map(([needed, of]): RuleChoice => ({ type: 'agreeing', needed, of })),
  fc.constant<RuleChoice>({ type: 'several' }),
)

const nameOf = (node: string) => node

test('the order in which claims came does not show in what a rule chooses', () => {
  fc.assert(
    fc.property(
      choice,
      members.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      (rule, [all, shuffled]) => {
        expect(choose(rule, shuffled, nameOf)).toEqual(choose(rule, all, nameOf))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('what a rule picks is one thing that the claims say, and enough of them where it counts', () => {
  fc.assert(
    fc.property(choice, members, (rule, all) => {
      const chosen = choose(rule, all, nameOf)
      fc.pre('verdict' in chosen && chosen.verdict.type === 'pick')
      const receipt = 'verdict' in chosen && chosen.verdict.type === 'pick' ? chosen.verdict.receipt : null
      const picked = all.find((member) => member.receipt === receipt)
      const alike = all.filter((member) => member.hash === picked?.hash).length
      expect(picked).toBeDefined()
      expect(rule.type === 'node' ? picked?.node : null).toBe(rule.type === 'node' ? rule.node : null)
      expect(alike).toBeGreaterThanOrEqual(rule.type === 'agreeing' ? rule.needed : 1)
    }),
    { numRuns: 1_000 },
  )
})

test('where two camps are both large enough the conflict is left to a person, whoever came first', () => {
  const said = (...hashes: readonly string[]) =>
    hashes.map((hash, place): ChosenFrom => {
      const node = `node ${place}`
      return { node, nodeName: node, origin: null, receipt: `sha256:${place}` as ReceiptId, hash, time: '' }
    })
  const rule: RuleChoice = { type: 'agreeing', needed: 2, of: 4 }
  const why = 'More than one group of 2 claims say the same.'
  expect(choose(rule, said('x', 'x', 'y', 'y'), nameOf)).toEqual({ why })
  expect(choose(rule, said('y', 'x', 'x', 'y'), nameOf)).toEqual({ why })
  expect(choose(rule, said('x', 'y', 'y', 'z'), nameOf)).toEqual({ verdict: { type: 'pick', receipt: 'sha256:1' } })
})

test('a directory that several nodes imported says what it says once', () => {
  const claims = [
    ['ada', 'node-a', 'x'],
    ['ben', 'node-a', 'x'],
    ['ada', 'node-b', 'y'],
  ].map(([node = '', origin = '', hash = ''], place): ChosenFrom => {
    return { node, nodeName: node, origin, receipt: `sha256:${place}` as ReceiptId, hash, time: '' }
  })
  expect(choose({ type: 'agreeing', needed: 2, of: 2 }, claims, nameOf)).toEqual({
    why: 'No 2 of the 2 claims say the same.',
  })
  expect(choose({ type: 'agreeing', needed: 2, of: 3 }, claims, nameOf)).toEqual({
    why: 'Only 2 of the 3 claims that it asks for are here.',
  })
})

test('everything that fits a pattern begins with its literal part', () => {
  const part = fc.constantFrom('a', 'b', '/', '*', '**', '?', 'report', '.json')
  const pattern = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''))
  const subject = fc
    .array(fc.constantFrom('a', 'b', '/', 'report', '.json'), { minLength: 1, maxLength: 8 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(pattern, subject, (glob, path) => {
      expect(subjectPattern(glob)(path) && !path.startsWith(literalPrefix(glob))).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})
