// The network: its nodes, who has whose feed up to where, admission, policy; and the exchange through which feeds travel.
import { oc } from '@orpc/contract'
import * as z from 'zod'
import { ContentHash, Cursor, Instant, NodeId, PageLimit, ReceiptId, SearchText } from './ids.ts'
import { problems } from './problems.ts'
import { Way } from './receipts.ts'

export const PeerState = z.enum(['this-node', 'admitted', 'pending', 'blocked'])
export type PeerState = z.infer<typeof PeerState>

/** `standing`: this node, then admitted, pending and blocked ones, each by name. `seen`: who was seen last comes first, after this node. */
export const PeerSort = z.enum(['standing', 'name', 'seen'])
export type PeerSort = z.infer<typeof PeerSort>

export const Peer = z.object({
  node: NodeId,
  name: z.string(),
  /** Six words of the key, for two people to compare. */
  words: z.array(z.string()).length(6),
  state: PeerState,
  /** Newest receipt of its feed in this ledger. */
  seq: z.number().int(),
  /** What its newest signed head names; more than `seq` means that receipts are missing here. */
  headSeq: z.number().int().nullable(),
  /** Up to where its feed is merged; less than `seq` behind a fork. */
  mergedSeq: z.number().int(),
  waiting: z.number().int(),
  /** What it says it holds of this node's feed; null where it never said, or says what cannot be so. */
  hasOfOurs: z.number().int().nullable(),
  lastSeen: z.object({ way: Way, at: Instant }).nullable(),
  admittedBy: z.array(z.object({ node: NodeId, name: z.string(), receipt: ReceiptId })),
  /** Admissions needed by policy; `admittedBy.length` says how many there are. */
  admissionsNeeded: z.number().int(),
  org: z.string().nullable(),
  region: z.string().nullable(),
  /** Set where the feed stands still: fork, gap, clock. One sentence and what to do. */
  trouble: z.object({ what: z.string(), remedy: z.string() }).nullable(),
})
export type Peer = z.infer<typeof Peer>

export const Policy = z.object({
  /** Stewards that must agree to settle a conflict. */
  decisionsNeeded: z.number().int().min(1).max(100),
  /** Stewards that must admit a new node. */
  admissionsNeeded: z.number().int().min(1).max(100),
  /** Claims on matching subjects older than this are stale while a newer one exists elsewhere. */
  freshness: z
    .array(z.object({ subject: z.string().min(1).max(1024), maxAgeHours: z.number().int().min(1).max(87_600) }))
    .max(200),
  /** Claims on matching subjects must name an anchor. */
  requireAnchor: z.array(z.string().min(1).max(1024)).max(200),
  /** A conflict that is open for more days than this counts one step more severe; left out: never. */
  escalateAfterDays: z.number().int().min(1).max(3_650).exactOptional(),
  /** Imported files without a valid signature of their origin: `weigh` counts them and lets them never win over signed ones, `refuse` leaves them out. Left out: `weigh`. */
  unsignedImports: z.enum(['weigh', 'refuse']).exactOptional(),
  /** Artefacts that every node and every imported directory should have, by pattern. */
  expected: z.array(z.string().min(1).max(1024)).max(200).exactOptional(),
})
export type Policy = z.infer<typeof Policy>

export const NetworkView = z.object({
  /** Id of the genesis receipt; null until it was read. */
  id: ReceiptId.nullable(),
  name: z.string(),
  words: z.array(z.string()),
  policy: Policy,
  policyHash: ContentHash,
  /** Policies that some but not enough stewards have signed. */
  proposed: z.array(
    z.object({
      hash: ContentHash,
      policy: Policy,
      signedBy: z.array(z.string()),
      needed: z.number().int(),
      mine: z.boolean(),
    }),
  ),
  /** Same on two nodes: same receipts, same policy. */
  fingerprint: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  fingerprintWords: z.array(z.string()).length(4),
  admitted: z.number().int(),
  pending: z.number().int(),
})
export type NetworkView = z.infer<typeof NetworkView>

