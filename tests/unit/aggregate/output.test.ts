import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { copyToLatest, nodeFolders } from '#core/aggregate/index.ts'
import { makeTeofNodes, type TeofNodes } from '../../bench/teof-nodes.ts'
import { Directories, mergeInto, type Merged } from '../../kit/directories.ts'

let place: Directories
let made: TeofNodes
let own: Merged
let reference: Merged

// More paths than one thread is given at a time, so that threads are started; each start takes a while, so there are few.
beforeAll(async () => {
  place = new Directories()
  made = makeTeofNodes({ folder: join(place.folder, 'made'), receipts: 600 })
  own = await merged('own', { folders: nodeFolders({ threads: 1 }) })
  reference = await merged('reference', { format: 'reference', folders: nodeFolders({ threads: 1 }) })
  return () => place[Symbol.dispose]()
})

function merged(name: string, options: Partial<Parameters<typeof mergeInto>[1]>): Promise<Merged> {
  return mergeInto(join(place.folder, name), { nodes: made.nodes, expect: ['_report/external/*'], ...options })
}

test('how many threads share the work does not show', async () => {
  expect(own.summary).toMatchObject({
    exitCode: 1,
    counts: { files: made.receipts, paths: 600, conflicts: made.diverging },
    itemsByKind: { 'missing-artefact': made.withheld },
    checks: { signatures: { status: 'ok' }, capsules: { status: 'ok' } },
  })
  const three = await merged('three', { folders: nodeFolders({ threads: 3 }) })
  expect(three.files).toEqual(own.files)
})

test('nothing that is written names a path, a user or a host of this machine', () => {
  const text = Object.values({ ...own.files, ...reference.files }).join('\n')
  for (const secret of [place.folder, tmpdir(), process.cwd(), userInfo().homedir, hostname()])
    expect(text.includes(secret)).toBe(false)
  expect(text).not.toMatch(/"\/[^"]*"/)
})

test('the reference format holds every signature, node by node, and its ledger is whole JSON', () => {
  const { files } = reference
  // The shape is what this test is about.
  const ledger = JSON.parse(files['ledger.json'] ?? '') as {
    artifact_count: number
    artifacts: unknown[]
    coverage: unknown
    checks: { signature: { status: string; results: { node: string; status: string }[] } }
  }
  expect(Object.keys(ledger)).toEqual([
    'generated_at',
    'node_count',
    'nodes',
    'artifact_count',
    'artifacts',
    'coverage',
    'checks',
  ])
  expect(ledger.artifacts).toHaveLength(ledger.artifact_count)
  expect(ledger.checks.signature.status).toBe('ok')
  expect(ledger.checks.signature.results).toHaveLength(made.receipts)
  expect(ledger.checks.signature.results.map(({ node }) => node)).toEqual(
    ledger.checks.signature.results.map(({ node }) => node).toSorted(),
  )
  expect(JSON.stringify(ledger, null, 2)).toBe(files['ledger.json']?.trimEnd())
  const conflicts: unknown = JSON.parse(files['conflicts.json'] ?? '')
  expect(conflicts).toHaveLength(made.diverging)
})

test('the summary stays small however much there is to say', async () => {
  using many = new Directories()
  const long = 'x'.repeat(200)
  const labels = Array.from({ length: 80 }, (_, at) => `${'node'.repeat(20)}-${at}`)
  for (const [at, label] of labels.entries())
    for (let path = 0; path < 12; path++) many.write(label, `_report/${long}-${path}.json`, `{"n": ${at}}`)
  const { files, summary } = await many.merge({
    labels,
    expect: Array.from({ length: 60 }, (_, at) => `${long}${at}*`),
  })
  expect(summary.counts.conflicts).toBe(12)
  expect(files['summary.md']?.length).toBeLessThan(200_000)
  expect(files['summary.md']).toContain('more in conflicts.json')
})

test('an earlier result is replaced as a whole, and other files are left alone', async () => {
  using small = new Directories()
  small.write('ada', '_report/a.json', '{"a": 1}')
  const out = join(small.folder, 'again')
  mkdirSync(out)
  writeFileSync(join(out, 'notes.txt'), 'mine')
  const nodes = [{ label: 'ada', folder: small.node('ada') }]
  const before = await mergeInto(out, { nodes })
  small.write('ada', '_report/b.json', '{"b": 1}')
  const after = await mergeInto(out, { nodes })
  expect([before, after].map(({ receipts }) => receipts.length)).toEqual([1, 2])
  expect(readdirSync(out).toSorted()).toEqual([
    'conflicts.json',
    'ledger.json',
    'notes.txt',
    'summary.json',
    'summary.md',
  ])
})

test('what a run wrote into a node directory is no evidence of the next run', async () => {
  using small = new Directories()
  small.write('ada', '_report/a.json', '{}')
  const out = join(small.node('ada'), '_report', 'network', 'now')
  const nodes = [{ label: 'ada', folder: small.node('ada') }]
  const first = await mergeInto(out, { nodes })
  const second = await mergeInto(out, { nodes })
  expect(second.files).toEqual(first.files)
})

test('latest says the same as the run, without a link, and what a link there led to stays', () => {
  symlinkSync(join(place.folder, 'reference'), join(place.folder, 'latest'))
  copyToLatest(place.folder, 'own')
  expect(lstatSync(join(place.folder, 'latest')).isDirectory()).toBe(true)
  expect(existsSync(join(place.folder, 'reference', 'ledger.json'))).toBe(true)
  for (const [name, text] of Object.entries(own.files))
    expect(readFileSync(join(place.folder, 'latest', name), 'utf8')).toBe(text)
})

test('two folders of one label are two nodes, and one folder named twice is one', async () => {
  using small = new Directories()
  small.write('ada', '_report/a.json', '{"a": 1}')
  small.write('elsewhere', '_report/a.json', '{"a": 2}')
  const ada = { label: 'ada', folder: small.node('ada') }
  const elsewhere = { label: 'ada', folder: small.node('elsewhere') }
  const one = await mergeInto(join(small.folder, 'one'), { nodes: [ada, elsewhere, ada] })
  const two = await mergeInto(join(small.folder, 'two'), { nodes: [elsewhere, ada] })
  expect(one.summary.nodes.map(({ label }) => label)).toEqual(['ada', 'ada (2)'])
  expect(two.files).toEqual(one.files)
})
