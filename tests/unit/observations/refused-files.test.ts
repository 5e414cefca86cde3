import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ImportedDirectory } from '#core/observations/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { importedBody, listOrigins } from '#core/reconcile/index.ts'
import { directoryOfFiles, type DirectoryReader } from '#core/teof/index.ts'
import {
  corpusFolder,
  DirectoryCopy,
  directoryOf,
  importingSteward,
  type ImportingSteward,
} from '#tests/kit/importer.ts'

const A = '_report/a.json'
const KEY = 'governance/keys/feed.demo-2025.pub'

type Reading = Awaited<ReturnType<DirectoryReader['read']>>

/** The directory, with another answer where these paths are read. */
function answering(
  { label, reader }: ImportedDirectory,
  answers: Readonly<Record<string, Reading>>,
): ImportedDirectory {
  return {
    label,
    reader: {
      list: (...asked) => reader.list(...asked),
      read: async (path, limit) => answers[path] ?? reader.read(path, limit),
    },
  }
}

/** What the import signed for the file. */
function bodyOf({ ada }: ImportingSteward, path: string) {
  const found = ada.signed.find(({ receipt }) => receipt.kind === 'evidence/observed' && receipt.subject === path)
  return found === undefined ? null : importedBody(found.receipt.body)
}

function reasonsOf({ world }: ImportingSteward): readonly string[] {
  return world
    .conflicts()
    .map(({ id }) => world.review(id).why)
    .toSorted()
}

test.each<[string, string]>([
  ['_report/bell\u0007.json', 'its path holds control characters'],
  [`_report/${'ü'.repeat(600)}.json`, 'its path is longer than 1024 bytes'],
  ['_report/e\u0301.json', 'another file of the directory has the same name to a reader'],
])('a file that no receipt can name is left out and told: %j', async (path, why) => {
  using cast = importingSteward()
  const files = { [A]: '1', '_report/\u00e9.json': '2', [path]: '3' }
  const { signed, refused } = await cast.importer.import(directoryOf('one', files))
  expect(refused).toMatchObject([
    {
      reason: 'unfit-path',
      happened: `A file was left out, since ${why}.`,
      remedy: expect.stringContaining('Rename') as string,
    },
  ])
  // The directory and the two others.
  expect(signed).toBe(3)
})

test('what is too large or cannot be read is told with what to do, and does not count as gone', async () => {
  using cast = importingSteward()
  const files = { [A]: '1', '_report/b.json': '2', '_report/c.json': '3', '_report/d.json': '4' }
  await cast.importer.import(directoryOf('one', files))
  const directory = answering(directoryOf('one', files), {
    '_report/b.json': { outcome: 'too-large', sizeBytes: 9_000_000 },
    '_report/c.json': { outcome: 'failed', why: 'the system said EACCES' },
    '_report/d.json': { outcome: 'missing' },
  })
  const plan = await cast.importer.plan([directory])
  expect(plan.origins).toMatchObject([{ files: 3, known: 1, gone: 1 }])
  expect(plan.origins[0]?.refused.map(({ reason, happened }) => [reason, happened])).toEqual([
    ['too-large', '_report/b.json has 9,000,000 bytes; at most 8,388,608 are read.'],
    ['unreadable', '_report/c.json could not be read: the system said EACCES.'],
  ])
})

test('a link is not followed, and a hash-ledger whose lines cannot be read is told', async () => {
  using cast = importingSteward()
  const files = new Map(
    [A, '_report/ledger/index.jsonl', '_report/ledger/state.json'].map((path) => [path, Buffer.from('{}')]),
  )
  const linked = { label: 'one', reader: directoryOfFiles(files, new Map([['_report/link.json', '/etc/passwd']])) }
  const plan = await cast.importer.plan([
    answering(linked, { '_report/ledger/index.jsonl': { outcome: 'failed', why: 'the system said EIO' } }),
  ])
  expect(plan.origins[0]?.findings.map(({ code, path }) => [code, path])).toEqual(
    expect.arrayContaining([
      ['link-not-followed', '_report/link.json'],
      ['not-read', '_report/ledger/index.jsonl'],
    ]),
  )
  expect(plan.origins[0]).toMatchObject({ added: 2 })
})

test('an artifact that was changed after its receipt is a conflict; one that is not here is none', async () => {
  using cast = importingSteward()
  const systemic = (artifact: string) => JSON.stringify({ artifact, hash_sha256: 'a'.repeat(64), systemic: {} })
  const found = hash('sha256', 'changed', 'hex')
  await cast.importer.import(
    directoryOf('one', {
      'docs/spec.md': 'changed',
      '_report/changed.json': systemic('docs/spec.md'),
      '_report/away.json': systemic('docs/away.md'),
      '_report/outside.json': systemic('../../outside.md'),
    }),
  )
  expect(cast.world.conflicts()).toMatchObject([{ kind: 'content-mismatch', subject: '_report/changed.json' }])
  expect(reasonsOf(cast)).toEqual([
    `_report/changed.json says that docs/spec.md hashes to ${'a'.repeat(64)}, but it hashes to ${found}.`,
  ])
})

