// Tasks as they are listed and found: by what plans in files say about themselves, whether these are here or not.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Json } from '#core/contract/index.ts'
import { type Core, Place } from '#tests/kit/place.ts'

async function signFile(core: Core, subject: string, task: string | null, text: string): Promise<void> {
  core.place.pass(1000)
  const { upload } = await core.steward.uploads.begin({ sizeBytes: Buffer.byteLength(text) })
  if (text !== '') await core.steward.uploads.piece({ upload, offset: 0, base64: Buffer.from(text).toString('base64') })
  const content = { type: 'upload' as const, upload, name: 'file' }
  await core.steward.receipts.sign({ kind: 'evidence/observed', subject, task, anchor: null, content })
}

const plan = (id: string, more: { readonly [key: string]: Json } = {}) =>
  JSON.stringify({
    version: 0,
    plan_id: id,
    summary: `What ${id} is for`,
    status: 'queued',
    actor: 'codex-5',
    created: '2025-09-22T05:33:06Z',
    checkpoint: { status: 'pending' },
    steps: [{ id: 'S1', title: 'Look', status: 'queued' }],
    ...more,
  })

test('tasks are found by a word of their name or of what their plan is for, and counted as they are found', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await signFile(ada, '_plans/alpha.plan.json', 'alpha', plan('alpha'))
  await signFile(ben, '_plans/alpha.plan.json', 'alpha', plan('alpha'))
  await signFile(ada, '_plans/beta.plan.json', null, plan('beta'))
  await ada.observe('beta.json', { v: 1 }, 'beta')
  await ada.observe('other.json', { v: 1 }, 'gamma')
  await place.settle([ada, ben])
  const found = async (text: string) =>
    (await ada.steward.tasks.list({ filter: { text }, limit: 10 })).items.map(({ task }) => task)
  expect(await found('ALPHA')).toEqual(['alpha'])
  expect(await found('is for')).toEqual(['alpha', 'beta'])
  expect(await found('gamma')).toEqual(['gamma'])
  expect(await found('nothing')).toEqual([])

  const { items, total } = await ada.steward.tasks.list({ filter: {}, limit: 10 })
  expect(total).toBe(3)
  expect(items.map(({ task, title }) => [task, title])).toEqual([
    ['alpha', 'What alpha is for'],
    ['beta', 'What beta is for'],
    ['gamma', null],
  ])
  // Two nodes that say the same of a plan say it once.
  expect(items[0]?.facts.map(({ key }) => key)).toEqual(['status', 'actor', 'created', 'checkpoint', 'version'])

  const backwards = await ada.steward.tasks.list({ filter: {}, sort: 'name-backwards', limit: 10 })
  expect(backwards.items.map(({ task }) => task)).toEqual(items.map(({ task }) => task).toReversed())
  const lacking = await ada.steward.tasks.list({ filter: { lacking: true }, limit: 10 })
  expect(lacking.items.map(({ task }) => task)).toEqual(['alpha'])
  expect(lacking.total).toBe(1)
  const paged = await ada.steward.tasks.list({ filter: { lacking: true }, limit: 1, after: lacking.next ?? undefined })
  expect(paged.items).toHaveLength(1)
  const facets = await ada.steward.tasks.facets({})
  expect(facets.facts.map(({ key }) => key)).toEqual(['actor', 'checkpoint', 'created', 'status', 'version'])
})

test('a task of which only the plan’s file speaks is none of the list; what is no plan says nothing', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await signFile(ada, '_plans/broken.plan.json', 'broken', 'no JSON')
  await signFile(ada, '_plans/bare.plan.json', 'bare', plan('bare', { status: '', created: null, checkpoint: null }))
  await signFile(ada, '_plans/unnamed.plan.json', null, plan('unnamed'))
  const { items } = await ada.steward.tasks.list({ filter: {}, limit: 10 })
  expect(items.map(({ task }) => task)).not.toContain('unnamed')
  expect(items.find(({ task }) => task === 'broken')).toMatchObject({ title: null, facts: [] })
  expect(items.find(({ task }) => task === 'bare')?.facts.map(({ key }) => key)).toEqual(['actor', 'version'])
  expect(await ada.steward.tasks.get({ task: 'broken' })).toMatchObject({ plans: [], steps: [] })
})

test('what a plan says waits for its file: the task is there before it', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await signFile(ada, '_plans/late.plan.json', 'late', plan('late', { summary: 'Of this test alone' }))
  await signFile(ada, 'docs/proposals/one.md', 'late', '---\ntitle: "One"\nbatch: 7\n---\n')
  await signFile(ada, 'docs/proposals/two.md', 'late', 'no front matter')
  await signFile(ada, 'docs/notes.txt', 'late', 'notes')
  await place.settle([ada, ben])
  for (const name of readdirSync(join(ben.home, 'blobs'))) rmSync(join(ben.home, 'blobs', name), { recursive: true })

  // In a process of its own ben has not read the plan either: another text of the same plan makes sure of it.
  const here = await ada.steward.tasks.get({ task: 'late' })
  expect(here.title).toBe('One')
  expect(new Set(here.plans.map(({ summary }) => summary))).toEqual(new Set(['Of this test alone', 'One']))
  const there = await ben.steward.tasks.get({ task: 'late' })
  expect(there.receipts).toBe(4)
  expect(there.plans.map(({ summary }) => summary)).not.toContain('One')
})

test('what a blocked node signed makes no task here', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ben.observe('a', { v: 1 }, 'of ben')
  await ada.observe('a', { v: 1 }, 'of ada')
  await place.settle([ada, ben])
  await ada.steward.network.block({ node: ben.id })
  const listed = async (core: Core) =>
    (await core.steward.tasks.list({ filter: {}, limit: 10 })).items.map(({ task }) => task)
  expect(await listed(ada)).toEqual(['of ada'])
  expect(await listed(ben)).toEqual(['of ada', 'of ben'])
})
