// A zip, read at random places without unpacking it: yauzl reads the formats, what a hostile one may do is judged here. The central
// directory alone counts; a local header that says otherwise refuses the bundle, since another tool would see another file.
import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { crc32, inflateRawSync } from 'node:zlib'
import { fromRandomAccessReaderPromise, type Entry, type LocalFileHeader, type ZipFile } from 'yauzl'
import { invariant } from '#core/problem/index.ts'
import { tooLarge } from './folder-adapter.ts'
import { fileTree } from './file-tree.ts'
import { HandleReader } from './handle-reader-adapter.ts'
import { BUNDLE_LIMITS } from './limits.ts'
import { READ } from './plain-file-adapter.ts'
import { RefusalList, refuseEntry, type ContainerReason, type EntryRefusal } from './refusals.ts'
import {
  isNobodys,
  type BundleFile,
  type BundleReader,
  type FileContent,
  type OpenedBundle,
  type Step,
} from './types.ts'
import { judgeExtents, judgeRecords, type Extent, type ZipRecord } from './zip-entries.ts'

/** Opens and judges a zip. Throws the system's error where the file itself cannot be read. */
export async function openZip(path: string, shownName: string | null, step: Step): Promise<OpenedBundle> {
  const name = shownName ?? basename(path)
  const refusedWhole = (reason: ContainerReason, detail: string): OpenedBundle => {
    const refused = new RefusalList(BUNDLE_LIMITS.listedRefusals)
    refused.add(refuseEntry('', reason, detail))
    return { ok: false, name, refused }
  }
  const handle = await open(path, READ)
  let keep = false
  try {
    const stat = await handle.stat()
    if (stat.size > BUNDLE_LIMITS.packedBytes)
      return refusedWhole('too-large', `It has ${stat.size} bytes; at most ${BUNDLE_LIMITS.packedBytes} are taken.`)
    const source = new HandleReader(handle)
    const zip = await orFault(() => fromRandomAccessReaderPromise(source, stat.size, OPTIONS))
    if (typeof zip === 'string') return refusedWhole(reasonFor(zip), `Its list of entries cannot be found: ${zip}`)
    // What it says after it was asked is answered by what was asked; nothing more is to come of it.
    zip.on('error', () => undefined)
    const listed = await readDirectory(zip, stat.size, source, step)
    if (!Array.isArray(listed)) return refusedWhole(listed.reason, listed.detail)
    const refused = judgeRecords(listed, stat.size)
    if (refused.count === 0) await judgeHeaders(zip, listed, source.directoryFrom, refused, step)
    if (refused.count > 0) return { ok: false, name, refused }
    keep = true
    return { ok: true, reader: zipReader(name, zip, listed, source, handle) }
  } finally {
    if (!keep) await handle.close()
  }
}

const OPTIONS = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: false } as const

async function orFault<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work()
  } catch (error) {
    return faultOf(error)
  }
}

/**
 * What zlib or the zip library says of bytes that are not what they promise: a sentence for a programmer, shown as the detail of a refusal.
 * @throws what is no fault of the bytes but of this machine.
 */
function faultOf(error: unknown): string {
  if (error instanceof Error && !('syscall' in error)) return error.message
  throw error
}

function reasonFor(fault: string): ContainerReason {
  if (/not found/.test(fault)) return 'truncated'
  return /unexpected EOF|out of range/i.test(fault) ? 'truncated' : 'bad-directory'
}

/** The list is read in one go; headers lie between contents. */
const DIRECTORY_WINDOW_BYTES = 256 * 1024
const HEADER_WINDOW_BYTES = 16 * 1024

interface Fault {
  readonly reason: ContainerReason
  readonly detail: string
}

async function readDirectory(
  zip: ZipFile,
  sizeBytes: number,
  source: HandleReader,
  step: Step,
): Promise<ZipRecord[] | Fault> {
  const { entryCount } = zip
  if (entryCount > BUNDLE_LIMITS.entries)
    return {
      reason: 'too-many-entries',
      detail: `It has ${entryCount} entries; at most ${BUNDLE_LIMITS.entries} are taken.`,
    }
  // Each entry needs 46 bytes in the list, so a lie about their number is seen before they are read.
  if (entryCount * 46 > sizeBytes)
    return { reason: 'bad-directory', detail: `It promises ${entryCount} entries, for which it is too small.` }
  const records: ZipRecord[] = []
  source.windowBytes = DIRECTORY_WINDOW_BYTES
  source.lowest = sizeBytes
  const fault = await orFault(async () => {
    for await (const entry of zip.eachEntry()) {
      records.push(recordOf(entry))
      if (records.length % 4096 === 0) step(records.length, entryCount)
    }
  })
  if (typeof fault === 'string')
    return {
      reason: reasonFor(fault) === 'truncated' ? 'truncated' : 'bad-directory',
      detail: `Its list of entries breaks off after ${records.length} of ${entryCount}: ${fault}`,
    }
  source.directoryFrom = source.lowest
  source.windowBytes = HEADER_WINDOW_BYTES
  const hidden = await hiddenBehind(zip, source, sizeBytes)
  return hidden === null ? records : { reason: 'bad-directory', detail: hidden }
}

