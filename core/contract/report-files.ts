// The files of a network report. The published JSON schemas in core/report/schemas are made from these. Ratios are parts per million
// (integers), so that no two machines print them differently.
import * as z from 'zod'
import { ConflictKind, ConflictMember, ConflictStatus, Severity, Verdict, VerdictType } from './conflicts.ts'
import { ConflictId, ContentHash, Instant, NodeId, ReceiptId } from './ids.ts'
import { OriginAnchors, OriginCapsule } from './origins.ts'
import { ReceiptState } from './receipts.ts'

const Count = z.int().min(0)
/** Parts per million: 1,000,000 is all of them. */
const Ppm = z.int().min(0).max(1_000_000)
const SeqRange = z.object({ from: z.int().min(1), to: z.int().min(1) })

const ReportNetwork = z.object({
  /** Genesis receipt; null before it was read. */
  id: ReceiptId.nullable(),
  name: z.string(),
  policyHash: ContentHash,
  /** Same on two nodes: same receipts under the same policy. */
  fingerprint: ContentHash,
  fingerprintWords: z.array(z.string()).length(4),
})

/** One receipt of the consolidated ledger: where it comes from and what it is about, by hash. */
export const LedgerEntry = z.object({
  id: ReceiptId,
  node: NodeId,
  seq: z.int().min(1),
  time: Instant,
  kind: z.string(),
  subject: z.string(),
  task: z.string().nullable(),
  anchor: ContentHash.nullable(),
  /** Hash of what it says: the content it names, otherwise its canonical body. */
  content: ContentHash,
  state: ReceiptState,
})
export type LedgerEntry = z.infer<typeof LedgerEntry>

/** ledger.json: every receipt of every admitted node, in the order of node, seq and id. */
export const LedgerFile = z.object({
  format: z.literal('steward-network-ledger/1'),
  network: ReportNetwork,
  asOf: Instant,
  nodes: z.array(z.object({ node: NodeId, name: z.string() })),
  receipts: z.array(LedgerEntry),
})

/** The fields that AIEP P161 asks of a recorded conflict; nothing is deleted when it is resolved. */
export const EvidenceConflictRecord = z.object({
  conflict_id: ConflictId,
  conflict_type: z.enum([
    'factual_contradiction',
    'temporal_inconsistency',
    'provenance_incompatibility',
    'schema_mismatch',
  ]),
  /** The first two hashes that differ; fewer where the conflict has fewer. */
  evidence_hashes: z.array(z.string()).max(2),
  detected_at: Instant.optional(),
  resolution_status: z.enum(['pending', 'resolved', 'unresolvable']),
})
export type EvidenceConflictRecord = z.infer<typeof EvidenceConflictRecord>

export const ReportedConflict = z.object({
  id: ConflictId,
  kind: ConflictKind,
  severity: Severity,
  status: ConflictStatus,
  subject: z.string(),
  task: z.string().nullable(),
  /** When the claims began to differ, by the signed times. Null for what only a folder shows: nobody signed a time for it. */
  opened: Instant.nullable(),
  /** When the newest member joined. */
  since: Instant.nullable(),
  /** When it was settled, by the signed time of the decision that was enough. Null while it is open. */
  settled: Instant.nullable(),
  reopened: z.boolean(),
  title: z.string(),
  why: z.string(),
  remedy: z.string(),
  /** Open for longer than the report waits before it raises an alert. */
  overdue: z.boolean(),
  /** Where something is missing or held back: which receipts of the node that is the subject. */
  range: SeqRange.nullable(),
  members: z.array(ConflictMember.extend({ anchor: ContentHash.nullable() })),
  decisions: z.array(
    z.object({
      id: ReceiptId,
      node: NodeId,
      nodeName: z.string(),
      time: Instant,
      verdict: Verdict,
      sentence: z.string(),
      reason: z.string(),
      planStep: z.string().nullable(),
      withdrawn: z.object({ receipt: ReceiptId, time: Instant, reason: z.string() }).nullable(),
      counts: z.boolean(),
    }),
  ),
  evidenceConflictRecord: EvidenceConflictRecord,
})
export type ReportedConflict = z.infer<typeof ReportedConflict>

/** events.jsonl: one line for each conflict that waits for a person or is overdue, as lines of a bus (`_bus/events/events.jsonl`). */
export const AlertLine = z.object({
  /** SHA-256 of `<event> <conflict>`: the same alert has one id in whichever report. */
  id: ContentHash,
  /** As-of time of the report. */
  ts: Instant,
  event: z.enum(['conflict.open', 'conflict.overdue']),
  conflict: ConflictId,
  kind: ConflictKind,
  severity: Severity,
  subject: z.string(),
  task: z.string().nullable(),
  opened: Instant.nullable(),
  /** Whole hours; null where nobody signed when it opened. */
  ageHours: Count.nullable(),
  summary: z.string(),
  remedy: z.string(),
})
export type AlertLine = z.infer<typeof AlertLine>

