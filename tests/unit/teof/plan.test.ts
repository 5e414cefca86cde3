import { expect, test } from 'vitest'
import { judgeFile, linkPlans, NO_KEYS, parsePlan, parseTaskClaim } from '#core/teof/index.ts'
import type { JudgedFile, Plan } from '#core/teof/index.ts'
import { bytesOf, corpusFiles, textContaining } from './corpus.ts'

const DEMO = '_plans/2025-09-22-external-feed-demo.plan.json'
const PILOT = '_plans/2025-09-22-decentralized-propagation-pilot.plan.json'

test('a real plan is read with its steps and the metadata of its proposal', () => {
  const plan = corpusPlan('node-c', DEMO)
  expect(plan).toMatchObject({ planId: '2025-09-22-external-feed-demo', status: 'done', actor: 'codex-5' })
  expect(plan.steps.map(({ id, title, receipts }) => [id, title, receipts.length])).toEqual([
    ['S1', 'Keygen', 0],
    ['S2', 'Produce-receipt', 1],
    ['S3', 'Summarise-metrics', 2],
  ])
  expect(plan.checkpoint).toEqual({
    description: 'External receipt + summary committed',
    owner: 'codex-5',
    status: 'satisfied',
  })
  expect(plan.metadata).toEqual([
    { key: 'layer', text: 'L5' },
    { key: 'links', text: '[]' },
    { key: 'ocers_target', text: 'Observation↑ Outreach↑' },
    { key: 'systemic_scale', text: '5' },
    { key: 'version', text: '0' },
  ])
})

test('a step that is called done without a receipt is told', () => {
  expect(corpusPlan('node-a', PILOT).findings).toMatchObject([
    { code: 'plan-step-without-receipts', happened: textContaining('Step S1 of 2025-09-22-decentralized') },
  ])
})

test('receipts are tied to steps by either side, and the task is the one on the bus', () => {
  const files = judgedFiles('node-a')
  const plans = [DEMO, PILOT].map((path) => corpusPlan('node-a', path))
  const claim = parseTaskClaim(corpusFiles('node-a').get('_bus/claims/BUS-DECENTRALIZED-PILOT.json')!)!
  const [pilot, demo] = linkPlans(plans, files, [claim])
  expect(pilot).toMatchObject({ taskId: 'BUS-DECENTRALIZED-PILOT', unassigned: [] })
  expect(pilot?.missing).toEqual([
    'docs/examples/decentralized/receipt-sync/conflicts.json',
    'docs/examples/decentralized/receipt-sync/ledger.json',
  ])
  expect(demo?.taskId).toBe('2025-09-22-external-feed-demo')
  expect(demo?.steps.map(({ step, present }) => [step.id, present])).toEqual([
    ['S1', []],
    ['S2', ['_report/external/demo/20250922T014500Z.json']],
    [
      'S3',
      ['_report/usage/external-summary.json', '_report/planner/validate/summary-20250922T021548Z.json'].toSorted(),
    ],
  ])
})

test('a receipt that names its step is tied to it, and one that names only the plan is unassigned', () => {
  const plan = planFrom({ plan_id: 'p', steps: [{ id: 'S1', receipts: ['_report/none.json'] }] })
  const files = [
    fileFrom('_report/a.json', { plan_id: 'p', plan_step_id: 'S1' }),
    fileFrom('_report/b.json', { plan_id: 'p' }),
    fileFrom('_report/c.json', { plan_id: 'other', plan_step_id: 'S1' }),
  ]
  const [linked] = linkPlans([plan], files, [])
  expect(linked).toMatchObject({
    steps: [{ present: ['_report/a.json'], missing: ['_report/none.json'] }],
    unassigned: ['_report/b.json'],
    findings: [{ code: 'plan-receipt-missing', happened: 'p names the receipt _report/none.json, which is not here.' }],
  })
})

test.each([
  ['{', 'unreadable-json', 'it cannot be read as JSON'],
  ['[]', 'plan-shape', 'it is no JSON object'],
  ['{"steps":[]}', 'plan-shape', 'it has no plan_id'],
])('%s is no plan, and is told as one: %s', (text, code, why) => {
  expect(parsePlan('_plans/x.plan.json', bytesOf(text))).toMatchObject({
    ok: false,
    finding: { code, happened: textContaining(why) },
  })
})

test('steps of another shape are read as far as they go', () => {
  const plan = planFrom({ plan_id: 'p', steps: [7, { title: 'x', receipts: 'a.json' }, { step_id: 'B' }] })
  expect(plan.steps).toMatchObject([
    { id: 'S1', title: 'x', receipts: [] },
    { id: 'B', title: null },
  ])
})

function corpusPlan(node: string, path: string): Plan {
  const parsed = parsePlan(path, corpusFiles(node).get(path)!)
  if (!parsed.ok) throw new Error(parsed.finding.happened)
  return parsed.plan
}

function planFrom(value: unknown): Plan {
  const parsed = parsePlan('_plans/p.plan.json', bytesOf(JSON.stringify(value)))
  if (!parsed.ok) throw new Error(parsed.finding.happened)
  return parsed.plan
}

function fileFrom(path: string, value: unknown): JudgedFile {
  return judgeFile(path, bytesOf(JSON.stringify(value)), NO_KEYS, null)
}

function judgedFiles(node: string): readonly JudgedFile[] {
  return [...corpusFiles(node)]
    .filter(([path]) => path.startsWith('_report/'))
    .map(([path, bytes]) => judgeFile(path, bytes, NO_KEYS, null))
}
