// Three real nodes on one folder, all admitted, all being served.
import { expect } from 'playwright/test'
import type { ConflictSummary } from '#core/contract/index.ts'
import type { Serving, World } from './steward.ts'

export interface ThreeNodes {
  readonly ada: Serving
  readonly ben: Serving
  readonly cleo: Serving
}

export async function threeNodes(world: World): Promise<ThreeNodes> {
  const ada = await world.node('ada')
  const [ben, cleo] = await Promise.all([world.node('ben'), world.node('cleo')])
  await ada.client.exchange.sync({})
  for (const joining of [ben, cleo]) await ada.client.network.admit({ node: await nodeOf(joining) })
  for (const serving of [ada, ben, cleo]) await serving.client.exchange.sync({})
  return { ada, ben, cleo }
}

export async function nodeOf(serving: Serving) {
  const { node } = await serving.client.app.state({})
  if (node === null) throw new Error(`${serving.steward.name} has no node yet.`)
  return node.id
}

/** A claim of one node on a report. */
export async function observe(serving: Serving, subject: string, receiptCount: number): Promise<string> {
  const body = { feed: 'demo', receipt_count: receiptCount, threshold_hours: 24 }
  const content = { type: 'body' as const, body }
  const claim = { kind: 'evidence/observed', subject, task: null, anchor: null, content }
  return (await serving.client.receipts.sign(claim)).id
}

export async function openConflicts(serving: Serving): Promise<readonly ConflictSummary[]> {
  const { items } = await serving.client.conflicts.list({ filter: { status: 'open' }, sort: 'subject', limit: 200 })
  return items
}

async function fingerprintOf(serving: Serving): Promise<string> {
  return (await serving.client.network.get({})).fingerprint
}

/** All nodes show the same state, however they came to it. */
export async function expectSameFingerprint(...all: readonly Serving[]): Promise<void> {
  await expect
    .poll(async () => new Set(await Promise.all(all.map(fingerprintOf))).size, {
      message: 'the fingerprints of all nodes become one',
      timeout: 60_000,
    })
    .toBe(1)
}
