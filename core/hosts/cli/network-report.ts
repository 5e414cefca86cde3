// The network as one JSON text. Two nodes with the same receipts and policy write the same bytes: nothing in it says who
// wrote it, when, or in which order things came here.
import canonicalize from 'canonicalize'
import type { ConflictKind, ConflictMember, ConflictSummary, NodeId } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import type { CoreClient } from '../thread/index.ts'
import { collect, everyItem } from './pages.ts'

export interface NetworkReport {
  /** Canonical JSON (RFC 8785) and a newline. */
  readonly text: string
  readonly nodes: readonly NodeId[]
  readonly conflicts: number
}

/** What only this node saw says something about its folder, not about the network. */
const LOCAL = new Set<ConflictKind>(['withheld', 'held-future'])

export async function networkReport(client: CoreClient): Promise<NetworkReport> {
  const [network, peers, listed] = await Promise.all([
    client.network.get({}),
    collect(everyItem((after) => client.network.peers({ limit: 200, ...after }))),
    collect(
      everyItem((after) => client.conflicts.list({ filter: { status: 'all' }, sort: 'subject', limit: 200, ...after })),
    ),
  ])
  const nodes = peers
    .filter(
      (peer) => peer.state === 'admitted' || peer.admittedBy.length >= peer.admissionsNeeded || peer.mergedSeq > 0,
    )
    .map((peer) => ({
      node: peer.node,
      name: peer.name,
      words: peer.words,
      merged: peer.mergedSeq,
      admittedBy: peer.admittedBy.map((by) => by.receipt).toSorted(),
    }))
    .toSorted((a, b) => (a.node < b.node ? -1 : 1))
  const conflicts = await Promise.all(
    listed.filter((conflict) => !LOCAL.has(conflict.kind)).map((conflict) => reported(client, conflict)),
  )
  const text = canonicalize({
    format: 'steward-report/1',
    network: { id: network.id, name: network.name, policy: network.policy, policyHash: network.policyHash },
    fingerprint: network.fingerprint,
    nodes,
    conflicts: conflicts.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  })
  invariant(text !== undefined, 'an object has a canonical form')
  return { text: `${text}\n`, nodes: nodes.map(({ node }) => node), conflicts: conflicts.length }
}

async function reported(client: CoreClient, conflict: ConflictSummary) {
  const { id, kind, severity, status, subject, task } = conflict
  const members = await allMembers(client, conflict)
  return {
    id,
    kind,
    severity,
    status,
    subject,
    task,
    members: members
      .map(({ receipt, node, seq, hash, time }) => ({ receipt, node, seq, hash, time }))
      .toSorted((a, b) => (a.receipt < b.receipt ? -1 : 1)),
  }
}

async function allMembers(client: CoreClient, conflict: ConflictSummary): Promise<readonly ConflictMember[]> {
  if (conflict.members.length === conflict.memberCount) return conflict.members
  return (await client.conflicts.get({ id: conflict.id })).members
}
