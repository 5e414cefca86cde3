// What an answer to "why do I believe this?" is put together from.
import type { ReceiptId, WhyLink, WhyView } from '#core/contract/index.ts'
import { receiptById } from '#core/ledger/index.ts'
import type { Names } from '#core/network/index.ts'
import type { Session } from './session.ts'
import { readStored } from './stored-receipt.ts'

export type Why = Omit<WhyView, 'more'>
export type Behind = WhyView['receipts'][number]

/** The receipts of these ids with what each has to do with the answer. */
export function refs(session: Session, names: Names, ids: readonly ReceiptId[], role: string): Behind[] {
  return ids.flatMap((id) => {
    const stored = readStored(receiptById(session.ledger.read, id))
    if (stored === null) return []
    const { node, seq, time, kind } = stored.receipt
    return [{ receipt: { id, node, nodeName: names.of(node), seq, time, kind }, role }]
  })
}

/** Where the window shows more of it. */
export function link(
  text: string,
  section: WhyLink['section'],
  id: string | null,
  query: Readonly<Record<string, string>> = {},
): WhyLink {
  return { text, section, id, query: { ...query } }
}