test('a capsule file that does not fit its list is a conflict about the list', async () => {
  using cast = importingSteward()
  const list = JSON.stringify({ 'README.md': '0'.repeat(64) })
  await cast.importer.import(
    directoryOf('one', { 'capsule/current/hashes.json': list, 'capsule/current/README.md': 'x' }),
  )
  expect(cast.world.conflicts()).toMatchObject([{ kind: 'content-mismatch', subject: 'capsule/current/hashes.json' }])
  expect(reasonsOf(cast)[0]).toMatch(/^It says that capsule\/current\/README.md hashes to 0{64}, but the file there/)
})

test('a hash-ledger with a changed line is a conflict', async () => {
  using cast = importingSteward()
  const entry = { agent_id: 'a', metadata: {}, plan_id: 'p', prev_hash: '0'.repeat(64), ts: 't', version: 0 }
  await cast.importer.import(
    directoryOf('one', {
      '_report/ledger/index.jsonl': `${JSON.stringify({ ...entry, hash: 'f'.repeat(64) })}\n`,
      '_report/ledger/state.json': JSON.stringify({ tip_hash: 'f'.repeat(64), entry_count: 1 }),
    }),
  )
  expect(
    cast.world
      .conflicts()
      .map(({ kind, subject }) => `${kind} ${subject}`)
      .toSorted(),
  ).toEqual(['content-mismatch _report/ledger/index.jsonl', 'content-mismatch _report/ledger/state.json'])
})

test('a file that is cut off is kept as it is: nobody could have looked at its signature', async () => {
  using cast = importingSteward()
  await cast.importer.import(directoryOf('one', { [A]: '{"a":' }))
  expect(bodyOf(cast, A)).toMatchObject({ envelope: { state: 'skipped', why: 'The file cannot be read as JSON.' } })
})

test('what a file says about its plan is cut to what a receipt takes, and cleaned', async () => {
  using cast = importingSteward()
  const file = JSON.stringify({ plan_id: `p\u0007${'x'.repeat(400)}`, plan_step_id: 'S1' })
  await cast.importer.import(directoryOf('one', { [A]: file, '_report/b.json': '{"plan_id":"away"}' }))
  expect(bodyOf(cast, A)?.plans).toEqual([{ plan: `p\ufffd${'x'.repeat(197)}…`, step: 'S1' }])
  expect(bodyOf(cast, '_report/b.json')?.plans).toEqual([{ plan: 'away' }])
})

test('a plan whose receipts name no step is named by them all the same, once', async () => {
  using cast = importingSteward()
  const plan = {
    plan_id: 'levels',
    steps: [{ id: 'S1', status: 'open', receipts: [A] }],
    receipts: [A, '_report/b.json'],
  }
  await cast.importer.import(
    directoryOf('one', {
      [A]: '{"plan_id":"levels","plan_step_id":"S1"}',
      '_report/b.json': '{}',
      '_plans/levels.plan.json': JSON.stringify(plan),
    }),
  )
  expect(bodyOf(cast, A)?.plans).toEqual([{ plan: 'levels', step: 'S1' }])
  expect(bodyOf(cast, '_report/b.json')?.plans).toEqual([{ plan: 'levels' }])
})

test('anchors and capsules that cannot be read are told of their directory', async () => {
  using cast = importingSteward()
  await cast.importer.import(
    directoryOf('one', { [A]: '1', 'governance/anchors.json': '[', 'capsule/current/hashes.json': '[' }),
  )
  expect(listOrigins(cast.world.db).items).toMatchObject([
    { label: 'one', anchors: { state: 'unreadable' }, capsule: { state: 'unreadable', pointer: 'capsule/current' } },
  ])
})

test('a key that was rotated out explains nothing once its file is not kept any more', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('node-a')
  await cast.importer.import(copy.as('node-a'))
  await cast.importer.blobs.drop(sha256Id(copy.text(KEY)))
  const rotated = answering(copy.as('node-a'), {
    [KEY]: { outcome: 'read', bytes: readFileSync(`${corpusFolder('node-b')}/${KEY}`) },
  })
  const plan = await cast.importer.plan([rotated])
  expect(plan.origins[0]?.signatures).toMatchObject({ invalid: 1 })
})

test.each(['', 'did:key:z6Mk', 'bell\u0007', 'e\u0301', 'x'.repeat(129)])(
  '%j can be no name of an origin',
  async (label) => {
    using cast = importingSteward()
    const planned = cast.importer.plan([directoryOf(label, { [A]: '1' })])
    await expect(planned).rejects.toMatchObject({
      code: 'LABEL_UNFIT',
      kept: 'Nothing was read or signed.',
      happened: expect.stringContaining('cannot be the name of an origin.') as string,
    })
  },
)
