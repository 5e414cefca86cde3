import { describe, expect, test } from 'vitest'
import type { ContentHash, Json, NodeId, ReceiptId, Verdict } from '#core/contract/index.ts'
import { append } from '#core/ledger/index.ts'
import { MergedFeeds, setBlocked } from '#core/network/index.ts'
import {
  anchorView,
  conflictCounts,
  conflictFacets,
  conflictReview,
  conflictsOfReceipt,
  decisionDraft,
  newestAnchor,
  previewBulk,
  setObservations,
  subjectHistory,
  withdrawalDraft,
} from '#core/reconcile/index.ts'
import { contentHashOf, sha256Id, type VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { admit, allSigned, foundNetwork, LATER, World } from '#tests/kit/world.ts'

const SUBJECT = '_report/usage/external-summary.json'
const HOUR = 3_600_000

interface Cast {
  readonly world: World
  readonly ada: TestNode
  readonly ben: TestNode
  readonly cleo: TestNode
}

/** Three founders, and what they signed delivered. */
function withThree(policy: Parameters<typeof foundNetwork>[1], tell: (cast: Omit<Cast, 'world'>) => void): Cast {
  const [ada, ben, cleo] = [new TestNode('ada'), new TestNode('ben'), new TestNode('cleo')]
  const genesis = foundNetwork([ada, ben, cleo], policy)
  tell({ ada, ben, cleo })
  const world = new World().joinNetwork(genesis.id)
  world.deliver(allSigned([ada, ben, cleo]))
  return { world, ada, ben, cleo }
}

function differing(policy: Parameters<typeof foundNetwork>[1] = {}): Cast {
  return withThree(policy, ({ ada, ben }) => {
    ada.observe(SUBJECT, { count: 12 })
    ben.observe(SUBJECT, { count: 14 })
  })
}

function decide(world: World, steward: TestNode, verdict: Verdict, reason = 'counted by hand'): VerifiedReceipt {
  const [conflict] = world.conflicts()
  const members = reviewOf(world, steward).members.map((member) => member.receipt)
  const draft = decisionDraft(world.db, steward.id, {
    conflict: conflict!.id,
    members,
    verdict,
    reason,
    planStep: null,
  })
  const signed = steward.sign(draft)
  world.deliver([signed])
  return signed
}

function reviewOf(world: World, steward: TestNode, index = 0) {
  const conflict = world.conflicts({ status: 'all' })[index]
  return conflictReview(world.db, conflict!.id, {
    thisNode: steward.id,
    now: LATER,
    contentOf: (receipt) => {
      const text = JSON.stringify(bodyOf(world, receipt))
      return { type: 'json', text, sizeBytes: text.length, cut: false }
    },
    heldBy: () => ({ count: 3, of: 3, notBy: [] }),
  })
}

function bodyOf(world: World, receipt: ReceiptId): Json {
  const row = world.ledger.raw
    .prepare('SELECT line FROM receipt WHERE id = ?')
    .get(Buffer.from(receipt.slice(7), 'hex')) as { line: string }
  return (JSON.parse(row.line) as { body: Json }).body
}

const pick = (receipt: VerifiedReceipt): Verdict => ({ type: 'pick', receipt: receipt.id })
const lastOf = (node: TestNode) => node.signed.at(-1)!

describe('a conflict', () => {
  test('says in sentences what is the matter, why, and what to do', () => {
    const { world, ada } = differing()
    using _ = world
    const review = reviewOf(world, ada)
    expect(review.summary).toMatchObject({
      kind: 'hash-mismatch',
      severity: 2,
      status: 'open',
      subject: SUBJECT,
      title: 'external-summary.json: two claims differ',
      memberCount: 2,
      decidable: true,
      reopened: false,
    })
    expect(review.why).toBe(
      'The claims differ and no anchor is newer than the others, so no rule may choose between them.',
    )
    expect(review.remedy).toBe('Compare the claims and sign which of them holds.')
    expect(review.quorum).toEqual({ needed: 1, have: 0 })
    expect(review.cannotDecide).toBeNull()
    expect(new Set(review.members.map((member) => member.gist))).toEqual(new Set(['12', '14']))
    expect(review.members.filter((member) => member.thisNode)).toHaveLength(1)
    expect(review.historyCount).toBe(2)
  })

  test('goes by an id made of its members, the same for everybody', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const members = [lastOf(ada).id, lastOf(ben).id].sort()
    expect(world.conflicts()[0]?.id).toBe(
      sha256Id(`{"kind":"hash-mismatch","members":${JSON.stringify(members)},"subject":"${SUBJECT}","task":null}`),
    )
    expect(conflictsOfReceipt(world.db, lastOf(ada).id)).toEqual([world.conflicts()[0]?.id])
  })

  test('is gone when the nodes agree', () => {
    const { world, ben } = differing()
    using _ = world
    world.deliver([ben.observe(SUBJECT, { count: 12 })])
    expect(world.conflicts({ status: 'all' })).toEqual([])
    expect(conflictCounts(world.db)).toMatchObject({ open: 0, settled: 0 })
    expect(conflictFacets(world.db)).toEqual({ tasks: [], nodes: [] })
  })

  test('keeps the same subject in two tasks apart', () => {
    const { world } = withThree({}, ({ ada, ben }) => {
      ada.observe(SUBJECT, { count: 1 }, { task: 'pilot' })
      ben.observe(SUBJECT, { count: 2 }, { task: 'trial' })
    })
    using _ = world
    expect(world.conflicts()).toEqual([])
  })

  test('a claim by content names its hash; another by body its canonical form', () => {
    const { world, ada } = withThree({}, (cast) => {
      cast.ada.observe(SUBJECT, { z: 1, a: { 'kind": "x"': ',"kind":' } })
      cast.ben.observe(SUBJECT, { content: { hash: sha256Id('blob'), size: 4 } })
    })
    using _ = world
    expect(new Set(reviewOf(world, ada).members.map((member) => member.hash))).toEqual(
      new Set([contentHashOf(lastOf(ada).receipt.body), sha256Id<ContentHash>('blob')]),
    )
  })

  test('is between the newest claims, however many came before', () => {
    const { world, ada } = withThree({}, (cast) => {
      for (let count = 0; count < 40; count++) cast.ada.observe(SUBJECT, { count })
      for (let count = 0; count < 40; count++) cast.ben.observe(SUBJECT, { count: 100 + count })
    })
    using _ = world
    expect(world.conflicts()).toMatchObject([{ kind: 'hash-mismatch', memberCount: 2 }])
    expect(new Set(reviewOf(world, ada).members.map((member) => member.gist))).toEqual(new Set(['39', '139']))
    // Behind a fork the newest claim is the last one before it.
    const before = ada.signed.find((receipt) => receipt.receipt.seq === 30)!
    world.deliver([ada.forkAfter(before).observe('elsewhere.json', { count: 1 })])
    const mismatch = world.conflicts({ kinds: ['hash-mismatch'] })[0]
    expect(new Set(mismatch?.members.map((member) => member.seq))).toEqual(new Set([30, 41]))
  })

  test('is not made by a node that is not admitted, and is as soon as it is', () => {
    const { world, ada } = withThree({}, ({ ada: first }) => void first.observe(SUBJECT, { count: 12 }))
    using _ = world
    const dora = new TestNode('dora')
    const claim = dora.observe(SUBJECT, { count: 99 })
    world.deliver([claim])
    expect(world.conflicts()).toEqual([])
    world.deliver([admit(world, ada, dora)])
    expect(world.conflicts()).toMatchObject([{ kind: 'hash-mismatch', memberCount: 2 }])
  })

  test('blocking a node hides what it says on this installation, and lifting the block brings it back', () => {
    const { world, ben } = differing()
    using _ = world
    const before = world.state()
    world.ledger.write(LATER, (tx) => setBlocked(tx, ben.id, true))
    expect(world.conflicts()).toEqual([])
    expect(new MergedFeeds(world.db).stateOf({ nodeKey: 2, seq: 2, arrival: 4 })).toBe('blocked')
    world.ledger.write(LATER, (tx) => setBlocked(tx, ben.id, false))
    expect(world.state()).toBe(before)
  })
})

