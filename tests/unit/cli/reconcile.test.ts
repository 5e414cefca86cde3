import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { FIXTURES } from '../../kit/directories.ts'
import { say, type Said } from './command-line.ts'

const PILOT = join(FIXTURES, 'pilot-sample')

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-reconcile-'))
  return () => rmSync(folder, { recursive: true, force: true })
})

function reconcile(...words: readonly string[]): Promise<Said> {
  return say(['--home', join(folder, 'home'), 'reconcile', ...words], folder)
}

test('the pilot sample ends with 1 and names its two conflicts, without making a node', async () => {
  const said = await reconcile('--node', `node-a=${PILOT}/node-a`, '--node', `node-b=${PILOT}/node-b`)
  expect(said.code).toBe(1)
  expect(said.out).toContain('2 nodes were merged, and 2 conflicts wait for a person.')
  expect(said.out).toContain('_report/usage/receipts-hygiene-summary.json differs')
  expect(readdirSync(folder)).toEqual([])
})

test('a folder that holds several nodes is enough, and nodes that agree end with 0', async () => {
  for (const name of ['ada', 'ben']) {
    mkdirSync(join(folder, 'nodes', name, '_report'), { recursive: true })
    writeFileSync(join(folder, 'nodes', name, '_report', 'a.json'), '{"a": 1}')
  }
  const said = await reconcile('--json', 'nodes')
  expect(said).toMatchObject({ code: 0, json: { verdict: 'agreed', nodes: [{ label: 'ada' }, { label: 'ben' }] } })
  writeFileSync(
    join(folder, 'nodes', 'ben', '_report', 'a.json'),
    JSON.stringify({ feed_id: 'q', hash_sha256: '0'.repeat(64) }),
  )
  expect(await reconcile('nodes')).toMatchObject({ code: 3 })
})

test('--out takes the files, --out-root a folder of its own and latest', async () => {
  const asOf = ['--as-of', '20250922T203249Z']
  await reconcile(PILOT, '--out', 'merged', ...asOf)
  expect(readdirSync(join(folder, 'merged')).toSorted()).toEqual([
    'conflicts.json',
    'ledger.json',
    'summary.json',
    'summary.md',
  ])
  await reconcile(PILOT, '--out-root', 'network', ...asOf)
  expect(readdirSync(join(folder, 'network')).toSorted()).toEqual(['20250922T203249Z', 'latest'])
  for (const place of ['merged', 'network/20250922T203249Z', 'network/latest'])
    expect(readFileSync(join(folder, place, 'summary.md'), 'utf8')).toContain('As of 2025-09-22T20:32:49.000Z.')
})

test("the reference tool's configuration is taken as it is and gives its golden summary", async () => {
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      nodes: { 'node-a': join(PILOT, 'node-a'), 'node-b': join(PILOT, 'node-b') },
      expect: ['_report/usage/external-summary.json', '_report/usage/receipts-hygiene-summary.json'],
      verify_anchor: true,
      verify_capsule: true,
    }),
  )
  const words = ['--config', 'config.json', '--format', 'reference', '--out', 'out', '--as-of', '2025-09-22T20:32:49Z']
  expect(await reconcile(...words)).toMatchObject({ code: 1 })
  expect(readdirSync(join(folder, 'out')).toSorted()).toEqual(['conflicts.json', 'ledger.json', 'summary.md'])
  const said = await reconcile(...words)
  expect(said.out).toContain('- _report/usage/receipts-hygiene-summary.json → 2 variants (node-a, node-b)\n')
  expect(said.out).not.toContain('more in conflicts.json')
  expect(said.out).toMatch(/\d+ notices? beside, which --format steward writes\.\n/)
  expect(readFileSync(join(folder, 'out', 'summary.md'), 'utf8')).toBe(
    readFileSync(join(PILOT, 'golden', 'summary.md'), 'utf8'),
  )
})

