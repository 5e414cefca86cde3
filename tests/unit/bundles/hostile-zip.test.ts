import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openBundle } from '../../../core/bundles/open-bundle-adapter.ts'
import { hostileZips } from '#tests/fixtures/hostile-zip/build.ts'
import { rawZip } from '#tests/kit/raw-zip.ts'

const folder = mkdtempSync(join(tmpdir(), 'steward-zip-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SEGMENT = `nodes/z6Mk${'a'.repeat(44)}/feed/1-1.jsonl`

async function opened(bytes: Uint8Array) {
  const path = join(folder, 'bundle.zip')
  writeFileSync(path, bytes)
  return openBundle({ paths: [path], name: null }, () => undefined)
}

const tricks = hostileZips(2026, SEGMENT)

test.each(tricks.filter(({ expect: wanted }) => wanted.outcome === 'refused'))(
  '$trick refuses the bundle, by its entry and its reason',
  async ({ bytes, expect: { entry, reason } }) => {
    const bundle = await opened(bytes)
    const refusals = bundle.ok ? [] : bundle.refused.items
    expect(refusals.map((each) => ({ entry: each.entry, reason: each.reason }))).toContainEqual({ entry, reason })
    for (const { detail, remedy } of refusals) expect(detail && remedy).not.toBe('')
  },
)

test.each(tricks.filter(({ expect: wanted }) => wanted.outcome === 'entry-refused'))(
  '$trick refuses that entry alone, and the rest goes on',
  async ({ bytes, expect: { entry, reason } }) => {
    const reader = await trusted(bytes)
    for (const file of reader.files) {
      const content = await reader.read(file, 1024 * 1024)
      expect(content).toMatchObject(file.name === entry ? { ok: false, refusal: { entry, reason } } : { ok: true })
    }
    await reader.close()
  },
)

async function trusted(bytes: Uint8Array) {
  const bundle = await opened(bytes)
  if (!bundle.ok) throw new Error(JSON.stringify(bundle.refused.items))
  return bundle.reader
}

test('more entries than the limit are refused before they are read', async () => {
  const record = rawZip([{ name: 'x' }])
  const listed = record.subarray(31, 31 + 47)
  const end = Buffer.alloc(22 + 20 + 56)
  // A zip64 end, since the other one counts to 65,535.
  end.writeUInt32LE(0x06064b50, 0)
  end.writeBigUInt64LE(44n, 4)
  end.writeBigUInt64LE(1_000_000n, 24)
  end.writeBigUInt64LE(1_000_000n, 32)
  end.writeUInt32LE(0x07064b50, 56)
  end.writeBigUInt64LE(BigInt(31 + 47), 64)
  end.writeUInt32LE(0x06054b50, 76)
  end.writeUInt16LE(0xffff, 76 + 8)
  end.writeUInt16LE(0xffff, 76 + 10)
  const bundle = await opened(Buffer.concat([record.subarray(0, 31), listed, end]))
  expect(bundle.ok ? [] : bundle.refused.items).toMatchObject([{ entry: '', reason: 'too-many-entries' }])
})

test('the same seed makes the same bytes', () => {
  const hashes = [1, 2].map(() => hostileZips(7, SEGMENT).map(({ bytes }) => bytes.toString('base64')))
  expect(hashes[0]).toEqual(hashes[1])
})

test('content in a small entry and in a streamed one is read alike', async () => {
  const small = Buffer.from('a'.repeat(1000))
  const large = Buffer.from(Array.from({ length: 3 * 1024 * 1024 }, (_, index) => (index * 7919) % 251))
  const reader = await trusted(
    rawZip([
      { name: 'small', content: small, deflate: true },
      { name: 'large', content: large },
    ]),
  )
  for (const file of reader.files) {
    const content = await reader.read(file, 8 * 1024 * 1024)
    expect(content.ok && Buffer.from(content.bytes).equals(file.name === 'small' ? small : large)).toBe(true)
  }
  await reader.close()
})
