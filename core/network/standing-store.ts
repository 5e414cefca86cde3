// The standing of the network in tables: who is admitted, which policy is in force, what is proposed.
import * as z from 'zod'
import { Policy, type ContentHash, type NodeId } from '#core/contract/index.ts'
import { receiptIdToBytes, type ReadDb, type Tx } from '#core/ledger/index.ts'
import { changesOf } from './changes.ts'
import { ADMIT, AdmitBody, GENESIS, GenesisBody, POLICY, PolicyBody } from './kinds.ts'
import { chosenNetwork } from './local-settings.ts'
import { defaultPolicy, noPolicyHash, policyHash } from './policy.ts'
import {
  standingOf,
  type Founding,
  type ProposedPolicy,
  type SignedAdmission,
  type SignedPolicy,
  type Standing,
} from './standing.ts'

/** Computes the standing from the rules signed beyond doubt, and marks the feeds of nodes that came in or went out. */
export function recomputeStanding(tx: Tx): void {
  const standing = standingOf(readFounding(tx), readAdmissions(tx), readPolicies(tx))
  const changes = changesOf(tx)
  if (policyHashInForce(tx) !== standing.policyHash) changes.policyChanged = true
  writeStanding(tx, standing)

  const before = admittedNodes(tx)
  for (const node of standing.admitted) if (!before.has(node)) setAdmitted(tx, node, true)
  for (const node of before) if (!standing.admitted.has(node)) setAdmitted(tx, node, false)
  tx.touched('network')
}

export function isAdmitted(db: ReadDb, node: NodeId): boolean {
  return (
    db.prepare<[NodeId], { found: number }>('SELECT 1 AS found FROM network_admitted WHERE node = ?').get(node) !==
    undefined
  )
}

export function admittedNodes(db: ReadDb): ReadonlySet<NodeId> {
  // Only setAdmitted writes this column, from a NodeId.
  return new Set(
    db
      .prepare<[], { node: NodeId }>('SELECT node FROM network_admitted')
      .all()
      .map((row) => row.node),
  )
}

export function hasStanding(db: ReadDb): boolean {
  return db.prepare<[], { found: number }>('SELECT 1 AS found FROM network_standing').get() !== undefined
}

/** The rules that hold now; before the genesis receipt was read, those that a network has by default. */
export function policyInForce(db: ReadDb): Policy {
  const row = db.prepare<[], { policy: string }>('SELECT policy FROM network_standing').get()
  return row === undefined ? defaultPolicy : policyFromText(row.policy)
}

// Asked in every write and hardly ever another one: the last text that was read, with what it says.
let lastRead: { readonly text: string; readonly policy: Policy } | null = null

function policyFromText(text: string): Policy {
  if (lastRead?.text !== text) lastRead = { text, policy: Policy.parse(JSON.parse(text)) }
  return lastRead.policy
}

/** What a `network/admit` or the next `network/policy` names as the policy that it stands on. */
export function policyHashInForce(db: ReadDb): ContentHash {
  // Only writeStanding fills this column, from a ContentHash.
  const row = db.prepare<[], { hash: ContentHash }>('SELECT policy_hash AS hash FROM network_standing').get()
  return row?.hash ?? noPolicyHash
}

export function proposedPolicies(db: ReadDb): readonly ProposedPolicy[] {
  const row = db.prepare<[], { proposed: string }>('SELECT proposed FROM network_standing').get()
  // Written by writeStanding alone, from this very type.
  return row === undefined ? [] : (JSON.parse(row.proposed) as ProposedPolicy[])
}

function setAdmitted(tx: Tx, node: NodeId, admitted: boolean): void {
  if (admitted) tx.prepare<[NodeId], never>('INSERT INTO network_admitted (node) VALUES (?)').run(node)
  else tx.prepare<[NodeId], never>('DELETE FROM network_admitted WHERE node = ?').run(node)
  const row = tx.prepare<[NodeId], { key: number }>('SELECT key FROM node WHERE id = ?').get(node)
  if (row === undefined) return
  tx.prepare<[number, number], never>('UPDATE network_feed SET admitted = ? WHERE node_key = ?').run(
    admitted ? 1 : 0,
    row.key,
  )
  changesOf(tx).ranges.push({ nodeKey: row.key, fromSeq: 1, toSeq: Number.MAX_SAFE_INTEGER })
  tx.touched('conflicts')
  tx.touched('receipts')
}

function writeStanding(tx: Tx, standing: Standing): void {
  tx.prepare<[string, string, string], never>(`
    INSERT OR REPLACE INTO network_standing (only, policy_hash, policy, proposed) VALUES (1, ?, ?, ?)
  `).run(standing.policyHash, JSON.stringify(standing.policy), JSON.stringify(standing.proposed))
}

function readFounding(tx: Tx): Founding | null {
  const genesis = chosenNetwork(tx)
  if (genesis === null) return null
  const row = tx
    .prepare<[Buffer, string], { body: string }>(`
      SELECT rule.body FROM receipt JOIN network_rule AS rule ON rule.arrival = receipt.arrival
      WHERE receipt.id = ? AND rule.kind = ?
    `)
    .get(receiptIdToBytes(genesis), GENESIS)
  if (row === undefined) return null
  const body = JsonBody.pipe(GenesisBody).parse(row.body)
  return {
    founders: body.founders,
    policy: Policy.parse(body.policy),
    policyHash: policyHash(rawPolicy(row.body), null),
  }
}

function readAdmissions(tx: Tx): SignedAdmission[] {
  return rulesBeyondDoubt(tx, ADMIT).map(({ signer, body }) => {
    const { node, policy } = JsonBody.pipe(AdmitBody).parse(body)
    return { signer, candidate: node, policy }
  })
}

function readPolicies(tx: Tx): SignedPolicy[] {
  return rulesBeyondDoubt(tx, POLICY).map(({ signer, body }) => {
    const { policy, previous } = JsonBody.pipe(PolicyBody).parse(body)
    return { signer, previous, policy: Policy.parse(policy), hash: policyHash(rawPolicy(body), previous) }
  })
}

function rulesBeyondDoubt(tx: Tx, kind: string): { readonly signer: NodeId; readonly body: string }[] {
  return tx
    .prepare<[string], { signer: NodeId; body: string }>(`
      SELECT node.id AS signer, rule.body
      FROM network_rule AS rule
      JOIN network_feed AS feed ON feed.node_key = rule.node_key AND rule.seq <= feed.base_seq
      JOIN node ON node.key = rule.node_key
      WHERE rule.kind = ?
      ORDER BY node.id, rule.seq
    `)
    .all(kind)
}

const JsonBody = z.string().transform((text): unknown => JSON.parse(text))
/** As signed: the hash covers members that this version does not know. */
const WithPolicy = z.looseObject({ policy: z.json() })

function rawPolicy(body: string): z.infer<typeof WithPolicy>['policy'] {
  return JsonBody.pipe(WithPolicy).parse(body).policy
}
