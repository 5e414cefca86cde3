// All entries of a zip together: what one by one looks harmless may still be two files in one place, or a bomb.
import { judgeName, nameKey } from './entry-names.ts'
import { BUNDLE_LIMITS } from './limits.ts'
import { RefusalList, refuseEntry } from './refusals.ts'

/** One entry, as the central directory describes it. */
export interface ZipRecord {
  readonly name: string
  readonly isFolder: boolean
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly flags: number
  /** Kind of file by the bits of its mode, where the packer wrote one: 0o120000 is a link. */
  readonly modeKind: number
  readonly crc32: number
  readonly packedBytes: number
  readonly sizeBytes: number
  /** Of its local header, from the beginning of the file. */
  readonly headerOffset: number
  /** Where its content begins; known once its local header was read. */
  dataOffset: number
}

const FLAG_ENCRYPTED = 0x1
const FLAG_STRONG_ENCRYPTION = 0x40
const FLAG_MASKED_HEADERS = 0x2000
const STORED = 0
const DEFLATED = 8
const MODE_FILE = 0o100000
const MODE_FOLDER = 0o040000
const MODE_LINK = 0o120000

/** Judges names, kinds, sizes and collisions. What the list holds refuses the whole bundle. */
export function judgeRecords(records: readonly ZipRecord[], packedBytes: number): RefusalList {
  const refused = new RefusalList(BUNDLE_LIMITS.listedRefusals)
  const folders = new Set<string>()
  const files = new Map<string, string>()
  let unpacked = 0
  for (const record of records) {
    const named = judgeName(record.name)
    if (named !== null) {
      refused.add(named)
      continue
    }
    judgeKind(record, refused)
    judgeRatio(record, refused)
    unpacked += record.sizeBytes
    judgePlace(record, files, folders, refused)
    if (folders.size > BUNDLE_LIMITS.entries) {
      const detail = `Its entries lie in more than ${BUNDLE_LIMITS.entries} folders; no more are taken.`
      refused.add(refuseEntry('', 'too-many-entries', detail))
      return refused
    }
  }
  for (const [key, name] of files)
    if (folders.has(key))
      refused.add(refuseEntry(name, 'file-and-folder', 'It is a file, and other entries lie in it as in a folder.'))
  if (unpacked > BUNDLE_LIMITS.unpackedBytes)
    refused.add(
      refuseEntry(
        '',
        'too-large',
        `Unpacked it would have ${unpacked} bytes; at most ${BUNDLE_LIMITS.unpackedBytes} are taken.`,
      ),
    )
  if (unpacked > BUNDLE_LIMITS.ratioFromBytes && unpacked > packedBytes * BUNDLE_LIMITS.ratio)
    refused.add(
      refuseEntry(
        '',
        'bad-ratio',
        `Its ${packedBytes} bytes would become ${unpacked}: more than ${BUNDLE_LIMITS.ratio} to 1.`,
      ),
    )
  return refused
}

function judgeKind(
  { name, isFolder, method, flags, modeKind, sizeBytes, packedBytes }: ZipRecord,
  refused: RefusalList,
): void {
  if (modeKind === MODE_LINK) refused.add(refuseEntry(name, 'link', 'It is a link; links are not followed.'))
  else if (modeKind !== 0 && modeKind !== MODE_FILE && modeKind !== MODE_FOLDER)
    refused.add(refuseEntry(name, 'special-file', 'It is neither a plain file nor a folder.'))
  if ((flags & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION | FLAG_MASKED_HEADERS)) !== 0)
    refused.add(refuseEntry(name, 'encrypted', 'It is encrypted.'))
  if (method !== STORED && method !== DEFLATED)
    refused.add(
      refuseEntry(
        name,
        'unknown-method',
        `It is packed by method ${method}; only stored and deflated entries are read.`,
      ),
    )
  if (method === STORED && sizeBytes !== packedBytes && (flags & FLAG_ENCRYPTED) === 0)
    refused.add(
      refuseEntry(
        name,
        'header-mismatch',
        `It is stored as it is, yet has ${packedBytes} bytes packed and ${sizeBytes} unpacked.`,
      ),
    )
  if (isFolder && sizeBytes > 0)
    refused.add(refuseEntry(name, 'file-and-folder', `It is a folder, yet has ${sizeBytes} bytes of content.`))
}

function judgeRatio({ name, sizeBytes, packedBytes }: ZipRecord, refused: RefusalList): void {
  if (sizeBytes > BUNDLE_LIMITS.ratioFromBytes && sizeBytes > packedBytes * BUNDLE_LIMITS.ratio)
    refused.add(
      refuseEntry(
        name,
        'bad-ratio',
        `Its ${packedBytes} bytes would become ${sizeBytes}: more than ${BUNDLE_LIMITS.ratio} to 1.`,
      ),
    )
}

function judgePlace(
  { name, isFolder }: ZipRecord,
  files: Map<string, string>,
  folders: Set<string>,
  refused: RefusalList,
): void {
  const plain = isFolder ? name.slice(0, -1) : name
  const key = nameKey(plain)
  for (let slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) folders.add(key.slice(0, slash))
  if (isFolder) {
    folders.add(key)
    return
  }
  const before = files.get(key)
  if (before === undefined) files.set(key, name)
  else if (before === name) refused.add(refuseEntry(name, 'duplicate', 'Two entries have this name.'))
  else refused.add(refuseEntry(name, 'case-twin', `Some systems take it for the same file as “${before}”.`))
}

/** Where the bytes of an entry lie, headers included. */
export interface Extent {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** Entries that share bytes: how a small zip unpacks to a huge one. `directoryFrom` is where the central directory begins. */
export function judgeExtents(extents: readonly Extent[], directoryFrom: number, refused: RefusalList): void {
  const sorted = extents.toSorted((a, b) => a.from - b.from || a.to - b.to)
  let reached = 0
  let last = ''
  for (const { name, from, to } of sorted) {
    if (from < reached) refused.add(refuseEntry(name, 'overlap', `It shares its bytes with “${last}”.`))
    else if (to > directoryFrom) refused.add(refuseEntry(name, 'overlap', 'Its bytes reach into the list of entries.'))
    if (to > reached) [reached, last] = [to, name]
  }
}
