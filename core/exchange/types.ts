// What the exchange offers to the node that owns it, and what it is given. Folder, clock, timers and key come in.
import type { ExchangeView, Instant, NodeId, ReceiptId, SyncReport, Topic, Trouble, Way } from '#core/contract/index.ts'
import type { Ledger } from '#core/ledger/index.ts'
import type { FeedLeaf, Signer } from '#core/receipts/index.ts'
import type { BlobStore } from './blob-store.ts'
import type { FolderAdapter } from './folder-adapter.ts'
import type { SaidState } from './state-records.ts'
import type { Intake } from './intake.ts'
import type { Timers } from './timers-adapter.ts'
import type { VerificationPool } from './verification.ts'

export interface ExchangeDeps {
  readonly node: NodeId
  readonly ledger: Ledger
  readonly blobs: BlobStore
  readonly folders: FolderAdapter
  readonly verification: VerificationPool
  readonly clock: () => Instant
  readonly timers: Timers
  /** The chosen folder at start, if any; `setFolder` changes it. */
  readonly folder: string | null
  /** Null while the key is locked: reading and merging go on, publishing waits. */
  readonly signer: () => Signer | null
  /** False while a restored node has not read its own head back: nothing is published. */
  readonly mayPublish: () => boolean
  /** Genesis receipt of the network this node belongs to or asks to join; null before it is known. */
  readonly network: () => { readonly id: ReceiptId; readonly name: string } | null
  /** Beside the watcher, since network drives often send no events. */
  readonly rescanSeconds: () => number
  /** After something that `view`, `troubles`, `pendingNodes` or `knownState` show has changed. */
  readonly onChange: (topics: readonly Topic[]) => void
  /** Told of a fault of our own in work that nobody waits for; the exchange stands still and says so. */
  readonly onBug: (thrown: unknown) => void
}

/** What choosing a folder would mean, before it is chosen. */
export interface FolderProbe {
  readonly exists: boolean
  readonly writable: boolean
  readonly empty: boolean
  readonly network: { readonly id: ReceiptId; readonly name: string; readonly nodes: number } | null
  /** The sync tool that seems to own the folder, or what to expect of it. */
  readonly hint: string | null
  readonly problem: string | null
}

/** A node that asks to join: only its head and profile were read. */
export interface PendingNode {
  readonly node: NodeId
  readonly name: string
  readonly org: string | null
  readonly region: string | null
  readonly headSeq: number
  readonly firstSeen: Instant
  readonly lastSeen: Instant
}

/** What the exchange knows of one node beside its receipts. */
export interface PeerKnowledge {
  readonly node: NodeId
  /** Its newest signed head seen by any way. */
  readonly head: { readonly seq: number; readonly id: ReceiptId; readonly time: Instant } | null
  readonly lastSeen: { readonly way: Way; readonly at: Instant } | null
  /** What it says it holds of this node's feed; null where it never said, or says what cannot be so. */
  readonly hasOfOurs: number | null
  /** When it last said what it holds. */
  readonly said: Instant | null
  readonly waiting: number
  readonly held: number
  /** Why its feed stands still here, where it does. */
  readonly trouble: { readonly what: string; readonly remedy: string } | null
}

/** Up to where `holder` says that it holds the feed of `node`. */
export interface KnownState {
  readonly holder: NodeId
  readonly node: NodeId
  readonly seq: number
  readonly id: ReceiptId
  readonly said: Instant
}

/** Only this node saw it: it follows from what lies in the folder, not from the receipts. */
export type Observation =
  | {
      readonly type: 'withheld'
      readonly node: NodeId
      readonly fromSeq: number
      readonly toSeq: number
      readonly headId: ReceiptId
      readonly since: Instant
    }
  | {
      readonly type: 'held-future'
      readonly node: NodeId
      readonly receipt: ReceiptId
      readonly seq: number
      readonly time: Instant
      readonly since: Instant
    }

/** What is known of the own feed elsewhere, for a restored node. */
export interface OwnHeadState {
  /** Newest receipt of the own feed in this ledger. */
  readonly seqHere: number
  /** What the own signed head in the folder names; null where none was found. */
  readonly seqInFolder: number | null
  /** The most that any admitted node says it holds of the own feed; null where none says anything. */
  readonly seqElsewhere: number | null
  /** The folder was read, and nothing is known of the own feed that is not here: signing cannot fork it. */
  readonly complete: boolean
  /** More of the own feed is known elsewhere than is here: what is signed now would fork it. */
  readonly isAhead: boolean
  /** The own signed head names more than is here: no word of another node, which may be a lie, but proof. */
  readonly isOutrun: boolean
  /** The folder, or the system for it, has answered what the own head in it is since this core started or the folder was chosen. */
  readonly isRead: boolean
  /** What is still to come, as a sentence for the steward. */
  readonly reason: string
}

