import { describe, expect, test } from 'vitest'
import type { ContentHash } from '#core/contract/index.ts'
import { anchorChains, anchorsAfter } from '#core/reconcile/anchors.ts'
import { MARKS } from '#core/reconcile/imported.ts'
import { judgeClaims, type Claim, type SubjectRules } from '#core/reconcile/judge-claims.ts'
import { subjectPattern } from '#core/reconcile/subject-pattern.ts'
import { subjectRules } from '#core/reconcile/subject-rules.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { defaultPolicy } from '#core/network/index.ts'

const HOUR = 3_600_000
const hash = (text: string) => sha256Id<ContentHash>(text)
const NO_RULES: SubjectRules = { requireAnchor: false, maxAgeMs: null }
const NO_ANCHORS = anchorChains([])
/** v1 <- v2 <- v3, and `side`, which follows v1 as well. */
const ANCHORS = anchorChains([
  { hash: hash('v1'), previous: null },
  { hash: hash('v2'), previous: hash('v1') },
  { hash: hash('v3'), previous: hash('v2') },
  { hash: hash('side'), previous: hash('v1') },
])

function claim(
  name: string,
  value: string,
  anchor: string | null = null,
  timeMs = 0,
): Claim & { readonly name: string } {
  return {
    name,
    hash: hash(value),
    anchor: anchor === null ? null : hash(anchor),
    timeMs,
  }
}

describe('signed claims that a directory has replaced by unsigned ones', () => {
  const ofOrigin = (origin: string, value: string, anchor: string, more: Partial<Claim> = {}) => ({
    ...claim(origin, value, anchor),
    origin,
    marks: 0,
    ...more,
  })
  const replaced = [
    ofOrigin('a', 'signed', 'v2', { kept: true, statedMs: 0 }),
    ofOrigin('a', 'unsigned', 'v2', { marks: MARKS.unsigned, statedMs: 10 * HOUR, timeMs: 10 * HOUR }),
  ]

  test('do not let the unsigned one put aside what another directory signed', () => {
    const all = [...replaced, ofOrigin('b', 'other', 'v1')]
    expect(judgeClaims(all, ANCHORS, NO_RULES, 0)).toMatchObject({
      findings: [{ kind: 'hash-mismatch', members: all }],
      superseded: [],
    })
    const unsigned = ofOrigin('b', 'other', 'v1', { marks: MARKS.unsigned })
    expect(judgeClaims([...replaced, unsigned], ANCHORS, NO_RULES, 0)).toMatchObject({
      findings: [{ kind: 'hash-mismatch', members: replaced }],
      superseded: [{ claim: { origin: 'b' } }],
    })
  })

  test('are not asked how old they are', () => {
    const { findings } = judgeClaims(replaced, ANCHORS, { ...NO_RULES, maxAgeMs: HOUR }, 20 * HOUR)
    expect(findings.map(({ kind }) => kind)).toEqual(['hash-mismatch'])
  })
})

describe('claims that differ', () => {
  const kindsOf = (claims: readonly Claim[], rules = NO_RULES, anchors = ANCHORS) =>
    judgeClaims(claims, anchors, rules, 0).findings.map((finding) => finding.kind)

  test('no claim and one claim are agreed, and so are equal ones', () => {
    expect(kindsOf([])).toEqual([])
    expect(kindsOf([claim('ada', 'x')])).toEqual([])
    expect(kindsOf([claim('ada', 'x', 'v1'), claim('ben', 'x', 'nobody signed this')])).toEqual([])
  })

  test('without anchors they wait for a person', () => {
    expect(kindsOf([claim('ada', 'x'), claim('ben', 'y')])).toEqual(['hash-mismatch'])
  })

  test('the claim under the more recent anchor stands, the other is superseded', () => {
    const [older, newer] = [claim('ada', 'x', 'v1'), claim('ben', 'y', 'v3')]
    const judgement = judgeClaims([older, newer], ANCHORS, NO_RULES, 0)
    expect(judgement.findings).toEqual([])
    expect(judgement.superseded).toEqual([{ claim: older, by: hash('v3') }])
  })

  test('times do not decide: an old claim under a newer anchor stands', () => {
    const claims = [claim('ada', 'x', 'v1', 9 * HOUR), claim('ben', 'y', 'v3', 0)]
    expect(judgeClaims(claims, ANCHORS, NO_RULES, 0).superseded[0]?.claim).toBe(claims[0])
  })

  test('those under the most recent anchor that differ among themselves are the conflict', () => {
    const claims = [claim('ada', 'x', 'v1'), claim('ben', 'y', 'v2'), claim('cleo', 'z', 'v2')]
    const { findings, superseded } = judgeClaims(claims, ANCHORS, NO_RULES, 0)
    expect(findings).toMatchObject([{ kind: 'hash-mismatch', members: [claims[1], claims[2]] }])
    expect(superseded).toMatchObject([{ claim: claims[0] }])
  })

  test('an anchor that nobody signed, one that is missing, and chains that part are named', () => {
    expect(kindsOf([claim('ada', 'x', 'v1'), claim('ben', 'y', 'nobody signed this')])).toEqual(['unknown-anchor'])
    expect(kindsOf([claim('ada', 'x', 'v1'), claim('ben', 'y')])).toEqual(['missing-anchor'])
    expect(kindsOf([claim('ada', 'x', 'v2'), claim('ben', 'y', 'side')])).toEqual(['diverging-anchors'])
  })

  test('an unknown anchor is the graver thing than a missing one', () => {
    expect(kindsOf([claim('ada', 'x', 'nobody signed this'), claim('ben', 'y')])).toEqual(['unknown-anchor'])
  })

  test('where policy asks for an anchor, even a claim that nobody contradicts needs one', () => {
    const rules = { ...NO_RULES, requireAnchor: true }
    expect(kindsOf([claim('ada', 'x')], rules)).toEqual(['missing-anchor'])
    expect(kindsOf([claim('ada', 'x'), claim('ben', 'y')], rules)).toEqual(['missing-anchor'])
    expect(kindsOf([claim('ada', 'x', 'v1')], rules)).toEqual([])
  })
})

