// The checks of one receipt, made anew in front of the steward, from what the disk holds now. No network is used.
import { createHash } from 'node:crypto'
import type { Check, ReceiptId } from '#core/contract/index.ts'
import { receiptById, receiptsOfNode, type ReceiptRow } from '#core/ledger/index.ts'
import { createVerifier, merkleRoot, signedBytes, type Candidate } from '#core/receipts/index.ts'
import { inclusionOf } from './inclusion.ts'
import type { Session } from './session.ts'
import { readStored } from './stored-receipt.ts'

/** Null where the ledger does not hold the receipt. */
export function checksOf(session: Session, id: ReceiptId): readonly Check[] | null {
  const row = receiptById(session.ledger.read, id)
  if (row === null) return null
  const candidate = readStored(row)
  if (candidate === null) return [illegible(row)]
  return [
    hashCheck(row, candidate),
    signatureCheck(candidate),
    linkCheck(session, row, candidate),
    inclusionCheck(session, row, candidate),
  ]
}

const SHOWN_CHARACTERS = 120

function illegible({ id, line }: ReceiptRow): Check {
  return {
    name: 'Stored form',
    ok: false,
    detail: 'What this disk holds of it is no receipt any more. Another node’s copy can still be checked.',
    expected: `the receipt ${id}`,
    found: line.slice(0, SHOWN_CHARACTERS),
  }
}

function hashCheck(row: ReceiptRow, candidate: Candidate): Check {
  const found = `sha256:${createHash('sha256').update(signedBytes(candidate)).digest('hex')}`
  return {
    name: 'Content hash',
    ok: found === row.id,
    detail: 'The SHA-256 of the canonical form without its signature is the receipt’s id.',
    expected: row.id,
    found,
  }
}

function signatureCheck(candidate: Candidate): Check {
  const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => true })
  const verdict = verifier.verify(candidate, 'check in front of the steward')
  return {
    name: 'Signature',
    ok: verdict.ok === true,
    detail:
      verdict.ok === false
        ? verdict.refusal.detail
        : 'Ed25519 (RFC 8032) over the canonical form holds under the key that the node’s id spells.',
    expected: `a signature of ${candidate.receipt.node}`,
    found: candidate.receipt.sig,
  }
}

function linkCheck({ ledger }: Session, { seq }: ReceiptRow, { receipt }: Candidate): Check {
  if (seq === 1) {
    return {
      name: 'Place in the feed',
      ok: receipt.prev === null,
      detail: 'It is the first of its feed and names no predecessor.',
      expected: 'none',
      found: receipt.prev ?? 'none',
    }
  }
  const before = [...receiptsOfNode(ledger.read, receipt.node, seq - 1, seq - 1)]
  const named = before.some(({ id }) => id === receipt.prev)
  return {
    name: 'Place in the feed',
    ok: named,
    detail: named
      ? `It names receipt #${seq - 1} of the same feed as its predecessor.`
      : `It names a predecessor that is not receipt #${seq - 1} as held here.`,
    expected: before.map(({ id }) => id).join(', ') || `receipt #${seq - 1}, which is not here`,
    found: receipt.prev ?? 'none',
  }
}

/** The root with this receipt as it is stored now in its place, against the one that its node signed, or the one of the feed here. */
function inclusionCheck(session: Session, { seq }: ReceiptRow, candidate: Candidate): Check {
  const included = inclusionOf(session, candidate.receipt.node, seq)
  if (included === null) {
    return {
      name: 'Inclusion',
      ok: false,
      detail: 'The feed tells two stories up to here, so it has no one tree that could include this receipt.',
    }
  }
  const { index, leaves, root, head } = included
  const expected = head?.root ?? root
  const found = merkleRoot(leaves.with(index, candidate.leaf))
  const whose = head === null ? 'of the feed as held here' : 'in the head that its node signed'
  return {
    name: 'Inclusion',
    ok: Buffer.from(expected).equals(found),
    detail: `Leaf ${index + 1} of ${leaves.length} under the Merkle root (RFC 6962) ${whose}.`,
    expected: Buffer.from(expected).toString('hex'),
    found: Buffer.from(found).toString('hex'),
  }
}
