// The app itself: its state, its node, what changed, settings, doctor, sample network, search, overview.
import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { ConflictSummary } from './conflicts.ts'
import { ConflictId, Instant, NodeId, ReceiptId, SearchText } from './ids.ts'
import { ExchangeView } from './network.ts'
import { problems } from './problems.ts'
import { Check } from './receipts.ts'

export const AppPhase = z.enum([
  'no-node', // first run
  'locked', // a node, its key not opened yet: reading and merging work, signing does not
  'head-unknown', // restored, own head not read back yet: signing waits
  'ready',
])
export type AppPhase = z.infer<typeof AppPhase>

export const AppState = z.object({
  phase: AppPhase,
  version: z.string(),
  host: z.enum(['desktop', 'browser', 'cli']),
  /** True in the sample network: clearly labelled, removable in one click. */
  sample: z.boolean(),
  /** Where the system can seal the key without a passphrase. */
  keychain: z.boolean(),
  node: z
    .object({
      id: NodeId,
      name: z.string(),
      words: z.array(z.string()).length(6),
      createdAt: Instant,
      phraseConfirmed: z.boolean(),
    })
    .nullable(),
  home: z.string(),
})
export type AppState = z.infer<typeof AppState>

/** Each topic names the answers that may have changed. */
export const Topic = z.enum(['app', 'conflicts', 'receipts', 'network', 'exchange', 'bundles', 'reports', 'settings'])
export type Topic = z.infer<typeof Topic>

/** Kept, not counted: what the rail shows. */
export const Counters = z.object({
  openConflicts: z.number().int(),
  /** Of the open ones those that are open for longer than policy allows. */
  overdueConflicts: z.number().int(),
  receipts: z.number().int(),
  pendingNodes: z.number().int(),
  troubles: z.number().int(),
})
export type Counters = z.infer<typeof Counters>

export const ChangeEvent = z.object({ topics: z.array(Topic), counters: Counters, exchange: ExchangeView })
export type ChangeEvent = z.infer<typeof ChangeEvent>

export const app = {
  state: oc.errors(problems).input(z.object({})).output(AppState),
  /** First event at once, then one when something changed; bursts are joined to at most ten a second. */
  changes: oc.errors(problems).input(z.object({})).output(eventIterator(ChangeEvent)),
  overview: oc
    .errors(problems)
    .input(z.object({}))
    .output(
      z.object({
        now: Instant,
        counters: Counters,
        oldestOpen: Instant.nullable(),
        /** Answers "is everything safe?" in one sentence, with its reason and remedy. */
        safety: z.object({
          level: z.enum(['safe', 'watch', 'danger']),
          headline: z.string(),
          detail: z.string(),
          remedy: z.string().nullable(),
        }),
        waits: z.array(
          z.discriminatedUnion('type', [
            z.object({ type: z.literal('conflict'), conflict: ConflictSummary }),
            z.object({
              type: z.literal('node'),
              node: NodeId,
              name: z.string(),
              words: z.array(z.string()),
              since: Instant,
            }),
            z.object({
              type: z.literal('trouble'),
              about: z.enum(['exchange', 'admission', 'own-fork', 'coverage']),
              what: z.string(),
              remedy: z.string(),
              since: Instant,
            }),
          ]),
        ),
        /** Twelve buckets of two hours, oldest first, by arrival at this node. Not everything that is in the ledger is merged. */
        activity: z
          .array(z.object({ from: Instant, inLedger: z.number().int(), heldBack: z.number().int() }))
          .length(12),
        nodes: z.array(
          z.object({
            node: NodeId,
            name: z.string(),
            merged: z.number().int(),
            head: z.number().int(),
            /** Up to where it says it holds this node's own feed; null where it never said, and for this node. */
            hasOfOurs: z.number().int().nullable(),
            lastSeen: Instant.nullable(),
          }),
        ),
        fingerprintWords: z.array(z.string()).length(4),
        fingerprint: z.string(),
        /** Difference to the peers' clocks, where it is over five minutes. */
        clockOffMs: z.number().int().nullable(),
      }),
    ),
  search: oc
    .errors(problems)
    .input(z.object({ text: SearchText, limit: z.number().int().min(1).max(50) }))
    .output(
      z.object({
        items: z.array(
          z.discriminatedUnion('type', [
            z.object({ type: z.literal('receipt'), id: ReceiptId, title: z.string(), detail: z.string() }),
            z.object({ type: z.literal('conflict'), id: ConflictId, title: z.string(), detail: z.string() }),
            z.object({ type: z.literal('peer'), id: NodeId, title: z.string(), detail: z.string() }),
          ]),
        ),
      }),
    ),
  /** `repair` makes the projections anew where one differs from the receipts; no receipt is touched. */
  doctor: oc
    .errors(problems)
    .input(z.object({ repair: z.boolean().optional() }))
    .output(z.object({ ok: z.boolean(), checks: z.array(Check) })),
}

