// Real folders with real links: what is followed, what is not, and what is told.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  directoryOfFiles,
  openNodeFolder,
  pathWithin,
  readCapsules,
  readNodeFacts,
  walkReceipts,
} from '#core/teof/index.ts'
import type { DirectoryReader, Walked, WalkOptions } from '#core/teof/index.ts'
import { CORPUS, corpusFiles, textContaining } from './corpus.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'teof-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('receipts come in one order, without archive, links or other files', async () => {
  put('_report/b/2.json', '{}')
  put('_report/b/10.json', '{}')
  put('_report/a.json', '{}')
  put('_report/notes.md', '')
  put('_report/_apoptosis/old.json', '{}')
  put('elsewhere/secret.json', '{}')
  symlinkSync(join(folder, 'elsewhere'), join(folder, '_report/linked-folder'))
  symlinkSync(join(folder, 'elsewhere/secret.json'), join(folder, '_report/linked.json'))
  putPipe('_report/pipe.json')
  expect(await walked({ withArchive: false })).toEqual([
    '_report/a.json',
    '_report/b/10.json',
    '_report/b/2.json',
    'link-not-followed: _report/linked.json is a link, and was not opened.',
    ...(process.platform === 'win32'
      ? []
      : ['link-not-followed: _report/pipe.json is no plain file, and was not opened.']),
  ])
  expect(await walked({ withArchive: true })).toContain('_report/_apoptosis/old.json')
})

test('a hash-ledger is found where both of its files are, and its state is marked', async () => {
  put('_report/ledger/index.jsonl', '')
  put('_report/ledger/state.json', '{}')
  put('_report/other/index.jsonl', '')
  put('_report/third/state.json', '{}')
  expect(await walked({ withArchive: false })).toEqual([
    'hash-ledger in _report/ledger',
    '_report/ledger/state.json (state)',
    '_report/third/state.json',
  ])
})

test('nothing is read through a link, and a file that is too large or no file says so', async () => {
  put('outside/key.pub', 'x')
  put('big.json', 'x'.repeat(11))
  putPipe('pipe')
  symlinkSync(join(folder, 'outside'), join(folder, 'governance'))
  symlinkSync(join(folder, 'big.json'), join(folder, 'link.json'))
  const reader = openNodeFolder(folder)
  expect(await reader.read('governance/key.pub', 10)).toEqual({ outcome: 'missing' })
  expect(await reader.list('governance', 10)).toEqual({ outcome: 'missing' })
  expect(await reader.read('link.json', 10)).toEqual({ outcome: 'failed', why: 'it is a link' })
  expect(await reader.read('big.json', 10)).toEqual({ outcome: 'too-large', sizeBytes: 11 })
  expect((await reader.read('pipe', 10)).outcome).toMatch(/^(failed|missing)$/)
  expect(await reader.read('outside', 10)).toMatchObject({ outcome: 'failed' })
  expect(await reader.read('none/at/all', 10)).toEqual({ outcome: 'missing' })
  expect(await reader.list('', 2)).toMatchObject({ outcome: 'listed', notRead: process.platform === 'win32' ? 2 : 3 })
})

test('capsule/current is understood as link, as folder and as the text that a checkout without links leaves', async () => {
  put('capsule/v1.6/hashes.json', '{"a.txt":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}')
  put('capsule/v1.6/a.txt', 'a')
  symlinkSync('v1.6', join(folder, 'capsule/current'))
  const linked = await readCapsules(openNodeFolder(folder))
  expect(linked).toMatchObject({
    pointer: { kind: 'link', folder: 'capsule/v1.6' },
    current: { state: 'ok', matched: 1 },
  })
  rmSync(join(folder, 'capsule/current'))
  put('capsule/current', 'v1.6\n')
  const text = await readCapsules(openNodeFolder(folder))
  expect(text).toMatchObject({ pointer: { kind: 'text', folder: 'capsule/v1.6' }, current: { state: 'ok' } })
})

