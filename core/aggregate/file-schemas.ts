// The shapes of ledger.json, conflicts.json and summary.json as zod schemas. The published JSON schemas are made from these; tests
// hold what is written against them. No thread that judges loads this: it judges nothing.
import * as z from 'zod'
import { FORMAT } from './summary.ts'
import { ITEM_SEVERITY, PATH_STATES, type ItemKind } from './types.ts'

const Count = z.int().min(0)
/** Parts per million: 1,000,000 is all of them. */
const Ppm = z.int().min(0).max(1_000_000)
const Hash = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const Time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const Labels = z.array(z.string())
const PathState = z.enum(PATH_STATES)
const SIGNATURE_STATES = ['ok', 'missing', 'skipped', 'unknown_key', 'invalid'] as const
// The keys of an object literal are all that it has.
const Kind = z.enum(Object.keys(ITEM_SEVERITY) as [ItemKind, ...ItemKind[]])
const SignatureState = z.enum(SIGNATURE_STATES)
const Check = z.enum(['ok', 'ahead', 'partial', 'missing', 'conflict'])

const Settings = z.strictObject({
  asOf: Time,
  include: z.array(z.string()),
  expect: z.array(z.string()),
  freshness: z.array(z.strictObject({ pattern: z.string(), hours: z.number().positive() })),
  signatures: z.enum(['required', 'checked', 'skipped']),
})

const Plans = z.array(z.strictObject({ plan: z.string(), step: z.string().nullable() }))

const Variant = z.strictObject({
  hash: Hash,
  content: Hash,
  bytes: Count,
  nodes: Labels.min(1),
  standing: z.enum(['stands', 'superseded', 'aside', 'held']),
  time: Time.nullable(),
  timeFrom: z.string().nullable(),
  signature: z.strictObject({
    state: SignatureState,
    keyId: z.string().optional(),
    form: z.enum(['feed', 'systemic', 'document']).optional(),
    why: z.string().optional(),
  }),
  plan: z.string().nullable(),
  step: z.string().nullable(),
  task: z.string().nullable(),
})

const Item = z.strictObject({
  id: Hash,
  kind: Kind,
  code: z.string().nullable(),
  severity: z.literal([1, 2, 3]),
  path: z.string(),
  nodes: Labels,
  happened: z.string(),
  remedy: z.string(),
  since: Time.nullable(),
  plans: Plans,
  members: z.array(Variant),
})

const Head = { format: z.literal(FORMAT), settings: Settings }

/** ledger.json: every path with who holds what there, in order of path. */
export const LedgerFile = z.strictObject({
  ...Head,
  nodes: Labels,
  receipts: z.array(z.strictObject({ path: z.string(), state: PathState, plans: Plans, variants: z.array(Variant) })),
})

/** conflicts.json: what waits for a person or does not hold, and what is worth knowing. */
export const ConflictsFile = z.strictObject({
  ...Head,
  nodes: Labels,
  conflicts: z.array(Item),
  notices: z.array(Item),
})

const NodeSummary = z.strictObject({
  label: z.string(),
  files: Count,
  bytes: Count,
  newest: Time.nullable(),
  signatures: countsOf(SIGNATURE_STATES),
  keys: Count,
  anchors: z.strictObject({
    state: z.enum(['read', 'missing', 'unreadable']),
    hash: Hash.nullable(),
    events: Count,
    isNewest: z.boolean(),
    warnings: Count,
  }),
  capsule: z.strictObject({
    state: z.enum(['missing', 'ok', 'partial', 'unchecked', 'mismatch', 'unreadable']),
    pointer: z.string().nullable(),
    hash: Hash.nullable(),
    matched: Count,
    missing: Count,
    mismatched: z.array(z.string()),
  }),
  coverage: Ppm.nullable(),
  items: z.partialRecord(Kind, Count),
})

const Coverage = z.strictObject({
  ratio: Ppm.nullable(),
  expected: Count,
  present: Count,
  patterns: z.array(
    z.strictObject({
      pattern: z.string(),
      ratio: Ppm.nullable(),
      nodes: z.array(
        z.strictObject({
          node: z.string(),
          expected: Count,
          present: Count,
          ratio: Ppm,
          missing: z.array(z.string()),
        }),
      ),
    }),
  ),
})

/** summary.json: the counts, the nodes, and the first items of each kind. */
export const SummaryFile = z.strictObject({
  ...Head,
  exitCode: z.literal([0, 1, 3]),
  verdict: z.enum(['agreed', 'conflicts', 'integrity']),
  says: z.string(),
  counts: z.strictObject({
    nodes: Count,
    files: Count,
    bytes: Count,
    paths: Count,
    conflicts: Count,
    notices: Count,
  }),
  pathsByState: countsOf(PATH_STATES),
  itemsByKind: countsOf(Kind.options),
  checks: z.strictObject({
    anchors: z.strictObject({ status: Check, newest: Labels }),
    capsules: z.strictObject({ status: z.enum([...Check.options, 'mismatch']) }),
    signatures: z.strictObject({ status: z.enum(['ok', 'missing', 'error', 'skipped']) }),
  }),
  nodes: z.array(NodeSummary),
  coverage: Coverage,
  files: z.strictObject({ ledger: z.literal('ledger.json'), conflicts: z.literal('conflicts.json') }),
  shown: z.array(Item),
})

/** A count for each of them, be it none. */
function countsOf(keys: readonly string[]): z.ZodObject {
  return z.strictObject(Object.fromEntries(keys.map((key) => [key, Count])))
}
