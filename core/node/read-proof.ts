// A proof that somebody handed over: checked by the code that the exported page runs, and told as a steward reads it.
import type { BundleProof, ReceiptId } from '#core/contract/index.ts'
import { knownIds, type ReadDb } from '#core/ledger/index.ts'
import { checkProofInPieces, parseProof, proofInPage, proofPage, type CheckedProof } from '#core/proof/index.ts'

/** Null where the text is no proof. `text` is the JSON, or the page around it. Throws nothing but what `rest` throws. */
export async function proofShown(
  db: ReadDb,
  text: string,
  rest: () => Promise<void>,
): Promise<Omit<BundleProof, 'entry'> | null> {
  const data = proofInPage(text)
  const proof = parseProof(data ?? text)
  if (proof === null) return null
  const checked = await checkProofInPieces(proof, rest)
  const ids = [...new Set(proof.receipts.map(({ id }) => id))]
  return {
    holds: checked.holds,
    sentence: checked.holds ? checked.sentence : 'This proof does not hold.',
    beside: checked.holds ? [...checked.beside, ...aboutPage(data !== null && proofPage(proof) !== text)] : [],
    held: all(checked).filter(({ state }) => state === 'holds').length,
    faults: faultsOf(checked).slice(0, LISTED_FAULTS),
    receipts: ids.length,
    here: knownIds(db, ids.filter(isReceiptId)).size,
  }
}

const LISTED_FAULTS = 20

function all({ checks, receipts }: CheckedProof) {
  return [...checks, ...receipts.flatMap((receipt) => receipt.checks)]
}

function faultsOf({ checks, receipts, names }: CheckedProof): string[] {
  const said = (about: string, list: CheckedProof['checks']) =>
    list.filter(({ state }) => state === 'fails').map(({ name, detail }) => `${about}${name}: ${detail}`)
  return [
    ...said('', checks),
    ...receipts.flatMap(({ receipt, checks: own }) =>
      said(receipt === null ? '' : `${names.of(receipt.node)}, receipt #${receipt.seq}. `, own),
    ),
  ]
}

/** The data holds whatever stands around it; a page that says something else to its reader is worth a warning all the same. */
function aboutPage(differs: boolean): readonly string[] {
  return differs
    ? ['The page around it is not as this version of Steward writes it: rely on what stands here, not on the page.']
    : []
}

function isReceiptId(id: string): id is ReceiptId {
  return /^sha256:[0-9a-f]{64}$/.test(id)
}