/** An entry behind those that were counted would be seen by another tool and not by this one. */
async function hiddenBehind(zip: ZipFile, source: HandleReader, sizeBytes: number): Promise<string | null> {
  // The library's own place in the list; its types say boolean, its code a number.
  const end = Number(zip.readEntryCursor)
  const commentBytes = zip.comment.length
  const endRecord = sizeBytes - 22 - commentBytes
  if (end === endRecord) return null
  if (end + 4 > endRecord) return 'Its list of entries is said to begin behind its own end.'
  const next = Buffer.alloc(4)
  await source.at(end, next)
  return next.readUInt32LE(0) === ZIP64_END
    ? null
    : 'Between its list of entries and its end lies something that the list does not count.'
}

const ZIP64_END = 0x06064b50

function recordOf(entry: Entry): ZipRecord {
  const name = decodeName(entry.fileNameRaw)
  const madeOnUnix = entry.versionMadeBy >>> 8 === 3 || entry.versionMadeBy >>> 8 === 19
  return {
    name,
    isFolder: name.endsWith('/'),
    method: entry.compressionMethod,
    flags: entry.generalPurposeBitFlag,
    modeKind: madeOnUnix ? (entry.externalFileAttributes >>> 16) & 0o170000 : 0,
    crc32: entry.crc32,
    packedBytes: entry.compressedSize,
    sizeBytes: entry.uncompressedSize,
    headerOffset: entry.relativeOffsetOfLocalHeader,
    dataOffset: 0,
  }
}

/** UTF-8 whatever the flag says: plain names are the same in every encoding, and what is no UTF-8 is refused by its name. */
function decodeName(raw: Uint8Array): string {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8')
}

async function judgeHeaders(
  zip: ZipFile,
  records: readonly ZipRecord[],
  directoryFrom: number,
  refused: RefusalList,
  step: Step,
): Promise<void> {
  const extents: Extent[] = []
  // In the order in which they lie, so that reading ahead serves many at once.
  for (const [index, record] of records.toSorted((a, b) => a.headerOffset - b.headerOffset).entries()) {
    const header = await orFault(() => readHeader(zip, record))
    if (typeof header === 'string') {
      refused.add(refuseEntry(record.name, 'header-mismatch', `Its own header cannot be read: ${header}`))
      continue
    }
    const differs = differenceBetween(record, header)
    if (differs !== null) refused.add(refuseEntry(record.name, 'header-mismatch', differs))
    record.dataOffset = header.fileDataStart
    extents.push({ name: record.name, from: record.headerOffset, to: header.fileDataStart + record.packedBytes })
    if (index % 4096 === 0) step(index, records.length)
  }
  judgeExtents(extents, directoryFrom, refused)
}

function readHeader(zip: ZipFile, record: ZipRecord): Promise<LocalFileHeader> {
  return zip.readLocalFileHeaderPromise(placeOf(record))
}

/** The library asks only these of an entry that it made itself. */
function placeOf(record: ZipRecord): Entry {
  return {
    relativeOffsetOfLocalHeader: record.headerOffset,
    compressedSize: record.packedBytes,
    uncompressedSize: record.sizeBytes,
    compressionMethod: record.method,
    isEncrypted: () => false,
    isCompressed: () => record.method === 8,
    canDecodeFileData: () => true,
  } as unknown as Entry
}

const FLAG_SIZES_BEHIND = 0x8
const IN_ZIP64 = 0xffffffff

/** What the local header says otherwise than the central directory; null where both say the same. */
function differenceBetween(record: ZipRecord, header: LocalFileHeader): string | null {
  const name = decodeName(header.fileName)
  if (name !== record.name) return `Its own header calls it “${name.slice(0, 240)}”.`
  if (header.compressionMethod !== record.method)
    return `Its own header says method ${header.compressionMethod}, the list ${record.method}.`
  const sizesBehind = (header.generalPurposeBitFlag & FLAG_SIZES_BEHIND) !== 0
  const figures = [
    ['size', header.uncompressedSize, record.sizeBytes],
    ['packed size', header.compressedSize, record.packedBytes],
    ['checksum', header.crc32, record.crc32],
  ] as const
  for (const [what, own, listed] of figures) {
    if (own === listed || (sizesBehind && own === 0) || (what !== 'checksum' && own === IN_ZIP64)) continue
    return `Its own header says ${what} ${own}, the list ${listed}.`
  }
  return null
}

