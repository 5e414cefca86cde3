// Zips: honest ones, ones that the writer was told to lie in, and ones in whose records other figures were put.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judgeName, nameKey } from '../../../core/bundles/entry-names.ts'
import { openBundle } from '../../../core/bundles/open-bundle-adapter.ts'
import { rawZip, type RawEntry } from '#tests/kit/raw-zip.ts'
import { mutateBytes } from '../mutate-bytes.ts'
import type { Random } from '../random.ts'
import { must, mustEqual, orRefusalLater, type Target } from '../target.ts'

const NAMES = [
  'nodes/a/head',
  'nodes/a/feed/1-2.jsonl',
  'folder/',
  'folder/ü.json',
  'folder/u\u0308.json',
  'A',
  'a',
  'a/',
  'a/b',
  '',
  '../x',
  '/x',
  'C:/x',
  'a\\b',
  'con',
  'x.',
  'n'.repeat(241),
  'd/'.repeat(33),
  'x.zip',
  'a\0b',
  '__MACOSX/a',
  '.DS_Store',
]

function hostileEntry(random: Random, nth: number): RawEntry {
  const size = random.pick([0, 1, 40, 3_000, 70_000, 300_000])
  const content = random.oneIn(3) ? Buffer.alloc(size, 'abc') : random.bytes(Math.min(size, 2_000))
  const honest: RawEntry = {
    name: random.oneIn(6) ? random.pick(NAMES) : `folder/${nth}.json`,
    content,
    deflate: random.oneIn(2),
  }
  if (!random.oneIn(4)) return honest
  const figure = random.pick([0, 1, content.length + 1, 0xffff, 0xffffffff, 0x7fffffff])
  return {
    ...honest,
    ...random.pick<Partial<RawEntry>>([
      { sizeBytes: figure },
      { packedBytes: figure },
      { checksum: figure },
      { listedSizeBytes: figure },
      { method: random.pick([0, 1, 8, 9, 12, 14, 93, 99, 0xffff]) },
      { flags: random.below(0x10000) },
      { mode: random.pick([0o120777, 0o010644, 0o040755, 0o100644, 0]) },
      { localName: random.pick(NAMES) },
      { zip64SizeBytes: random.pick([0n, 1n << 31n, 1n << 42n, (1n << 64n) - 1n]) },
      ...(nth > 0 ? [{ sharesWith: random.below(nth) }] : []),
    ]),
  }
}

/** Offsets of the fields of each record, by its signature, with their widths. */
const FIELDS: ReadonlyMap<number, readonly (readonly [number, number])[]> = new Map([
  [
    0x04034b50,
    [
      [4, 2],
      [6, 2],
      [8, 2],
      [14, 4],
      [18, 4],
      [22, 4],
      [26, 2],
      [28, 2],
    ],
  ],
  [
    0x02014b50,
    [
      [4, 2],
      [8, 2],
      [10, 2],
      [16, 4],
      [20, 4],
      [24, 4],
      [28, 2],
      [30, 2],
      [32, 2],
      [34, 2],
      [38, 4],
      [42, 4],
    ],
  ],
  [
    0x06054b50,
    [
      [4, 2],
      [6, 2],
      [8, 2],
      [10, 2],
      [12, 4],
      [16, 4],
      [20, 2],
    ],
  ],
])

function lied(random: Random, zip: Buffer): Buffer {
  const records: number[] = []
  for (let at = zip.indexOf('PK'); at >= 0; at = zip.indexOf('PK', at + 1))
    if (at + 46 <= zip.length || at + 22 <= zip.length) records.push(at)
  const copy = Buffer.from(zip)
  const at = random.pick([...records, 0])
  const fields = at + 4 <= zip.length ? FIELDS.get(zip.readUInt32LE(at)) : undefined
  if (fields === undefined) return copy
  const [offset, width] = random.pick(fields)
  if (at + offset + width > zip.length) return copy
  const before = copy.readUIntLE(at + offset, width)
  const most = 2 ** (8 * width) - 1
  const other = random.pick([
    0,
    1,
    before + 1,
    Math.max(0, before - 1),
    most,
    most - 1,
    zip.length,
    random.below(most),
    random.pick(records),
  ])
  copy.writeUIntLE(Math.min(other, most), at + offset, width)
  return copy
}

