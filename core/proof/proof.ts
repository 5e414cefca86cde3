// The portable proof: what one file holds so that somebody who has nothing of Steward can check what was signed. Everything in it
// is signed by somebody, but for `made`, `stated` and `byHand`, which the page and the checker name as such.
import { canonicalText } from './canonical.ts'
import { hashName } from './crypto.ts'

/** What a receipt is in the proof for. `name` is a profile (what a node calls itself), `network` the genesis receipt. */
export type Role = 'receipt' | 'member' | 'decision' | 'withdrawal' | 'name' | 'network'

/** Where the receipt's line stands in its feed's Merkle tree (RFC 6962); index from 0, hashes in base64, path from the leaf upwards. */
export interface ProvedInclusion {
  readonly index: number
  readonly size: number
  readonly leaf: string
  readonly root: string
  readonly path: readonly string[]
}

export interface ProvedReceipt {
  readonly role: Role
  /** `sha256:` and the hash of the canonical form without `sig`. */
  readonly id: string
  /** The 32 bytes behind the node's did:key, base64. */
  readonly publicKey: string
  /** Canonical JSON with `sig`, exactly as signed. */
  readonly line: string
  /** Null where the feed tells two stories up to here, and so has no one tree. */
  readonly inclusion: ProvedInclusion | null
  /** The signed note over that very tree; null where its node has published none that reaches so far. */
  readonly head: string | null
}

export interface ProvedConflict {
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly task: string | null
  /** Ids in the order of their text. */
  readonly members: readonly string[]
  /** Receipts that a head names and that did not come: first and last seq. */
  readonly range: readonly [number, number] | null
  /** That head, for a range. */
  readonly head: string | null
}

/** Said by whoever exported the proof; nobody signed it. */
export interface Stated {
  readonly status: string
  readonly decisionsNeeded: number
}

export interface HandCommand {
  readonly what: string
  readonly command: string
}

export interface Proof {
  readonly format: typeof PROOF_FORMAT
  readonly made: string
  /** Null: the proof is of one receipt. */
  readonly conflict: ProvedConflict | null
  readonly receipts: readonly ProvedReceipt[]
  readonly stated: Stated | null
  readonly byHand: readonly HandCommand[]
  /** SHA-256 of the canonical form of all other members: finds damage; it is no signature. */
  readonly checksum: string
}

export const PROOF_FORMAT = 'steward-proof/2'

/** What is read of a proof, and not a byte more. */
export const PROOF_LIMITS = {
  textBytes: 32 * 1024 * 1024,
  receipts: 2_000,
  path: 64,
  lineBytes: 80 * 1024,
  /** Members and items of all lists and objects together: more than the largest proof has. */
  values: 200_000,
} as const

/** The proof with its checksum. */
export function sealProof(proof: Omit<Proof, 'checksum'>): Proof {
  return { ...proof, checksum: checksumOf(proof) }
}

/** SHA-256 of the canonical form (RFC 8785) of everything but the checksum itself. */
export function checksumOf(proof: Omit<Proof, 'checksum'> & { readonly checksum?: string }): string {
  return hashName(canonicalText({ ...proof, checksum: undefined }))
}

/** The file: two spaces a level and a newline at the end. */
export function proofText(proof: Proof): string {
  return `${JSON.stringify(proof, null, 2)}\n`
}

/** A text as a proof; null where it has not the form of one. What it claims is not checked yet. Never throws. */
export function parseProof(text: string): Proof | null {
  if (text.length > PROOF_LIMITS.textBytes || hasMoreValues(text, PROOF_LIMITS.values)) return null
  try {
    const value: unknown = JSON.parse(text)
    return isProof(value) ? value : null
  } catch {
    return null
  }
}

/** A tree takes twenty times the memory of a text that holds nothing but brackets, so they are counted before it is made. */
function hasMoreValues(text: string, most: number): boolean {
  let values = 0
  let inText = false
  for (let at = 0; at < text.length && values <= most; at++) {
    const letter = text[at]
    if (inText && letter === '\\') at++
    else if (letter === '"') inText = !inText
    else if (!inText && (letter === ',' || letter === '{' || letter === '[')) values++
  }
  return values > most
}

function isProof(value: unknown): value is Proof {
  return (
    hasExactly(value, ['format', 'made', 'conflict', 'receipts', 'stated', 'byHand', 'checksum']) &&
    value['format'] === PROOF_FORMAT &&
    isText(value['made']) &&
    isText(value['checksum']) &&
    (value['conflict'] === null || isConflict(value['conflict'])) &&
    (value['stated'] === null || isStated(value['stated'])) &&
    isList(value['byHand'], 16, isHandCommand) &&
    isList(value['receipts'], PROOF_LIMITS.receipts, isReceipt)
  )
}

function isConflict(value: unknown): boolean {
  return (
    hasExactly(value, ['id', 'kind', 'subject', 'task', 'members', 'range', 'head']) &&
    [value['id'], value['kind'], value['subject']].every(isText) &&
    isTextOrNull(value['task']) &&
    isTextOrNull(value['head']) &&
    isList(value['members'], PROOF_LIMITS.receipts, isText) &&
    (value['range'] === null || (isList(value['range'], 2, isCount) && value['range'].length === 2))
  )
}

function isReceipt(value: unknown): boolean {
  return (
    hasExactly(value, ['role', 'id', 'publicKey', 'line', 'inclusion', 'head']) &&
    ROLES.has(value['role']) &&
    [value['id'], value['publicKey'], value['line']].every(isText) &&
    isTextOrNull(value['head']) &&
    (value['inclusion'] === null || isInclusion(value['inclusion']))
  )
}

function isInclusion(value: unknown): boolean {
  return (
    hasExactly(value, ['index', 'size', 'leaf', 'root', 'path']) &&
    isCount(value['index']) &&
    isCount(value['size']) &&
    isText(value['leaf']) &&
    isText(value['root']) &&
    isList(value['path'], PROOF_LIMITS.path, isText)
  )
}

function isStated(value: unknown): boolean {
  return (
    hasExactly(value, ['status', 'decisionsNeeded']) && isText(value['status']) && isCount(value['decisionsNeeded'])
  )
}

function isHandCommand(value: unknown): boolean {
  return hasExactly(value, ['what', 'command']) && isText(value['what']) && isText(value['command'])
}

const ROLES: ReadonlySet<unknown> = new Set<Role>(['receipt', 'member', 'decision', 'withdrawal', 'name', 'network'])

/** An object with these members and no other. */
export function hasExactly(value: unknown, names: readonly string[]): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name))
}

function isList(value: unknown, most: number, fits: (item: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= most && value.every(fits)
}

/** Half of a surrogate pair has no UTF-8, so nothing with one in it could be hashed. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed()
}

function isTextOrNull(value: unknown): boolean {
  return value === null || isText(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
