import { expect, test } from 'vitest'
import type { ConflictId, Json, ReceiptId, StandingRule } from '#core/contract/index.ts'
import { decisionDraft } from '#core/reconcile/index.ts'
import { decisionsByRule, decisionsOfRule, listRules, previewRule, ruleNamed, suggestRule } from '#core/rules/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { directoryOf, Importer } from '#tests/kit/importer.ts'
import { foundNetwork, LATER, World } from '#tests/kit/world.ts'

const NOW_MS = Date.parse(LATER)
const UNKNOWN = `sha256:${'0'.repeat(64)}`
const RULE: StandingRule = {
  subject: 'usage/*',
  task: null,
  kinds: ['hash-mismatch'],
  choice: { type: 'newest' },
  until: instantAt(START + 30 * 86_400_000),
  reason: 'The counter is refreshed every day.',
}

/** Two stewards in one network, as Ada's node holds it. */
class Cast implements Disposable {
  readonly ada = new TestNode('ada')
  readonly ben = new TestNode('ben')
  readonly world: World

  constructor(decisionsNeeded = 1) {
    const genesis = foundNetwork([this.ada, this.ben], { decisionsNeeded })
    this.world = new World().joinNetwork(genesis.id)
    this.world.deliver([...this.ada.signed, ...this.ben.signed])
  }

  get db() {
    return this.world.db
  }

  differ(...subjects: readonly string[]): void {
    for (const subject of subjects) {
      this.world.deliver([this.ada.observe(subject, { n: 1 }), this.ben.observe(subject, { n: 2 })])
    }
  }

  sign(kind: string, subject: string, body: { readonly [key: string]: Json }, by = this.ada): ReceiptId {
    const receipt = by.sign({ kind, subject, task: null, anchor: null, body })
    this.world.deliver([receipt])
    return receipt.id
  }

  rule(part: Partial<StandingRule> = {}, by = this.ada): ReceiptId {
    return this.sign('rule/standing', part.subject ?? RULE.subject, { ...RULE, ...part }, by)
  }

  /** Ada's rules decide what is open, as her node does after every change. */
  apply(limit = 100): readonly string[] {
    const drafts = decisionsByRule(this.db, this.ada.id, NOW_MS, limit)
    this.world.deliver(drafts.map((draft) => this.ada.sign(draft)))
    return drafts.map(({ subject }) => subject)
  }

  preview(part: Partial<StandingRule> = {}) {
    return previewRule(this.db, this.ada.id, { ...RULE, ...part })
  }

  [Symbol.dispose](): void {
    this.world[Symbol.dispose]()
  }
}

test('what a rule would leave to a person is shown with the reason', () => {
  using cast = new Cast()
  cast.differ('usage/a')
  expect(cast.preview({ choice: { type: 'origin', origin: 'node-a' } })).toMatchObject({
    decides: 0,
    leaves: 1,
    items: [{ subject: 'usage/a', verdict: null, why: 'node-a makes no claim here.' }],
  })
  expect(cast.preview({ choice: { type: 'agreeing', needed: 2, of: 3 } }).items).toMatchObject([
    { why: 'Only 2 of the 3 claims that it asks for are here.' },
  ])
})

test('at a node whose decisions do not count a rule decides nothing, and says why', () => {
  using cast = new Cast()
  cast.differ('usage/a')
  const stranger = new TestNode('stranger')
  expect(previewRule(cast.db, stranger.id, RULE)).toMatchObject({
    decides: 0,
    leaves: 1,
    items: [{ why: 'This node is not admitted to the network yet, so its decisions do not count.' }],
  })
})

test('what a directory says last can be what holds', async () => {
  using cast = new Cast()
  using importer = new Importer(cast.world, cast.ada)
  await importer.import(
    directoryOf('node-a', { '_report/a.json': '1' }),
    directoryOf('node-b', { '_report/a.json': '2' }),
  )
  const rule = { subject: '_report/*', choice: { type: 'origin' as const, origin: 'node-b' } }
  expect(cast.preview(rule).items).toMatchObject([{ sentence: expect.stringContaining('node-b') as string }])
  cast.rule(rule)
  expect(cast.apply()).toEqual(['_report/a.json'])
  expect(cast.world.conflicts()).toEqual([])
  const [settled] = cast.world.conflicts({ status: 'settled' })
  expect(suggestRule(cast.db, cast.ada.id, settled!.id, LATER)).toMatchObject({
    origins: ['node-a', 'node-b'],
    nodes: [],
    decidedBefore: 1,
  })
})

test('while a decision waits for other stewards no rule decides the same again', () => {
  using cast = new Cast(2)
  cast.differ('usage/a')
  cast.rule()
  expect(cast.apply()).toEqual(['usage/a'])
  expect(cast.apply()).toEqual([])
  expect(cast.preview().items).toMatchObject([{ why: 'You have decided on it already; it waits for other stewards.' }])
})

