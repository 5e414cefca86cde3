// One step over each limit: it is told, and what lies within it is read.
import { expect, test } from 'vitest'
import {
  parseAnchors,
  parseCapsuleHashes,
  parseHashLedger,
  parsePlan,
  parseUsageReceipt,
  readNodeFacts,
  TEOF_LIMITS,
  walkReceipts,
} from '#core/teof/index.ts'
import type { DirectoryReader, FileRead } from '#core/teof/index.ts'
import { bytesOf, textContaining } from './corpus.ts'

function repeated(item: string, count: number): string {
  return Array.from({ length: count }, () => item).join(',')
}

test.each([
  ['anchors-unreadable', () => parseAnchors(bytesOf(`{"events":[${repeated('0', TEOF_LIMITS.anchorEvents + 1)}]}`))],
  [
    'capsule-shape',
    () => parseCapsuleHashes('capsule/v1', bytesOf(`{"files":[${repeated('0', TEOF_LIMITS.capsuleEntries + 1)}]}`)),
  ],
  [
    'plan-shape',
    () =>
      parsePlan(
        '_plans/p.plan.json',
        bytesOf(`{"plan_id":"p","steps":[${repeated('{}', TEOF_LIMITS.planSteps + 1)}]}`),
      ),
  ],
])('%s: a list that is too long is not read in part', (code, parse) => {
  expect(parse()).toMatchObject({ ok: false, finding: { code, happened: textContaining('at most') } })
})

test('lists as long as is allowed are read', () => {
  expect(parseAnchors(bytesOf(`{"events":[${repeated('0', TEOF_LIMITS.anchorEvents)}]}`))).toMatchObject({ ok: true })
})

test('of many findings of one kind some are listed and the others counted', () => {
  const parsed = parseAnchors(bytesOf(`{"events":[${repeated('{"ts":"2026-01-01T00:00:00Z"}', 100)}]}`))
  expect(parsed.ok && parsed.anchors.findings.length).toBe(TEOF_LIMITS.findingsPerKind + 1)
  expect(parsed.ok && parsed.anchors.findings.at(-1)?.happened).toBe('There are 79 more of this kind in this file.')
})

test('a ledger that is too large is told and not read', () => {
  const ledger = parseHashLedger('ledger', new Uint8Array(TEOF_LIMITS.ledgerBytes + 1), null)
  expect(ledger).toMatchObject({ entries: [], isWhole: false, findings: [{ code: 'too-large' }] })
})

test('no view is made of a usage receipt that is nested too deep', () => {
  const deep = `{"feeds":${'{"a":'.repeat(TEOF_LIMITS.depth)}1${'}'.repeat(TEOF_LIMITS.depth)}}`
  expect(parseUsageReceipt('_report/usage/external-summary.json', bytesOf(deep))).toBeNull()
})

test('files that are too large are told by name, and the rest of the node is read', async () => {
  const tooLarge: FileRead = { outcome: 'too-large', sizeBytes: 9_000_000 }
  const reader: DirectoryReader = {
    list: (path) =>
      Promise.resolve({
        outcome: 'listed',
        entries: path === '_plans' ? [{ name: 'p.plan.json', kind: 'file', linkTarget: null }] : [],
        notRead: path === 'governance/keys' ? 3 : 0,
      }),
    read: () => Promise.resolve(tooLarge),
  }
  const { findings } = await readNodeFacts(reader)
  expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'not-read governance/keys',
    'too-large governance/anchors.json',
    'capsule-missing capsule/current',
    'too-large _plans/p.plan.json',
  ])
})

test('folders without end are looked into so far', async () => {
  const reader: DirectoryReader = {
    list: () =>
      Promise.resolve({ outcome: 'listed', entries: [{ name: 'x', kind: 'folder', linkTarget: null }], notRead: 0 }),
    read: () => Promise.resolve({ outcome: 'missing' }),
  }
  const seen: string[] = []
  for await (const one of walkReceipts(reader, { withArchive: false })) seen.push(one.type)
  expect(seen).toEqual(['finding'])
})