function hostileZip(random: Random): Uint8Array {
  const count = random.pick([0, 1, 2, 3, 8])
  const entries = Array.from({ length: count }, (_, nth) => hostileEntry(random, nth))
  const end = random.oneIn(10)
    ? random.pick([
        { count: 0xffff },
        { count: count + 1 },
        { count: Math.max(0, count - 1) },
        { before: random.bytes(40) },
      ])
    : {}
  let zip = rawZip(entries, end)
  if (random.oneIn(20)) zip = zip64Ended(random, zip)
  if (random.oneIn(2)) for (let change = random.below(3); change >= 0; change--) zip = lied(random, zip)
  if (random.oneIn(6)) zip = mutateBytes(random, zip)
  if (random.oneIn(20))
    zip = Buffer.concat([zip, random.pick([zip, Buffer.alloc(70_000, 'PK\x05\x06'), random.bytes(30)])])
  return zip
}

/** The same with a zip64 end in front of the plain one, whose figures may say anything. */
function zip64Ended(random: Random, zip: Buffer): Buffer {
  const plain = Buffer.from(zip.subarray(-22))
  const end = Buffer.alloc(56 + 20)
  const figure = (honest: number) =>
    random.pick([BigInt(honest), BigInt(honest), 0n, 1_000_000n, 1n << 40n, (1n << 64n) - 1n, 1n << 53n])
  end.writeUInt32LE(0x06064b50, 0)
  end.writeBigUInt64LE(44n, 4)
  end.writeBigUInt64LE(figure(plain.readUInt16LE(8)), 24)
  end.writeBigUInt64LE(figure(plain.readUInt16LE(10)), 32)
  end.writeBigUInt64LE(figure(plain.readUInt32LE(12)), 40)
  end.writeBigUInt64LE(figure(plain.readUInt32LE(16)), 48)
  end.writeUInt32LE(0x07064b50, 56)
  end.writeBigUInt64LE(figure(zip.length - 22), 64)
  end.writeUInt32LE(1, 72)
  for (const [offset, width] of [
    [8, 2],
    [10, 2],
    [12, 4],
    [16, 4],
  ] as const)
    if (random.oneIn(2)) plain.writeUIntLE(2 ** (8 * width) - 1, offset, width)
  return Buffer.concat([zip.subarray(0, -22), end, plain])
}

let folder = ''

const zip: Target = {
  name: 'zip',
  make: hostileZip,
  open: () => void (folder = mkdtempSync(join(tmpdir(), 'steward-fuzz-'))),
  close: () => rmSync(folder, { recursive: true, force: true }),
  async check(bytes) {
    const path = join(folder, 'fuzzed.zip')
    writeFileSync(path, bytes)
    const bundle = await orRefusalLater(() => openBundle({ paths: [path], name: null }, () => undefined))
    must(bundle !== null, 'a file that is there is judged')
    if (!bundle.ok) {
      must(bundle.refused.count > 0, 'a bundle is refused for a reason')
      for (const { reason, detail, remedy } of bundle.refused.items)
        must(![reason, detail, remedy].includes(''), 'a refusal says why')
      return
    }
    const { reader } = bundle
    mustEqual(
      new Set(reader.files.map(({ name }) => nameKey(name))).size,
      reader.files.length,
      'no two files are one file elsewhere',
    )
    for (const file of reader.files) {
      must(judgeName(file.name) === null, 'no name does harm')
      const content = await reader.read(file, 1024 * 1024)
      must(!content.ok || content.bytes.length === file.sizeBytes, 'a file is as long as it was promised')
      let poured = 0
      const refusal = await reader.pour(file, (piece) => void (poured += piece.length))
      must(poured <= file.sizeBytes, 'not a byte more is taken than was promised')
      must(
        file.sizeBytes > 1024 * 1024 || (refusal === null) === content.ok,
        'both ways of reading come to the same verdict',
      )
    }
    await reader.close()
  },
}

export const zipTargets = [zip]
