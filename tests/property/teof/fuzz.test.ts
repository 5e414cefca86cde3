// Every decoder of TEOF files, on noise, on real files with bytes changed or cut, and on real files with values put where others
// stood: it answers, what it answers holds together, and each finding is a sentence with what to do. Nothing here may throw.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  checkCapsule,
  compareAnchors,
  compareHashLedgers,
  directoryOfFiles,
  judgeFile,
  parseAnchors,
  parseCapsuleHashes,
  parseHashLedger,
  parseKeyFile,
  parsePlan,
  parseTaskClaim,
  parseUsageReceipt,
  readCapsules,
  recogniseNodes,
} from '#core/teof/index.ts'
import type { Finding } from '#core/teof/index.ts'
import { bytesOf, checker, corpusFiles, ringOf, textOf } from '#tests/unit/teof/corpus.ts'

const files = corpusFiles('node-c')
const ring = ringOf(files)
const ANCHORS = 'governance/anchors.json'
const CAPSULE = 'capsule/current/hashes.json'
const PLAN = '_plans/2025-09-22-external-feed-demo.plan.json'
const FEED = '_report/external/demo/20251004T060046Z.json'
const EXTERNAL = '_report/usage/external-summary.json'
const HYGIENE = '_report/usage/receipts-hygiene-summary.json'
const KEY = 'feed.demo-2025.pub'
const RUNS = { numRuns: 1_000 }

test('receipts: of changed ones only those verify whose content is the same', () => {
  const original = judgeFile(FEED, files.get(FEED)!, ring, checker)
  fc.assert(
    fc.property(changed(FEED), (bytes) => {
      const judged = judgeFile(FEED, bytes, ring, checker)
      expect(areSentences(judged.findings)).toBe(true)
      expect(judged.isJson).toBe(!judged.findings.some(({ code }) => code === 'unreadable-json'))
      expect(judged.contentHash === original.contentHash || judged.envelope.state !== 'ok').toBe(true)
    }),
    RUNS,
  )
})

test('anchors: whatever is read is the same as itself', () => {
  fc.assert(
    fc.property(changed(ANCHORS), (bytes) => {
      const parsed = parseAnchors(bytes)
      expect(areSentences(parsed.ok ? parsed.anchors.findings : [parsed.finding])).toBe(true)
      expect(!parsed.ok || compareAnchors(parsed.anchors, parsed.anchors).relation === 'same').toBe(true)
    }),
    RUNS,
  )
})

test('capsule hashes: no place leaves the capsule', async () => {
  const name = fc.string({ unit: fc.constantFrom('..', '/', 'x', '\\', 'capsule', 'v1') })
  const listed = fc.dictionary(name, fc.constant('a'.repeat(64))).map((hashes) => bytesOf(JSON.stringify(hashes)))
  await fc.assert(
    fc.asyncProperty(fc.oneof(changed(CAPSULE), listed), async (bytes) => {
      const parsed = parseCapsuleHashes('capsule/current', bytes)
      const places = parsed.ok ? parsed.hashes.entries.flatMap((entry) => entry.places) : []
      expect(areSentences(parsed.ok ? parsed.hashes.findings : [parsed.finding])).toBe(true)
      expect(places.every((place) => place.startsWith('capsule/') && !place.split('/').includes('..'))).toBe(true)
      const check = await checkCapsule(directoryOfFiles(new Map([[CAPSULE, bytes]])), 'capsule/current')
      expect(areSentences(check?.findings ?? [])).toBe(true)
    }),
    RUNS,
  )
})

test('plans, tasks and usage receipts', () => {
  fc.assert(
    fc.property(changed(PLAN), changed(EXTERNAL), changed(HYGIENE), (plan, external, hygiene) => {
      const parsed = parsePlan(PLAN, plan)
      expect(areSentences(parsed.ok ? parsed.plan.findings : [parsed.finding])).toBe(true)
      expect(parseTaskClaim(plan)).toBeNull()
      expect([null, 'external-summary']).toContain(parseUsageReceipt(EXTERNAL, external)?.type ?? null)
      expect([null, 'receipts-hygiene']).toContain(parseUsageReceipt(HYGIENE, hygiene)?.type ?? null)
    }),
    RUNS,
  )
})

