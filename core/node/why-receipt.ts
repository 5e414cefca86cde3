import { wayWords, type AnchorView, type Instant, type ReceiptId, type ReceiptRef } from '#core/contract/index.ts'
import { receiptById } from '#core/ledger/index.ts'
import { createNames, peer } from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import { claimStandings, conflictsOfReceipt } from '#core/reconcile/index.ts'
import { detailOf } from './receipt-detail.ts'
import { notFound } from './not-found.ts'
import { peersContext } from './peers-context.ts'
import type { Session } from './session.ts'
import { link, refs, type Why } from './why-parts.ts'
import { stateRule } from './why-words.ts'

/** @throws StewardError NOT_FOUND. */
export async function whyReceipt(session: Session, id: ReceiptId, now: Instant): Promise<Why> {
  const { read } = session.ledger
  const row = receiptById(read, id)
  if (row === null) return notFound('receipt', id)
  const detail = await detailOf(session, id)
  invariant(detail !== null, 'no receipt ever leaves the ledger')
  const { summary, anchor, marks, arrived } = detail
  const names = createNames(read)
  const superseded = summary.state === 'merged' ? claimStandings(read, now).superseded({ ...row, isClaim: true }) : null
  const conflicts = conflictsOfReceipt(read, id)
  const node = peer(read, peersContext(session), summary.node)
  return {
    title: `${summary.nodeName}’s receipt #${summary.seq}`,
    answer: `${stateRule(summary.state).answer} ${superseded ?? ''}`.trim(),
    rule: stateRule(summary.state).rule,
    facts: [
      {
        label: 'Signature',
        // Only what verified is in the ledger (I4).
        value: 'valid: checked when it came, and again when you open it',
      },
      { label: 'Node', value: marks.nodeAdmitted ? 'admitted' : 'not admitted' },
      { label: 'Anchor', value: anchorFact(anchor) },
      {
        label: 'Arrived',
        value: `${wayWords(arrived.way)}, ${arrived.at.slice(0, 16).replace('T', ' ')} UTC`,
      },
      { label: 'Conflicts it is part of', value: String(conflicts.length) },
    ],
    receipts: [
      { receipt: refOf(summary), role: 'the receipt itself' },
      ...(detail.previous === null ? [] : [{ receipt: detail.previous, role: 'the one before in its feed' }]),
      ...refs(
        session,
        names,
        node.admittedBy.map((one) => one.receipt),
        'admits its node',
      ),
      ...(anchor.state === 'verified' || anchor.state === 'stale'
        ? refs(session, names, [anchor.receipt], 'signs the anchor that it names')
        : []),
      ...(anchor.state === 'stale' ? refs(session, names, [anchor.by.receipt], 'signs the anchor that follows') : []),
    ],
    links: [
      link('Open the receipt', 'receipts', id),
      ...conflicts.map((conflict) => link('A conflict it is part of', 'conflicts', conflict)),
    ],
  }
}

function anchorFact(anchor: AnchorView): string {
  switch (anchor.state) {
    case 'verified':
      return `${anchor.label}: an admitted node signed it, and nothing follows it`
    case 'stale':
      return `${anchor.label}: an admitted node signed it, and ${anchor.by.label} follows it by now`
    case 'unknown':
      return 'names one that no admitted node has signed'
    case 'missing':
      return 'names none'
  }
}

function refOf({ id, node, nodeName, seq, time, kind }: ReceiptRef): ReceiptRef {
  return { id, node, nodeName, seq, time, kind }
}