/**
 * One pass in figures. Nothing gets lost on the way:
 * read + released = admitted + known + waiting + held + refused.
 */
export interface PassCounts {
  /** Candidates read from the folder in this pass. */
  readonly read: number
  /** Taken out of waiting and held, where they had been put by an earlier pass. */
  readonly released: number
  readonly admitted: number
  readonly known: number
  /** Put (back) into waiting by this pass. */
  readonly waiting: number
  readonly held: number
  readonly refused: number
  /** Signatures that were checked. */
  readonly verified: number
}

export interface RefusedBytes {
  /** Of all that was judged, in hex; the bytes may be only the beginning of it. */
  readonly sha256: string
  readonly bytes: Uint8Array
}

export interface TroublesQuery {
  readonly outcome?: Trouble['outcome'] | undefined
  /** Only entries with this in what happened, where, why, or in the node's id. */
  readonly text?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
}

export interface Exchange {
  probe(folder: string): Promise<FolderProbe>
  /** The steward chose this folder: everything is published into it anew where it is not there. Null: no folder. */
  setFolder(folder: string | null): Promise<void>
  /** Writes what the folder lacks of the own feed, head last. Answers how many receipts came to be there. Never rejects: see `view`. */
  publish(): Promise<number>
  /** Something was signed here: its segment and the head go out at once, what else follows from it a little later. */
  signed(): void
  /** One full pass over the folder; never rejects for what the folder holds or lacks: see `view`. */
  rescan(): Promise<PassCounts>
  /** One pass: publish, read, merge, publish what was said back. */
  syncOnce(): Promise<SyncReport>
  /** Watcher and periodic rescan, until `stop`. */
  start(): void
  stop(): Promise<void>
  /** Stops a running pass after its current batch; what was merged stays, the rest is read by the next pass. */
  cancel(): void
  /** Takes receipts in that came by another way than the folder, into the ledger or a draft of it; never while the folder is read. */
  takeIn<T>(way: Way, into: Ledger, work: (intake: Intake) => Promise<T>): Promise<T>
  /** Who is admitted or blocked may be another now: while it is started, whoever was not read yet is read soon. */
  admissionsChanged(): void
  /**
   * Asks the folder how it is, where this core has not done so yet and does not watch it: whether it is there, this network's, writable, and
   * the own feed one story. Writes nothing and takes nothing in; never rejects, and resolves after `longestMs` (seconds, unless it is said)
   * at the latest. `view` says what it found.
   */
  look(longestMs?: number): Promise<void>
  view(): ExchangeView
  troubles(query: TroublesQuery): { readonly items: readonly Trouble[]; readonly next: string | null }
  /** What was refused, as far as it is kept; null where it is not, or the id (of a trouble) names nothing refused. */
  refusedBytes(id: string): RefusedBytes | null
  troubleCount(): number
  /** Candidates first seen and not merged (refused, waiting, held) in each of the last twelve two-hour buckets, oldest first, the last one being `now`'s. */
  recentHeldBack(now: Instant): readonly number[]
  pendingNodes(): readonly PendingNode[]
  peer(node: NodeId): PeerKnowledge
  /** What nodes say that they hold, as far as it can be so: who names another receipt than lies here holds no copy of it. */
  knownState(): readonly KnownState[]
  /** What a node last said that it has merged, feed by feed; null where it never did. */
  stateOf(node: NodeId): SaidState | null
  /** The leaves that `holder` publishes of a feed of which it has merged another story than somebody else; null where it does not. */
  leavesOf(holder: NodeId, node: NodeId): Promise<readonly FeedLeaf[] | null>
  /** The node's newest signed head as the note it published (this node's own too), for proofs; null where none was read. */
  headNote(node: NodeId): string | null
  observations(): readonly Observation[]
  ownHeadState(): OwnHeadState
  /**
   * Reads the own head in the folder, if that was not done yet: a ledger that was put back from an old copy sees in nothing else that it
   * is one. Never rejects, and resolves after `longestMs` (seconds, unless it is said) at the latest; of a folder that is silent for
   * longer `ownHeadState` is unread until it answers, and `onChange` tells when it has. One that is away or broken has answered.
   */
  lookAtOwnHead(longestMs?: number): Promise<void>
  /** The steward gives up what is known of the own feed and is nowhere to be had: publishing goes on after what is here. */
  declareOwnHeadLost(): void
  /** The newest head of a node exactly as it signed it; for proofs. */
  headNote(node: NodeId): string | null
  /** Receipts put into waiting, held or quarantine in each of the last twelve two hours, oldest first. */
  recentHeldBack(now: Instant): readonly number[]
  /** Median by which admitted nodes' clocks ran ahead of this one, where that is over five minutes. */
  clockOffMs(): number | null
}
