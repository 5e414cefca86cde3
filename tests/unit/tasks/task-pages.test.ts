import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Json, ReceiptId } from '#core/contract/index.ts'
import { frontMatter } from '#core/tasks/index.ts'
import { type Core, Place, refusal } from '#tests/kit/place.ts'

const PILOT = '2025-09-22-decentralized-propagation-pilot'
const PLAN_FILE = `_plans/${PILOT}.plan.json`
const fixture = (path: string) => readFileSync(new URL(`../../fixtures/teof/${path}`, import.meta.url))

async function signBody(
  core: Core,
  kind: string,
  subject: string,
  task: string | null,
  body: Json,
): Promise<ReceiptId> {
  core.place.pass(1000)
  const content = { type: 'body' as const, body }
  return (await core.steward.receipts.sign({ kind, subject, task, anchor: null, content })).id
}

async function signFile(core: Core, subject: string, task: string | null, bytes: Uint8Array): Promise<ReceiptId> {
  core.place.pass(1000)
  const { upload } = await core.steward.uploads.begin({ sizeBytes: bytes.length })
  await core.steward.uploads.piece({ upload, offset: 0, base64: Buffer.from(bytes).toString('base64') })
  const content = { type: 'upload' as const, upload, name: subject.split('/').at(-1) ?? subject }
  return (await core.steward.receipts.sign({ kind: 'evidence/observed', subject, task, anchor: null, content })).id
}

test('a task shows the receipts of all nodes by plan step, what is missing and what disagrees', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await signFile(ada, PLAN_FILE, PILOT, fixture(`node-a/${PLAN_FILE}`))
  const shown = await ada.observe('_report/network/ledger.json', { receipts: 12 }, PILOT)
  const step = { plan: PILOT, step: 'S2', status: 'done', receipts: [shown] }
  await signBody(ada, 'plan/step', `${PILOT}#S2`, PILOT, step)
  await signBody(ben, 'plan/step', `${PILOT}#S2`, PILOT, { plan: PILOT, step: 'S2', status: 'blocked' })
  await place.settle([ada, ben])

  const task = await ben.steward.tasks.get({ task: PILOT })
  expect(task.title).toBe('Design pilot for decentralized TEOF receipt exchange')
  expect(task.steps.map(({ step: id, state }) => [id, state])).toEqual([
    ['S1', 'unproven'],
    ['S2', 'disagrees'],
    ['S3', 'done'],
  ])
  expect(task.steps[0]?.missing[0]).toContain('names no receipt')
  expect(task.steps[2]?.missing[0]).toContain(
    'docs/examples/decentralized/receipt-sync/conflicts.json, which is not here',
  )
  expect(task.claimants).toEqual([
    { name: 'ada', receipts: 3 },
    { name: 'ben', receipts: 1 },
  ])
  expect(task.conflicts.map(({ subject }) => subject)).toEqual([`${PILOT}#S2`])
  expect(task.plans[0]?.facts).toContainEqual({ key: 'actor', text: 'codex-5' })

  const { items } = await ben.steward.tasks.list({ filter: {}, limit: 10 })
  expect(items).toMatchObject([
    { task: PILOT, steps: { total: 3, done: 1, lacking: 2 }, openConflicts: 1, receipts: 4 },
  ])
})

test('what a plan says about itself is kept, shown and found by', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
  const facts = {
    batch: '7',
    item: 'B7-2',
    ocers_target: 'Observation',
    risk_score: 0.2,
    status: 'draft',
    note: 'First.',
  }
  const steps = [{ id: 'S1', title: 'Look' }]
  await signBody(ada, 'plan/proposed', 'plans/b7', 'b7', { plan: 'b7', title: 'Seven', steps, ...facts })
  await signBody(ada, 'plan/proposed', 'plans/b8', 'b8', { plan: 'b8', steps, batch: '8' })
  const task = await ada.steward.tasks.get({ task: 'b7' })
  expect(Object.fromEntries(task.plans[0]!.facts.map(({ key, text }) => [key, text]))).toEqual({
    ...facts,
    risk_score: '0.2',
  })
  expect(task.steps).toMatchObject([{ step: 'S1', state: 'open', missing: ['Nobody has signed a receipt for S1.'] }])
  const found = await ada.steward.tasks.list({ filter: { fact: { key: 'batch', text: '7' } }, limit: 10 })
  expect(found.items.map((item) => item.task)).toEqual(['b7'])
  const facets = await ada.steward.tasks.facets({})
  expect(facets.facts.find(({ key }) => key === 'batch')?.values).toEqual(['7', '8'])
})

test('a proposal is read for the metadata in front of it', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
  const text = '---\nbatch: 7\nocers_target: "Coherence"\n---\n# A proposal\n'
  await signFile(ada, 'docs/proposals/one.md', 'b7', Buffer.from(text))
  const task = await ada.steward.tasks.get({ task: 'b7' })
  expect(task.plans[0]?.facts).toEqual([
    { key: 'batch', text: '7' },
    { key: 'ocers_target', text: 'Coherence' },
  ])
  expect(frontMatter('---\nempty: ""\n---\n')).toEqual([])
  expect(frontMatter('no front')).toEqual([])
  expect(frontMatter('---\nnever: closed\n')).toEqual([])
})

test('a step cannot be signed as done without a receipt that shows it', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
  const unproven = signBody(ada, 'plan/step', 'b7#S1', 'b7', { plan: 'b7', step: 'S1', status: 'Done' })
  expect(await refusal(unproven)).toMatchObject({ code: 'STEP_WITHOUT_RECEIPT' })
  await signBody(ada, 'plan/step', 'b7#S1', 'b7', { plan: 'b7', step: 'S1', status: 'in progress' })
  expect((await ada.steward.tasks.get({ task: 'b7' })).steps).toMatchObject([{ state: 'open' }])
})

test('a claim that a newer one replaced is struck, not hidden', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
  await ada.observe('usage.json', { count: 1 }, 'b7')
  await ada.observe('usage.json', { count: 2 }, 'b7')
  const { others } = await ada.steward.tasks.get({ task: 'b7' })
  expect(others.map(({ superseded }) => superseded)).toEqual([null, expect.stringContaining('Replaced by ada')])
})

test('tasks are listed page by page', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
  for (const task of ['a', 'b', 'c']) await ada.observe(`${task}.json`, { count: 1 }, task)
  const first = await ada.steward.tasks.list({ filter: {}, limit: 2 })
  expect(first.items.map(({ task }) => task)).toEqual(['a', 'b'])
  const second = await ada.steward.tasks.list({ filter: {}, limit: 2, after: first.next ?? undefined })
  expect(second).toMatchObject({ items: [{ task: 'c' }], next: null })
  expect(await refusal(ada.steward.tasks.get({ task: 'none' }))).toMatchObject({ code: 'NOT_FOUND' })
})