/** Where this node's merged state and another's first part. */
export const FirstDifference = z.object({
  type: z.enum(['they-lack', 'we-lack', 'two-stories', 'aside', 'admitted']),
  feed: NodeId,
  feedName: z.string(),
  /** Seq of the first receipt that differs; 0 where the difference is an admission. */
  seq: z.number().int(),
  /** The receipt here, and theirs, where they are known. */
  ours: ReceiptId.nullable(),
  theirs: ReceiptId.nullable(),
  remedy: z.string(),
})
export type FirstDifference = z.infer<typeof FirstDifference>

/** One step of the way down from the fingerprint to the receipt, with the value of both sides. */
export const CompareStep = z.object({ what: z.string(), ours: z.string(), theirs: z.string(), same: z.boolean() })
export type CompareStep = z.infer<typeof CompareStep>

const FourWords = z.object({ fingerprint: z.string(), words: z.array(z.string()).length(4) })

/** What another admitted node last said of its merged state. */
export const StateOfNode = z.object({
  node: NodeId,
  name: z.string(),
  outcome: z.enum(['same', 'differs', 'not-said']),
  words: z.array(z.string()).length(4).nullable(),
  said: Instant.nullable(),
})
export type StateOfNode = z.infer<typeof StateOfNode>

export const Comparison = z.object({
  node: NodeId,
  nodeName: z.string(),
  outcome: z.enum(['same', 'differs', 'not-said']),
  /** When what it says was read. */
  said: Instant.nullable(),
  ours: FourWords,
  theirs: FourWords.nullable(),
  /** One plain sentence; names the first receipt that differs. */
  sentence: z.string(),
  first: FirstDifference.nullable(),
  /** How many feeds differ in all. */
  differing: z.number().int(),
  steps: z.array(CompareStep),
})
export type Comparison = z.infer<typeof Comparison>

export const network = {
  get: oc.errors(problems).input(z.object({})).output(NetworkView),
  peers: oc
    .errors(problems)
    .input(
      z.object({
        /** `admitted` holds this node too, once it is. */
        state: PeerState.optional(),
        /** In names and ids. */
        text: SearchText.optional(),
        sort: PeerSort.optional(),
        after: Cursor.optional(),
        limit: PageLimit,
      }),
    )
    .output(z.object({ items: z.array(Peer), next: Cursor.nullable() })),
  peer: oc
    .errors(problems)
    .input(z.object({ node: NodeId }))
    .output(Peer),
  /** Who has whose feed up to where, as each holder last said; this node's own row is what its ledger holds. */
  map: oc
    .errors(problems)
    .input(z.object({}))
    .output(
      z.object({
        nodes: z.array(z.object({ node: NodeId, name: z.string(), headSeq: z.number().int() })),
        rows: z.array(
          z.object({ holder: NodeId, said: Instant.nullable(), upTo: z.array(z.number().int().nullable()) }),
        ),
      }),
    ),
  /** This node's merged state beside what another one says of its own: from the fingerprints down to the first receipt that differs. */
  compare: oc
    .errors(problems)
    .input(z.object({ node: NodeId }))
    .output(Comparison),
  /** Every other admitted node's four words, and whether they are ours. */
  states: oc
    .errors(problems)
    .input(z.object({}))
    .output(z.object({ items: z.array(StateOfNode) })),
  admit: oc
    .errors(problems)
    .input(z.object({ node: NodeId }))
    .output(z.object({ id: ReceiptId })),
  /** For this installation only: nothing of the node is read or merged here any more. Can be lifted. */
  block: oc
    .errors(problems)
    .input(z.object({ node: NodeId }))
    .output(z.object({})),
  unblock: oc
    .errors(problems)
    .input(z.object({ node: NodeId }))
    .output(z.object({})),
  /** Signs a policy; it takes effect when enough stewards signed the same one. */
  signPolicy: oc
    .errors(problems)
    .input(z.object({ policy: Policy }))
    .output(z.object({ id: ReceiptId, inForce: z.boolean() })),
}

export const ExchangeState = z.enum([
  'none', // no folder chosen
  'idle',
  'syncing',
  'missing', // unplugged, unmounted, deleted
  'read-only',
  'full',
  'other-network',
  'unreadable',
  'not-admitted',
])
export type ExchangeState = z.infer<typeof ExchangeState>

