// The checks of one receipt in a proof, each with its values: canonical form, id, signature, inclusion, signed head.
import { base64, fromBase64, fromBase64Url, publicKeyOf, sameBytes, utf8 } from './bytes.ts'
import { hashName, holdsUnder, leafOf, rootFrom } from './crypto.ts'
import { readHead } from './head-note.ts'
import { utcWords } from './names.ts'
import type { ProvedReceipt, Role } from './proof.ts'
import { readLine, signedForm, type SignedLine } from './signed-line.ts'

/** `absent`: the proof holds nothing to check this by, and says so. */
export interface ProofCheck {
  readonly name: string
  readonly state: 'holds' | 'fails' | 'absent'
  /** One sentence for a person. */
  readonly detail: string
  readonly values: readonly { readonly label: string; readonly value: string }[]
}

export interface CheckedReceipt {
  readonly role: Role
  readonly id: string
  readonly line: string
  /** Null where the line is no receipt. */
  readonly receipt: SignedLine | null
  readonly checks: readonly ProofCheck[]
}

/** Never throws, whatever the proof holds. */
export function checkReceipt(proved: ProvedReceipt): CheckedReceipt {
  const receipt = readLine(proved.line)
  const { role, id, line } = proved
  const checks =
    receipt === null
      ? [illegible(line)]
      : [
          canonicalCheck(line),
          idCheck(proved, receipt),
          signatureCheck(proved, receipt),
          inclusionCheck(proved, receipt),
          headCheck(proved, receipt),
        ]
  return { role, id, line, receipt, checks }
}

function illegible(line: string): ProofCheck {
  return {
    name: 'Canonical form',
    state: 'fails',
    detail: 'This is no receipt in canonical form (RFC 8785): bytes were changed, added or left out.',
    values: [{ label: 'found', value: line.slice(0, 200) }],
  }
}

function canonicalCheck(line: string): ProofCheck {
  return {
    name: 'Canonical form',
    state: 'holds',
    detail: 'The bytes are the one canonical spelling (RFC 8785) of what they say.',
    values: [{ label: 'length', value: `${utf8(line).length} bytes` }],
  }
}

function idCheck({ id, line }: ProvedReceipt, receipt: SignedLine): ProofCheck {
  const found = hashName(signedForm(line, receipt))
  return {
    name: 'Id',
    state: found === id ? 'holds' : 'fails',
    detail:
      found === id
        ? 'The SHA-256 of the canonical form without its signature is the id.'
        : 'The SHA-256 of the canonical form is another than the id: this is not the receipt that it is said to be.',
    values: [
      { label: 'stated', value: id },
      { label: 'computed', value: found },
    ],
  }
}

function signatureCheck({ line, publicKey }: ProvedReceipt, receipt: SignedLine): ProofCheck {
  const key = publicKeyOf(receipt.node)
  const signature = fromBase64Url(receipt.sig)
  const isKey = key !== null && base64(key) === publicKey
  const holds = isKey && signature !== null && holdsUnder(key, utf8(signedForm(line, receipt)), signature)
  return {
    name: 'Signature',
    state: holds ? 'holds' : 'fails',
    detail: holds
      ? 'The Ed25519 signature (RFC 8032) holds under the key that the node’s id spells.'
      : isKey
        ? 'The signature does not hold: this was changed after it was signed, or never signed by this node.'
        : 'The key is not the one that the node’s id spells.',
    values: [
      { label: 'node', value: receipt.node },
      { label: 'public key', value: publicKey },
      { label: 'signature', value: receipt.sig },
    ],
  }
}

function inclusionCheck({ inclusion, line }: ProvedReceipt, receipt: SignedLine): ProofCheck {
  const name = 'Inclusion'
  if (inclusion === null) {
    return {
      name,
      state: 'absent',
      detail: 'Its feed tells two stories up to here, so there is no one tree that could include it.',
      values: [],
    }
  }
  const { index, size, path } = inclusion
  const leaf = leafOf(line)
  const hashes = path.map(fromBase64)
  const whole = hashes.every((hash) => hash !== null && hash.length === 32)
  const root = whole
    ? rootFrom(
        leaf,
        index,
        size,
        hashes.filter((hash) => hash !== null),
      )
    : null
  const stated = fromBase64(inclusion.root)
  const holds =
    root !== null &&
    stated !== null &&
    sameBytes(root, stated) &&
    base64(leaf) === inclusion.leaf &&
    index === receipt.seq - 1 &&
    index < size
  return {
    name,
    state: holds ? 'holds' : 'fails',
    detail: holds
      ? `It is leaf ${index + 1} of ${size}: ${path.length} hashes lead from it to the root of the feed’s tree (RFC 6962).`
      : 'The hashes do not lead from this receipt at its place to the root that is stated.',
    values: [
      { label: 'leaf', value: base64(leaf) },
      ...path.map((hash, step) => ({ label: `step ${step + 1}`, value: hash })),
      { label: 'root', value: root === null ? 'none' : base64(root) },
      { label: 'stated', value: inclusion.root },
    ],
  }
}

function headCheck({ head: note, inclusion, id }: ProvedReceipt, receipt: SignedLine): ProofCheck {
  const name = 'Signed head'
  if (note === null || inclusion === null) {
    return {
      name,
      state: 'absent',
      detail:
        inclusion === null
          ? 'A head names one tree; the feed has none.'
          : 'Its node has not published a signed head that reaches this receipt yet.',
      values: [],
    }
  }
  const head = readHead(note)
  const names =
    head !== null && head.node === receipt.node && head.size === inclusion.size && head.root === inclusion.root
  const newest = head !== null && (head.size !== receipt.seq || head.id === id)
  const holds = head !== null && names && newest && head.signed
  return {
    name,
    state: holds ? 'holds' : 'fails',
    detail: holds
      ? `Its node signed that its feed has ${head.size} receipts under this very root, on ${utcWords(head.time)}.`
      : names
        ? 'The signature of the head does not hold.'
        : 'The head is none of this node over this tree.',
    values: [{ label: 'note', value: note.trimEnd() }],
  }
}
