// What is reconciled, by which rules, and what comes of it. Nodes are named by their place in the list of nodes, which is in order
// of their labels, so that the order in which somebody named them does not show.
import type { Instant } from '#core/contract/index.ts'
import type { FindingCode, FreshnessLimit, JudgedFile, KeyRing } from '#core/teof/index.ts'

/** How one node's anchors stand to another's; `unrelated` where neither chain contains the other. */
export type AnchorRelation = 'same' | 'newer' | 'older' | 'unrelated'

export interface AnchorStanding {
  /** By node: whether its anchors are there and hold. */
  readonly usable: readonly boolean[]
  /** By node and node: how the first one's anchors stand to the second one's. */
  readonly relation: readonly (readonly AnchorRelation[])[]
}

export interface PlanLink {
  readonly plan: string
  /** Null where the plan names the receipt for no single step. */
  readonly step: string | null
}

/** Everything that judging a path depends on beside the files themselves; plain data, so that a worker can have it. */
export interface Rules {
  readonly labels: readonly string[]
  readonly anchors: AnchorStanding
  readonly freshness: readonly FreshnessLimit[]
  readonly expect: readonly string[]
  readonly requireSignatures: boolean
  readonly asOf: Instant
  readonly plans: ReadonlyMap<string, readonly PlanLink[]>
}

export interface SourceNode {
  readonly label: string
  /** Absolute; never written anywhere. */
  readonly folder: string
  readonly keys: KeyRing
}

/** One node's file at a path. */
export interface Claim {
  readonly node: number
  /** The same object for nodes whose bytes and verdict are the same. */
  readonly file: JudgedFile
}

/**
 * `stands`: counts. `superseded`: another's anchor is newer. `aside`: its signature or hash does not hold, or it cannot be read.
 * `held`: its time lies ahead.
 */
export type Standing = 'stands' | 'superseded' | 'aside' | 'held'

/**
 * `agreed`: all nodes that hold it say the same. `same-content`: the same in different bytes. `single`: one node holds it.
 * `superseded`: the newest anchor decided. `ahead`: one hash-ledger goes on where the other ends. `conflict`: waits for a person.
 * `none`: nothing that holds is left.
 */
export const PATH_STATES = ['agreed', 'same-content', 'single', 'superseded', 'ahead', 'conflict', 'none'] as const
export type PathState = (typeof PATH_STATES)[number]

/** 3: a signature, a hash or an anchor does not hold. 2: waits for a person. 1: worth knowing. */
export type ItemSeverity = 1 | 2 | 3

export const ITEM_SEVERITY = {
  'invalid-signature': 3,
  'missing-signature': 3,
  'content-mismatch': 3,
  'anchor-failure': 3,
  'capsule-mismatch': 3,
  'hash-mismatch': 2,
  'missing-anchor': 2,
  'diverging-anchors': 2,
  unreadable: 2,
  superseded: 1,
  stale: 1,
  'missing-artefact': 1,
  'held-future': 1,
  notice: 1,
} as const satisfies Record<string, ItemSeverity>
export type ItemKind = keyof typeof ITEM_SEVERITY

/** The kinds that are conflicts and no notices, the worst first. An object literal's keys are all that it has. */
export const CONFLICT_KINDS = (Object.keys(ITEM_SEVERITY) as ItemKind[]).filter((kind) => ITEM_SEVERITY[kind] > 1)

/** Something that a steward should see: a conflict where the severity is 2 or 3, else a notice. */
export interface Item {
  readonly kind: ItemKind
  /** What exactly was found in a file, where that is what it is about. */
  readonly code?: FindingCode
  /** Relative to the node directories. */
  readonly path: string
  /** Whom it concerns; ascending. */
  readonly nodes: readonly number[]
  /** One sentence. */
  readonly happened: string
  /** One sentence. */
  readonly remedy: string
  /** Since when there are two stories, by the receipts' own times; null where they do not say. */
  readonly since: Instant | null
  /** The claims that it is about. */
  readonly members: readonly Claim[]
}

export interface JudgedPath {
  readonly path: string
  readonly state: PathState
  readonly claims: readonly (Claim & { readonly standing: Standing })[]
  readonly items: readonly Item[]
}
