// Bundles in and out: what a folder, a zip or single files hold, before anything is written; then the import; and the export.
import { oc } from '@orpc/contract'
import * as z from 'zod'
import { NodeId, ReceiptId } from './ids.ts'
import { ProblemShape, problems } from './problems.ts'

const Count = z.number().int().min(0)

/** One entry that is not taken: its name in the bundle (empty for the bundle itself), why, and what to do. */
export const BundleRefusal = z.object({
  entry: z.string(),
  /** Stable, kebab-case. */
  reason: z.string(),
  detail: z.string(),
  remedy: z.string(),
})
export type BundleRefusal = z.infer<typeof BundleRefusal>

/** One node's receipts in a bundle. new + known + refused + withheld + held + notRead is how many were found. */
export const BundleNode = z.object({
  node: NodeId,
  name: z.string(),
  state: z.enum(['this-node', 'admitted', 'not-admitted', 'blocked']),
  receipts: Count,
  new: Count,
  known: Count,
  refused: Count,
  /** Behind a gap: they wait until what lies before them comes. */
  withheld: Count,
  /** Their time is ahead of the clock. */
  held: Count,
  /** Of a node that is not admitted or is blocked here, or behind a signature that does not hold. */
  notRead: Count,
  /** Of the new ones, those that tell a second story. */
  forks: Count,
  /** What its signed head in the bundle names and neither the bundle nor this node has. */
  missing: z.object({ from: Count, to: Count }).nullable(),
})
export type BundleNode = z.infer<typeof BundleNode>

/** One TEOF node directory in a bundle; importing signs `evidence/observed` receipts for what is new of it. */
export const BundleOrigin = z.object({
  label: z.string(),
  folder: z.string(),
  files: Count,
  new: Count,
  changed: Count,
  known: Count,
  gone: Count,
  refused: Count,
  /** What a steward should know about it, worst first; at most a hundred. The path is empty for the directory as a whole. */
  findings: z.array(z.object({ path: z.string(), happened: z.string(), remedy: z.string() })),
  findingCount: Count,
})
export type BundleOrigin = z.infer<typeof BundleOrigin>

/** A portable proof among the files: checked here, and nothing of it is imported. */
export const BundleProof = z.object({
  entry: z.string(),
  holds: z.boolean(),
  /** What it says, for a person; proved only where `holds`. */
  sentence: z.string(),
  /** What else it says: decisions, the network. */
  beside: z.array(z.string()),
  /** Checks that hold. */
  held: Count,
  /** Why it does not hold; empty where it does. */
  faults: z.array(z.string()),
  /** Signed receipts in it, and how many of them are in this ledger. */
  receipts: Count,
  here: Count,
})
export type BundleProof = z.infer<typeof BundleProof>

export const BundlePreview = z.object({
  kinds: z.array(z.enum(['steward', 'teof', 'receipts', 'proof'])),
  files: Count,
  sizeBytes: Count,
  /** Set where the bundle says of which network it is. */
  network: z.object({ id: ReceiptId, name: z.string(), isOurs: z.boolean() }).nullable(),
  nodes: z.array(BundleNode),
  origins: z.array(BundleOrigin),
  /** At most twenty; `proofCount` counts all. */
  proofs: z.array(BundleProof),
  proofCount: Count,
  /** Content by hash: how much there is, and for how much of it receipts are waiting that are here already. */
  contents: z.object({ count: Count, sizeBytes: Count, awaited: Count }),
  /** At most two hundred; `refusalCount` counts all. */
  refusals: z.array(BundleRefusal),
  refusalCount: Count,
  /** Files that are nothing that Steward knows. */
  foreign: Count,
  ignored: Count,
  /** Receipts that importing would add. */
  adds: Count,
  /** Nodes that importing would show as asking to join, and that do not stand there yet. */
  asks: Count,
})
export type BundlePreview = z.infer<typeof BundlePreview>

export const BundleReport = z.object({
  /** Taken into the ledger. */
  added: Count,
  known: Count,
  refused: Count,
  withheld: Count,
  held: Count,
  /** Receipts that this node signed for files of TEOF directories. */
  signed: Count,
  contents: Count,
  /** Open conflicts that were not there before. */
  conflicts: Count,
})
export type BundleReport = z.infer<typeof BundleReport>

