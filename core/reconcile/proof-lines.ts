// What anybody can check about a conflict that proves itself, one line each.
import type { ConflictKind } from '#core/contract/index.ts'
import { DecisionBody } from '#core/network/index.ts'
import { bodyFault } from './claim-reading.ts'
import { importedBody } from './imported.ts'
import type { ConflictRow, ReadMember } from './conflict-reading.ts'
import type { Receipt } from '#core/receipts/index.ts'

export interface ProofLine {
  readonly label: string
  readonly value: string
}

export function proofLines(
  kind: ConflictKind,
  row: ConflictRow,
  members: readonly { readonly member: ReadMember; readonly receipt: Receipt }[],
): ProofLine[] {
  switch (kind) {
    case 'fork':
      return forkProof(members)
    case 'invalid-content':
      return members.flatMap(({ member, receipt }) => [
        { label: 'Receipt', value: member.receipt },
        { label: 'Kind', value: receipt.kind },
        { label: 'What does not fit', value: bodyFault(receipt) ?? 'nothing' },
      ])
    case 'invalid-signature':
    case 'content-mismatch':
      return members.flatMap(({ member, receipt }) => importedProof(member, receipt))
    case 'decisions-disagree':
      return members.map(({ member, receipt }) => ({
        label: `${member.nodeName} signed`,
        value: `${member.receipt} (${DecisionBody.safeParse(receipt.body).data?.verdict.type ?? 'unreadable'})`,
      }))
    case 'withheld':
      return row.fromSeq === null || row.toSeq === null
        ? []
        : [{ label: 'Missing receipts', value: `#${row.fromSeq} to #${row.toSeq}` }]
    // These prove nothing by themselves: the claims are there to be compared.
    case 'hash-mismatch':
    case 'missing-anchor':
    case 'unknown-anchor':
    case 'diverging-anchors':
    case 'stale':
    case 'held-future':
    case 'missing-artefact':
      return []
  }
}

/** What the importing node found; anybody who has the file and the key can repeat it. */
function importedProof(member: ReadMember, receipt: Receipt): ProofLine[] {
  const imported = importedBody(receipt.body)
  if (imported === null) return []
  const { envelope, mismatches = [] } = imported
  return [
    { label: 'File', value: `${imported.path} of ${imported.origin}` },
    { label: 'Imported with', value: member.receipt },
    ...(envelope?.keyId === undefined ? [] : [{ label: 'Key', value: envelope.keyId }]),
    ...(envelope?.why === undefined ? [] : [{ label: 'Signature', value: envelope.why }]),
    ...mismatches.map((value) => ({ label: 'Hash', value })),
  ]
}

/** Both receipts carry a valid signature of one key and contradict each other: that convinces a third party. */
function forkProof(members: readonly { readonly member: ReadMember; readonly receipt: Receipt }[]): ProofLine[] {
  const [first] = members
  if (first === undefined) return []
  return [
    { label: 'Signed by', value: first.member.node },
    ...members.flatMap(({ member, receipt }, index) => [
      { label: `Story ${index + 1}: receipt #${member.seq}`, value: member.receipt },
      { label: `Story ${index + 1}: follows`, value: receipt.prev ?? 'nothing, it is the first' },
      { label: `Story ${index + 1}: signature`, value: receipt.sig },
    ]),
  ]
}
