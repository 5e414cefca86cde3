// `capsule/<version>/hashes.json` and `capsule/current`: what a node says its capsule's files hash to, checked against the files
// that are there. `current` is a link upstream, a plain folder in copies, and a small text file where a checkout could make no link.
import type { ContentHash } from '#core/contract/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { parseCapsuleHashes } from './capsule-hashes.ts'
import type { CapsuleEntry, CapsuleHashes } from './capsule-hashes.ts'
import { compareCodePoints } from './code-points.ts'
import { joined, pathWithin } from './directory.ts'
import type { DirectoryEntry, DirectoryReader } from './directory.ts'
import { cappedFindings, finding } from './finding.ts'
import type { Finding } from './finding.ts'
import { TEOF_LIMITS } from './limits.ts'

const CAPSULE_FOLDER = 'capsule'

export interface CapsulePointer {
  readonly kind: 'link' | 'folder' | 'text'
  /** The folder it means, relative to the node directory: `capsule/v1.6`, or `capsule/current` itself. */
  readonly folder: string
}

/** One `capsule/<version>/hashes.json`. */
export interface CapsuleCheck {
  readonly folder: string
  /** `ok`: every listed file is here and matches. `partial`: some are not here. `unchecked`: none is here, or none is listed.
   *  `mismatch`: a file differs. `unreadable`: the list cannot be read. */
  readonly state: 'ok' | 'partial' | 'unchecked' | 'mismatch' | 'unreadable'
  /** Of the hashes.json as it is. */
  readonly rawHash: ContentHash
  readonly hashes: CapsuleHashes | null
  readonly matched: number
  readonly missing: readonly string[]
  readonly mismatched: readonly { readonly path: string; readonly stated: string; readonly found: string }[]
  readonly findings: readonly Finding[]
}

export interface Capsules {
  /** Null without `capsule/current`, or where it leads nowhere within the node directory. */
  readonly pointer: CapsulePointer | null
  /** The check of the folder that the pointer means; null without. */
  readonly current: CapsuleCheck | null
  /** Every version that has a hashes.json, in order of its folder. */
  readonly versions: readonly CapsuleCheck[]
  readonly findings: readonly Finding[]
}

/** Reads and checks all capsules of a node directory. Never throws for what the files hold. */
export async function readCapsules(reader: DirectoryReader): Promise<Capsules> {
  const listing = await reader.list(CAPSULE_FOLDER, VERSIONS)
  if (listing.outcome !== 'listed') return withoutCapsule(`There is no folder “${CAPSULE_FOLDER}”.`)
  const current = listing.entries.find(({ name }) => name === 'current')
  const pointer = current === undefined ? null : await pointerOf(reader, current)
  const folders = listing.entries
    .filter(({ kind }) => kind === 'folder')
    .map(({ name }) => joined(CAPSULE_FOLDER, name))
  const versions: CapsuleCheck[] = []
  for (const folder of folders.toSorted(compareCodePoints)) {
    const check = await checkCapsule(reader, folder)
    if (check !== null) versions.push(check)
  }
  const meant = pointer === null ? null : (versions.find(({ folder }) => folder === pointer.folder) ?? null)
  const findings = meant === null ? [missingFinding(pointerProblem(current, pointer))] : []
  return { pointer, current: meant, versions, findings }
}

/** Checks the files that one `hashes.json` lists; null where the folder has none. */
export async function checkCapsule(reader: DirectoryReader, folder: string): Promise<CapsuleCheck | null> {
  const path = joined(folder, 'hashes.json')
  const read = await reader.read(path, TEOF_LIMITS.jsonBytes)
  if (read.outcome !== 'read') return null
  const rawHash = sha256Id(read.bytes)
  const parsed = parseCapsuleHashes(folder, read.bytes)
  const nothing = { folder, rawHash, matched: 0, missing: [], mismatched: [] }
  if (!parsed.ok) return { ...nothing, state: 'unreadable', hashes: null, findings: [parsed.finding] }
  const results = await compareFiles(reader, parsed.hashes.entries)
  const matched = results.filter(({ found, stated }) => found === stated).length
  const missing = results.filter(({ found }) => found === null).map(({ name }) => name)
  const mismatched = results.flatMap(({ path: at, stated, found }) =>
    found === null || found === stated ? [] : [{ path: at, stated, found }],
  )
  const findings = [...parsed.hashes.findings, ...mismatched.map((one) => mismatchFinding(path, one))]
  if (missing.length > 0 && matched > 0) findings.push(partlyMissing(path, missing))
  return {
    folder,
    state: stateOf(matched, missing.length, mismatched.length),
    rawHash,
    hashes: parsed.hashes,
    matched,
    missing,
    mismatched,
    findings: cappedFindings(findings, TEOF_LIMITS.findingsPerKind),
  }
}

