// The receipt list as the contract answers it: the ledger's rows with names and with where each stands.
import type { Cursor, ReceiptFilter, ReceiptRef, ReceiptSummary } from '#core/contract/index.ts'
import { features } from '#core/features.ts'
import { listReceipts, receiptFacets as facetsIn, type ListedReceipt } from '#core/ledger/index.ts'
import { createNames, MergedFeeds, type Names } from '#core/network/index.ts'
import { instantOf } from './instant.ts'
import type { Session } from './session.ts'

export interface ReceiptQuery {
  readonly filter: ReceiptFilter
  readonly sort: 'newest' | 'oldest'
  readonly after?: Cursor | undefined
  readonly limit: number
}

export function receiptPage({ ledger }: Session, { filter, sort, after, limit }: ReceiptQuery) {
  const { rows, ...page } = listReceipts(ledger.read, { filter, sort, after: after ?? null, limit })
  const names = createNames(ledger.read)
  const feeds = new MergedFeeds(ledger.read)
  return { items: rows.map((row) => receiptSummary(row, names, feeds)), ...page }
}

export function receiptFacets({ ledger }: Session) {
  const { kinds, tasks, nodes } = facetsIn(ledger.read)
  const names = createNames(ledger.read)
  return { kinds: [...kinds], tasks: [...tasks], nodes: nodes.map((node) => ({ node, name: names.of(node) })) }
}

const knownKinds = new Set(features.flatMap(({ kinds }) => kinds.map(({ kind }) => kind)))

export function receiptSummary(row: ListedReceipt, names: Names, feeds: MergedFeeds): ReceiptSummary {
  const { subject, task } = row
  return { ...receiptRef(row, names), subject, task, state: feeds.stateOf(row), kindKnown: knownKinds.has(row.kind) }
}

function receiptRef(row: ListedReceipt, names: Names): ReceiptRef {
  const { id, node, seq, kind } = row
  return { id, node, nodeName: names.of(node), seq, time: instantOf(row.timeMs), kind }
}
