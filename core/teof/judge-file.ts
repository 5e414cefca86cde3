// One file of a node directory, judged by itself: hashes, times, plan, signature. Pure; this is what runs for every receipt, in
// workers, so it goes over the bytes once and allocates little.
import type { ContentHash } from '#core/contract/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { canonicalWithout, readJson, stringMember } from './canonical-text.ts'
import type { JsonText, Member } from './canonical-text.ts'
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'
import { ledgerEntryHash } from './hash-ledger.ts'
import type { KeyRing } from './keys.ts'
import { feedHash, judgeSignature } from './signature.ts'
import type { Envelope, SignatureChecker } from './signature.ts'
import { parseTeofTime, timeInName } from './time.ts'
import type { TeofTime } from './time.ts'

export interface JudgedFile {
  /** Relative to the node directory, with forward slashes: the subject. */
  readonly path: string
  readonly sizeBytes: number
  /** Of the bytes as they are. */
  readonly rawHash: ContentHash
  /** Whether the file is readable JSON and so has a canonical form. */
  readonly isJson: boolean
  /** What is compared between origins: the canonical form without signature fields; the raw hash where there is none. */
  readonly contentHash: ContentHash
  readonly envelope: Envelope
  /** When it says it was made. Never the file's modification time. */
  readonly stated: StatedTime | null
  readonly planId: string | null
  readonly planStepId: string | null
  readonly taskId: string | null
  /** The artifact whose hash a systemic receipt states; to be checked against the file of that path. */
  readonly artifact: StatedArtifact | null
  /** In the order in which they were found; empty for most files. */
  readonly findings: readonly Finding[]
}

export interface StatedTime {
  /** The member that says so; `name` where only the file's name does. */
  readonly field: string
  /** As written. */
  readonly text: string
  /** Null where it is no time. */
  readonly time: TeofTime | null
}

export interface StatedArtifact {
  readonly path: string
  /** 64 hex digits, as written. */
  readonly sha256: string
}

/** Judges one file. `checker` null leaves signatures alone. Never throws, whatever the bytes. */
export function judgeFile(
  path: string,
  bytes: Uint8Array,
  keys: KeyRing,
  checker: SignatureChecker | null,
): JudgedFile {
  const rawHash = sha256Id(bytes)
  const read = readJson(bytes)
  if (!read.ok) return unreadable(path, bytes, rawHash, read.why)
  const { json } = read
  const members = json.members ?? []
  const envelope = judgeSignature(members, keys, checker)
  const stated = statedTime(path, members)
  return {
    path,
    sizeBytes: bytes.length,
    rawHash,
    isJson: true,
    contentHash: contentHashOf(json),
    envelope,
    stated,
    planId: stringMember(members, 'plan_id'),
    planStepId: stringMember(members, 'plan_step_id'),
    taskId: stringMember(members, 'task_id'),
    artifact: statedArtifact(members),
    findings: findingsOf(path, json, envelope, stated, keys),
  }
}

/** Signature fields do not make content differ: a rotated key signs the same thing again. */
const SIGNATURE_FIELDS: ReadonlySet<string> = new Set(['signature', 'public_key_id', 'signature_algorithm'])
const TIME_FIELDS = ['issued_at', 'generated_at', 'ts', 'created', 'created_at', 'timestamp', 'timestamp_utc']

function contentHashOf({ members, canonical }: JsonText): ContentHash {
  return sha256Id(members === null ? canonical : canonicalWithout(members, SIGNATURE_FIELDS))
}

function statedTime(path: string, members: readonly Member[]): StatedTime | null {
  for (const field of TIME_FIELDS) {
    const text = stringMember(members, field)
    if (text !== null) return { field, text, time: parseTeofTime(text) }
  }
  const time = timeInName(path)
  return time === null ? null : { field: 'name', text: path.slice(path.lastIndexOf('/') + 1), time }
}

function statedArtifact(members: readonly Member[]): StatedArtifact | null {
  const path = stringMember(members, 'artifact')
  if (path === null) return null
  const sha256 = stringMember(members, 'hash_sha256')
  return sha256 !== null && SHA256_HEX.test(sha256) ? { path, sha256 } : null
}

const SHA256_HEX = /^[0-9a-f]{64}$/

