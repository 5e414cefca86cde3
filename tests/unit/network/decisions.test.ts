import { describe, expect, test } from 'vitest'
import type { ConflictKind, NodeId, ReceiptId, Verdict } from '#core/contract/index.ts'
import { resolve, verdictsFor, type CastDecision, type Said } from '#core/network/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { signerFromSeed } from '#tests/kit/nodes.ts'

const nodes = Object.fromEntries(
  ['ada', 'ben', 'cleo', 'dora'].map((name) => [name, signerFromSeed(name).node]),
) as Record<'ada' | 'ben' | 'cleo' | 'dora', NodeId>

/** What a node says: the receipt is another one each time, the hash is that of the value. */
function says(name: keyof typeof nodes, value: string, at = 0): Said {
  return { receipt: sha256Id<ReceiptId>(`${name} ${value} ${at}`), node: nodes[name], hash: sha256Id(value) }
}

let seq = 0
function decides(
  name: keyof typeof nodes,
  members: readonly Said[],
  verdict: Verdict,
  kind: ConflictKind = 'hash-mismatch',
): CastDecision {
  seq += 1
  return { id: sha256Id<ReceiptId>(`decision ${seq}`), node: nodes[name], seq, kind, members, verdict }
}

const pick = (said: Said): Verdict => ({ type: 'pick', receipt: said.receipt })
const none: Verdict = { type: 'none' }

const a = says('ada', 'one')
const b = says('ben', 'two')

describe('one verdict', () => {
  test('nobody decided: open', () => {
    expect(resolve('hash-mismatch', [a, b], [], 1).outcome).toEqual({ state: 'open', reopened: false })
  })

  test('as many stewards as policy asks agree: settled', () => {
    const first = decides('ada', [a, b], pick(a))
    expect(resolve('hash-mismatch', [a, b], [first], 2)).toMatchObject({ outcome: { state: 'open' }, have: 1 })
    const second = decides('ben', [a, b], pick(a))
    expect(resolve('hash-mismatch', [a, b], [first, second], 2).outcome).toMatchObject({ state: 'settled' })
  })

  test('one steward who decides twice is one steward', () => {
    const twice = [decides('ada', [a, b], pick(a)), decides('ada', [a, b], pick(a))]
    expect(resolve('hash-mismatch', [a, b], twice, 2)).toMatchObject({ outcome: { state: 'open' }, have: 1 })
  })

  test('picking two receipts that say the same is agreeing', () => {
    const again = says('cleo', 'one')
    const members = [a, b, again]
    const decisions = [decides('ada', members, pick(a)), decides('ben', members, pick(again))]
    expect(resolve('hash-mismatch', members, decisions, 2).outcome).toMatchObject({ state: 'settled' })
  })

  test.each<[string, Verdict]>([
    ['several', { type: 'several', receipts: [a.receipt, b.receipt] }],
    ['none', none],
    ['a replacement', { type: 'replacement', body: { count: 3 } }],
  ])('%s settles as well', (_, verdict) => {
    expect(resolve('hash-mismatch', [a, b], [decides('ada', [a, b], verdict)], 1).outcome).toMatchObject({
      state: 'settled',
      verdict,
    })
  })

  test('two replacements of different content are two verdicts', () => {
    const decisions = [
      decides('ada', [a, b], { type: 'replacement', body: { count: 3 } }),
      decides('ben', [a, b], { type: 'replacement', body: { count: 4 } }),
    ]
    expect(resolve('hash-mismatch', [a, b], decisions, 1).outcome).toEqual({ state: 'disputed' })
  })
})

