import { expect, test } from 'vitest'
import { parseUsageReceipt } from '#core/teof/index.ts'
import type { UsageReceipt } from '#core/teof/index.ts'
import { bytesOf, corpusFiles } from './corpus.ts'

const EXTERNAL = '_report/usage/external-summary.json'
const HYGIENE = '_report/usage/receipts-hygiene-summary.json'

test('the summary of feeds is typed, with figures as they were written', () => {
  const receipt = usage('node-a', EXTERNAL)
  if (receipt?.type !== 'external-summary') throw new Error('it is a summary of feeds')
  const { summary } = receipt
  expect(summary.thresholdHours).toEqual({ text: '24.0', value: 24 })
  expect(summary.generatedAt?.time?.instant).toBe('2025-09-22T22:05:45.000Z')
  expect(summary.feeds.map(({ id, freshness }) => [id, freshness])).toEqual([
    ['demo', 'fresh'],
    ['sample', 'ahead'],
  ])
  expect(summary.feeds[0]).toMatchObject({
    latestReceipt: '_report/external/demo/20250922T014500Z.json',
    latestAgeHours: { text: '20.345980619722223' },
    trust: { status: 'ok', adjusted: { text: '0.85' }, signals: [] },
    authenticity: { tier: 'primary_truth', weight: { text: '1.0' } },
    steward: { id: 'codex-5', name: 'Automation Steward' },
  })
})

test('the hygiene summary is typed, also in its newer form and without its newer members', () => {
  expect(usage('node-c', HYGIENE)).toMatchObject({
    type: 'receipts-hygiene',
    hygiene: {
      plansTotal: { text: '173' },
      missingPlanIds: [],
      slowPlans: [{ planId: '2025-09-21-capsule-cadence-automation', seconds: { text: '993898.0' } }, {}, {}, {}, {}],
    },
  })
  expect(
    parseUsageReceipt(HYGIENE, bytesOf('{"metrics":{"plans_total":1,"slow_plans":[["p",null],7]}}')),
  ).toMatchObject({
    hygiene: { missingPlanIds: null, slowPlans: [{ planId: 'p', seconds: null }], generatedAt: null },
  })
})

test('every stored version of both is readable', () => {
  for (const node of ['node-a', 'node-b', 'node-c', 'pilot-sample/node-a', 'pilot-sample/node-b'])
    for (const path of [EXTERNAL, HYGIENE]) expect(usage(node, path)).not.toBeNull()
})

test('other files, and what is no object, have no typed view', () => {
  expect(parseUsageReceipt('_report/usage/other.json', bytesOf('{}'))).toBeNull()
  expect(parseUsageReceipt(EXTERNAL, bytesOf('[]'))).toBeNull()
  expect(parseUsageReceipt(EXTERNAL, bytesOf('{'))).toBeNull()
  expect(parseUsageReceipt(EXTERNAL, bytesOf('{"feeds":[1],"invalid_receipts":7}'))).toMatchObject({
    summary: { feeds: [], invalidReceipts: [] },
  })
})

function usage(node: string, path: string): UsageReceipt | null {
  return parseUsageReceipt(path, corpusFiles(node).get(path)!)
}