/** conflicts.json: every conflict, open or settled, in the order of subject and id. */
export const ConflictsFile = z.object({
  format: z.literal('steward-network-conflicts/1'),
  network: ReportNetwork,
  asOf: Instant,
  conflicts: z.array(ReportedConflict),
})

export const Recommendation = z.enum(['go', 'no-go'])
export type Recommendation = z.infer<typeof Recommendation>

const Signed = { receipt: ReceiptId, time: Instant, node: NodeId, nodeName: z.string() }

/** Who may take part: a founder named by the genesis, a node that somebody admitted, rules that somebody asked for. */
const AccessEntry = z.object({
  type: z.literal('access'),
  act: z.enum(['founded', 'admitted', 'rules']),
  ...Signed,
  /** Whom it lets in; null for rules. */
  about: NodeId.nullable(),
  aboutName: z.string().nullable(),
})

/** What a steward decided, took back, or told to be decided alike. */
const DecisionEntry = z.object({
  type: z.literal('decision'),
  act: z.enum(['decided', 'withdrawn', 'rule', 'rule-revoked', 'override']),
  ...Signed,
  /** The conflict that was decided. */
  conflict: ConflictId.nullable(),
  /** What was decided: of a conflict pick, several, none or replacement; of a report go or no-go. */
  verdict: z.enum([...VerdictType.options, ...Recommendation.options]).nullable(),
  reason: z.string(),
  /** The standing rule by which it was decided; null where a person did. */
  rule: ReceiptId.nullable(),
  /** The decision or the rule that is taken back. */
  of: ReceiptId.nullable(),
})

/** What became of a conflict. */
const DispositionEntry = z.object({
  type: z.literal('disposition'),
  conflict: ConflictId,
  kind: ConflictKind,
  subject: z.string(),
  task: z.string().nullable(),
  opened: Instant.nullable(),
  disposition: EvidenceConflictRecord.shape.resolution_status,
  /** When it was settled, and by which decisions. */
  time: Instant.nullable(),
  decisions: z.array(ReceiptId),
})

export const AuditEntry = z.discriminatedUnion('type', [AccessEntry, DecisionEntry, DispositionEntry])
export type AuditEntry = z.infer<typeof AuditEntry>

/** audit.json. */
export const AuditFile = z
  .object({
    format: z.literal('steward-network-audit/1'),
    network: ReportNetwork,
    asOf: Instant,
    entries: z.array(AuditEntry),
  })
  .describe(
    'Access and decisions, as merged receipts say, in the order of node and number; then the disposition of each conflict, in the order of subject and id. Access is who may take part: no reading is recorded anywhere. Failover has no entries: no node takes over for another yet, so no receipt tells of it.',
  )

export const ReportCheck = z.object({
  id: z.enum(['receipts', 'feeds', 'projections', 'file']),
  label: z.string(),
  /** Null where it was not made. */
  ok: z.boolean().nullable(),
  detail: z.string(),
})
export type ReportCheck = z.infer<typeof ReportCheck>

const RiskId = z.enum(['byzantine', 'replay', 'withholding', 'stale-anchor'])

export const ReportRisk = z.object({
  risk: RiskId,
  label: z.string(),
  /** clear: nothing of it was found; watch: something to keep an eye on; alarm: proof of it. */
  level: z.enum(['clear', 'watch', 'alarm']),
  /** What was found in this network, one sentence each. */
  evidence: z.array(z.string()),
  /** What is in force against it. */
  mitigation: z.array(z.string()),
  /** What a steward still has to do. */
  open: z.array(z.string()),
})
export type ReportRisk = z.infer<typeof ReportRisk>

const Unit = z.enum(['count', 'ppm', 'minutes'])

/** One figure against its bound. `value` is null where Steward cannot know it: that is said, not guessed. */
export const Measured = z.object({
  id: z.string(),
  label: z.string(),
  definition: z.string(),
  value: z.number().nullable(),
  unit: Unit,
  bound: z.enum(['at-least', 'at-most']),
  threshold: z.number(),
  state: z.enum(['ok', 'fail', 'not-measured']),
  /** What the value was computed from, in words with its numbers. */
  basis: z.string(),
})
export type Measured = z.infer<typeof Measured>

export const ReportOverride = z.object({
  receipt: ReceiptId,
  node: NodeId,
  nodeName: z.string(),
  time: Instant,
  verdict: Recommendation,
  reason: z.string(),
  /** It covers every criterion that fails now and every blocker that stands now. */
  inForce: z.boolean(),
  /** What it does not cover, where it is not in force. */
  lapsed: z.string().nullable(),
})
export type ReportOverride = z.infer<typeof ReportOverride>

export const Blocker = z.object({
  /** Id of the conflict, or `check:` and the name of what failed. */
  id: z.string(),
  /** What it is about; null where it is about the ledger itself. */
  subject: z.string().nullable(),
  what: z.string(),
  why: z.string(),
  remedy: z.string(),
})
export type Blocker = z.infer<typeof Blocker>

/** How many blockers summary.json names; conflicts.json has them all. */
export const NAMED_BLOCKERS = 500

const HistoryPoint = z.object({ until: Instant, value: z.number().nullable() })