test('key files: a key, or why it is none; no name becomes a path', () => {
  fc.assert(
    fc.property(changed(`governance/keys/${KEY}`), fc.oneof(fc.constant('feed'), fc.string()), (bytes, name) => {
      const parsed = parseKeyFile(`${name}.pub`, bytes)
      expect(parsed.ok ? isPlainName(parsed.key.keyId) : areSentences([parsed.finding])).toBe(true)
    }),
    RUNS,
  )
})

test('hash-ledgers: whoever has the beginning of one is never in conflict with whoever has all of it', () => {
  const line = fc.oneof(fc.json(), fc.string(), fc.constant('{"prev_hash":"","hash":"","ts":""}'))
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 8 }),
      fc.option(fc.json(), { nil: null }),
      fc.nat(8),
      (lines, state, kept) => {
        const read = (some: readonly string[]) =>
          parseHashLedger('ledger', bytesOf(some.join('\n')), state === null ? null : bytesOf(state))
        const [whole, prefix] = [read(lines), read(lines.slice(0, kept))]
        expect(areSentences(whole.findings)).toBe(true)
        expect(['same', 'extends']).toContain(compareHashLedgers(whole, prefix).relation)
      },
    ),
    RUNS,
  )
})

test('folders of any names are looked through, and capsule/current leads nowhere else', async () => {
  const part = fc.oneof(
    fc.constantFrom('_report', 'capsule', 'current', '_apoptosis', 'hashes.json', '..'),
    fc.string(),
  )
  const path = fc.array(part, { minLength: 1, maxLength: 7 }).map((parts) => parts.join('/'))
  await fc.assert(
    fc.asyncProperty(fc.array(path, { maxLength: 6 }), fc.string(), async (paths, target) => {
      const reader = directoryOfFiles(
        new Map(paths.map((one) => [one, bytesOf('{}')])),
        new Map([['capsule/current', target]]),
      )
      expect((await recogniseNodes(reader, 'given')).outcome).toMatch(/^(nodes|none)$/)
      const { pointer } = await readCapsules(reader)
      expect(pointer === null || pointer.folder.startsWith('capsule/')).toBe(true)
    }),
    RUNS,
  )
})

/** Bytes, a real file with bytes changed, and a real file with other values in it. */
function changed(path: string): fc.Arbitrary<Uint8Array> {
  const real = files.get(path)!
  const bytesChanged = fc
    .array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((edits) => {
      const bytes = Uint8Array.from(real)
      for (const [at, value] of edits) bytes[at] = value
      return bytes
    })
  const cut = fc.nat(real.length).map((length) => real.subarray(0, length))
  const noise = fc.uint8Array({ maxLength: 64 })
  if (!path.endsWith('.json')) return fc.oneof(bytesChanged, cut, noise)
  const put = fc
    .tuple(fc.array(fc.nat(), { maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }))
    .map(([way, value]) => bytesOf(JSON.stringify(replaced(JSON.parse(textOf(real)), way, value))))
  return fc.oneof(bytesChanged, cut, noise, put)
}

/** The value with another one at the place that the numbers lead to. */
function replaced(at: unknown, [step, ...way]: readonly number[], value: unknown): unknown {
  if (step === undefined || typeof at !== 'object' || at === null) return value
  const entries = Object.entries(at)
  const chosen = entries.length === 0 ? -1 : step % entries.length
  const changedEntries: (readonly [string, unknown])[] = entries.map(([key, item], index) => [
    key,
    index === chosen ? replaced(item, way, value) : item,
  ])
  return Array.isArray(at) ? changedEntries.map(([, item]): unknown => item) : Object.fromEntries(changedEntries)
}

function areSentences(findings: readonly Finding[]): boolean {
  return findings.every(({ happened, remedy }) => isSentence(happened) && isSentence(remedy))
}

function isSentence(text: string): boolean {
  return /^\S.{10,}\.$/su.test(text) && text.length < 1_500
}

function isPlainName(keyId: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(keyId) && !keyId.includes('..')
}
