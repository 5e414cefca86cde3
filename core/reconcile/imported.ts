// Files of a node directory, signed for by the node that imported them. Each is a claim of its directory (the origin), not of the
// importing node: whoever imports the same directory later, claims for it in its place.
import * as z from 'zod'
import { ContentHash, Instant, NodeId } from '#core/contract/index.ts'
import { canonicalJson, sha256Id } from '#core/receipts/index.ts'

/** A directory as a whole: anchors, capsule, how many files. Signed before the files of the same import. */
export const ORIGIN = 'evidence/origin'

/** The name of a node directory; no node's id, so that the two cannot be mistaken for each other. */
const OriginLabel = z
  .string()
  .min(1)
  .max(128)
  .refine((label) => !label.startsWith('did:'), 'is the id of a node')

/**
 * Counts the imports of one origin: one more than the highest that the importing node knew. The highest one is the origin's claim; of
 * two that were made without knowing of each other both stand.
 */
const Round = z.int().min(1).max(1_000_000_000)

const Path = z.string().min(1).max(1024)
const Why = z.string().max(1000)

const ImportedEnvelope = z.looseObject({
  state: z.enum(['ok', 'missing', 'skipped', 'unknown_key', 'invalid']),
  keyId: z.string().max(256).optional(),
  /** The key that verified, as a did:key. */
  key: NodeId.optional(),
  /** Which members the signature leaves out. */
  form: z.string().max(32).optional(),
  why: Why.optional(),
})

/** Beside what evidence/observed has always had. `modified` is kept as it was found and no rule looks at it. */
const ImportedBody = z.looseObject({
  origin: OriginLabel,
  round: Round,
  path: Path,
  /** Of the canonical form without signature fields; missing for what is no JSON. */
  canonical: ContentHash.optional(),
  /** The file was imported before and is not in the directory any more. */
  gone: z.literal(true).optional(),
  modified: Instant.nullish(),
  /** When the file itself says that it was made. */
  stated: Instant.optional(),
  envelope: ImportedEnvelope.optional(),
  plans: z
    .array(z.looseObject({ plan: z.string().min(1).max(1024), step: z.string().max(256).optional() }))
    .max(200)
    .optional(),
  /** Hashes that the file states and that do not fit, one sentence each. */
  mismatches: z.array(Why).max(50).optional(),
  /** Entries of a hash-ledger, the newest last; where there are too many, the oldest are left out. */
  chain: z.array(z.string().max(80)).max(1000).optional(),
})
export type ImportedBody = z.infer<typeof ImportedBody>

const Chain = z.array(ContentHash).max(300)
const OriginLists = z.object({ events: Chain, anchors: Chain, releases: Chain, scope: Chain })
export type OriginLists = z.infer<typeof OriginLists>

export const ORIGIN_LISTS = ['events', 'anchors', 'releases', 'scope'] as const satisfies readonly (keyof OriginLists)[]

/** The anchor that these lists come to; null where nothing is listed. */
export function originHead(lists: OriginLists): ContentHash | null {
  const tips = ORIGIN_LISTS.map((name) => lists[name].at(-1) ?? null)
  return tips.every((tip) => tip === null) ? null : sha256Id<ContentHash>(canonicalJson(tips))
}

const AnchorsBody = z
  .looseObject({
    state: z.enum(['ok', 'missing', 'unreadable']),
    /** Of the bytes of governance/anchors.json. */
    hash: ContentHash.optional(),
    events: z.int().min(0),
    /** When its last event says that it happened. */
    last: Instant.optional(),
    /** What its files stand under: over the last hash of each list. Missing where nothing is listed, which anchors nothing. */
    head: ContentHash.optional(),
    /** For each append-only list one hash for each item, over the one before and the item. The oldest may be left out. */
    lists: OriginLists,
    warnings: z.array(Why).max(20),
  })
  .refine(({ head, lists }) => (head ?? null) === originHead(lists), 'is not the anchor that its lists come to')

const CapsuleBody = z.looseObject({
  state: z.enum(['ok', 'partial', 'unchecked', 'mismatch', 'unreadable', 'missing']),
  hash: ContentHash.optional(),
  /** The version that capsule/current stands for. */
  pointer: z.string().max(256).optional(),
  listed: z.int().min(0),
  checked: z.int().min(0),
  warnings: z.array(Why).max(50),
})

export const OriginBody = z.looseObject({
  origin: OriginLabel,
  round: Round,
  files: z.int().min(0),
  /** SHA-256 over the lines `<raw hash> <path>`, sorted: two imports of the same state have the same one. */
  listing: ContentHash,
  anchors: AnchorsBody,
  capsule: CapsuleBody,
  signatures: z.record(z.string(), z.int().min(0)),
})
export type OriginBody = z.infer<typeof OriginBody>

type Body = { readonly [key: string]: unknown }

/** Null for evidence that a node claims for itself; a body that looks imported and does not fit is a misfit of its kind. */
export function importedBody(body: Body): ImportedBody | null {
  return looksImported(body) ? (ImportedBody.safeParse(body).data ?? null) : null
}

/** Whether a body of evidence/observed is plain, or imported and whole. */
export function fitsImported(body: Body): boolean {
  if (!looksImported(body)) return true
  const judged = ImportedBody.safeParse(body)
  return judged.success && (judged.data.gone === true || namesContent(body))
}

function looksImported(body: Body): boolean {
  return typeof body['origin'] === 'string' && typeof body['round'] === 'number'
}

function namesContent(body: Body): boolean {
  const content = body['content']
  return typeof content === 'object' && content !== null && 'hash' in content
}

/** What is special about an imported claim, as bits of one number. Never given another meaning. */
export const MARKS = {
  /** No signature of its origin holds. */
  unsigned: 1,
  /** It carries one that does not hold. */
  badSignature: 2,
  /** It states hashes that do not fit. */
  mismatch: 4,
  gone: 8,
  /** A hash-ledger. */
  chain: 16,
} as const

export function marksOf({ gone, envelope, mismatches, chain }: ImportedBody): number {
  if (gone === true) return MARKS.gone
  let marks = envelope?.state === 'ok' ? 0 : MARKS.unsigned
  if (envelope?.state === 'invalid') marks |= MARKS.badSignature
  if (mismatches !== undefined && mismatches.length > 0) marks |= MARKS.mismatch
  if (chain !== undefined && chain.length > 0) marks |= MARKS.chain
  return marks
}

export function isMarked(marks: number | null | undefined, mark: keyof typeof MARKS): boolean {
  return ((marks ?? 0) & MARKS[mark]) !== 0
}