describe('a decision', () => {
  test('settles the conflict for everybody and lowers the count', () => {
    const { world, ada } = differing()
    using _ = world
    expect(conflictCounts(world.db)).toMatchObject({ open: 1, settled: 0, openByKind: { 'hash-mismatch': 1 } })
    const signed = decide(world, ada, pick(lastOf(ada)))
    expect(conflictCounts(world.db)).toMatchObject({ open: 0, settled: 1, openByKind: {} })
    expect(world.conflicts({ status: 'settled' })).toHaveLength(1)
    expect(reviewOf(world, ada).decisions).toMatchObject([
      {
        id: signed.id,
        nodeName: 'ada',
        counts: true,
        mine: true,
        withdrawn: null,
        sentence: "For external-summary.json, ada's receipt #3 (12) holds.",
      },
    ])
  })

  test('waits for as many stewards as policy asks', () => {
    const { world, ada, ben } = differing({ decisionsNeeded: 2 })
    using _ = world
    const claim = lastOf(ada)
    decide(world, ada, pick(claim))
    expect(reviewOf(world, ada)).toMatchObject({ summary: { status: 'open' }, quorum: { needed: 2, have: 1 } })
    decide(world, ben, pick(claim))
    expect(world.conflicts()).toEqual([])
  })

  test('opens again when a claim joins, and says so', () => {
    const { world, ada, cleo } = differing()
    using _ = world
    decide(world, ada, pick(lastOf(ada)))
    world.deliver([cleo.observe(SUBJECT, { count: 16 })])
    expect(world.conflicts()).toMatchObject([{ reopened: true, memberCount: 3 }])
    const review = reviewOf(world, ada)
    expect(review.decisions).toMatchObject([{ counts: false }])
    expect(review.why).toContain('It was settled before')
  })

  test('can be withdrawn by who made it, and by nobody else', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const signed = decide(world, ada, pick(lastOf(ada)))
    const request = { decision: signed.id, reason: 'mistaken' }
    expect(() => withdrawalDraft(world.db, ben.id, request)).toThrow(/another node/)
    world.deliver([ada.sign(withdrawalDraft(world.db, ada.id, request))])
    expect(world.conflicts()).toMatchObject([{ status: 'open', reopened: false }])
    expect(reviewOf(world, ada).decisions).toMatchObject([{ counts: false, withdrawn: { reason: 'mistaken' } }])
    expect(() => withdrawalDraft(world.db, ada.id, request)).toThrow(/already/)
  })

  test('stays when another node signs that it is withdrawn', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const signed = decide(world, ada, pick(lastOf(ada)))
    const { subject, task } = signed.receipt
    const body = { decision: signed.id, reason: 'I would rather not' }
    world.deliver([ben.sign({ kind: 'decision/withdrawn', subject, task, anchor: null, body })])
    expect(world.conflicts()).toEqual([])
    expect(reviewOf(world, ada).decisions).toMatchObject([{ counts: true, withdrawn: null }])
  })

  test('of two stewards who disagree leaves one conflict, not two winners', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const [first, second] = [lastOf(ada), lastOf(ben)]
    const members = [first.id, second.id]
    const [conflict] = world.conflicts()
    const say = (steward: TestNode, claim: VerifiedReceipt) =>
      steward.sign(
        decisionDraft(world.db, steward.id, {
          conflict: conflict!.id,
          members,
          verdict: pick(claim),
          reason: '',
          planStep: null,
        }),
      )
    const decisions = [say(ada, first), say(ben, second)]
    world.deliver(decisions)
    expect(world.conflicts()).toMatchObject([{ kind: 'decisions-disagree', severity: 3, memberCount: 2 }])
    expect(world.conflicts()[0]?.title).toBe('external-summary.json: two stewards decided differently')
    expect(conflictCounts(world.db)).toMatchObject({ open: 1, settled: 0 })

    decide(world, ada, pick(decisions[1]!))
    expect(world.conflicts()).toEqual([])
    expect(
      world
        .conflicts({ status: 'settled' })
        .map((settled) => settled.kind)
        .sort(),
    ).toEqual(['decisions-disagree', 'hash-mismatch'])
  })

  test('is refused when the claims are not those that the steward saw', () => {
    const { world, ada, cleo } = differing()
    using _ = world
    const seen = { conflict: world.conflicts()[0]!.id, members: [lastOf(ada).id], reason: 'x', planStep: null }
    expect(() => decisionDraft(world.db, ada.id, { ...seen, verdict: { type: 'none' } })).toThrow(/changed/)
    world.deliver([cleo.observe(SUBJECT, { count: 16 })])
    expect(() => decisionDraft(world.db, ada.id, { ...seen, verdict: { type: 'none' } })).toThrow(/changed/)
  })

  test('needs a reason where it puts every claim aside, and a verdict that means something', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const about = {
      conflict: world.conflicts()[0]!.id,
      members: [lastOf(ada).id, lastOf(ben).id],
      reason: ' ',
      planStep: null,
    }
    const draft = (verdict: Verdict) => () => decisionDraft(world.db, ada.id, { ...about, verdict })
    expect(draft({ type: 'none' })).toThrow(/reason/)
    expect(draft({ type: 'replacement', body: {} })).toThrow(/reason/)
    expect(draft({ type: 'pick', receipt: world.conflicts()[0]!.id as unknown as ReceiptId })).toThrow(/not among/)
    expect(draft({ type: 'several', receipts: [lastOf(ada).id, lastOf(ada).id] })).toThrow(/two different/)
    expect(draft(pick(lastOf(ada)))().body).toMatchObject({ kind: 'hash-mismatch', reason: '' })
  })

  test('of a node that is not admitted cannot be signed, since it would not count', () => {
    const { world, ada, ben } = differing()
    using _ = world
    const dora = new TestNode('dora')
    expect(reviewOf(world, dora).cannotDecide).toContain('not admitted')
    expect(() =>
      decisionDraft(world.db, dora.id, {
        conflict: world.conflicts()[0]!.id,
        members: [lastOf(ada).id, lastOf(ben).id],
        verdict: { type: 'none' },
        reason: 'x',
        planStep: null,
      }),
    ).toThrow(/not admitted/)
  })
})

