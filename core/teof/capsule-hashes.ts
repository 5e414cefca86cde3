// The three shapes of `hashes.json`: {filename: hex}, the same with a `capsule/v1.5/` prefix, and {root, count, files: [{path, sha256}]}.
import { createHash } from 'node:crypto'
import { arrayMember, membersOf, readJson, stringMember, stringOf } from './canonical-text.ts'
import type { Member } from './canonical-text.ts'
import { pathWithin } from './directory.ts'
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'
import { TEOF_LIMITS } from './limits.ts'

export interface CapsuleEntry {
  /** As written. */
  readonly name: string
  /** Where the file may lie, relative to the node directory, likeliest first. */
  readonly places: readonly string[]
  readonly sha256: string
}

export interface CapsuleHashes {
  readonly shape: 'flat' | 'prefixed' | 'listed'
  /** The version that a listed shape names. */
  readonly root: string | null
  readonly entries: readonly CapsuleEntry[]
  readonly findings: readonly Finding[]
}

export type ParsedCapsuleHashes =
  | { readonly ok: true; readonly hashes: CapsuleHashes }
  | { readonly ok: false; readonly finding: Finding }

/** Reads the `hashes.json` of a capsule folder such as `capsule/v1.6`. */
export function parseCapsuleHashes(folder: string, bytes: Uint8Array): ParsedCapsuleHashes {
  const path = `${folder}/hashes.json`
  const read = readJson(bytes)
  if (!read.ok) return unreadable(path, `it cannot be read as JSON: ${read.why}`)
  const { members } = read.json
  if (members === null) return unreadable(path, 'it is no JSON object')
  const listed = arrayMember(members, 'files')
  const rows = listed === null ? flatRows(members) : listedRows(listed)
  if (rows.length > TEOF_LIMITS.capsuleEntries)
    return unreadable(path, `it lists ${rows.length} files, and at most ${TEOF_LIMITS.capsuleEntries} are read`)
  const findings: Finding[] = []
  const entries = rows.flatMap((row) => entryOf(folder, path, row, findings))
  if (listed !== null) countFinding(path, members, listed.length, findings)
  const isPrefixed = entries.some(({ name }) => name.startsWith('capsule/'))
  const shape = listed !== null ? 'listed' : isPrefixed ? 'prefixed' : 'flat'
  return { ok: true, hashes: { shape, root: stringMember(members, 'root'), entries, findings } }
}

interface Row {
  readonly name: string | null
  readonly sha256: string | null
}

const SHA256_HEX = /^[0-9a-f]{64}$/i
const HASH_OF_NOTHING = createHash('sha256').digest('hex')
/** The members of the listed shape, which one real file lists as files of its own. */
const OWN_KEYS: ReadonlySet<string> = new Set(['root', 'count', 'files'])

function flatRows(members: readonly Member[]): readonly Row[] {
  return members.map(({ key, text }) => ({ name: key, sha256: stringOf(text) }))
}

function listedRows(items: readonly string[]): readonly Row[] {
  return items.map((item) => {
    const members = membersOf(item)
    return { name: stringMember(members, 'path'), sha256: stringMember(members, 'sha256') }
  })
}

function entryOf(folder: string, path: string, { name, sha256 }: Row, findings: Finding[]): readonly CapsuleEntry[] {
  if (name === null || sha256 === null || !SHA256_HEX.test(sha256)) {
    findings.push(noHash(path, name))
    return []
  }
  const stated = sha256.toLowerCase()
  if (OWN_KEYS.has(name) && stated === HASH_OF_NOTHING) {
    findings.push(listsItself(path, name))
    return []
  }
  const places = placesOf(folder, name)
  if (places.length === 0) {
    findings.push(leavesFolder(path, name))
    return []
  }
  return [{ name, places, sha256: stated }]
}

/** A prefixed name counts from the node directory; the folder itself may be a copy of that version. */
function placesOf(folder: string, name: string): readonly string[] {
  if (name.split('/').includes('..')) return []
  const wanted = name.startsWith('capsule/')
    ? [pathWithin('', name), pathWithin(folder, name.split('/').slice(2).join('/'))]
    : [pathWithin(folder, name)]
  return wanted.flatMap((place) => (place !== null && place.startsWith('capsule/') ? [place] : []))
}

function countFinding(path: string, members: readonly Member[], found: number, findings: Finding[]): void {
  const stated = members.find(({ key }) => key === 'count')?.text
  if (stated === undefined || stated === String(found)) return
  findings.push(
    finding(
      'capsule-count',
      path,
      `${path} says it lists ${stated.slice(0, 40)} files and lists ${found}.`,
      'All that it lists were checked; ask the node whether a file is missing from the list.',
    ),
  )
}

function noHash(path: string, name: string | null): Finding {
  return finding(
    'capsule-shape',
    path,
    `${path} has an entry ${name === null ? 'without a path' : `“${name.slice(0, 80)}”`} that is no SHA-256; it was passed over.`,
    'Nothing was checked for it; ask the node what it stands for.',
  )
}

function listsItself(path: string, name: string): Finding {
  return finding(
    'capsule-lists-itself',
    path,
    `${path} lists its own member “${name}” as a file with the hash of nothing; it was passed over.`,
    'Nothing has to be done; the tool that wrote the list took its own keys for files.',
  )
}

function leavesFolder(path: string, name: string): Finding {
  return finding(
    'capsule-path-leaves-folder',
    path,
    `${path} lists “${name.slice(0, 80)}”, which leads out of the capsule folder; no file was opened for it.`,
    'Ask the node why; nothing outside the capsule is its business.',
  )
}

function unreadable(path: string, why: string): ParsedCapsuleHashes {
  return {
    ok: false,
    finding: finding(
      'capsule-shape',
      path,
      `${path} says nothing about the capsule: ${why}.`,
      'The capsule is compared by the hash of this file only; ask the node for the file again.',
    ),
  }
}
