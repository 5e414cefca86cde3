// Portable proofs, also those that whoever made them sealed anew.
import { checkProof, parseProof, proofText, PROOF_FORMAT, sealProof, type Proof } from '#core/proof/index.ts'
import { inclusionProof, merkleRoot, publicKeyFromNodeId, verifyInclusion } from '#core/receipts/index.ts'
import { checksumOf } from '../../../core/proof/proof.ts'
import { blownUp, mutateBytes } from '../mutate-bytes.ts'
import { canonicalText, mutateTree, treeOf } from '../mutate-json.ts'
import type { Random } from '../random.ts'
import { must, mustEqual, type Target } from '../target.ts'
import { ada, headText, lines, signed, textOf } from './samples.ts'

const leaves = signed.map(({ leaf }) => leaf)
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const proved = (role: 'receipt' | 'member' | 'decision', index: number): Proof['receipts'][number] => ({
  role,
  id: signed[index]!.id,
  publicKey: base64(publicKeyFromNodeId(ada.id)!),
  line: lines[index]!,
  inclusion: {
    index,
    size: leaves.length,
    leaf: base64(leaves[index]!),
    root: base64(merkleRoot(leaves)),
    path: inclusionProof(leaves, index).map(base64),
  },
  head: headText,
})
const frame = {
  format: PROOF_FORMAT,
  made: '2026-11-21T12:00:00.000Z',
  byHand: [{ what: 'Hash', command: 'sha256sum' }],
} as const
const samples: readonly Proof[] = [
  sealProof({ ...frame, conflict: null, receipts: [proved('receipt', 1)], stated: null }),
  sealProof({
    ...frame,
    conflict: {
      id: signed[0]!.id,
      kind: 'hash-mismatch',
      subject: signed[1]!.receipt.subject,
      task: null,
      members: [signed[1]!.id, signed[3]!.id].toSorted(),
      range: [1, 2],
      head: headText,
    },
    receipts: [proved('member', 1), proved('member', 3), proved('decision', 2)],
    stated: { status: 'open', decisionsNeeded: 1 },
  }),
]
const trees = samples.map(treeOf)

function hostileProof(random: Random): Uint8Array {
  const text = proofText(random.pick(samples))
  if (random.oneIn(300)) return blownUp(random, Buffer.from(text), random.pick([1, 4, 8]) * 1024 * 1024)
  if (random.oneIn(4)) return mutateBytes(random, Buffer.from(text))
  const changed = canonicalText(mutateTree(random, random.pick(trees), trees))
  const proof = parseProof(changed)
  // Sealed anew where it can be, so that the checks behind the checksum are reached.
  return Buffer.from(proof === null ? changed : proofText({ ...proof, checksum: checksumOf(proof) }))
}

const proof: Target = {
  name: 'proof',
  make: hostileProof,
  check(bytes) {
    const text = textOf(bytes)
    const parsed = parseProof(text)
    if (parsed === null) return
    mustEqual(parseProof(proofText(parsed)), parsed, 'a proof is read back as it was written')
    if (parsed.receipts.length > 20) return // Each signature is some milliseconds; how many there may be is limited.
    const checked = checkProof(parsed)
    must(checked.receipts.length === parsed.receipts.length && checked.sentence !== '', 'every receipt is judged')
    for (const [index, receipt] of checked.receipts.entries()) {
      const { inclusion } = parsed.receipts[index]!
      if (inclusion === null || receipt.receipt === null) continue
      const included = receipt.checks.find(({ name }) => name === 'Inclusion')?.state === 'holds'
      const hash = (encoded: string) => Buffer.from(encoded, 'base64')
      const independent = verifyInclusion({
        leaf: hash(inclusion.leaf),
        index: inclusion.index,
        size: inclusion.size,
        root: hash(inclusion.root),
        proof: inclusion.path.map(hash),
      })
      must(!included || independent, 'an inclusion that holds holds for core/receipts too')
    }
  },
}

export const proofTargets = [proof]