function findingsOf(
  path: string,
  json: JsonText,
  envelope: Envelope,
  stated: StatedTime | null,
  keys: KeyRing,
): readonly Finding[] {
  const findings: Finding[] = []
  if (json.hadByteOrderMark) findings.push(byteOrderMark(path))
  if (stated !== null && stated.time === null) findings.push(badTime(path, stated))
  if (json.members !== null) {
    const differs = statedHashDiffers(path, json.members, envelope) ?? entryHashDiffers(path, json.members)
    if (differs !== null) findings.push(differs)
  }
  if (envelope.state === 'invalid') {
    const code = envelope.fault === 'key-id-leaves-folder' ? 'key-id-leaves-folder' : 'bad-signature'
    findings.push(finding(code, path, `${path}: ${envelope.why}`, envelope.remedy))
  } else if (envelope.state === 'unknown_key') {
    findings.push(finding('unknown-key', path, `${path}: ${envelope.why}`, envelope.remedy))
  } else if (envelope.state === 'ok' && keys.own.get(envelope.keyId)?.key !== envelope.key) {
    findings.push(rotatedOut(path, envelope.keyId))
  }
  return findings
}

/** Only feed receipts state the hash of their own content; a systemic receipt's is that of its artifact. */
function statedHashDiffers(path: string, members: readonly Member[], envelope: Envelope): Finding | null {
  const stated = members.find(({ key }) => key === 'hash_sha256')
  if (stated === undefined) return null
  const isOfFeed = members.some(({ key }) => key === 'feed_id')
  if (!isOfFeed && !(envelope.state === 'invalid' && envelope.fault === 'stated-hash-differs')) return null
  // It was checked with the signature.
  if (envelope.state === 'ok' && envelope.form === 'feed') return null
  const found = feedHash(members)
  if (stated.text === `"${found}"`) return null
  return finding(
    'stated-hash-differs',
    path,
    `${path} says its content hashes to ${stated.text.replaceAll('"', '').slice(0, 64)}, but it hashes to ${found}.`,
    'The content was changed after it was written: ask the node for the receipt as it was signed.',
  )
}

/** An entry of a hash-ledger as a file of its own states its hash too. */
function entryHashDiffers(path: string, members: readonly Member[]): Finding | null {
  if (!members.some(({ key }) => key === 'prev_hash')) return null
  const stated = stringMember(members, 'hash')
  if (stated === null) return null
  const found = ledgerEntryHash(members)
  if (stated === found) return null
  return finding(
    'stated-hash-differs',
    path,
    `${path} says that as an entry of a hash-ledger it hashes to ${stated.slice(0, 64)}, but it hashes to ${found}.`,
    'The entry was changed after it was written: compare it with the ledger’s index, and ask the node for it as it was.',
  )
}

function rotatedOut(path: string, keyId: string): Finding {
  return finding(
    'key-rotated-out',
    path,
    `${path} is signed with a key that this node kept as “${keyId}” before, and has replaced since.`,
    'It counts as signed. If it was written after the key was replaced, ask the node why.',
  )
}

function byteOrderMark(path: string): Finding {
  return finding(
    'byte-order-mark',
    path,
    `${path} begins with a byte-order mark, which JSON does not allow; it was read without it.`,
    'Nothing has to be done; the tool that wrote the file should write UTF-8 without the mark.',
  )
}

function badTime(path: string, stated: StatedTime): Finding {
  return finding(
    'bad-time',
    path,
    `${path}: ${stated.field} is “${stated.text.slice(0, 80)}”, which is no time with a zone.`,
    'Its age is not judged; ask the node to write times as 2025-09-22T01:45:00Z.',
  )
}

function unreadable(path: string, bytes: Uint8Array, rawHash: ContentHash, why: string): JudgedFile {
  const time = timeInName(path)
  return {
    path,
    sizeBytes: bytes.length,
    rawHash,
    isJson: false,
    contentHash: rawHash,
    envelope: { state: 'skipped', why: 'The file cannot be read as JSON.' },
    stated: time === null ? null : { field: 'name', text: path.slice(path.lastIndexOf('/') + 1), time },
    planId: null,
    planStepId: null,
    taskId: null,
    artifact: null,
    findings: [
      finding(
        'unreadable-json',
        path,
        `${path} cannot be read as JSON: ${why}.`,
        'It is compared byte by byte and everything else goes on; ask the node for the file again.',
      ),
    ],
  }
}