function zipReader(
  name: string,
  zip: ZipFile,
  records: readonly ZipRecord[],
  source: HandleReader,
  handle: FileHandle,
): BundleReader {
  const byName = new Map<string, ZipRecord>()
  let ignored = 0
  for (const record of records) {
    if (record.isFolder) continue
    if (isNobodys(record.name)) ignored++
    else byName.set(record.name, record)
  }
  const files: BundleFile[] = [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))

  function ownRecord({ name: entry }: BundleFile): ZipRecord {
    const record = byName.get(entry)
    invariant(record !== undefined, 'a reader is asked for its own files')
    return record
  }

  async function pour(
    file: BundleFile,
    sink: (piece: Uint8Array) => void | Promise<void>,
  ): Promise<EntryRefusal | null> {
    const record = ownRecord(file)
    let sizeBytes = 0
    let checksum = 0
    const stream = await zip.openReadStreamPromise(placeOf(record))
    try {
      for await (const piece of piecesOf(stream)) {
        sizeBytes += piece.length
        // Whatever it promised: not a byte more is taken than it said.
        if (sizeBytes > record.sizeBytes)
          return refuseEntry(
            file.name,
            'wrong-size',
            `It goes on after the ${record.sizeBytes} bytes that it promises.`,
          )
        checksum = crc32(piece, checksum)
        await sink(piece)
      }
    } catch (error) {
      if (!(error instanceof CannotUnpack)) throw error
      return refuseEntry(file.name, 'cannot-unpack', `It cannot be unpacked: ${error.message}`)
    } finally {
      stream.destroy()
    }
    return judgeContent(record, sizeBytes, checksum)
  }

  async function read(file: BundleFile, limitBytes: number): Promise<FileContent> {
    if (file.sizeBytes > limitBytes) return tooLarge(file, limitBytes)
    const record = ownRecord(file)
    if (Math.max(record.sizeBytes, record.packedBytes) <= AT_ONCE_BYTES) return readSmall(record)
    const bytes = new Uint8Array(file.sizeBytes)
    let at = 0
    const refusal = await pour(file, (piece) => {
      bytes.set(piece, at)
      at += piece.length
    })
    return refusal === null ? { ok: true, bytes } : { ok: false, refusal }
  }

  // Most files are small, and a stream for each would cost more than its content.
  async function readSmall(record: ZipRecord): Promise<FileContent> {
    const packed = Buffer.alloc(record.packedBytes)
    await source.at(record.dataOffset, packed)
    const unpacked = record.method === 0 ? packed : inflated(packed, record.sizeBytes)
    if (typeof unpacked === 'string')
      return { ok: false, refusal: refuseEntry(record.name, 'cannot-unpack', `It cannot be unpacked: ${unpacked}`) }
    const refusal = judgeContent(record, unpacked.length, crc32(unpacked))
    return refusal === null ? { ok: true, bytes: unpacked } : { ok: false, refusal }
  }

  return {
    name,
    files,
    refused: new RefusalList(BUNDLE_LIMITS.listedRefusals),
    ignored,
    read,
    pour,
    folderOf: () => '',
    directory: () => fileTree(files, read),
    close: () => handle.close(),
  }
}

const AT_ONCE_BYTES = 256 * 1024

/** A text says why not. One byte more than promised is made room for, so that it shows. */
function inflated(packed: Uint8Array, sizeBytes: number): Buffer | string {
  try {
    return inflateRawSync(packed, { maxOutputLength: sizeBytes + 1 })
  } catch (error) {
    return faultOf(error)
  }
}

/** Bytes that do not unpack; what their reader does with them throws what it throws. */
class CannotUnpack extends Error {}

async function* piecesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  try {
    // The library's streams are of bytes.
    yield* stream as AsyncIterable<Buffer>
  } catch (error) {
    throw new CannotUnpack(faultOf(error))
  }
}

function judgeContent(record: ZipRecord, sizeBytes: number, checksum: number): EntryRefusal | null {
  if (sizeBytes !== record.sizeBytes)
    return refuseEntry(
      record.name,
      'wrong-size',
      `It unpacks to ${sizeBytes} bytes instead of the ${record.sizeBytes} that it promises.`,
    )
  if (checksum !== record.crc32)
    return refuseEntry(
      record.name,
      'wrong-checksum',
      `Its content has the checksum ${hex(checksum)}, its header says ${hex(record.crc32)}.`,
    )
  return null
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0')
}
