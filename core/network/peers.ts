// The nodes of the network as the Network section lists them: what the receipts say, and what only the exchange knows beside them.
import {
  Cursor,
  type NodeId,
  type Peer,
  type PeerSort,
  type PeerState,
  type ReceiptId,
  type Way,
  type Instant,
} from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { fingerprintWords, shortId } from '#core/receipts/index.ts'
import { ADMIT, AdmitBody, GENESIS, GenesisBody } from './kinds.ts'
import { blockedNodes, chosenNetwork } from './local-settings.ts'
import { MergedFeeds } from './merged-feeds.ts'
import { createNames, profileOf } from './profiles.ts'
import { admittedNodes, policyInForce } from './standing-store.ts'

/** What the exchange knows of one node beside its receipts. */
export interface NodeKnowledge {
  readonly head: { readonly seq: number } | null
  readonly lastSeen: { readonly way: Way; readonly at: Instant } | null
  readonly hasOfOurs: number | null
  readonly waiting: number
  readonly trouble: { readonly what: string; readonly remedy: string } | null
}

/** A node of which only head and profile were read. */
export interface AskingNode {
  readonly node: NodeId
  readonly name: string
  readonly org: string | null
  readonly region: string | null
  readonly headSeq: number
}

export interface PeersContext {
  readonly thisNode: NodeId
  readonly asking: readonly AskingNode[]
  knowledgeOf(node: NodeId): NodeKnowledge
}

export interface PeersQuery {
  readonly state?: PeerState | undefined
  readonly text?: string | undefined
  readonly sort?: PeerSort | undefined
  readonly after?: Cursor | undefined
  readonly limit: number
}

