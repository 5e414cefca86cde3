import { describe, expect, test } from 'vitest'
import { policyChanges, policySentences, type Peer } from '#core/contract/index.ts'
import { cellOf } from '#ui/screens/network/feed-map-cells.ts'
import { inStepSentence, inStepWith } from '#ui/store/network-store.ts'
import { nodeId } from './small-network.ts'

const peer = (part: Partial<Peer>): Peer => ({
  node: nodeId('ben'),
  name: 'ben',
  words: ['a', 'b', 'c', 'd', 'e', 'f'],
  state: 'admitted',
  seq: 17,
  headSeq: 17,
  mergedSeq: 17,
  waiting: 0,
  hasOfOurs: 42,
  lastSeen: null,
  admittedBy: [],
  admissionsNeeded: 1,
  org: null,
  region: null,
  trouble: null,
  ...part,
})
const sentence = (part: Partial<Peer>) => inStepSentence(inStepWith(peer(part), 42))

describe('both directions', () => {
  test('"up to date" only where our receipts reached them and theirs reached us', () => {
    expect(sentence({})).toBe('Up to date both ways.')
    expect(sentence({ hasOfOurs: 40 })).toBe('They have 40 of our 42; we have all 17 of theirs.')
    expect(sentence({ hasOfOurs: 3, seq: 1, headSeq: 1, mergedSeq: 1 })).toContain('we have the only receipt of theirs')
    expect(sentence({ headSeq: 30 })).toBe('They have all 42 of ours; we have 17 of their 30.')
  })

  test('what was never said is not taken for nothing', () => {
    expect(sentence({ hasOfOurs: null })).toBe(
      'They have not said yet what they have of ours; we have all 17 of theirs.',
    )
  })

  test('a feed that stands still behind a fork is not in step, though its receipts are here', () => {
    expect(sentence({ mergedSeq: 12 })).toContain('we have 12 of their 17')
  })
})

describe('the map of feeds', () => {
  test('a cell says how far the holder is, and in little room how much is missing', () => {
    expect(cellOf(877, 877, false)).toMatchObject({ state: 'all', words: 'all 877' })
    expect(cellOf(800, 877, false)).toMatchObject({ state: 'part', text: '800', sign: '−77', words: '800 of 877' })
    expect(cellOf(0, 5_000, false)).toMatchObject({ state: 'none', sign: '–' })
    expect(cellOf(1_000, 5_000, false)).toMatchObject({ sign: '−4k' })
    expect(cellOf(null, 877, false)).toMatchObject({ state: 'unknown', words: 'never said' })
    expect(cellOf(877, 877, true)).toMatchObject({ state: 'own' })
  })
})

describe('the rules as sentences', () => {
  const rules = {
    decisionsNeeded: 1,
    admissionsNeeded: 2,
    freshness: [{ subject: '_report/usage/*', maxAgeHours: 48 }],
    requireAnchor: [],
  }

  test('say how many stewards, how old, and under what', () => {
    expect(policySentences(rules)).toEqual([
      'One steward is enough to settle a conflict.',
      '2 stewards must agree to admit a new node.',
      'Claims on _report/usage/* are stale after 2 days, once a newer one exists.',
      'No subject requires an anchor.',
    ])
  })

  test('a proposal shows only what it changes', () => {
    expect(policyChanges(rules, { ...rules, decisionsNeeded: 2 })).toEqual([
      'New: 2 stewards must agree to settle a conflict.',
      'No longer: One steward is enough to settle a conflict.',
    ])
    expect(policyChanges(rules, rules)).toEqual(['It says the same as the rules in force.'])
  })
})