test('what a steward decided by hand after signing the rule stays theirs, whatever comes there later', () => {
  using cast = new Cast()
  cast.rule()
  cast.differ('usage/a', 'usage/b')
  const [conflict] = cast.world.conflicts().filter(({ subject }) => subject === 'usage/a')
  const members = cast.world.review(conflict!.id).members.map(({ receipt }) => receipt)
  const verdict = { type: 'pick' as const, receipt: members[0]! }
  const input = { conflict: conflict!.id, members, verdict, reason: '', planStep: null }
  cast.world.deliver([cast.ada.sign(decisionDraft(cast.db, cast.ada.id, input))])
  cast.world.deliver([cast.ben.observe('usage/a', { n: 3 })])
  expect(
    cast.world
      .conflicts()
      .map(({ subject }) => subject)
      .toSorted(),
  ).toEqual(['usage/a', 'usage/b'])
  expect(cast.apply()).toEqual(['usage/b'])
})

test('a rule decides piece by piece, and of two rules for one conflict the one signed last', () => {
  using cast = new Cast()
  cast.differ('usage/a', 'usage/b', 'usage/c')
  const older = cast.rule()
  const newer = cast.rule({ choice: { type: 'node', node: cast.ada.id } })
  expect(cast.apply(2)).toEqual(['usage/a', 'usage/b'])
  expect(cast.apply(2)).toEqual(['usage/c'])
  expect(decisionsOfRule(cast.db, { rule: older, limit: 10 }).items).toEqual([])
  expect(decisionsOfRule(cast.db, { rule: newer, limit: 10 }).items).toHaveLength(3)
})

test('a node whose own feed stands still at a fork decides nothing by rule', () => {
  using cast = new Cast()
  cast.differ('usage/a')
  cast.rule()
  const [last] = cast.ada.signed.slice(-1)
  const story = cast.ada.observe('usage/x', { n: 1 })
  const other = cast.ada.forkAfter(last!).observe('usage/x', { n: 2 })
  cast.world.deliver([story, other])
  expect(cast.apply()).toEqual([])
})

test('what a rule decided comes in pages, the newest first', () => {
  using cast = new Cast()
  cast.differ('usage/a', 'usage/b', 'usage/c')
  const rule = cast.rule()
  cast.apply()
  const first = decisionsOfRule(cast.db, { rule, limit: 2 })
  const second = decisionsOfRule(cast.db, { rule, after: first.next!, limit: 2 })
  expect([...first.items, ...second.items].map(({ subject }) => subject)).toEqual(['usage/c', 'usage/b', 'usage/a'])
  expect(second.next).toBeNull()
})

test('a rule is named beside its decisions; one that is not here has no name and no decisions', () => {
  using cast = new Cast()
  const rule = cast.rule({ task: 'pilot' })
  expect(ruleNamed(cast.db, rule, cast.ben.id, LATER)).toMatchObject({
    nodeName: 'ada',
    mine: false,
    state: 'in-force',
    sentence: expect.stringContaining('on usage/* in task pilot') as string,
  })
  const unknown = UNKNOWN as ReceiptId
  expect(ruleNamed(cast.db, unknown, cast.ada.id, LATER)).toBeNull()
  expect(() => decisionsOfRule(cast.db, { rule: unknown, limit: 1 })).toThrow('There is no such standing rule here.')
})

test('a suggestion takes the subject as it is where it lies in no folder, and a star in a name for one character', () => {
  using cast = new Cast()
  cast.differ('counter', 'usage/a*.json')
  const suggestions = cast.world
    .conflicts()
    .map(({ id }) => suggestRule(cast.db, cast.ada.id, id, LATER))
    .map((one) => one?.subjects.map(({ pattern, open }) => `${pattern} ${open}`))
  expect(suggestions).toContainEqual(['counter 1'])
  expect(suggestions).toContainEqual(['usage/a?.json 1', 'usage/* 1', 'usage/** 1', '**/a?.json 1'])
  expect(suggestRule(cast.db, cast.ada.id, UNKNOWN as ConflictId, LATER)).toBeNull()
})

test('rules, revocations and decisions of a shape that nobody can read change nothing', () => {
  using cast = new Cast()
  cast.differ('usage/a')
  const rule = cast.rule()
  cast.sign('rule/standing', 'usage/*', { subject: 'usage/*', until: 'for ever' })
  cast.sign('rule/revoked', 'usage/*', { rule: 'that one' })
  // It names the rule, but decides nothing.
  cast.sign('decision/made', 'usage/a', { rule, verdict: 'mine' })
  expect(listRules(cast.db, cast.ada.id, LATER)).toMatchObject({
    items: [{ id: rule, state: 'in-force', decided: 0 }],
    more: 0,
  })
  expect(decisionsOfRule(cast.db, { rule, limit: 10 })).toEqual({ items: [], next: null })
  expect(cast.apply()).toEqual(['usage/a'])
})
