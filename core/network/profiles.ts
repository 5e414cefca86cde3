// What nodes call themselves: the newest profile on the course of their feed. A name is a claim; the words of the key are the node.
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { shortId } from '#core/receipts/index.ts'

export interface ProfileView {
  readonly name: string
  readonly org: string | null
  readonly region: string | null
}

export interface Names {
  of(node: NodeId): string
}

/** Names of nodes, each asked once; a node without a profile is called by its short id. Make a new one for the next answer. */
export function createNames(db: ReadDb): Names {
  const names = new Map<NodeId, string>()
  return {
    of(node) {
      let name = names.get(node)
      if (name === undefined) {
        name = profileOf(db, node)?.name ?? shortId(node)
        names.set(node, name)
      }
      return name
    },
  }
}

/** Null where no profile of the node is in the ledger. */
export function profileOf(db: ReadDb, node: NodeId): ProfileView | null {
  const row = db
    .prepare<[NodeId], ProfileView>(`SELECT profile.name, profile.org, profile.region ${FROM_NEWEST_PROFILE}`)
    .get(node)
  return row ?? null
}

/** The receipt that `profileOf` is read from. */
export function profileReceiptOf(db: ReadDb, node: NodeId): ReceiptId | null {
  const row = db
    .prepare<[NodeId], { id: Buffer }>(
      `SELECT (SELECT id FROM receipt WHERE receipt.arrival = profile.arrival) AS id ${FROM_NEWEST_PROFILE}`,
    )
    .get(node)
  return row === undefined ? null : receiptIdFromBytes(row.id)
}

const FROM_NEWEST_PROFILE = `
  FROM node
  JOIN network_feed AS feed ON feed.node_key = node.key
  JOIN network_profile AS profile ON profile.node_key = node.key
  WHERE node.id = ? AND (profile.seq <= feed.base_seq OR EXISTS (
    SELECT 1 FROM network_branch AS branch
    WHERE branch.node_key = profile.node_key AND branch.seq = profile.seq AND branch.arrival = profile.arrival
  ))
  ORDER BY profile.seq DESC
  LIMIT 1
`
