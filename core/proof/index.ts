// Front door of core/proof: what one file holds so that anybody can check what was signed, and where two nodes differ.
export { commandsByHand } from './by-hand.ts'
export { checkProof, checkProofInPieces } from './check-proof.ts'
export type { CheckedProof } from './check-proof.ts'
export { proofInPage, proofPage } from './page-file.ts'
export { parseProof, proofText, PROOF_FORMAT, sealProof } from './proof.ts'
export type { Proof, ProvedConflict, ProvedReceipt, Role } from './proof.ts'