describe('a fork', () => {
  function forked(): Cast & { readonly one: VerifiedReceipt; readonly other: VerifiedReceipt } {
    const cast = withThree({}, ({ ada }) => void ada.observe('first.json', { count: 1 }))
    const { world, ada } = cast
    const common = lastOf(ada)
    const one = ada.observe(SUBJECT, { count: 2 })
    const behind = ada.observe('behind.json', { count: 3 })
    const other = ada.forkAfter(common).observe(SUBJECT, { count: 4 })
    world.deliver([one, behind, other])
    return { ...cast, one, other }
  }

  test('freezes the feed at the last common receipt and proves itself', () => {
    const { world, ben, one, other } = forked()
    using _ = world
    expect(world.conflicts()).toMatchObject([
      { kind: 'fork', severity: 3, title: 'ada told two stories about its receipt #4', memberCount: 2 },
    ])
    const review = reviewOf(world, ben)
    expect(review.proof.map((line) => line.value)).toEqual(
      expect.arrayContaining([one.id, other.id, one.receipt.sig, other.receipt.sig, one.receipt.node]),
    )
    const feeds = new MergedFeeds(world.db)
    const stateOf = (arrival: number, seq: number) => feeds.stateOf({ nodeKey: 1, seq, arrival })
    expect(feeds.feed(1)).toMatchObject({ baseSeq: 3, boundSeq: 3, forked: true })
    expect(stateOf(8, 4)).toBe('forked')
    expect(stateOf(9, 5)).toBe('behind-fork')
  })

  test('is not decided by the node that forked', () => {
    const { world, ada, one } = forked()
    using _ = world
    expect(reviewOf(world, ada).cannotDecide).toContain('forked')
    expect(() => decide(world, ada, pick(one))).toThrow(/forked/)
  })

  test('decided by another, the feed goes on along the picked story, and stops again when that is withdrawn', () => {
    const { world, ben, cleo, one } = forked()
    using _ = world
    world.deliver([cleo.observe(SUBJECT, { count: 9 })])
    const frozen = world.conflicts()
    const decision = decide(world, ben, pick(one))
    expect(decision.receipt.subject).toBe(one.receipt.node)
    expect(new MergedFeeds(world.db).feed(1)).toMatchObject({ baseSeq: 3, boundSeq: 5 })
    // What ada said is merged now, and contradicts cleo.
    expect(world.conflicts()).toMatchObject([{ kind: 'hash-mismatch', subject: SUBJECT }])
    expect(world.conflicts({ status: 'settled' })).toMatchObject([{ kind: 'fork' }])

    world.deliver([ben.sign(withdrawalDraft(world.db, ben.id, { decision: decision.id, reason: 'too early' }))])
    expect(world.conflicts()).toEqual(frozen)
  })

  test('with the verdict none it ends the feed', () => {
    const { world, ben } = forked()
    using _ = world
    decide(world, ben, { type: 'none' })
    expect(world.conflicts()).toEqual([])
    expect(new MergedFeeds(world.db).feed(1)).toMatchObject({ boundSeq: 3 })
  })

  test('with a third story it opens again', () => {
    const { world, ada, ben, one } = forked()
    using _ = world
    decide(world, ben, pick(one))
    const third = ada.forkAfter(ada.signed.find((receipt) => receipt.receipt.seq === 3)!).observe(SUBJECT, { count: 7 })
    world.deliver([third])
    expect(world.conflicts()).toMatchObject([{ kind: 'fork', memberCount: 3, reopened: true }])
    expect(new MergedFeeds(world.db).feed(1)).toMatchObject({ boundSeq: 3 })
  })

  test('takes back the admissions that were signed behind it', () => {
    const { world, ada } = withThree({}, () => undefined)
    using _ = world
    const dora = new TestNode('dora')
    const profile = lastOf(ada)
    const admission = admit(world, ada, dora)
    world.deliver([admission, dora.observe(SUBJECT, { count: 1 })])
    expect(new MergedFeeds(world.db).feed(4)?.admitted).toBe(true)
    world.deliver([ada.forkAfter(profile).observe('x', { count: 1 })])
    expect(new MergedFeeds(world.db).feed(4)?.admitted).toBe(false)
  })
})

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
        { title: 'ben has not sent its receipts #5 to #9', severity: 1, decidable: false, memberCount: 0 },
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
