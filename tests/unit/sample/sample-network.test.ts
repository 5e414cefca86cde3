import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startInlineCore, type InlineCore } from '#core/hosts/cli/inline-core.ts'

const folder = mkdtempSync(join(tmpdir(), 'steward-sample-test-'))
let core: InlineCore
let sampleHome: string

beforeAll(async () => {
  core = await startInlineCore({ home: join(folder, 'home'), version: 'test' })
  await core.client.sample.create({})
  sampleHome = (await core.client.app.state({})).home
})

afterAll(async () => {
  await core.stop()
  rmSync(folder, { recursive: true })
})

test('this app becomes one of the three nodes, says that it is a sample, and may sign at once', async () => {
  const state = await core.client.app.state({})
  expect(state).toMatchObject({ sample: true, phase: 'ready', node: { name: 'harbor-lab', phraseConfirmed: true } })
  const { items } = await core.client.network.peers({ limit: 50 })
  expect(items.map(({ name, state: standing }) => `${name} ${standing}`).toSorted()).toEqual([
    'cedar-hollow pending',
    'harbor-lab this-node',
    'mill-creek admitted',
    'north-ridge admitted',
  ])
})

test('the steward finds what diverges, what is withheld and what is stale, each with its kind and a sentence', async () => {
  const { items } = await core.client.conflicts.list({ filter: { status: 'open' }, sort: 'subject', limit: 50 })
  const found = items.map(({ kind, subject }) => `${kind} ${subject.replace(/^did:key:.*/, 'north-ridge')}`).toSorted()
  expect(found).toEqual([
    'hash-mismatch _report/external/demo/20250922T014500Z.json',
    'hash-mismatch _report/planner/validate/summary-20250922T041758Z.json',
    'hash-mismatch _report/usage/external-summary.json',
    'hash-mismatch _report/usage/feed-counts.json',
    'missing-anchor _report/external/sample/20250922T221000Z.json',
    'stale _report/usage/receipts-hygiene-summary.json',
    'unknown-anchor _report/usage/external-authenticity.json',
    'withheld north-ridge',
  ])
  for (const { id, title } of items) {
    const { why, remedy } = await core.client.conflicts.get({ id })
    for (const sentence of [title, why, remedy]) expect(sentence.length).toBeGreaterThan(10)
  }
})

test('one conflict was settled before, by another node, with its reason and plan step', async () => {
  const { items } = await core.client.conflicts.list({ filter: { status: 'settled' }, sort: 'subject', limit: 50 })
  expect(items.map(({ subject }) => subject)).toEqual(['_plans/2025-09-22-external-feed-demo.plan.json'])
  const [settled] = items
  const review = await core.client.conflicts.get({ id: settled!.id })
  expect(review.decisions).toMatchObject([{ nodeName: 'north-ridge', planStep: 'S3', counts: true, mine: false }])
})

test('where a newer anchor decides there is nothing to review', async () => {
  const subject = '_plans/2025-09-22-decentralized-propagation-pilot.plan.json'
  const { items } = await core.client.conflicts.list({ filter: { status: 'all', subject }, sort: 'subject', limit: 50 })
  expect(items).toEqual([])
})

test('the contents that the claims name are here, byte for byte, for every claim that is shown', async () => {
  const { items } = await core.client.conflicts.list({ filter: { status: 'open' }, sort: 'subject', limit: 50 })
  for (const { id } of items) {
    const { members } = await core.client.conflicts.get({ id })
    for (const { content } of members) expect(content.type).toBe('json')
  }
})

test('removing the sample deletes everything that it made, and the app is where it was before', async () => {
  expect(existsSync(sampleHome)).toBe(true)
  await core.client.sample.remove({})
  expect(existsSync(sampleHome)).toBe(false)
  expect(existsSync(join(sampleHome, '..'))).toBe(false)
  expect(await core.client.app.state({})).toMatchObject({ sample: false, phase: 'no-node', node: null })
})
