import { expect, test } from 'vitest'
import { compareAnchors, newestAnchor, parseAnchors } from '#core/teof/index.ts'
import type { AnchorsFile } from '#core/teof/index.ts'
import { bytesOf, corpusFiles, textMatching } from './corpus.ts'

function anchorsOf(node: string): AnchorsFile {
  const parsed = parseAnchors(corpusFiles(node).get('governance/anchors.json')!)
  if (!parsed.ok) throw new Error(parsed.finding.happened)
  return parsed.anchors
}

function anchorsFrom(value: unknown): AnchorsFile {
  const parsed = parseAnchors(bytesOf(JSON.stringify(value)))
  if (!parsed.ok) throw new Error(parsed.finding.happened)
  return parsed.anchors
}

test('the real chains extend one another, so the newest is known whatever their times say', () => {
  const [a, b, c] = ['node-a', 'node-b', 'node-c'].map(anchorsOf) as [AnchorsFile, AnchorsFile, AnchorsFile]
  expect(compareAnchors(b, a)).toMatchObject({ relation: 'extends', sharedEvents: 8 })
  expect(compareAnchors(a, c)).toMatchObject({ relation: 'extended-by', sharedEvents: 8 })
  expect(compareAnchors(c, c)).toMatchObject({ relation: 'same' })
  for (const order of [[a, b, c] as const, [c, b, a] as const]) {
    const labels = new Map(order.map((file) => [file === a ? 'node-a' : file === b ? 'node-b' : 'node-c', file]))
    expect(newestAnchor(labels)).toEqual({ state: 'one', labels: ['node-c'] })
  }
})

test('the hashes that the real events name are confirmed by building the earlier file again', () => {
  expect(anchorsOf('node-c').events.map(({ link }) => link)).toEqual([
    'none',
    'unconfirmed',
    'none',
    'confirmed',
    'none',
    'confirmed',
    'confirmed',
    'none',
    'none',
    'none',
    'none',
  ])
})

test('what the real chain breaks is told as warnings, each naming its event', () => {
  const { findings } = anchorsOf('node-c')
  expect(findings.filter(({ code }) => code === 'anchors-out-of-order').map(({ happened }) => happened)).toEqual([
    textMatching(/^Event 2 of .*2025-08-25T09:41:27Z, earlier than an event before it \(2025-08-26T01:59:17Z\)/),
    textMatching(/^Event 10 of .*2025-09-26T22:20:30Z, earlier than an event before it \(2025-09-26T22:55:00Z\)/),
  ])
  expect(findings.filter(({ code }) => code === 'anchors-event-without-hash')).toHaveLength(6)
  expect(findings.filter(({ code }) => code === 'anchors-link-unconfirmed')).toMatchObject([
    { happened: textMatching(/^Event 2 of .* says that the file before it hashed to 63eae00f/) },
  ])
})

const FIRST = { ts: '2026-01-01T00:00:00Z', note: 'first' }

test('two chains that went on differently have no newest', () => {
  const ours = anchorsFrom({ events: [FIRST, { ts: '2026-01-02T00:00:00Z', note: 'ours' }] })
  const theirs = anchorsFrom({ events: [FIRST, { ts: '2026-01-03T00:00:00Z', note: 'theirs' }] })
  expect(compareAnchors(ours, theirs)).toEqual({ relation: 'diverged', sharedEvents: 1, namesTheOther: null })
  const all = new Map([
    ['b', theirs],
    ['a', ours],
    ['c', anchorsFrom({ events: [FIRST] })],
  ])
  expect(newestAnchor(all)).toEqual({ state: 'diverged', labels: ['a', 'b'] })
})

test('a longer chain that took a release away extends nothing', () => {
  const before = anchorsFrom({ events: [FIRST], releases: ['v1'] })
  const after = anchorsFrom({ events: [FIRST, { ts: '2026-01-02T00:00:00Z' }], releases: [] })
  expect(compareAnchors(after, before).relation).toBe('diverged')
})

test('the event that goes on from another node’s file says so by that file’s hash', () => {
  const shorter = { events: [FIRST] }
  const hash = anchorsFrom(shorter).rawHash.slice('sha256:'.length)
  const longer = (prev: string) =>
    anchorsFrom({ events: [FIRST, { ts: '2026-01-02T00:00:00Z', prev_content_hash: prev }] })
  expect(compareAnchors(longer(hash), anchorsFrom(shorter)).namesTheOther).toBe(true)
  expect(compareAnchors(anchorsFrom(shorter), longer('0'.repeat(64))).namesTheOther).toBe(false)
})

test.each([
  ['[]', 'anchors-unreadable'],
  ['{"events":', 'anchors-unreadable'],
  ['', 'anchors-unreadable'],
])('%s is no anchors file, and is told as one', (text, code) => {
  expect(parseAnchors(bytesOf(text))).toMatchObject({ ok: false, finding: { code } })
})

test('what has another shape is told and read as far as it goes', () => {
  const { events, findings } = anchorsFrom({
    policy: 'overwrite',
    releases: 'v1',
    events: [FIRST, 7, { ts: 'soon', prev_content_hash: 'abc' }],
  })
  expect(events).toHaveLength(3)
  expect(findings.map(({ code }) => code)).toEqual([
    'anchors-not-append-only',
    'anchors-shape',
    'anchors-event-without-hash',
    'bad-time',
    'anchors-bad-hash',
    'bad-time',
  ])
})