export const ExchangeView = z.object({
  folder: z.string().nullable(),
  state: ExchangeState,
  /** Since when it is so. */
  since: Instant,
  /** What is the matter and what to do, where something is. */
  reason: z.string().nullable(),
  remedy: z.string().nullable(),
  /** The same as a stable code: not-admitted, folder-missing … */
  cause: z.string().nullable(),
  progress: z.object({ done: z.number().int(), total: z.number().int(), what: z.string() }).nullable(),
  lastRescan: Instant.nullable(),
  /** Receipts of this node that are not in the folder yet. */
  unpublished: z.number().int(),
  waiting: z.number().int(),
  held: z.number().int(),
  refused: z.number().int(),
  ignored: z.number().int(),
  /** Files that the sync tool has not downloaded. */
  placeholders: z.number().int(),
  /** Conflict copies that a sync tool made; read like any segment, listed because a person wonders. */
  conflictCopies: z.number().int(),
  /** Entries beyond the limits, not read. */
  notRead: z.number().int(),
})
export type ExchangeView = z.infer<typeof ExchangeView>

export const Trouble = z.object({
  id: z.string(),
  outcome: z.enum(['refused', 'waiting', 'held', 'placeholder', 'conflict-copy']),
  /** Reason code: bad-signature, not-canonical, too-large, gap … */
  reason: z.string(),
  /** The rule in words, with expected and found values. */
  detail: z.string(),
  source: z.string(),
  node: NodeId.nullable(),
  remedy: z.string(),
  kept: z.string(),
  /** So many bytes of it are kept and can be saved (`refusedBytes`); missing where there are none. */
  keptBytes: z.number().int().min(1).exactOptional(),
  firstSeen: Instant,
  lastSeen: Instant,
  count: z.number().int(),
})
export type Trouble = z.infer<typeof Trouble>

export const SyncReport = z.object({
  published: z.number().int(),
  admitted: z.number().int(),
  known: z.number().int(),
  waiting: z.number().int(),
  held: z.number().int(),
  refused: z.array(z.object({ source: z.string(), reason: z.string() })),
  pendingNodes: z.array(z.object({ node: NodeId, name: z.string(), words: z.array(z.string()) })),
  exchange: z.object({ state: ExchangeState, reason: z.string().nullable() }),
})
export type SyncReport = z.infer<typeof SyncReport>

export const exchange = {
  get: oc.errors(problems).input(z.object({})).output(ExchangeView),
  /** One pass: publish, read, merge. */
  sync: oc.errors(problems).input(z.object({})).output(SyncReport),
  /** What choosing this folder would mean, before it is chosen. */
  probe: oc
    .errors(problems)
    .input(z.object({ folder: z.string().min(1).max(4096) }))
    .output(
      z.object({
        exists: z.boolean(),
        writable: z.boolean(),
        empty: z.boolean(),
        network: z
          .object({ id: ReceiptId, name: z.string(), words: z.array(z.string()), nodes: z.number().int() })
          .nullable(),
        hint: z.string().nullable(),
        problem: z.string().nullable(),
      }),
    ),
  choose: oc
    .errors(problems)
    .input(z.object({ folder: z.string().min(1).max(4096) }))
    .output(ExchangeView),
  /** Sub-folders, for hosts that have no folder dialog of their own. */
  browse: oc
    .errors(problems)
    .input(z.object({ folder: z.string().max(4096).nullable() }))
    .output(
      z.object({
        folder: z.string(),
        parent: z.string().nullable(),
        folders: z.array(z.string()),
        more: z.number().int(),
      }),
    ),
  troubles: oc
    .errors(problems)
    .input(
      z.object({
        outcome: Trouble.shape.outcome.optional(),
        /** In what happened, where, and the node's id. */
        text: SearchText.optional(),
        after: Cursor.optional(),
        limit: PageLimit,
      }),
    )
    .output(z.object({ items: z.array(Trouble), next: Cursor.nullable() })),
  /** What was refused as it came, at most its first MiB. Nobody has vouched for it. */
  refusedBytes: oc
    .errors(problems)
    .input(z.object({ id: z.string().regex(/^refused-\d{1,15}$/) }))
    .output(z.object({ fileName: z.string(), base64: z.string() })),
  cancel: oc.errors(problems).input(z.object({})).output(z.object({})),
}
