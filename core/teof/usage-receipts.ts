// The two usage receipts that the pilot names, typed so that a person can read them: figures as they were written, and what does
// not fit left out rather than refused. Their hashes never depend on this.
import { Fields, figureOf } from './fields.ts'
import type { Figure, WrittenTime } from './fields.ts'
import { readJson, stringOf, readJsonText } from './canonical-text.ts'

const EXTERNAL_SUMMARY_PATH = '_report/usage/external-summary.json'
const HYGIENE_SUMMARY_PATH = '_report/usage/receipts-hygiene-summary.json'

export type UsageReceipt =
  | { readonly type: 'external-summary'; readonly summary: ExternalSummary }
  | { readonly type: 'receipts-hygiene'; readonly hygiene: ReceiptsHygiene }

export interface ExternalSummary {
  readonly generatedAt: WrittenTime | null
  readonly thresholdHours: Figure | null
  /** In order of id. */
  readonly feeds: readonly FeedSummary[]
  readonly invalidReceipts: readonly { readonly path: string | null; readonly error: string | null }[]
}

export interface FeedSummary {
  readonly id: string
  readonly receiptCount: Figure | null
  readonly latestIssuedAt: WrittenTime | null
  readonly latestReceipt: string | null
  readonly staleCount: Figure | null
  readonly invalidSignatures: Figure | null
  readonly latestAgeHours: Figure | null
  /** `ahead`: the age is negative, so its newest receipt was dated in the future. `unknown` without an age or a threshold. */
  readonly freshness: 'fresh' | 'stale' | 'ahead' | 'unknown'
  readonly trust: {
    readonly status: string | null
    readonly score: Figure | null
    readonly adjusted: Figure | null
    readonly signals: readonly string[]
  } | null
  readonly authenticity: { readonly tier: string | null; readonly weight: Figure | null } | null
  readonly steward: { readonly id: string | null; readonly name: string | null } | null
}

export interface ReceiptsHygiene {
  readonly generatedAt: WrittenTime | null
  readonly receiptsIndex: string | null
  readonly receiptsLatency: string | null
  readonly plansTotal: Figure | null
  readonly plansMissingReceipts: Figure | null
  /** Null in older files, which do not list them. */
  readonly missingPlanIds: readonly string[] | null
  readonly slowPlans: readonly { readonly planId: string; readonly seconds: Figure | null }[]
}

/** The typed view of one of the two receipts, by its path; null for every other file, and where it is no JSON object. */
export function parseUsageReceipt(path: string, bytes: Uint8Array): UsageReceipt | null {
  if (path !== EXTERNAL_SUMMARY_PATH && path !== HYGIENE_SUMMARY_PATH) return null
  const read = readJson(bytes)
  if (!read.ok || read.json.members === null) return null
  const fields = new Fields(read.json.members)
  return path === EXTERNAL_SUMMARY_PATH
    ? { type: 'external-summary', summary: externalSummary(fields) }
    : { type: 'receipts-hygiene', hygiene: receiptsHygiene(fields) }
}

function externalSummary(fields: Fields): ExternalSummary {
  const thresholdHours = fields.figure('threshold_hours')
  const feeds = fields.object('feeds')
  return {
    generatedAt: fields.time('generated_at'),
    thresholdHours,
    feeds: (feeds?.keys() ?? []).flatMap((id) => {
      const feed = feeds?.object(id) ?? null
      return feed === null ? [] : [feedSummary(id, feed, thresholdHours)]
    }),
    invalidReceipts: fields
      .objects('invalid_receipts')
      .map((one) => ({ path: one.string('path'), error: one.string('error') })),
  }
}

function feedSummary(id: string, feed: Fields, thresholdHours: Figure | null): FeedSummary {
  const latestAgeHours = feed.figure('latest_age_hours')
  const trust = feed.object('trust')
  const authenticity = feed.object('authenticity')
  const steward = feed.object('steward')
  return {
    id,
    receiptCount: feed.figure('receipt_count'),
    latestIssuedAt: feed.time('latest_issued_at'),
    latestReceipt: feed.string('latest_receipt'),
    staleCount: feed.figure('stale_count'),
    invalidSignatures: feed.figure('invalid_signatures'),
    latestAgeHours,
    freshness: freshnessOf(latestAgeHours, thresholdHours),
    trust:
      trust === null
        ? null
        : {
            status: trust.string('status'),
            score: trust.figure('score'),
            adjusted: trust.figure('adjusted'),
            signals: trust.strings('signals'),
          },
    authenticity:
      authenticity === null ? null : { tier: authenticity.string('tier'), weight: authenticity.figure('weight') },
    steward:
      steward === null
        ? null
        : { id: steward.string('id'), name: steward.string('display_name') ?? steward.string('label') },
  }
}

function freshnessOf(ageHours: Figure | null, thresholdHours: Figure | null): FeedSummary['freshness'] {
  if (ageHours === null) return 'unknown'
  if (ageHours.value < 0) return 'ahead'
  if (thresholdHours === null) return 'unknown'
  return ageHours.value > thresholdHours.value ? 'stale' : 'fresh'
}

function receiptsHygiene(fields: Fields): ReceiptsHygiene {
  const metrics = fields.object('metrics')
  return {
    generatedAt: fields.time('generated_at'),
    receiptsIndex: fields.string('receipts_index'),
    receiptsLatency: fields.string('receipts_latency'),
    plansTotal: metrics?.figure('plans_total') ?? null,
    plansMissingReceipts: metrics?.figure('plans_missing_receipts') ?? null,
    missingPlanIds: metrics?.has('missing_plan_ids') === true ? metrics.strings('missing_plan_ids') : null,
    slowPlans: (metrics?.items('slow_plans') ?? []).flatMap(slowPlan),
  }
}

/** `[plan_id, seconds or null, …]`; newer files have a third item. */
function slowPlan(item: string): readonly ReceiptsHygiene['slowPlans'][number][] {
  const read = readJsonText(item)
  const [first, second] = read.ok ? (read.json.items ?? []) : []
  const planId = first === undefined ? null : stringOf(first)
  return planId === null ? [] : [{ planId, seconds: second === undefined ? null : figureOf(second) }]
}