/** A page of the nodes in the order asked for; the cursor is the key of the last one shown. */
export function peersPage(
  db: ReadDb,
  context: PeersContext,
  query: PeersQuery,
): { readonly items: Peer[]; readonly next: Cursor | null } {
  const { state, sort = 'standing', after, limit } = query
  const wanted = query.text?.trim().toLowerCase() ?? ''
  const listed = listNodes(db, context)
    .filter((entry) => isOf(entry, state) && `${entry.name}\n${entry.node}`.toLowerCase().includes(wanted))
    .map((entry) => ({ entry, key: SORT_KEYS[sort](entry, context) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const behind = after === undefined ? 0 : listed.findIndex(({ key }) => key > after)
  const from = behind === -1 ? listed.length : behind
  const page = listed.slice(from, from + limit)
  const last = page.at(-1)
  const describe = describer(db, context)
  return {
    items: page.map(({ entry }) => describe(entry)),
    next: last === undefined || from + page.length >= listed.length ? null : Cursor.parse(last.key),
  }
}

/** Throws NOT_FOUND for a node that nothing is known of. */
export function peer(db: ReadDb, context: PeersContext, node: NodeId): Peer {
  const entry = listNodes(db, context).find((listed) => listed.node === node)
  if (entry === undefined) {
    throw new StewardError({
      code: 'NOT_FOUND',
      happened: `No node ${shortId(node)} is known here.`,
      kept: 'Nothing was changed.',
      remedy: 'It appears once its folder has arrived through the exchange.',
    })
  }
  return describer(db, context)(entry)
}

export function admittedCount(db: ReadDb): number {
  return db.prepare<[], { count: number }>('SELECT count(*) AS count FROM network_admitted').get()?.count ?? 0
}

/** Nodes that wait for a steward: those that ask through the exchange, and those whose receipts came another way. */
export function pendingNodes(db: ReadDb, context: Pick<PeersContext, 'thisNode' | 'asking'>): NodeId[] {
  return listNodes(db, context)
    .filter((entry) => entry.state === 'pending')
    .map((entry) => entry.node)
}

interface ListedNode {
  readonly node: NodeId
  readonly state: PeerState
  readonly name: string
  /** Also of this node, whose state is that it is this one. */
  readonly isAdmitted: boolean
}

const RANK: Readonly<Record<PeerState, number>> = { 'this-node': 0, admitted: 1, pending: 2, blocked: 3 }

function listNodes(db: ReadDb, { thisNode, asking }: Pick<PeersContext, 'thisNode' | 'asking'>): ListedNode[] {
  const admitted = admittedNodes(db)
  const blocked = blockedNodes(db)
  // The ledger fills this column from verified receipts.
  const held = db
    .prepare<[], { id: NodeId }>('SELECT id FROM node')
    .all()
    .map((row) => row.id)
  const askingByNode = new Map(asking.map((node) => [node.node, node]))
  const names = createNames(db)
  return [...new Set([thisNode, ...admitted, ...blocked, ...held, ...askingByNode.keys()])].map((node) => ({
    node,
    state: stateOf(node, thisNode, admitted, blocked),
    isAdmitted: admitted.has(node),
    name: profileOf(db, node)?.name ?? askingByNode.get(node)?.name ?? names.of(node),
  }))
}

function stateOf(
  node: NodeId,
  thisNode: NodeId,
  admitted: ReadonlySet<NodeId>,
  blocked: ReadonlySet<NodeId>,
): PeerState {
  if (node === thisNode) return 'this-node'
  if (blocked.has(node)) return 'blocked'
  return admitted.has(node) ? 'admitted' : 'pending'
}

function isOf(entry: ListedNode, state: PeerState | undefined): boolean {
  if (state === undefined || entry.state === state) return true
  return state === 'admitted' && entry.state === 'this-node' && entry.isAdmitted
}

// Texts that sort in the order of the list; the id last, so that no two are equal.
const SORT_KEYS: Readonly<Record<PeerSort, (entry: ListedNode, context: PeersContext) => string>> = {
  standing: ({ state, name, node }) => `${RANK[state]}${name.toLowerCase()}\n${node}`,
  name: ({ name, node }) => `${name.toLowerCase()}\n${node}`,
  seen: ({ state, node }, context) => {
    const at = state === 'this-node' ? null : (context.knowledgeOf(node).lastSeen?.at ?? NEVER)
    return `${at === null ? '' : String(FAR_MS - Date.parse(at)).padStart(16, '0')}\n${node}`
  },
}

const NEVER = '1970-01-01T00:00:00.000Z'
/** Later than every Instant. */
const FAR_MS = 8.64e15

function describer(db: ReadDb, context: PeersContext): (entry: ListedNode) => Peer {
  const merged = new MergedFeeds(db)
  const names = createNames(db)
  const admissions = admissionsByCandidate(db)
  const { admissionsNeeded } = policyInForce(db)
  const askingByNode = new Map(context.asking.map((node) => [node.node, node]))
  return ({ node, state, name }) => {
    const asking = askingByNode.get(node)
    const profile = profileOf(db, node)
    const knowledge = context.knowledgeOf(node)
    const feed = feedOf(db, node)
    const counts = feed !== null && merged.feed(feed.nodeKey)
    return {
      node,
      name,
      words: fingerprintWords(node),
      state,
      seq: feed?.seq ?? 0,
      headSeq: knowledge.head?.seq ?? asking?.headSeq ?? null,
      mergedSeq: counts && counts.admitted && !counts.blocked ? counts.boundSeq : 0,
      waiting: knowledge.waiting,
      hasOfOurs: knowledge.hasOfOurs,
      lastSeen: knowledge.lastSeen,
      admittedBy: (admissions.get(node) ?? []).map((by) => ({ ...by, name: names.of(by.node) })),
      admissionsNeeded,
      org: profile?.org ?? asking?.org ?? null,
      region: profile?.region ?? asking?.region ?? null,
      trouble: (feed !== null && forkTrouble(db, merged, feed.nodeKey)) || knowledge.trouble,
    }
  }
}

function feedOf(db: ReadDb, node: NodeId): { readonly nodeKey: number; readonly seq: number } | null {
  const row = db
    .prepare<[NodeId], { nodeKey: number; seq: number | null }>(`
      SELECT node.key AS nodeKey, (SELECT max(seq) FROM receipt WHERE receipt.node_key = node.key) AS seq
      FROM node WHERE node.id = ?
    `)
    .get(node)
  return row === undefined ? null : { nodeKey: row.nodeKey, seq: row.seq ?? 0 }
}

function forkTrouble(db: ReadDb, merged: MergedFeeds, nodeKey: number): Peer['trouble'] {
  const feed = merged.feed(nodeKey)
  if (feed === null || !feed.forked) return null
  const fork = db
    .prepare<[number, number], { seq: number }>('SELECT seq FROM network_fork WHERE node_key = ? AND seq = ? + 1')
    .get(nodeKey, feed.boundSeq)
  if (fork === undefined) return null
  return {
    what: `It told two stories about its receipt #${fork.seq}. Its feed stands still behind #${feed.boundSeq}.`,
    remedy: 'Open the conflict about the fork and decide which of the two holds.',
  }
}

interface Admission {
  readonly node: NodeId
  readonly receipt: ReceiptId
}

/** Signed beyond doubt by nodes that are admitted themselves; for a founder, the genesis receipt. One a signer, the first. */
function admissionsByCandidate(db: ReadDb): ReadonlyMap<NodeId, readonly Admission[]> {
  const genesis = chosenNetwork(db)
  const rows = db
    .prepare<[string, string], { id: Buffer; signer: NodeId; kind: string; body: string }>(`
      SELECT receipt.id, node.id AS signer, rule.kind, rule.body
      FROM network_rule AS rule
      JOIN receipt ON receipt.arrival = rule.arrival
      JOIN network_feed AS feed ON feed.node_key = rule.node_key
      JOIN node ON node.key = rule.node_key
      WHERE rule.kind = ? AND feed.admitted = 1 AND rule.seq <= feed.base_seq OR rule.kind = ?
      ORDER BY node.id, rule.seq
    `)
    .all(ADMIT, GENESIS)
  const byCandidate = new Map<NodeId, Admission[]>()
  for (const row of rows) {
    const admission = { node: row.signer, receipt: receiptIdFromBytes(row.id) }
    if (row.kind === GENESIS && admission.receipt !== genesis) continue
    for (const candidate of candidatesOf(row.kind, JSON.parse(row.body))) {
      const known = byCandidate.get(candidate) ?? []
      if (!known.some((other) => other.node === admission.node)) byCandidate.set(candidate, [...known, admission])
    }
  }
  return byCandidate
}

function candidatesOf(kind: string, body: unknown): readonly NodeId[] {
  return kind === GENESIS ? GenesisBody.parse(body).founders : [AdmitBody.parse(body).node]
}