test.each(['/etc', '../..', '../../outside', 'v1.6/../../../x'])(
  'capsule/current that leads to %s is not followed',
  async (target) => {
    put('capsule/v1.6/hashes.json', '{}')
    symlinkSync(target, join(folder, 'capsule/current'))
    const capsules = await readCapsules(openNodeFolder(folder))
    expect(capsules).toMatchObject({ pointer: null, current: null, versions: [{ folder: 'capsule/v1.6' }] })
    expect(capsules.findings).toMatchObject([{ code: 'capsule-missing', happened: textContaining('not followed') }])
  },
)

test('the facts of a real node are read from its folder', async () => {
  const facts = await readNodeFacts(openNodeFolder(join(CORPUS, 'node-a')))
  expect(facts.keys.map(({ keyId }) => keyId)).toEqual(['feed.demo-2025', 'feed.sample-2025'])
  expect(facts.anchors?.events).toHaveLength(8)
  expect(facts.plans.map(({ planId }) => planId)).toEqual([
    '2025-09-22-decentralized-propagation-pilot',
    '2025-09-22-external-feed-demo',
  ])
  expect(facts.claims).toEqual([
    {
      taskId: 'BUS-DECENTRALIZED-PILOT',
      planId: '2025-09-22-decentralized-propagation-pilot',
      agentId: 'codex-5',
      status: 'done',
    },
  ])
})

test('a node without keys, plans and anchors has facts all the same', async () => {
  put('_report/a.json', '{}')
  const facts = await readNodeFacts(openNodeFolder(folder))
  expect(facts).toMatchObject({ keys: [], anchors: null, plans: [] })
  expect(facts.findings.map(({ code }) => code)).toEqual(['anchors-missing', 'capsule-missing'])
})

test('a folder or file that the system does not let us read is told, and the rest is read', async () => {
  const whole = directoryOfFiles(corpusFiles('node-a'))
  const barred: DirectoryReader = {
    list: (path, limit) =>
      path === '_report/usage' || path === '_plans' ? Promise.resolve(REFUSED) : whole.list(path, limit),
    read: (path, limit) => (path.endsWith('.pub') ? Promise.resolve(REFUSED) : whole.read(path, limit)),
  }
  const seen: string[] = []
  for await (const one of walkReceipts(barred, { withArchive: false })) seen.push(described(one))
  expect(seen).toContain('not-read: In _report/usage, nothing could be read: the system said EACCES.')
  expect(seen).toContain('_report/external/demo/20250922T014500Z.json')
  const { findings, keys, anchors } = await readNodeFacts(barred)
  expect({ keys, events: anchors?.events.length }).toEqual({ keys: [], events: 8 })
  expect(findings.filter(({ code }) => code === 'not-read').map(({ happened }) => happened)).toEqual([
    'governance/keys/feed.demo-2025.pub could not be read: the system said EACCES.',
    'governance/keys/feed.sample-2025.pub could not be read: the system said EACCES.',
    '_plans could not be read: the system said EACCES.',
  ])
})

const REFUSED = { outcome: 'failed', why: 'the system said EACCES' } as const

test.each([
  ['a/b', 'x.json', 'a/b/x.json'],
  ['a/b', './c//x.json', 'a/b/c/x.json'],
  ['a/b', '../x.json', 'a/x.json'],
  ['a', '../../x.json', null],
  ['', '..', null],
  ['', '/etc/passwd', null],
  ['a', 'C:\\x', null],
  ['a', 'b\\..\\..\\..\\x', null],
  ['a', '', null],
  ['', 'a/..', null],
])('in “%s” the path %j is %j', (from, written, expected) => {
  expect(pathWithin(from, written)).toBe(expected)
})

async function walked(options: WalkOptions): Promise<readonly string[]> {
  const seen: string[] = []
  for await (const one of walkReceipts(openNodeFolder(folder), options)) seen.push(described(one))
  return seen
}

function described(one: Walked): string {
  if (one.type === 'file') return one.isLedgerState ? `${one.path} (state)` : one.path
  return one.type === 'hash-ledger' ? `hash-ledger in ${one.folder}` : `${one.finding.code}: ${one.finding.happened}`
}

function put(path: string, text: string): void {
  const whole = join(folder, path)
  mkdirSync(dirname(whole), { recursive: true })
  writeFileSync(whole, text)
}

/** What blocks whoever opens it; Windows has no such files, and there the name is simply missing. */
function putPipe(path: string): void {
  if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, path)])
}
