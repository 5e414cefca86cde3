// The two usage receipts of the pilot, as figures that a person can read beside the raw JSON.
import type { ReceiptId, UsageView } from '#core/contract/index.ts'
import { receiptById } from '#core/ledger/index.ts'
import { parseUsageReceipt } from '#core/teof/index.ts'
import { canonicalJson } from '#core/receipts/index.ts'
import { namedContent } from './content.ts'
import type { Session } from './session.ts'
import { readStored } from './stored-receipt.ts'

const READ_BYTES = 4 * 1024 * 1024

/** Null for every other receipt, for content that is not here, and for what is no JSON object. */
export async function usageOf(session: Session, id: ReceiptId): Promise<UsageView | null> {
  const stored = readStored(receiptById(session.ledger.read, id))
  if (stored === null) return null
  const { subject, body } = stored.receipt
  // Only these two lie there; what else does is not read from disk for nothing.
  if (!subject.startsWith('_report/usage/')) return null
  const content = namedContent(body)
  const bytes =
    content === null ? new TextEncoder().encode(canonicalJson(body)) : await session.blobs.read(content, READ_BYTES)
  if (bytes === null) return null
  const parsed = parseUsageReceipt(subject, bytes)
  if (parsed === null) return null
  if (parsed.type === 'receipts-hygiene') {
    const { hygiene } = parsed
    return {
      type: 'receipts-hygiene',
      generatedAt: textOf(hygiene.generatedAt),
      index: hygiene.receiptsIndex,
      latency: hygiene.receiptsLatency,
      plansTotal: valueOf(hygiene.plansTotal),
      plansMissingReceipts: valueOf(hygiene.plansMissingReceipts),
      missingPlanIds: hygiene.missingPlanIds === null ? null : [...hygiene.missingPlanIds],
      slowPlans: hygiene.slowPlans.map(({ planId, seconds }) => ({ plan: planId, seconds: valueOf(seconds) })),
    }
  }
  const { summary } = parsed
  return {
    type: 'external-summary',
    generatedAt: textOf(summary.generatedAt),
    thresholdHours: valueOf(summary.thresholdHours),
    feeds: summary.feeds.map((feed) => ({
      id: feed.id,
      receipts: valueOf(feed.receiptCount),
      latestIssuedAt: textOf(feed.latestIssuedAt),
      latestReceipt: feed.latestReceipt,
      stale: valueOf(feed.staleCount),
      invalidSignatures: valueOf(feed.invalidSignatures),
      ageHours: valueOf(feed.latestAgeHours),
      freshness: feed.freshness,
      trust:
        feed.trust === null
          ? null
          : {
              status: feed.trust.status,
              score: valueOf(feed.trust.score),
              adjusted: valueOf(feed.trust.adjusted),
              signals: [...feed.trust.signals],
            },
      tier: feed.authenticity?.tier ?? null,
      steward: feed.steward?.name ?? feed.steward?.id ?? null,
    })),
    invalidReceipts: summary.invalidReceipts.map(({ path, error }) => ({ path, error })),
  }
}

function valueOf(figure: { readonly value: number } | null): number | null {
  return figure === null ? null : figure.value
}

function textOf(time: { readonly text: string } | null): string | null {
  return time === null ? null : time.text
}
