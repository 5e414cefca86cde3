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
  const row = receiptById(session.ledger.read, id)
  const stored = row === null ? null : readStored(row)
  if (stored === null) return null
  const { subject, body } = stored.receipt
  // Only these two lie there; what else does is not read from disk for nothing.
  if (!subject.startsWith('_report/usage/')) return null
  const content = namedContent(body)
  const bytes =
    content === null ? new TextEncoder().encode(canonicalJson(body)) : await session.blobs.read(content, READ_BYTES)
  const parsed = bytes === null ? null : parseUsageReceipt(subject, bytes)
  if (parsed === null) return null
  if (parsed.type === 'receipts-hygiene') {
    const { hygiene } = parsed
    return {
      type: 'receipts-hygiene',
      generatedAt: hygiene.generatedAt?.text ?? null,
      index: hygiene.receiptsIndex,
      latency: hygiene.receiptsLatency,
      plansTotal: hygiene.plansTotal?.value ?? null,
      plansMissingReceipts: hygiene.plansMissingReceipts?.value ?? null,
      missingPlanIds: hygiene.missingPlanIds === null ? null : [...hygiene.missingPlanIds],
      slowPlans: hygiene.slowPlans.map(({ planId, seconds }) => ({ plan: planId, seconds: seconds?.value ?? null })),
    }
  }
  const { summary } = parsed
  return {
    type: 'external-summary',
    generatedAt: summary.generatedAt?.text ?? null,
    thresholdHours: summary.thresholdHours?.value ?? null,
    feeds: summary.feeds.map((feed) => ({
      id: feed.id,
      receipts: feed.receiptCount?.value ?? null,
      latestIssuedAt: feed.latestIssuedAt?.text ?? null,
      latestReceipt: feed.latestReceipt,
      stale: feed.staleCount?.value ?? null,
      invalidSignatures: feed.invalidSignatures?.value ?? null,
      ageHours: feed.latestAgeHours?.value ?? null,
      freshness: feed.freshness,
      trust:
        feed.trust === null
          ? null
          : {
              status: feed.trust.status,
              score: feed.trust.score?.value ?? null,
              adjusted: feed.trust.adjusted?.value ?? null,
              signals: [...feed.trust.signals],
            },
      tier: feed.authenticity?.tier ?? null,
      steward: feed.steward?.name ?? feed.steward?.id ?? null,
    })),
    invalidReceipts: summary.invalidReceipts.map(({ path, error }) => ({ path, error })),
  }
}
