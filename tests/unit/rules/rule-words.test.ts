import { expect, test } from 'vitest'
import type { Instant, NodeId, RuledKind, StandingRule } from '#core/contract/index.ts'
import { ruleSentence } from '#core/rules/rule-words.ts'

const RULE: StandingRule = {
  subject: 'usage/*',
  task: null,
  kinds: ['hash-mismatch'],
  choice: { type: 'newest' },
  until: '2026-12-24T00:00:00.000Z' as Instant,
  reason: '',
}
const nameOf = (node: string) => (node === 'did:key:ada' ? 'ada' : node)
const EVERY: readonly RuledKind[] = ['hash-mismatch', 'missing-anchor', 'unknown-anchor', 'diverging-anchors']

test.each<[string, StandingRule['choice']]>([
  ['the newest claim of ada holds', { type: 'node', node: 'did:key:ada' as NodeId }],
  ['what the directory node-a says last holds', { type: 'origin', origin: 'node-a' }],
  ['the claim with the latest time holds', { type: 'newest' }],
  ['what 2 of at least 3 say alike holds', { type: 'agreeing', needed: 2, of: 3 }],
  ['all claims hold side by side', { type: 'several' }],
])('a steward signs a sentence: %s', (chosen, choice) => {
  expect(ruleSentence({ ...RULE, choice }, nameOf)).toBe(
    `Where claims differ on usage/*, ${chosen} (until 2026-12-24).`,
  )
})

test.each<[string, readonly RuledKind[]]>([
  ['Where claims differ on', EVERY],
  ['Where an anchor is missing or anchors do not follow each other on', ['missing-anchor', 'diverging-anchors']],
  ['Where an anchor is unknown on', ['unknown-anchor', 'unknown-anchor', 'unknown-anchor', 'unknown-anchor']],
])('it begins with what the rule is for: %s', (begin, kinds) => {
  expect(ruleSentence({ ...RULE, kinds: [...kinds] }, nameOf)).toContain(begin)
})

test('a rule for one task says so', () => {
  expect(ruleSentence({ ...RULE, task: 'pilot' }, nameOf)).toContain('on usage/* in task pilot, the claim')
})
