// The corpus as a whole: what the real nodes and the pilot's sample say against one another.
import { expect, test } from 'vitest'
import { judgeFile, keyRings } from '#core/teof/index.ts'
import type { JudgedFile } from '#core/teof/index.ts'
import { checker, corpusFiles, keysIn } from './corpus.ts'

test('the pilot’s sample disagrees on exactly its two usage receipts, and on no anchor or capsule', () => {
  const nodes = ['pilot-sample/node-a', 'pilot-sample/node-b']
  expect(disagreeing(nodes)).toEqual([
    '_report/usage/external-summary.json',
    '_report/usage/receipts-hygiene-summary.json',
  ])
  for (const path of ['governance/anchors.json', 'capsule/current/hashes.json'])
    expect(new Set(nodes.map((node) => judged(nodes, node).get(path)?.rawHash))).toHaveLength(1)
})

test('three real nodes: every file is read, nothing is invalid, and what differs is what was written again', () => {
  const nodes = ['node-a', 'node-b', 'node-c']
  const files = nodes.flatMap((node) => [...judged(nodes, node).values()])
  expect(files.flatMap(({ findings }) => findings)).toEqual([])
  const states = files.map(({ envelope }) => envelope.state)
  expect(states.filter((state) => state === 'ok')).toHaveLength(6)
  expect(new Set(states)).toEqual(new Set(['ok', 'missing']))
  expect(disagreeing(nodes)).toEqual([
    '_report/external/demo/20250922T014500Z.json',
    '_report/external/sample/20250922T221000Z.json',
    '_report/planner/validate/summary-20250922T041758Z.json',
    '_report/usage/external-authenticity.json',
    '_report/usage/external-summary.json',
    '_report/usage/receipts-hygiene-summary.json',
  ])
})

test('every receipt says when it was made', () => {
  const nodes = ['node-a', 'node-b', 'node-c']
  const undated = nodes.flatMap((node) =>
    [...judged(nodes, node).values()].filter(
      ({ path, stated }) => path.startsWith('_report/') && (stated?.time ?? null) === null,
    ),
  )
  expect(undated).toEqual([])
})

function judged(all: readonly string[], node: string): ReadonlyMap<string, JudgedFile> {
  const rings = keyRings(new Map(all.map((label) => [label, keysIn(corpusFiles(label))])))
  const files = [...corpusFiles(node)].filter(([path]) => path.endsWith('.json'))
  return new Map(files.map(([path, bytes]) => [path, judgeFile(path, bytes, rings.get(node)!, checker)]))
}

function disagreeing(nodes: readonly string[]): readonly string[] {
  const hashes = new Map<string, Set<string>>()
  for (const node of nodes)
    for (const [path, { contentHash }] of judged(nodes, node))
      if (path.startsWith('_report/')) hashes.set(path, (hashes.get(path) ?? new Set()).add(contentHash))
  return [...hashes]
    .filter(([, found]) => found.size > 1)
    .map(([path]) => path)
    .toSorted()
}