export const Ocers = z.object({
  /** Merged receipts of the last seven days; history by day. */
  observation: z.object({ value: Count, history: z.array(HistoryPoint) }),
  /** Share of the subjects that several nodes speak of on which all say the same; null where there is none. History: the same, then. */
  coherence: z.object({ value: Ppm.nullable(), agreed: Count, shared: Count, history: z.array(HistoryPoint) }),
  /** Subjects that began to differ and came together again within the last fourteen days; history: closed by day. */
  selfRepair: z.object({
    found: Count,
    closed: Count,
    open: Count,
    /** Median from the beginning to the end of those that were closed, in hours; null where none was. */
    medianHours: z.number().nullable(),
    history: z.array(HistoryPoint),
  }),
})
export type Ocers = z.infer<typeof Ocers>

export const ReportNode = z.object({
  node: NodeId,
  name: z.string(),
  blocked: z.boolean(),
  receipts: Count,
  merged: Count,
  head: z.object({ seq: z.int().min(1), id: ReceiptId, time: Instant }).nullable(),
  forkedAt: z.int().min(1).nullable(),
  missing: z.array(SeqRange),
  /** Open conflicts that a claim of this node is a member of. */
  openConflicts: Count,
  /** Of the subjects that anybody speaks of, how many this node speaks of. */
  subjects: Count,
  /** Null for a node that is blocked here, and for one that only imports directories and claims nothing itself. */
  coverage: Ppm.nullable(),
  brief: z.object({ receipt: ReceiptId, time: Instant }).nullable(),
})
export type ReportNode = z.infer<typeof ReportNode>

/** A directory that was imported: a claimant of its own. */
export const ReportOrigin = z.object({
  name: z.string(),
  subjects: Count,
  coverage: Ppm.nullable(),
  /** How it was found at its last import. Missing where nobody signed that, and in reports of earlier versions. */
  found: z
    .object({
      files: Count,
      /** Of the listing of all files with their hashes. */
      listing: ContentHash,
      anchors: OriginAnchors.pick({ state: true, hash: true, anchor: true, events: true, last: true }),
      capsule: OriginCapsule,
      /** Files by what became of their signature: ok, missing, skipped, unknown_key, invalid. */
      signatures: z.record(z.string(), Count),
    })
    .optional(),
})
export type ReportOrigin = z.infer<typeof ReportOrigin>

export const ReportCoverage = z.object({
  /** expected: of what policy expects; subjects: of what anybody speaks of, where policy expects nothing. */
  basis: z.enum(['expected', 'subjects']),
  ratio: Ppm.nullable(),
  have: Count,
  of: Count,
  patterns: z.array(
    z.object({
      pattern: z.string(),
      ratio: Ppm.nullable(),
      /** Nodes by their ids, imported directories by their labels. */
      claimants: z.array(
        z.object({ claimant: z.string(), name: z.string(), origin: z.boolean(), have: Count, of: Count }),
      ),
      /** The first fifty in the order of subject. */
      missing: z.array(z.object({ name: z.string(), subject: z.string() })),
      missingCount: Count,
    }),
  ),
})
export type ReportCoverage = z.infer<typeof ReportCoverage>

/** summary.json: the figures, and what follows from them. */
export const SummaryFile = z.object({
  format: z.literal('steward-network-summary/1'),
  network: ReportNetwork,
  asOf: Instant,
  files: z.array(z.object({ name: z.string(), sha256: ContentHash, bytes: Count })),
  counts: z.object({
    nodes: Count,
    receipts: Count,
    merged: Count,
    subjects: Count,
    sharedSubjects: Count,
    agreedSubjects: Count,
    superseded: Count,
    decisions: Count,
    kinds: z.array(z.object({ kind: z.string(), receipts: Count })),
  }),
  nodes: z.array(ReportNode),
  origins: z.array(ReportOrigin),
  coverage: ReportCoverage,
  conflicts: z.object({
    open: Count,
    settled: Count,
    overdue: Count,
    overdueHours: Count,
    oldest: Instant.nullable(),
    openBySeverity: z.array(z.object({ severity: Severity, conflicts: Count })),
    openByKind: z.array(z.object({ kind: ConflictKind, conflicts: Count })),
  }),
  checks: z.array(ReportCheck),
  risks: z.array(ReportRisk),
  criteria: z.array(Measured),
  recommendation: z.object({
    computed: Recommendation,
    /** The computed one, or that of the overrides in force where they are of one mind. */
    effective: Recommendation,
    reasons: z.array(z.string()),
    overrides: z.array(ReportOverride),
  }),
  blockers: z.object({ total: Count, items: z.array(Blocker).max(NAMED_BLOCKERS) }),
  ocers: Ocers,
  convergence: z.object({ ok: z.boolean(), days: Count, measures: z.array(Measured) }),
  plans: z.object({ steps: Count, withoutReceipts: Count }),
  /** Exit code of the command line: 0 agreed, 1 conflicts wait, 3 a signature or an anchor does not hold. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(3)]),
})
export type SummaryFile = z.infer<typeof SummaryFile>
