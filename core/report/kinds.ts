// What a steward signs about the state of the network: another recommendation than the computed one, and a brief of the own node.
import * as z from 'zod'
import { ContentHash, Instant, NAMED_BLOCKERS, ReceiptId, Recommendation, ReportId } from '#core/contract/index.ts'
import type { KindSpec } from '#core/ledger/index.ts'

export const OVERRIDE = 'report/override'
export const BRIEF = 'operator/brief'

/** Names what it overrides, criterion by criterion and blocker by blocker: it covers nothing that comes later or gets worse. */
export const OverrideBody = z.looseObject({
  report: ReportId,
  /** SHA-256 of the report's summary.json. */
  summary: ContentHash,
  asOf: Instant,
  computed: Recommendation,
  verdict: Recommendation,
  reason: z.string().min(1).max(4000),
  failing: z.array(z.object({ criterion: z.string().max(64), value: z.number() })).max(64),
  blockers: z.array(z.string().max(256)).max(NAMED_BLOCKERS),
})
export type OverrideBody = z.infer<typeof OverrideBody>

export const BriefBody = z.looseObject({
  head: z.object({ seq: z.int().min(1), id: ReceiptId }).nullable(),
  fingerprint: ContentHash,
  coverage: z.int().min(0).max(1_000_000).nullable(),
  openConflicts: z.object({ total: z.int().min(0), severity3: z.int().min(0), severity2: z.int().min(0) }),
  checks: z.object({ ok: z.boolean(), made: Instant, failed: z.array(z.string().max(256)).max(100) }),
  note: z.string().max(2000).optional(),
})
export type BriefBody = z.infer<typeof BriefBody>

export const reportKinds: readonly KindSpec[] = [
  {
    kind: OVERRIDE,
    body: OverrideBody,
    claims: 'The steward recommends otherwise than the report computed, for exactly what it lists, and says why.',
    byHand: false,
    isClaim: false,
  },
  {
    kind: BRIEF,
    body: BriefBody,
    claims: 'So the steward found their node: its head, its coverage, its open conflicts, its checks.',
    byHand: false,
    isClaim: false,
  },
]
