// The pilot's two usage receipts as figures: what is there as it was written, what is not there as null, never a guess.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Json, ReceiptId } from '#core/contract/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { type Core, Place } from '#tests/kit/place.ts'

const SUMMARY = '_report/usage/external-summary.json'
const HYGIENE = '_report/usage/receipts-hygiene-summary.json'

async function usageOf(core: Core, id: ReceiptId) {
  const { items } = await core.steward.receipts.usage({ ids: [id] })
  return items[0]?.usage
}

const NOTHING_OF_A_FEED = {
  receipts: null,
  latestIssuedAt: null,
  latestReceipt: null,
  stale: null,
  invalidSignatures: null,
  ageHours: null,
  freshness: 'unknown',
  trust: null,
  tier: null,
  steward: null,
}

test.each<[string, string, Json, unknown]>([
  [
    'a summary that says nothing',
    SUMMARY,
    {},
    { type: 'external-summary', generatedAt: null, thresholdHours: null, feeds: [], invalidReceipts: [] },
  ],
  [
    'feeds of which nothing or little is said',
    SUMMARY,
    { feeds: { empty: {}, named: { steward: { id: 'st-1' }, trust: {}, authenticity: {} } } },
    {
      type: 'external-summary',
      generatedAt: null,
      thresholdHours: null,
      feeds: [
        { ...NOTHING_OF_A_FEED, id: 'empty' },
        {
          ...NOTHING_OF_A_FEED,
          id: 'named',
          trust: { status: null, score: null, adjusted: null, signals: [] },
          steward: 'st-1',
        },
      ],
      invalidReceipts: [],
    },
  ],
  [
    'a hygiene summary that says nothing',
    HYGIENE,
    {},
    {
      type: 'receipts-hygiene',
      generatedAt: null,
      index: null,
      latency: null,
      plansTotal: null,
      plansMissingReceipts: null,
      missingPlanIds: null,
      slowPlans: [],
    },
  ],
  [
    'plans that lack receipts, and a slow one nobody timed',
    HYGIENE,
    { metrics: { missing_plan_ids: ['p1'], slow_plans: [['p2', null]] } },
    {
      type: 'receipts-hygiene',
      generatedAt: null,
      index: null,
      latency: null,
      plansTotal: null,
      plansMissingReceipts: null,
      missingPlanIds: ['p1'],
      slowPlans: [{ plan: 'p2', seconds: null }],
    },
  ],
])('%s', async (_what, subject, body, shown) => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  expect(await usageOf(ada, await ada.observe(subject, body))).toEqual(shown)
})

test('there are no figures where the content is gone, no JSON, elsewhere, or where the receipt is unknown', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const sign = async (subject: string, text: string) => {
    const { upload } = await ada.steward.uploads.begin({ sizeBytes: text.length })
    await ada.steward.uploads.piece({ upload, offset: 0, base64: Buffer.from(text).toString('base64') })
    const content = { type: 'upload' as const, upload, name: 'summary.json' }
    return (await ada.steward.receipts.sign({ kind: 'evidence/observed', subject, task: null, anchor: null, content }))
      .id
  }
  expect(await usageOf(ada, await sign(SUMMARY, 'no JSON'))).toBeNull()
  expect(await usageOf(ada, await ada.observe('usage.json', {}))).toBeNull()
  expect(await usageOf(ada, sha256Id<ReceiptId>('nothing here'))).toBeNull()

  const id = await sign(SUMMARY, '{"threshold_hours": 24}')
  expect(await usageOf(ada, id)).toMatchObject({ thresholdHours: 24 })
  for (const name of readdirSync(join(ada.home, 'blobs'))) rmSync(join(ada.home, 'blobs', name), { recursive: true })
  expect(await usageOf(ada, id)).toBeNull()
})
