import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Directories, FIXTURES, mergeInto } from '../../kit/directories.ts'

const CORPUS = ['node-a', 'node-b', 'node-c'].map((label) => ({ label, folder: join(FIXTURES, label) }))
const PILOT = ['node-a', 'node-b'].map((label) => ({ label, folder: join(FIXTURES, 'pilot-sample', label) }))

test('in the three real nodes all six signatures hold, and the newest anchors decide wherever files differ', async () => {
  using place = new Directories()
  const { summary, conflicts, notices, receipts } = await mergeInto(join(place.folder, 'out'), { nodes: CORPUS })
  expect(conflicts).toEqual([])
  expect(summary).toMatchObject({
    exitCode: 0,
    checks: { anchors: { status: 'ahead', newest: ['node-c'] }, signatures: { status: 'ok' } },
  })
  expect(summary.nodes.map(({ signatures }) => [signatures.ok, signatures.invalid + signatures.unknown_key])).toEqual([
    [2, 0],
    [2, 0],
    [2, 0],
  ])
  const superseded = receipts.filter(({ state }) => state === 'superseded')
  expect(superseded.map(({ path }) => path)).toEqual([
    '_plans/2025-09-22-decentralized-propagation-pilot.plan.json',
    '_plans/2025-09-22-external-feed-demo.plan.json',
    '_report/external/demo/20250922T014500Z.json',
    '_report/external/sample/20250922T221000Z.json',
    '_report/planner/validate/summary-20250922T041758Z.json',
    '_report/usage/external-authenticity.json',
    '_report/usage/external-summary.json',
    '_report/usage/receipts-hygiene-summary.json',
  ])
  const told = notices.filter(({ kind }) => kind === 'superseded')
  expect(told.map(({ path }) => path)).toEqual(superseded.map(({ path }) => path))
  expect(told.at(-2)).toMatchObject({
    nodes: ['node-a', 'node-b'],
    happened:
      '_report/usage/external-summary.json of node-a and node-b gave way to that of node-c: the most recent anchor wins, and those anchors go on from the others.',
    plans: [{ plan: '2025-09-22-external-feed-demo', step: 'S3' }],
  })
})

test('what the real nodes break in their anchors and capsules is told once, with all nodes that do', async () => {
  using place = new Directories()
  const { notices } = await mergeInto(join(place.folder, 'out'), { nodes: CORPUS })
  const outOfOrder = notices.filter(({ code }) => code === 'anchors-out-of-order')
  expect(outOfOrder.map(({ nodes }) => nodes)).toEqual([
    ['node-a', 'node-b', 'node-c'],
    ['node-b', 'node-c'],
  ])
  expect(notices.find(({ path, code }) => path === 'capsule/current/hashes.json' && code === null)?.happened).toBe(
    'The current capsule of node-a and node-b is not that of node-c, whose anchors are newer.',
  )
})

test("upstream's pilot sample has exactly its two conflicts", async () => {
  using place = new Directories()
  const { summary, conflicts } = await mergeInto(join(place.folder, 'out'), { nodes: PILOT })
  expect(conflicts.map(({ path, kind }) => [path, kind])).toEqual([
    ['_report/usage/external-summary.json', 'hash-mismatch'],
    ['_report/usage/receipts-hygiene-summary.json', 'hash-mismatch'],
  ])
  expect(summary).toMatchObject({
    exitCode: 1,
    checks: { anchors: { status: 'ok' }, capsules: { status: 'ok' }, signatures: { status: 'ok' } },
  })
  expect(conflicts[0]?.since).toBe('2025-09-22T18:05:00.000Z')
})

test("the reference format is upstream's golden output but for the times of files", async () => {
  using place = new Directories()
  const { files } = await mergeInto(join(place.folder, 'out'), {
    nodes: PILOT,
    format: 'reference',
    signatures: 'skipped',
    expect: ['_report/usage/external-summary.json', '_report/usage/receipts-hygiene-summary.json'],
    asOf: '2025-09-22T20:32:49.000Z' as never, // an instant by its form
  })
  const golden = (name: string) => readFileSync(join(FIXTURES, 'pilot-sample', 'golden', name), 'utf8')
  expect(files['summary.md']).toBe(golden('summary.md'))
  expect(withoutTimes(files['conflicts.json'])).toBe(withoutTimes(golden('conflicts.json')))
  expect(JSON.parse(files['ledger.json'] ?? '')).toMatchObject({
    generated_at: '20250922T203249Z',
    node_count: 2,
    nodes: [
      { node_id: 'node-a', root: 'node-a' },
      { node_id: 'node-b', root: 'node-b' },
    ],
    artifact_count: 2,
    coverage: [
      { node_id: 'node-a', expected: 2, missing: [] },
      { node_id: 'node-b', expected: 2, missing: [] },
    ],
    checks: {
      anchor: {
        status: 'ok',
        hashes: {
          'node-a': '209ceda513f7d4da744d4c657d23b9f3b794d9b9dff2f9a0ed089133d69f9ee3',
          'node-b': '209ceda513f7d4da744d4c657d23b9f3b794d9b9dff2f9a0ed089133d69f9ee3',
        },
      },
      capsule: {
        status: 'ok',
        values: { 'node-a': { hash: '9d69e2473eed56ab68361832f2e7c700f2a3da50cda186483e9539585ec2decf' } },
      },
      signature: { status: 'skipped' },
    },
  })
})

test('a hash-ledger that goes on where the other ends is ahead, and no conflict', async () => {
  using place = new Directories()
  for (const label of ['ahead', 'behind'])
    for (const name of ['index.jsonl', 'state.json'])
      place.write(label, `_report/usage/hash-ledger/${name}`, readFileSync(join(FIXTURES, 'hash-ledger', label, name)))
  const { conflicts, receipts } = await place.merge({ labels: ['ahead', 'behind'] })
  expect(conflicts).toEqual([])
  expect(receipts.filter(({ path }) => path.endsWith('/state.json')).map(({ state }) => state)).toEqual(['ahead'])
})

function withoutTimes(text: string | undefined): string {
  return (text ?? '').replaceAll(/"modified": "[^"]*"/g, '"modified": ""')
}
