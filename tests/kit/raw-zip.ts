// A zip writer that lies wherever it is told to. Honest by default: stored or deflated, sizes and checksums right.
import { crc32, deflateRawSync } from 'node:zlib'

export interface RawEntry {
  readonly name: string | Uint8Array
  readonly content?: Uint8Array | string
  readonly deflate?: boolean
  /** What the local header says where that differs. */
  readonly localName?: string
  readonly flags?: number
  readonly method?: number
  /** Unix mode with its kind, such as 0o120777 for a link. */
  readonly mode?: number
  /** What both headers say, true or not. */
  readonly sizeBytes?: number
  readonly packedBytes?: number
  readonly checksum?: number
  /** What only the list says of it. */
  readonly listedSizeBytes?: number
  /** Points at another entry's local header instead of having one. */
  readonly sharesWith?: number
  /** Says in the list that size is in a zip64 field, and what is in that. */
  readonly zip64SizeBytes?: bigint
}

export interface RawEnd {
  /** How many entries the end says there are. */
  readonly count?: number
  /** Bytes put before everything. */
  readonly before?: Uint8Array
}

export function rawZip(entries: readonly RawEntry[], end: RawEnd = {}): Buffer {
  const before = Buffer.from(end.before ?? [])
  const local: Buffer[] = [before]
  const list: Buffer[] = []
  const offsets: number[] = []
  let at = before.length
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? '')
    const packed = entry.deflate === true ? deflateRawSync(content) : content
    const name = Buffer.from(entry.name)
    const method = entry.method ?? (entry.deflate === true ? 8 : 0)
    const flags = entry.flags ?? 0x800
    const checksum = entry.checksum ?? crc32(content)
    const sizeBytes = entry.sizeBytes ?? content.length
    const packedBytes = entry.packedBytes ?? packed.length
    const offset = entry.sharesWith === undefined ? at : (offsets[entry.sharesWith] ?? 0)
    offsets.push(offset)
    if (entry.sharesWith === undefined) {
      const localName = Buffer.from(entry.localName ?? name)
      const header = Buffer.alloc(30)
      header.writeUInt32LE(0x04034b50, 0)
      header.writeUInt16LE(20, 4)
      header.writeUInt16LE(flags, 6)
      header.writeUInt16LE(method, 8)
      header.writeUInt32LE(checksum, 14)
      header.writeUInt32LE(packedBytes, 18)
      header.writeUInt32LE(sizeBytes, 22)
      header.writeUInt16LE(localName.length, 26)
      local.push(header, localName, packed)
      at += header.length + localName.length + packed.length
    }
    list.push(listed({ entry, name, method, flags, checksum, packedBytes, sizeBytes, offset }))
  }
  const listBytes = Buffer.concat(list)
  const tail = Buffer.alloc(22)
  tail.writeUInt32LE(0x06054b50, 0)
  tail.writeUInt16LE(end.count ?? entries.length, 8)
  tail.writeUInt16LE(end.count ?? entries.length, 10)
  tail.writeUInt32LE(listBytes.length, 12)
  tail.writeUInt32LE(at, 16)
  return Buffer.concat([...local, listBytes, tail])
}

interface Listed {
  readonly entry: RawEntry
  readonly name: Buffer
  readonly method: number
  readonly flags: number
  readonly checksum: number
  readonly packedBytes: number
  readonly sizeBytes: number
  readonly offset: number
}

function listed({ entry, name, method, flags, checksum, packedBytes, sizeBytes, offset }: Listed): Buffer {
  const extra = Buffer.alloc(entry.zip64SizeBytes === undefined ? 0 : 12)
  if (entry.zip64SizeBytes !== undefined) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(8, 2)
    extra.writeBigUInt64LE(entry.zip64SizeBytes, 4)
  }
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  // Made on Unix, so that the mode counts.
  header.writeUInt16LE((3 << 8) | 20, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(flags, 8)
  header.writeUInt16LE(method, 10)
  header.writeUInt32LE(checksum, 16)
  header.writeUInt32LE(packedBytes, 20)
  header.writeUInt32LE(entry.zip64SizeBytes === undefined ? (entry.listedSizeBytes ?? sizeBytes) : 0xffffffff, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38)
  header.writeUInt32LE(offset, 42)
  return Buffer.concat([header, name, extra])
}
