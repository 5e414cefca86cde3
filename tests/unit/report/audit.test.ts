// What a report hands to an auditor: who may take part, who decided what, what became of each conflict, and conflicts in the fields that
// AIEP P161 names.
import { expect, test } from 'vitest'
import type { AuditEntry, ReportedConflict } from '#core/contract/index.ts'
import { admitDraft, defaultPolicy, policyDraft, policyHashInForce } from '#core/network/index.ts'
import { setObservations } from '#core/reconcile/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { reportOf, type MadeReport } from '#tests/kit/report.ts'
import { allSigned, foundNetwork, LATER, World } from '#tests/kit/world.ts'

function founded() {
  const [ada, ben, cleo] = ['ada', 'ben', 'cleo'].map((name) => new TestNode(name)) as [TestNode, TestNode, TestNode]
  const genesis = foundNetwork([ada, ben, cleo])
  const world = new World().joinNetwork(genesis.id)
  world.deliver(allSigned([ada, ben, cleo]))
  return { ada, ben, cleo, genesis, world }
}

const conflictsIn = ({ files }: MadeReport) =>
  (JSON.parse(files.get('conflicts.json') ?? '') as { conflicts: ReportedConflict[] }).conflicts
const auditIn = ({ files }: MadeReport) =>
  (JSON.parse(files.get('audit.json') ?? '') as { entries: AuditEntry[] }).entries

test('a conflict is told in the fields of an EvidenceConflictRecord, each with its value', async () => {
  const { ada, ben, cleo, genesis, world } = founded()
  using _ = world
  ada.observe('open.json', { value: 1 }, { atMs: 10_000 })
  const second = ben.observe('open.json', { value: 2 }, { atMs: 20_000 })
  ada.observe('misfit.json', { value: 1 })
  const profile = cleo.observe('usage.json', { value: 1 })
  cleo.forkAfter(cleo.signed.at(-2) ?? null).observe('usage.json', { value: 2 })
  const misfit = ben.sign({
    kind: 'plan/step',
    subject: 'misfit.json',
    task: null,
    anchor: null,
    body: { step: 7, status: [] },
  })
  world.deliver(allSigned([ada, ben, cleo]))
  world.ledger.write(LATER, (tx) =>
    setObservations(tx, [{ type: 'withheld', node: ben.id, fromSeq: 9, toSeq: 12, since: LATER }]),
  )
  expect([profile.receipt.node, misfit.receipt.node]).toEqual([cleo.id, ben.id])

  const conflicts = conflictsIn(await reportOf(world, { network: genesis.id }))
  const record = (kind: string) => conflicts.find((one) => one.kind === kind)
  const differ = record('hash-mismatch')!
  expect(differ.evidenceConflictRecord).toEqual({
    conflict_id: differ.id,
    conflict_type: 'factual_contradiction',
    evidence_hashes: differ.members.map(({ hash }) => hash),
    detected_at: second.receipt.time,
    resolution_status: 'pending',
  })
  expect(differ.members).toHaveLength(2)
  expect(record('fork')?.evidenceConflictRecord).toMatchObject({
    conflict_type: 'provenance_incompatibility',
    resolution_status: 'pending',
  })
  // Nobody signed when a gap was seen, and no verdict can fill it.
  const gap = record('withheld')!
  expect(gap.evidenceConflictRecord).toEqual({
    conflict_id: gap.id,
    conflict_type: 'provenance_incompatibility',
    evidence_hashes: [],
    resolution_status: 'unresolvable',
  })
  expect(record('invalid-content')?.evidenceConflictRecord.conflict_type).toBe('schema_mismatch')

  ada.sign({
    kind: 'decision/made',
    subject: 'open.json',
    task: null,
    anchor: null,
    body: {
      conflict: differ.id,
      kind: 'hash-mismatch',
      members: differ.members.map(({ receipt }) => receipt),
      verdict: { type: 'pick', receipt: second.id },
      reason: 'counted',
    },
  })
  world.deliver(allSigned([ada, ben, cleo]))
  const after = conflictsIn(await reportOf(world, { network: genesis.id })).find(({ id }) => id === differ.id)
  expect(after?.evidenceConflictRecord).toEqual({
    ...differ.evidenceConflictRecord,
    resolution_status: 'resolved',
  })
})

