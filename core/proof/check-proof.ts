// A whole proof: every check, and the sentence that they come to. The exporting node runs this before a proof leaves, the exported page
// runs the same code, and tests/interop/verify.py does it once more without any of it.
import { conflictChecks } from './check-conflict.ts'
import { checkReceipt, type CheckedReceipt, type ProofCheck } from './check-receipt.ts'
import { namesFrom, type ProofNames } from './names.ts'
import { checksumOf, type Proof, type Role } from './proof.ts'
import { proofSentence } from './sentences.ts'

export interface CheckedProof {
  readonly holds: boolean
  /** What is proved, for a person; only to be shown as proved where `holds`. */
  readonly sentence: string
  /** What else stands behind it: decisions, the network, one sentence each. */
  readonly beside: readonly string[]
  /** Checks of the proof as a whole. */
  readonly checks: readonly ProofCheck[]
  readonly receipts: readonly CheckedReceipt[]
  readonly names: ProofNames
}

/** Never throws, whatever the proof holds. */
export function checkProof(proof: Proof): CheckedProof {
  return conclusion(proof, proof.receipts.map(checkReceipt))
}

/** As `checkProof`, waiting for `pause` after every few receipts, so that the thread can answer others: a signature takes milliseconds. */
export async function checkProofInPieces(proof: Proof, pause: () => Promise<void>): Promise<CheckedProof> {
  const receipts: CheckedReceipt[] = []
  for (const receipt of proof.receipts) {
    if (receipts.length % RECEIPTS_A_PIECE === 0) await pause()
    receipts.push(checkReceipt(receipt))
  }
  await pause()
  return conclusion(proof, receipts)
}

/** Two signatures each, by a library that computes them in JavaScript. */
const RECEIPTS_A_PIECE = 4

function conclusion(proof: Proof, receipts: readonly CheckedReceipt[]): CheckedProof {
  const names = namesFrom(receipts)
  const checks = [
    checksumCheck(proof),
    rolesCheck(proof, receipts),
    ...(proof.conflict === null ? [] : conflictChecks(proof.conflict, receipts, names)),
  ]
  const holds = [...checks, ...receipts.flatMap((receipt) => receipt.checks)].every(({ state }) => state !== 'fails')
  return { holds, ...proofSentence(proof.conflict, receipts, names), checks, receipts, names }
}

/** Roles that only one kind of receipt can have. */
const KIND_OF: Partial<Record<Role, string>> = {
  decision: 'decision/made',
  withdrawal: 'decision/withdrawn',
  name: 'node/profile',
  network: 'network/genesis',
}

function checksumCheck(proof: Proof): ProofCheck {
  const found = checksumOf(proof)
  return {
    name: 'Whole proof',
    state: found === proof.checksum ? 'holds' : 'fails',
    detail:
      found === proof.checksum
        ? 'Every byte is as it was exported.'
        : 'Bytes were changed after the export, wherever they stand.',
    values: [
      { label: 'stated', value: proof.checksum },
      { label: 'computed', value: found },
    ],
  }
}

/** One receipt for a receipt; for a conflict its members and what was decided about them. Each receipt once. */
function rolesCheck({ conflict }: Proof, receipts: readonly CheckedReceipt[]): ProofCheck {
  const count = receipts.filter(({ role }) => role === 'receipt').length
  const inConflict = receipts.some(({ role }) => role === 'member' || role === 'decision' || role === 'withdrawal')
  const kindsFit = receipts.every(({ role, receipt }) => KIND_OF[role] === undefined || KIND_OF[role] === receipt?.kind)
  const fits = kindsFit && (conflict === null ? count === 1 && !inConflict : count === 0)
  const once = new Set(receipts.map(({ role, id }) => `${role} ${id}`)).size === receipts.length
  return {
    name: 'Parts',
    state: fits && once ? 'holds' : 'fails',
    detail:
      fits && once
        ? `It holds ${receipts.length} signed ${receipts.length === 1 ? 'receipt' : 'receipts'}, each for one reason.`
        : 'Its receipts are not those that such a proof is made of.',
    values: [],
  }
}