describe('claims that grow old', () => {
  const rules = { ...NO_RULES, maxAgeMs: 10 * HOUR }
  const [old, fresh] = [claim('ada', 'x', null, 0), claim('ben', 'x', null, 5 * HOUR)]

  test('a claim is stale once it is over the limit while another node has a newer one', () => {
    expect(judgeClaims([old, fresh], NO_ANCHORS, rules, 10 * HOUR).findings).toEqual([])
    const late = judgeClaims([old, fresh], NO_ANCHORS, rules, 10 * HOUR + 1)
    expect(late.findings).toMatchObject([{ kind: 'stale', members: [old], sinceMs: 10 * HOUR }])
  })

  test('the newest claim is never stale, however old it is', () => {
    const { findings } = judgeClaims([old, fresh], NO_ANCHORS, rules, 1000 * HOUR)
    expect(findings[0]?.members).toEqual([old])
    expect(judgeClaims([old], NO_ANCHORS, rules, 1000 * HOUR).findings).toEqual([])
  })

  test('it says when time alone will change the answer', () => {
    expect(judgeClaims([old, fresh], NO_ANCHORS, rules, 0)).toMatchObject({ dueMs: 10 * HOUR, passedMs: null })
    expect(judgeClaims([old, fresh], NO_ANCHORS, rules, 11 * HOUR)).toMatchObject({ dueMs: null, passedMs: 10 * HOUR })
    expect(judgeClaims([old, fresh], NO_ANCHORS, NO_RULES, 0)).toMatchObject({ dueMs: null, passedMs: null })
  })

  test('of several limits the shortest holds', () => {
    const policy = {
      ...defaultPolicy,
      freshness: [
        { subject: '**', maxAgeHours: 48 },
        { subject: 'usage/*.json', maxAgeHours: 24 },
      ],
    }
    expect(subjectRules(policy)(() => 'usage/a.json').maxAgeMs).toBe(24 * HOUR)
    expect(subjectRules(policy)(() => 'other/a.json').maxAgeMs).toBe(48 * HOUR)
  })
})

describe('anchors', () => {
  test('one that nobody signed is no anchor, also where another names it', () => {
    const chains = anchorChains([{ hash: hash('v2'), previous: hash('v1') }])
    expect(chains.isVerified(hash('v1'))).toBe(false)
    expect(chains.isVerified(hash('v2'))).toBe(true)
  })

  test('two that name each other follow neither', () => {
    const circle = anchorChains([
      { hash: hash('v1'), previous: hash('v2') },
      { hash: hash('v2'), previous: hash('v1') },
    ])
    expect(circle.isNewer(hash('v1'), hash('v2'))).toBe(false)
    expect(circle.isNewer(hash('v2'), hash('v1'))).toBe(false)
  })

  test('the newest are those that no other follows', () => {
    expect(ANCHORS.newest).toEqual([hash('v3'), hash('side')].sort())
  })

  test('what changes an anchor changes every one behind it', () => {
    const links = [
      { hash: hash('v2'), previous: hash('v1') },
      { hash: hash('v3'), previous: hash('v2') },
      { hash: hash('other'), previous: null },
    ]
    expect(anchorsAfter(links, [hash('v1')])).toEqual(new Set(['v1', 'v2', 'v3'].map(hash)))
  })
})

test.each([
  ['usage/a.json', 'usage/*.json', true],
  ['usage/b/a.json', 'usage/*.json', false],
  ['usage/b/a.json', 'usage/**', true],
  ['usage/b/a.json', '**/*.json', true],
  ['a.json', '**/*.json', true],
  ['usage/a.json', '**', true],
  ['usage/a.json', '*', false],
  ['a1', 'a?', true],
  ['a/', 'a?', false],
  ['a', 'A', false],
  ['[a]', '[a]', true],
  ['.hidden/a', '**/a', true],
  ['', '**', true],
  ['a+b', 'a+b', true],
  ['aab', '*ab', true],
  ['😀', '?', true],
])('the subject %j and the pattern %j: %j', (subject, pattern, expected) => {
  expect(subjectPattern(pattern)(subject)).toBe(expected)
})

test('a pattern made to stall does not', () => {
  expect(subjectPattern(`${'*a'.repeat(300)}b`)('a'.repeat(1000))).toBe(false)
})
