// Imported node directories (origins): where each stands, and who has what policy expects.
import { oc } from '@orpc/contract'
import * as z from 'zod'
import { ContentHash, Cursor, Instant, NodeId, PageLimit, ReceiptId } from './ids.ts'
import { problems } from './problems.ts'

/** All directories together: all have it and agree, some lack it, none has it, or two contradict each other. */
export const OriginAgreement = z.enum(['ok', 'partial', 'missing', 'conflict'])
export type OriginAgreement = z.infer<typeof OriginAgreement>

export const OriginAnchors = z.object({
  /** `newest`: no other directory has gone on from here; `behind`: one has; `diverges`: one went on from an earlier event in another way. */
  state: z.enum(['newest', 'behind', 'diverges', 'missing', 'unreadable']),
  /** SHA-256 of governance/anchors.json. */
  hash: ContentHash.nullable(),
  /** The anchor that claims of this directory stand under: over all events, in their order. */
  anchor: ContentHash.nullable(),
  events: z.number().int(),
  /** When its last event says that it happened. */
  last: Instant.nullable(),
  /** Labels of the directories that have gone on from here, or elsewhere. */
  ahead: z.array(z.string()),
  diverging: z.array(z.string()),
  warnings: z.array(z.string()),
})
export type OriginAnchors = z.infer<typeof OriginAnchors>

export const OriginCapsule = z.object({
  /** `partial`: some listed files are not there; `unchecked`: none is; `mismatch`: one is there and has another hash. */
  state: z.enum(['ok', 'partial', 'unchecked', 'mismatch', 'unreadable', 'missing']),
  /** SHA-256 of hashes.json. */
  hash: ContentHash.nullable(),
  /** The version that capsule/current stands for. */
  pointer: z.string().nullable(),
  listed: z.number().int(),
  /** Of the listed files those that were there to be hashed again. */
  checked: z.number().int(),
  warnings: z.array(z.string()),
})

export const OriginView = z.object({
  label: z.string(),
  /** The last import, which is the origin's claim. Several only where nodes imported it without knowing of each other. */
  imports: z
    .array(z.object({ node: NodeId, nodeName: z.string(), receipt: ReceiptId, time: Instant, round: z.number().int() }))
    .min(1),
  files: z.number().int(),
  /** Of the listing of all files with their hashes: equal for equal states. */
  listing: ContentHash,
  anchors: OriginAnchors,
  capsule: OriginCapsule,
  /** Files by what became of their signature: ok, missing, skipped, unknown_key, invalid. */
  signatures: z.record(z.string(), z.number().int()),
})
export type OriginView = z.infer<typeof OriginView>

const Ppm = z.number().int().min(0).max(1_000_000)

const CoverageShare = z.object({
  pattern: z.string(),
  /** Artefacts that fit the pattern and that somebody has; at least one. */
  expected: z.number().int(),
  present: z.number().int(),
  /** Parts per million, rounded down. */
  ppm: Ppm,
})

export const CoverageView = z.object({
  /** Nodes and imported directories, those that lack most first. Empty where policy expects nothing. */
  items: z.array(
    z.object({
      /** What `missing` is asked with: a node's id or a directory's label. */
      claimant: z.string(),
      name: z.string(),
      imported: z.boolean(),
      expected: z.number().int(),
      present: z.number().int(),
      ppm: Ppm,
      patterns: z.array(CoverageShare),
    }),
  ),
})
export type CoverageView = z.infer<typeof CoverageView>

export const origins = {
  list: oc
    .errors(problems)
    .input(z.object({}))
    .output(
      z.object({
        items: z.array(OriginView),
        anchors: z.object({ state: OriginAgreement, why: z.string() }),
        capsule: z.object({ state: OriginAgreement, why: z.string() }),
      }),
    ),
  coverage: oc.errors(problems).input(z.object({})).output(CoverageView),
  /** Expected artefacts that a node or a directory lacks, in the order of their paths. */
  missing: oc
    .errors(problems)
    .input(z.object({ claimant: z.string().max(256), after: Cursor.optional(), limit: PageLimit }))
    .output(z.object({ items: z.array(z.object({ path: z.string(), pattern: z.string() })), next: Cursor.nullable() })),
}
