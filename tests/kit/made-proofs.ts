// Proofs put together by hand of receipts that test nodes really signed: of every kind, also such as no honest node would export.
import {
  commandsByHand,
  PROOF_FORMAT,
  sealProof,
  type Proof,
  type ProvedConflict,
  type ProvedReceipt,
  type Role,
} from '#core/proof/index.ts'
import type { ConflictKind, Json } from '#core/contract/index.ts'
import {
  canonicalJson,
  inclusionProof,
  merkleRoot,
  publicKeyFromNodeId,
  sha256Id,
  signHead,
  type VerifiedReceipt,
} from '#core/receipts/index.ts'
import { instantAt, signerFromSeed, START, type TestNode } from './nodes.ts'

/** The receipt without tree and head, as of a feed that tells two stories. */
export function bare(role: Role, { id, line, receipt }: VerifiedReceipt): ProvedReceipt {
  return { role, id, publicKey: base64(publicKeyFromNodeId(receipt.node)), line, inclusion: null, head: null }
}

/** The receipt in the tree of all that its node signed, under a head of it. */
export function included(role: Role, node: TestNode, receipt: VerifiedReceipt): ProvedReceipt {
  const leaves = node.signed.map(({ leaf }) => leaf)
  const index = node.signed.indexOf(receipt)
  return {
    ...bare(role, receipt),
    inclusion: {
      index,
      size: leaves.length,
      leaf: base64(leaves[index]),
      root: base64(merkleRoot(leaves)),
      path: inclusionProof(leaves, index).map(base64),
    },
    head: headOf(node),
  }
}

/** A head over all that the node signed. */
export function headOf(node: TestNode): string {
  const { id, receipt } = node.signed.at(-1)!
  const root = merkleRoot(node.signed.map(({ leaf }) => leaf))
  return signHead({ seq: receipt.seq, id, root, time: receipt.time }, signerFromSeed(node.name))
}

/** A conflict about these receipts under the id that belongs to it. `kind` is free, as it is to a forger. */
export function conflictOf(
  kind: ConflictKind | (string & {}),
  members: readonly VerifiedReceipt[],
  wish: Partial<Pick<ProvedConflict, 'subject' | 'task' | 'range' | 'head'>> = {},
): ProvedConflict {
  const [first] = members
  const { subject = first?.receipt.subject ?? '', task = first?.receipt.task ?? null, range = null, head = null } = wish
  const named: Json = {
    kind,
    members: members.map(({ id }) => id).toSorted(),
    subject,
    task,
    ...(range === null ? {} : { range: [...range] }),
  }
  const id = sha256Id(canonicalJson(named))
  return { id, kind, subject, task, members: members.map((member) => member.id).toSorted(), range, head }
}

/** Sealed, as it lies in a file. */
export function proofOf(
  receipts: readonly ProvedReceipt[],
  conflict: ProvedConflict | null = null,
  stated: Proof['stated'] = null,
): Proof {
  const byHand = commandsByHand('proof.json')
  return sealProof({ format: PROOF_FORMAT, made: instantAt(START), conflict, receipts, stated, byHand })
}

function base64(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64')
}