const Progress = z.object({
  what: z.string(),
  done: Count,
  total: Count,
  unit: z.enum(['entries', 'bytes', 'receipts', 'files']),
})
export type BundleProgress = z.infer<typeof Progress>

const BundleId = z.uuid()

/** Where the one import stands. It outlives the page that asked for it, until it is dismissed. */
export const BundleImport = z.object({
  id: BundleId,
  name: z.string(),
  step: z.discriminatedUnion('state', [
    z.object({ state: z.literal('reading'), progress: Progress }),
    /** The container is not to be trusted; nothing of it was read. */
    z.object({ state: z.literal('refused'), refusals: z.array(BundleRefusal), refusalCount: Count }),
    z.object({ state: z.literal('ready'), preview: BundlePreview }),
    z.object({
      state: z.literal('importing'),
      progress: Progress,
      /** False once what is written stays. */
      canCancel: z.boolean(),
    }),
    z.object({ state: z.literal('done'), preview: BundlePreview, report: BundleReport }),
    z.object({ state: z.literal('cancelled') }),
    z.object({ state: z.literal('failed'), problem: ProblemShape }),
  ]),
})
export type BundleImport = z.infer<typeof BundleImport>

export const BundleExport = z.object({
  id: BundleId,
  to: z.string(),
  step: z.discriminatedUnion('state', [
    z.object({ state: z.literal('writing'), progress: Progress }),
    z.object({
      state: z.literal('done'),
      nodes: Count,
      receipts: Count,
      contents: Count,
      /** Content that receipts name and that is not here. */
      contentsMissing: Count,
      sizeBytes: Count,
    }),
    z.object({ state: z.literal('cancelled') }),
    z.object({ state: z.literal('failed'), problem: ProblemShape }),
  ]),
})
export type BundleExport = z.infer<typeof BundleExport>

const Path = z.string().min(1).max(4096)

export const ExportWish = z.object({
  /** A file that ends in `.zip`, or a folder that does not exist yet; absolute. */
  to: Path,
  /** Whose feeds; all that are here where it is left out. */
  nodes: z.array(NodeId).min(1).max(1000).optional(),
  /** Only what this node has not said it holds. */
  lackedBy: NodeId.optional(),
  contents: z.boolean(),
})
export type ExportWish = z.infer<typeof ExportWish>

/** One import and one export at a time; topic `bundles` says when they changed. */
export const bundles = {
  /** Reads and judges; writes nothing. What was read before and is not being imported is let go of. */
  inspect: oc
    .errors(problems)
    .input(
      z.object({
        from: z.discriminatedUnion('type', [
          /** On this machine. */
          z.object({
            type: z.literal('paths'),
            paths: z.array(Path).min(1).max(1000),
            /** Which node the directory at one of the paths is, where the steward says so. */
            labels: z
              .array(z.object({ path: Path, label: z.string().min(1).max(128) }))
              .max(1000)
              .optional(),
          }),
          /** Came through `uploads`; it is deleted when the import ends. */
          z.object({ type: z.literal('upload'), upload: z.uuid(), name: z.string().min(1).max(255) }),
        ]),
      }),
    )
    .output(BundleImport),
  /** The import that is shown; null where there is none. */
  current: oc
    .errors(problems)
    .input(z.object({}))
    .output(z.object({ import: BundleImport.nullable(), export: BundleExport.nullable() })),
  /** Imports what `inspect` showed. Answers at once; `current` follows it. */
  import: oc
    .errors(problems)
    .input(z.object({ id: BundleId }))
    .output(BundleImport),
  /** Stops it without a trace where that is still possible, and dismisses what has ended. */
  cancel: oc
    .errors(problems)
    .input(z.object({ id: BundleId }))
    .output(z.object({})),
  /** Writes a bundle; it appears whole or not at all. Answers at once; `current` follows it. */
  export: oc.errors(problems).input(ExportWish).output(BundleExport),
}