const Passphrase = z.string().min(8).max(1024)

export const node = {
  create: oc
    .errors(problems)
    .input(
      z.object({
        name: z.string().min(1).max(64),
        passphrase: Passphrase.nullable(),
        exchange: z.string().max(4096).nullable(),
        networkName: z.string().min(1).max(64).nullable(),
        /** Folder of a capsule: its hashes.json becomes the first anchor that the node signs. */
        capsule: z.string().max(4096).nullable().optional(),
      }),
    )
    .output(z.object({ node: NodeId, words: z.array(z.string()).length(6), phrase: z.array(z.string()).length(24) })),
  restore: oc
    .errors(problems)
    .input(
      z.object({
        phrase: z.string().max(1024),
        name: z.string().min(1).max(64),
        passphrase: Passphrase.nullable(),
        exchange: z.string().max(4096).nullable(),
      }),
    )
    .output(z.object({ node: NodeId, words: z.array(z.string()).length(6) })),
  unlock: oc
    .errors(problems)
    .input(z.object({ passphrase: z.string().max(1024) }))
    .output(z.object({})),
  lock: oc.errors(problems).input(z.object({})).output(z.object({})),
  /** Asks for the passphrase again, also while unlocked. */
  phrase: oc
    .errors(problems)
    .input(z.object({ passphrase: z.string().max(1024).nullable() }))
    .output(z.object({ phrase: z.array(z.string()).length(24) })),
  /** Three words asked back, by position (0 to 23). */
  confirmPhrase: oc
    .errors(problems)
    .input(
      z.object({
        words: z.array(z.object({ position: z.number().int().min(0).max(23), word: z.string().max(32) })).length(3),
      }),
    )
    .output(z.object({ ok: z.boolean() })),
  /** After a restore: the steward declares that the own head is lost, and signing goes on after what was found. */
  declareHeadLost: oc.errors(problems).input(z.object({})).output(z.object({})),
  changePassphrase: oc
    .errors(problems)
    .input(z.object({ from: z.string().max(1024), to: Passphrase }))
    .output(z.object({})),
}

export const Settings = z.object({
  appearance: z.enum(['system', 'light', 'dark']),
  /** Full rescan beside the watcher, for network drives. */
  rescanSeconds: z.number().int().min(10).max(86_400),
  notifications: z.object({ conflicts: z.boolean(), pendingNodes: z.boolean(), exchange: z.boolean() }),
  quietHours: z.object({ from: z.string().regex(/^\d\d:\d\d$/), to: z.string().regex(/^\d\d:\d\d$/) }).nullable(),
  undoSeconds: z.number().int().min(0).max(60),
})
export type Settings = z.infer<typeof Settings>

export const settings = {
  get: oc.errors(problems).input(z.object({})).output(Settings),
  set: oc.errors(problems).input(Settings.partial()).output(Settings),
  /** What a diagnostics file would hold; no key, phrase or content. The host saves it. */
  diagnostics: oc
    .errors(problems)
    .input(z.object({}))
    .output(z.object({ fileName: z.string(), text: z.string() })),
}

export const sample = {
  /** Three nodes built from real receipts in a temporary folder; this app becomes one of them until it is removed. */
  create: oc
    .errors(problems)
    .input(z.object({}))
    .output(z.object({ nodes: z.array(z.string()) })),
  remove: oc.errors(problems).input(z.object({})).output(z.object({})),
}