const VERSIONS = 1_000

function stateOf(matched: number, missing: number, mismatched: number): CapsuleCheck['state'] {
  if (mismatched > 0) return 'mismatch'
  if (matched === 0) return 'unchecked'
  return missing > 0 ? 'partial' : 'ok'
}

interface Compared {
  readonly name: string
  readonly path: string
  readonly stated: string
  /** Null where there is no such file. */
  readonly found: string | null
}

async function compareFiles(reader: DirectoryReader, entries: readonly CapsuleEntry[]): Promise<readonly Compared[]> {
  const results: Compared[] = []
  for (const { name, places, sha256 } of entries) {
    const compared = { name, path: places[0] ?? name, stated: sha256, found: null }
    results.push((await firstFound(reader, name, places, sha256)) ?? compared)
  }
  return results
}

async function firstFound(
  reader: DirectoryReader,
  name: string,
  places: readonly string[],
  stated: string,
): Promise<Compared | null> {
  for (const path of places) {
    const read = await reader.read(path, TEOF_LIMITS.capsuleFileBytes)
    if (read.outcome === 'read') return { name, path, stated, found: sha256Id(read.bytes).slice('sha256:'.length) }
  }
  return null
}

async function pointerOf(reader: DirectoryReader, entry: DirectoryEntry): Promise<CapsulePointer | null> {
  const here = joined(CAPSULE_FOLDER, entry.name)
  if (entry.kind === 'folder') return { kind: 'folder', folder: here }
  if (entry.kind === 'link') return pointerTo('link', entry.linkTarget)
  if (entry.kind !== 'file') return null
  const read = await reader.read(here, TEOF_LIMITS.pathCharacters)
  return read.outcome === 'read' ? pointerTo('text', new TextDecoder().decode(read.bytes).trim()) : null
}

function pointerTo(kind: 'link' | 'text', target: string | null): CapsulePointer | null {
  const folder = target === null ? null : pathWithin(CAPSULE_FOLDER, target.replaceAll('\\', '/'))
  return folder === null || !folder.startsWith(`${CAPSULE_FOLDER}/`) ? null : { kind, folder }
}

function pointerProblem(current: DirectoryEntry | undefined, pointer: CapsulePointer | null): string {
  if (current === undefined) return `There is no ${CAPSULE_FOLDER}/current.`
  if (pointer !== null) return `${CAPSULE_FOLDER}/current means ${pointer.folder}, and no hashes.json is there.`
  return `${CAPSULE_FOLDER}/current is no folder and leads to none within ${CAPSULE_FOLDER}; it was not followed.`
}

function withoutCapsule(happened: string): Capsules {
  return { pointer: null, current: null, versions: [], findings: [missingFinding(happened)] }
}

function missingFinding(happened: string): Finding {
  return finding(
    'capsule-missing',
    joined(CAPSULE_FOLDER, 'current'),
    happened,
    'Ask the node for its capsule folder; until then its capsule is not compared.',
  )
}

function mismatchFinding(path: string, one: CapsuleCheck['mismatched'][number]): Finding {
  return finding(
    'capsule-mismatch',
    one.path,
    `${one.path} hashes to ${one.found}, but ${path} says ${one.stated}.`,
    'One of the two was changed without the other: ask the node which, and for the file that was meant.',
  )
}

function partlyMissing(path: string, missing: readonly string[]): Finding {
  const [first = ''] = missing
  const others = missing.length === 1 ? '' : ` and ${missing.length - 1} more`
  return finding(
    'capsule-file-missing',
    path,
    `${path} lists ${first}${others}, of which there is no file here.`,
    'What is here was checked; ask the node for the missing files to check the rest.',
  )
}