test('the audit lists access, decisions and dispositions, each with the receipt that says so', async () => {
  const { ada, ben, cleo, genesis, world } = founded()
  using _ = world
  const dora = new TestNode('dora')
  const admitted = ada.sign(admitDraft(dora.id, policyHashInForce(world.db)))
  ada.observe('a.json', { value: 1 })
  ben.observe('a.json', { value: 2 })
  ada.observe('b.json', { value: 1 })
  ben.observe('b.json', { value: 2 })
  world.deliver(allSigned([ada, ben, cleo]))
  const [a] = world.conflicts().filter(({ subject }) => subject === 'a.json')
  const members = conflictsIn(await reportOf(world, { network: genesis.id })).find(({ id }) => id === a!.id)!.members
  const decided = (reason: string) =>
    cleo.sign({
      kind: 'decision/made',
      subject: 'a.json',
      task: null,
      anchor: null,
      body: {
        conflict: a!.id,
        kind: 'hash-mismatch',
        members: members.map(({ receipt }) => receipt),
        verdict: { type: 'pick', receipt: members[0]!.receipt },
        reason,
      },
    })
  const first = decided('too soon')
  const taken = cleo.sign({
    kind: 'decision/withdrawn',
    subject: 'a.json',
    task: null,
    anchor: null,
    body: { decision: first.id, reason: 'not read yet' },
  })
  const second = decided('read')
  // What does not fit its kind decides nothing.
  cleo.sign({ kind: 'decision/made', subject: 'a.json', task: null, anchor: null, body: { conflict: 'none' } })
  world.deliver(allSigned([ada, ben, cleo]))

  const entries = auditIn(await reportOf(world, { network: genesis.id }))
  const access = entries.filter((one) => one.type === 'access')
  expect(access.map(({ act, aboutName }) => [act, aboutName])).toEqual(
    expect.arrayContaining([
      ['founded', 'ada'],
      ['founded', 'ben'],
      ['founded', 'cleo'],
    ]),
  )
  expect(access.find(({ about }) => about === dora.id)).toMatchObject({
    act: 'admitted',
    receipt: admitted.id,
    node: ada.id,
    nodeName: 'ada',
    time: admitted.receipt.time,
  })
  expect(entries.filter((one) => one.type === 'decision')).toEqual([
    decisionOf(first, { verdict: 'pick', reason: 'too soon', conflict: a!.id }),
    decisionOf(taken, { act: 'withdrawn', reason: 'not read yet', of: first.id }),
    decisionOf(second, { verdict: 'pick', reason: 'read', conflict: a!.id }),
  ])
  expect(entries.filter((one) => one.type === 'disposition' && one.kind === 'hash-mismatch')).toMatchObject([
    { subject: 'a.json', disposition: 'resolved', time: second.receipt.time, decisions: [second.id] },
    { subject: 'b.json', disposition: 'pending', time: null, decisions: [] },
  ])

  function decisionOf(signed: typeof first, told: Partial<AuditEntry>): object {
    const { node, time } = signed.receipt
    const common = { type: 'decision', act: 'decided', receipt: signed.id, time, node, nodeName: 'cleo' }
    return { ...common, conflict: null, verdict: null, reason: '', rule: null, of: null, ...told }
  }
})

test('standing rules and overrides are decisions too; another network’s genesis gives nobody access', async () => {
  const { ada, genesis, world } = founded()
  using _ = world
  const sign = (kind: string, body: Parameters<TestNode['observe']>[1]) =>
    ada.sign({ kind, subject: 'x', task: null, anchor: null, body })
  const rule = sign('rule/standing', {
    subject: '*.json',
    task: null,
    kinds: ['hash-mismatch'],
    choice: { type: 'newest' },
    until: '2027-01-01T00:00:00.000Z',
    reason: 'test data',
  })
  const revoked = sign('rule/revoked', { rule: rule.id, reason: 'over' })
  const override = sign('report/override', {
    report: '20261121T120000Z',
    summary: genesis.id,
    asOf: LATER,
    computed: 'no-go',
    verdict: 'go',
    reason: 'seen',
    failing: [],
    blockers: [],
  })
  const rules = ada.sign(policyDraft(defaultPolicy, policyHashInForce(world.db)))
  sign('network/genesis', { name: 'other', founders: [ada.id], policy: {} })
  world.deliver(ada.signed)
  const entries = auditIn(await reportOf(world, { network: genesis.id }))
  expect(entries.filter((one) => one.type === 'decision')).toMatchObject([
    { act: 'rule', receipt: rule.id, reason: 'test data' },
    { act: 'rule-revoked', receipt: revoked.id, reason: 'over', of: rule.id },
    { act: 'override', receipt: override.id, verdict: 'go', reason: 'seen' },
  ])
  expect(entries.filter((one) => one.type === 'access')).toMatchObject([
    ...entries.filter((one) => one.type === 'access' && one.act === 'founded'),
    { act: 'rules', receipt: rules.id, nodeName: 'ada', about: null, aboutName: null },
  ])
  expect(entries.filter((one) => one.type === 'access')).toHaveLength(4)
})