describe('what a decision is about', () => {
  test('it holds while the same nodes say the same, in whatever receipt', () => {
    const decision = decides('ada', [a, b], pick(a))
    expect(resolve('hash-mismatch', [says('ada', 'one', 1), b], [decision], 1).outcome).toMatchObject({
      state: 'settled',
    })
  })

  test('a claim that joins opens it again', () => {
    const decision = decides('ada', [a, b], pick(a))
    expect(resolve('hash-mismatch', [a, b, says('cleo', 'three')], [decision], 1).outcome).toEqual({
      state: 'open',
      reopened: true,
    })
  })

  test('another node that says what was picked joins all the same', () => {
    const decision = decides('ada', [a, b], pick(a))
    expect(resolve('hash-mismatch', [a, b, says('cleo', 'one')], [decision], 1).outcome).toMatchObject({
      reopened: true,
    })
  })

  test('a node that was listed and comes round to what was picked does not open it again', () => {
    const c = says('cleo', 'three')
    const decision = decides('dora', [a, b, c], pick(a))
    expect(resolve('hash-mismatch', [a, b, says('cleo', 'one', 1)], [decision], 1).outcome).toMatchObject({
      state: 'settled',
    })
  })

  test('a claim that goes away leaves it settled, unless it was the one picked', () => {
    const c = says('cleo', 'three')
    const decision = decides('dora', [a, b, c], pick(c))
    expect(resolve('hash-mismatch', [a, b], [decision], 1).outcome).toMatchObject({ state: 'open' })
    const other = decides('dora', [a, b, c], pick(a))
    expect(resolve('hash-mismatch', [a, b], [other], 1).outcome).toMatchObject({ state: 'settled' })
  })

  test('it carries over when the same claims are seen as another kind of difference', () => {
    const decision = decides('ada', [a, b], pick(a), 'unknown-anchor')
    expect(resolve('missing-anchor', [a, b], [decision], 1).outcome).toMatchObject({ state: 'settled' })
    expect(resolve('stale', [a, b], [decision], 1).outcome).toEqual({ state: 'open', reopened: false })
  })

  test('a verdict on something that it does not list counts for nothing', () => {
    const decision = decides('ada', [a, b], pick(says('cleo', 'three')))
    expect(resolve('hash-mismatch', [a, b], [decision], 1).counting).toEqual([])
  })

  test('a verdict without meaning for the kind counts for nothing', () => {
    const decision = decides('ada', [a, b], { type: 'replacement', body: 1 }, 'fork')
    expect(resolve('fork', [a, b], [decision], 1).counting).toEqual([])
    expect(verdictsFor('withheld')).toEqual([])
    expect(verdictsFor('held-future')).toEqual([])
  })

  test('of one steward the later decision counts, whatever came in first', () => {
    const before = decides('ada', [a, b], pick(a))
    const after = decides('ada', [a, b], pick(b))
    for (const order of [
      [before, after],
      [after, before],
    ]) {
      const { outcome } = resolve('hash-mismatch', [a, b], order, 1)
      expect(outcome).toMatchObject({ state: 'settled', by: [after.id], verdict: pick(b) })
    }
  })
})

describe('stewards who disagree', () => {
  const first = decides('ada', [a, b], pick(a))
  const second = decides('ben', [a, b], pick(b))
  const members = [first, second].map((decision) => ({
    receipt: decision.id,
    node: decision.node,
    hash: decision.id as string,
  }))

  test('leave one conflict between their decisions, and no winner', () => {
    const resolution = resolve('hash-mismatch', [a, b], [first, second], 1)
    expect(resolution.outcome).toEqual({ state: 'disputed' })
    expect(resolution.dispute).toMatchObject({ outcome: { state: 'open', reopened: false } })
    expect(resolution.dispute?.members.map((member) => member.receipt)).toEqual([first.id, second.id].sort())
  })

  test('a minority below the quorum disturbs nothing', () => {
    const third = decides('cleo', [a, b], pick(a))
    expect(resolve('hash-mismatch', [a, b], [first, second, third], 2).outcome).toMatchObject({
      state: 'settled',
      verdict: pick(a),
    })
  })

  test('picking one of the decisions settles both conflicts by its verdict', () => {
    const arbiter = decides('cleo', members, { type: 'pick', receipt: second.id }, 'decisions-disagree')
    const resolution = resolve('hash-mismatch', [a, b], [first, second, arbiter], 1)
    expect(resolution.outcome).toMatchObject({ state: 'settled', verdict: pick(b) })
    expect(resolution.dispute?.outcome).toMatchObject({ state: 'settled' })
  })

  test('that none of the decisions holds opens the conflict again', () => {
    const arbiter = decides('cleo', members, none, 'decisions-disagree')
    const resolution = resolve('hash-mismatch', [a, b], [first, second, arbiter], 1)
    expect(resolution.outcome).toEqual({ state: 'open', reopened: false })
    expect(resolution.dispute?.outcome).toMatchObject({ state: 'settled' })
  })

  test('they may disagree about that as well, and only eight levels deep', () => {
    let decisions: CastDecision[] = [first, second]
    let disputed = members
    for (let level = 0; level < 12; level++) {
      const next = [
        decides('ada', disputed, { type: 'pick', receipt: disputed[0]!.receipt }, 'decisions-disagree'),
        decides('ben', disputed, { type: 'pick', receipt: disputed[1]!.receipt }, 'decisions-disagree'),
      ]
      decisions = [...decisions, ...next]
      disputed = next.map((decision) => ({ receipt: decision.id, node: decision.node, hash: decision.id as string }))
    }
    let depth = 0
    let deepest = resolve('hash-mismatch', [a, b], decisions, 1)
    while (deepest.dispute !== null) {
      expect(deepest.outcome).toEqual({ state: 'disputed' })
      deepest = deepest.dispute
      depth += 1
    }
    expect(depth).toBe(8)
    expect(deepest.outcome).toEqual({ state: 'open', reopened: false })
  })
})