test.each([
  [['reconcile'], 'No node directory was named.'],
  [['reconcile', 'nowhere'], 'There is no folder for “nowhere”.'],
  [['reconcile', '--node', 'nameless'], 'A node is named as <label>=<dir>.'],
  [['reconcile', PILOT, '--as-of', 'yesterday'], '“yesterday” is no time in UTC.'],
  [['reconcile', PILOT, '--fresh', '_report/*'], 'A limit is written as <glob>=<hours>.'],
  [['reconcile', PILOT, '--format', 'reference'], 'The reference format was asked for without a folder to write to.'],
  [['reconcile', '--config', 'nowhere.json'], 'The configuration file could not be read.'],
])('%j cannot run: it says why and ends with 2', async (words, happened) => {
  const said = await say(words, folder)
  expect(said.code).toBe(2)
  expect(said.err).toContain(happened)
  expect(existsSync(join(folder, 'home'))).toBe(false)
})

test('only what is asked for is read, and what is expected and missing is told', async () => {
  for (const [name, value] of [
    ['ada', 1],
    ['ben', 2],
  ] as const) {
    mkdirSync(join(folder, 'nodes', name, '_report', 'usage'), { recursive: true })
    for (let n = 0; n < 12; n++)
      writeFileSync(join(folder, 'nodes', name, '_report', 'usage', `${n}.json`), JSON.stringify({ value }))
  }
  const some = await reconcile('nodes', '--include', '_report/usage/3.json', '--expect', '_report/never.json')
  expect(some.code).toBe(1)
  expect(some.out).toContain('1 conflict')
  expect(some.out).not.toContain('usage/4.json')
  expect(some.out).toMatch(/ada +1 +0 ok, 0 bad +\S+ +\S+ +0 %/)

  const all = await reconcile('nodes', '--require-signatures')
  expect(all.out).not.toContain('merged, and 12')
  const listed = await reconcile('nodes')
  expect(listed.out).toContain('  … and 2 more; --out writes all of them\n')
  expect((await reconcile('nodes', '--out', 'merged')).out).toMatch(
    /  … and 2 more in conflicts\.json\n(?:.|\n)*Wrote to merged\n$/,
  )
})

test('in the reference format what does not hold is told as well, and where more of it is', async () => {
  for (const [name, value] of [
    ['ada', 1],
    ['ben', 2],
  ] as const) {
    mkdirSync(join(folder, 'nodes', name, '_report'), { recursive: true })
    for (let n = 0; n < 12; n++)
      writeFileSync(
        join(folder, 'nodes', name, '_report', `${n}.json`),
        JSON.stringify({ feed_id: 'q', value, hash_sha256: '0'.repeat(64) }),
      )
  }
  const said = await reconcile('nodes', '--format', 'reference', '--out', 'out')
  expect(said.code).toBe(3)
  expect(said.out.match(/ → 2 variants \((?:ada, ben|ben, ada)\)\n/g)).toHaveLength(10)
  expect(said.out).toContain('  … and 2 more in conflicts.json\n')
  expect(said.out).toMatch(/^- _report\/0\.json says its content hashes to 0+, but it hashes to /m)
  expect(said.out).toMatch(/ {2}… and 14 more, which --format steward writes\n/)
})

test('one node is merged in the singular, and what nobody expects is not called covered', async () => {
  const said = await reconcile('--node', `node-a=${PILOT}/node-a`, '--expect', '_report/never.json')
  expect(said.out).not.toContain('1 node were')
  expect((await reconcile('--node', `node-a=${PILOT}/node-a`)).out).toMatch(/node-a +\d+ .* not measured\n/)
})

test('a person sees how far it is, on stderr', async () => {
  const said = await say(['reconcile', PILOT, '--as-of', '20250922T203249Z'], folder, ['somebody'])
  expect(said.err).toMatch(/\r\d+ files read\n$/)
  expect(said.out).not.toContain(' read\n')
})

test('a configuration that does not fit is told with the place', async () => {
  writeFileSync(join(folder, 'config.json'), '{"nodes": {"a": 7}}')
  const said = await reconcile('--config', 'config.json')
  expect(said).toMatchObject({ code: 2 })
  expect(said.err).toContain('The configuration file cannot be used: nodes.a:')
})
