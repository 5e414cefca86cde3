// The command palette's search: receipts and conflicts by id or subject, nodes by name, words or id. A few best of each.
import type { app, ConflictSummary, ReceiptId } from '#core/contract/index.ts'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { listReceipts, receiptById, receiptIdsStarting } from '#core/ledger/index.ts'
import { createNames, peersPage, type Names } from '#core/network/index.ts'
import { conflictsStarting, listConflicts } from '#core/reconcile/index.ts'
import { shortId } from '#core/receipts/index.ts'
import { peersContext } from './peers-context.ts'
import type { Session } from './session.ts'
import { readStored } from './stored-receipt.ts'

type Found = InferContractRouterOutputs<typeof app>['search']['items'][number]

export function searchIn(session: Session, text: string, limit: number): Found[] {
  const wanted = text.trim()
  if (wanted === '') return []
  const names = createNames(session.ledger.read)
  const share = Math.max(1, Math.ceil(limit / 3))
  const found = [
    ...peersNamed(session, wanted, share),
    ...conflictsAbout(session, wanted, share),
    ...receiptsWithId(session, names, wanted, share),
    ...receiptsAbout(session, names, wanted, limit),
  ]
  // One thing may be found by its id and by its subject.
  return [...new Map(found.map((item) => [item.id, item])).values()].slice(0, limit)
}

const MOST_PEERS = 1_000

function peersNamed(session: Session, wanted: string, limit: number): Found[] {
  const folded = wanted.toLowerCase()
  const { items } = peersPage(session.ledger.read, peersContext(session), { limit: MOST_PEERS })
  return items
    .filter(({ node, name, words }) =>
      [name, node, words.join(' ')].some((said) => said.toLowerCase().includes(folded)),
    )
    .slice(0, limit)
    .map(({ node, name, state }) => ({
      type: 'peer',
      id: node,
      title: name,
      detail: `${PEER_STATES[state]} · ${shortId(node)}`,
    }))
}

const PEER_STATES = {
  'this-node': 'this node',
  admitted: 'admitted',
  pending: 'asks to join',
  blocked: 'blocked here',
} as const

function conflictsAbout({ ledger }: Session, wanted: string, limit: number): Found[] {
  const hex = hexOf(wanted)
  const named = hex === null ? [] : conflictsStarting(ledger.read, hex, limit)
  const query = { filter: { status: 'all', subject: wanted }, sort: 'severity', limit } as const
  return [...named, ...listConflicts(ledger.read, query).items].slice(0, limit).map(foundConflict)
}

function foundConflict({ id, title, subject, status }: ConflictSummary): Found {
  return { type: 'conflict', id, title, detail: `${status} · ${subject}` }
}

function receiptsWithId({ ledger }: Session, names: Names, wanted: string, limit: number): Found[] {
  const hex = hexOf(wanted)
  if (hex === null) return []
  return receiptIdsStarting(ledger.read, hex, limit).flatMap((id) => {
    const stored = readStored(receiptById(ledger.read, id))
    if (stored === null) return []
    const { subject, node, seq, kind } = stored.receipt
    return [foundReceipt(id, subject, names.of(node), seq, kind)]
  })
}

/** Enough digits to be meant as an id. */
function hexOf(wanted: string): string | null {
  const hex = wanted.toLowerCase().replace(/^sha256:/, '')
  return /^[0-9a-f]{4,64}$/.test(hex) ? hex : null
}

function receiptsAbout({ ledger }: Session, names: Names, subject: string, limit: number): Found[] {
  const { rows } = listReceipts(ledger.read, { filter: { subject }, sort: 'newest', after: null, limit })
  return rows.map((row) => foundReceipt(row.id, row.subject, names.of(row.node), row.seq, row.kind))
}

function foundReceipt(id: ReceiptId, subject: string, nodeName: string, seq: number, kind: string): Found {
  return { type: 'receipt', id, title: subject, detail: `${nodeName} #${seq} · ${kind} · ${shortId(id)}` }
}
