// Zips that somebody changed at random: each ends in a bundle or in refusals with entry and reason, never in a throw, and never in
// more bytes than were promised.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { judgeName, nameKey } from '../../../core/bundles/entry-names.ts'
import type { EntryRefusal } from '../../../core/bundles/refusals.ts'
import { openBundle } from '../../../core/bundles/open-bundle-adapter.ts'
import { rawZip } from '#tests/kit/raw-zip.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const folder = mkdtempSync(join(tmpdir(), 'steward-zip-fuzz-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const RUNS = propertyRuns({ usual: 1_000 })

const valid = rawZip([
  { name: 'nodes/a/head', content: 'a head' },
  { name: 'nodes/a/feed/1-2.jsonl', content: '{"receipt":"steward/1"}\n'.repeat(40), deflate: true },
  { name: 'folder/' },
  { name: 'folder/ü.json', content: '{}' },
])

const mutation = fc.oneof(
  fc.record({ at: fc.nat(valid.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
  // Where figures stand, the figures that lie best.
  fc.record({
    at: fc.nat(valid.length - 5),
    bytes: fc.constantFrom(
      [0xff, 0xff, 0xff, 0xff],
      [0, 0, 0, 0],
      [0xff, 0xff],
      [0x2f, 0x2e, 0x2e],
      [0x50, 0x4b, 1, 2],
    ),
  }),
)

test('whatever is changed in a zip, it is judged and never trusted further than it was judged', async () => {
  const path = join(folder, 'fuzzed.zip')
  await fc.assert(
    fc.asyncProperty(
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(valid.length)),
      async (mutations, cut) => {
        const bytes = Buffer.from(valid)
        for (const each of mutations) Buffer.from(each.bytes).copy(bytes, each.at)
        writeFileSync(path, cut === null ? bytes : bytes.subarray(0, cut))
        const bundle = await openBundle({ paths: [path], name: null }, () => undefined)
        if (!bundle.ok) return unexplained(bundle.refused.items)
        const keys = bundle.reader.files.map(({ name }) => nameKey(name))
        expect(new Set(keys).size).toBe(keys.length)
        for (const file of bundle.reader.files) {
          expect(judgeName(file.name)).toBeNull()
          const content = await bundle.reader.read(file, 1024 * 1024)
          expect(content.ok ? content.bytes.length : file.sizeBytes).toBe(file.sizeBytes)
          if (!content.ok) unexplained([content.refusal])
          let poured = 0
          const refusal = await bundle.reader.pour(file, (piece) => void (poured += piece.length))
          expect(poured).toBeLessThanOrEqual(file.sizeBytes)
          // Both ways of reading come to the same verdict.
          expect(refusal === null).toBe(content.ok)
        }
        await bundle.reader.close()
      },
    ),
    { numRuns: RUNS },
  )
})

/** A refusal that says nothing is none. */
function unexplained(refusals: readonly EntryRefusal[]): void {
  const silent = refusals.filter(({ reason, detail, remedy }) => [reason, detail, remedy].includes(''))
  if (refusals.length === 0 || silent.length > 0) throw new Error(`Refused without a word: ${JSON.stringify(refusals)}`)
}

test('no name that passes leads out of the bundle on any system', () => {
  const part = fc.oneof(
    fc.constantFrom('..', '.', '', 'C:', 'con', 'a.', 'x', '\\', '\0', '\u202e', 'a b', 'LPT1.txt', '~', 'ü'),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const name = parts.join('/')
      if (judgeName(name) !== null) return
      expect(name).not.toMatch(/(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|\p{Cc}/u)
      expect(new URL(name.split('/').map(encodeURIComponent).join('/'), 'file:///base/').pathname).toMatch(/^\/base\//)
    }),
    { numRuns: RUNS * 10 },
  )
})
