import { describe, expect, test } from 'vitest'
import type { NodeId } from '#core/contract/index.ts'
import { append } from '#core/ledger/index.ts'
import { MergedFeeds } from '#core/network/index.ts'
import { conflictCounts, conflictFacets, previewBulk, setObservations, subjectHistory } from '#core/reconcile/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { LATER } from '#tests/kit/world.ts'
import { SUBJECT, HOUR, withThree, differing, decide, reviewOf, pick, lastOf } from './cast.ts'

describe('what else a steward is shown', () => {
  test('a claim turns stale as time passes, and with the clock put back it is not', () => {
    const { world, ada } = withThree({ freshness: [{ subject: '_report/**', maxAgeHours: 48 }] }, ({ ada, ben }) => {
      ada.observe(SUBJECT, { count: 1 }, { atMs: 0 })
      ben.observe(SUBJECT, { count: 1 }, { atMs: 10 * HOUR })
    })
    using _ = world
    expect(world.conflicts()).toEqual([])
    world.passTo(instantAt(START + 49 * HOUR))
    expect(world.conflicts()).toMatchObject([
      { kind: 'stale', severity: 1, title: "external-summary.json: ada's claim is out of date" },
    ])
    expect(conflictCounts(world.db).openBySeverity).toMatchObject({ '1': 1 })
    expect(reviewOf(world, ada).why).toBe("The claim is 1 day old, more than policy allows; ben's is 14 hours old.")
    world.passTo(LATER)
    expect(world.conflicts()).toEqual([])
  })

  test('a body that does not fit its kind claims nothing and shows itself, until the node claims anew', () => {
    const { world, ada } = withThree({}, ({ ada, ben }) => {
      ada.observe(SUBJECT, { content: 'no hash' })
      ben.observe(SUBJECT, { count: 1 })
    })
    using _ = world
    expect(world.conflicts()).toMatchObject([{ kind: 'invalid-content', severity: 3, memberCount: 1 }])
    expect(reviewOf(world, ada).proof.find((line) => line.label === 'What does not fit')?.value).toContain('“content”')
    world.deliver([ada.observe(SUBJECT, { count: 1 })])
    expect(world.conflicts()).toEqual([])
  })

  test('what is withheld and what is held are said, cannot be decided, and end when they are over', () => {
    const { world, ben } = withThree({}, () => undefined)
    using _ = world
    const since = instantAt(START)
    world.ledger.write(LATER, (tx) =>
      setObservations(tx, [
        { type: 'withheld', node: ben.id, fromSeq: 5, toSeq: 9, since },
        { type: 'held-future', node: ben.id, receipt: lastOf(ben).id, seq: 10, time: LATER, since },
      ]),
    )
    expect(
      world
        .conflicts()
        .map(({ title, severity, decidable, memberCount }) => ({ title, severity, decidable, memberCount })),
    ).toEqual(
      expect.arrayContaining([
        { title: 'ben has not sent all of its receipts #5 to #9', severity: 1, decidable: false, memberCount: 0 },
        { title: "ben's receipt #10 is dated ahead of this clock", severity: 1, decidable: false, memberCount: 0 },
      ]),
    )
    expect(world.conflicts({ node: ben.id })).toHaveLength(2)
    expect(reviewOf(world, ben).cannotDecide).toContain('Nothing can be decided')
    const shown = world.conflicts()
    expect(world.rebuild().conflicts()).toEqual(shown)
    world.ledger.write(LATER, (tx) => setObservations(tx, []))
    expect(world.conflicts()).toEqual([])
  })

  test('the history of a subject says what became of each receipt', () => {
    const { world, ada, ben } = differing()
    using _ = world
    decide(world, ada, pick(lastOf(ada)))
    world.deliver([ben.observe(SUBJECT, { count: 12 })])
    const { items, next } = subjectHistory(world.db, { subject: SUBJECT, task: null, limit: 10 })
    expect(next).toBeNull()
    expect(items.map(({ nodeName, seq, note }) => `${nodeName} #${seq}: ${note}`).sort()).toEqual([
      'ada #3: The newest claim of its node.',
      "ada #4: Decided: For external-summary.json, ada's receipt #3 holds.",
      "ben #2: Replaced by ben's receipt #3.",
      'ben #3: The newest claim of its node.',
    ])
    const first = subjectHistory(world.db, { subject: SUBJECT, task: null, limit: 3 })
    const rest = subjectHistory(world.db, { subject: SUBJECT, task: null, limit: 3, after: first.next! })
    expect([...first.items, ...rest.items]).toEqual(items)
  })

  test('a rule over several conflicts is shown before anything is signed', () => {
    const { world, ada, cleo } = withThree({}, ({ ada, ben }) => {
      ada.observe('a.json', { count: 1 }, { atMs: 1000 })
      ben.observe('a.json', { count: 2 }, { atMs: 2000 })
      ada.observe('b.json', { count: 1 }, { atMs: 3000 })
      ben.observe('b.json', { count: 2 }, { atMs: 3000 })
    })
    using _ = world
    const ids = world.conflicts().map((conflict) => conflict.id)
    expect(previewBulk(world.db, ids, { type: 'node', node: ada.id }).map((item) => item.verdict?.type)).toEqual([
      'pick',
      'pick',
    ])
    expect(previewBulk(world.db, ids, { type: 'node', node: cleo.id }).map((item) => item.why)).toEqual([
      'cleo is not among the claims.',
      'cleo is not among the claims.',
    ])
    expect(
      previewBulk(world.db, ids, { type: 'newest' })
        .map(({ sentence, why }) => sentence || why)
        .toSorted((one, other) => ((one ?? '') < (other ?? '') ? -1 : 1)),
    ).toEqual(["For a.json, ben's receipt #2 holds.", 'Several of them carry the newest time.'])
    expect(previewBulk(world.db, ids, { type: 'none' })[0]?.sentence).toMatch(/none of the two claims holds\.$/)
  })

  test('a receipt of a kind that this version does not know is kept and says nothing', () => {
    const { world, ada } = withThree({}, () => undefined)
    using _ = world
    const later = ada.sign({ kind: 'future/thing', subject: SUBJECT, task: null, anchor: null, body: { count: 1 } })
    world.ledger.write(LATER, (tx) => {
      expect(append(tx, later, { way: 'folder', source: 'x' }).outcome).toBe('appended')
    })
    expect(world.conflicts()).toEqual([])
    expect(new MergedFeeds(world.db).feed(1)?.boundSeq).toBe(3)
  })

  test('names come from the newest profile', () => {
    const { world, ada } = differing()
    using _ = world
    const rename = { kind: 'node/profile', subject: 'profile', task: null, anchor: null, body: { name: 'harbor-lab' } }
    world.deliver([ada.sign(rename)])
    expect(world.nameOf(ada)).toBe('harbor-lab')
    expect(conflictFacets(world.db).nodes.map(({ name }) => name)).toEqual(['ben', 'harbor-lab'])
    const stranger: NodeId = new TestNode('dora').id
    expect(world.conflicts({ node: stranger })).toEqual([])
  })
})
