import { expect, test } from 'vitest'
import { ageWords, durationWords } from '#ui/components/usage-words.ts'
import { addressedFilter } from '#ui/screens/conflicts/addressed-filter.ts'
import { addressedReceipts } from '#ui/screens/receipts/addressed-receipts.ts'
import { linksOfMarks, linksOfMeasured, linksOfRisk } from '#ui/screens/reports/report-links.ts'
import { parseRoute } from '#ui/router.ts'
import type { Instant } from '#core/contract/index.ts'

test('an address of the queue asks for exactly what a number counted, and takes every other filter off', () => {
  expect(addressedFilter({ kind: 'fork' })).toMatchObject({ status: 'open', kinds: ['fork'], task: undefined })
  expect(addressedFilter({ kind: 'stale,fork,nothing' })).toMatchObject({ kinds: ['fork', 'stale'] })
  expect(addressedFilter({ status: 'settled' })).toMatchObject({ status: 'settled', kinds: undefined })
  expect(addressedFilter({ overdue: '1', severity: '3' })).toMatchObject({ overdue: true, severity: 3 })
  expect(addressedFilter({ kind: 'no kind', severity: '9' })).toMatchObject({ kinds: undefined, severity: undefined })
  expect(addressedFilter({})).toBeNull()
})

test('an address of the receipts asks for a task, a kind, a subject or an anchor', () => {
  const anchor = `sha256:${'a'.repeat(64)}`
  expect(addressedReceipts({ anchor })).toMatchObject({ anchor, task: undefined })
  expect(addressedReceipts({ anchor: 'none' })).toMatchObject({ anchor: undefined })
  expect(addressedReceipts({ kind: 'decision/made', task: 'b7' })).toMatchObject({ kind: 'decision/made', task: 'b7' })
  expect(addressedReceipts({ arrivedFrom: '2026-11-21T12:00:00.000Z' })).toMatchObject({
    arrivedFrom: '2026-11-21T12:00:00.000Z',
  })
  expect(
    addressedReceipts({ from: '2026-11-14T12:00:00.000Z', to: '2026-11-21T12:00:00.000Z', node: 'did:key:z6Mk' }),
  ).toMatchObject({ from: '2026-11-14T12:00:00.000Z', to: '2026-11-21T12:00:00.000Z', node: 'did:key:z6Mk' })
  expect(addressedReceipts({ arrivedFrom: 'yesterday', arrivedTo: '2026-13-41T12:00:00.000Z' })).toMatchObject({
    arrivedFrom: undefined,
    arrivedTo: undefined,
  })
  expect(addressedReceipts({})).toBeNull()
})

test('each figure of a report leads to an address that asks for exactly what it counted', () => {
  const { observation, coherence } = linksOfMarks({ asOf: '2026-11-21T12:00:00.000Z' as Instant })
  const asked = ({ href }: { readonly href: string }) => parseRoute(href)
  expect(addressedReceipts(asked(observation).query)).toMatchObject({
    from: '2026-11-14T12:00:00.000Z',
    to: '2026-11-21T12:00:00.000Z',
  })
  expect(addressedFilter(asked(coherence).query)).toMatchObject({ status: 'open' })
  for (const id of MEASURED_IDS) expect(linksOfMeasured({ id })).not.toEqual([])
  const risks = (['byzantine', 'replay', 'withholding', 'stale-anchor'] as const).flatMap(linksOfRisk)
  const toConflicts = [...MEASURED_IDS.flatMap((id) => linksOfMeasured({ id })), ...risks]
    .map(({ href }) => parseRoute(href))
    .filter(({ section, query }) => section === 'conflicts' && query['kind'] !== undefined)
  for (const { query } of toConflicts) {
    expect(addressedFilter(query)?.kinds?.toSorted()).toEqual(query['kind']?.split(',').toSorted())
  }
})

/** Of criteria and measures: core/report/measures.ts. */
const MEASURED_IDS = [
  'signatures',
  'determinism',
  'forks',
  'open-conflicts',
  'anchors',
  'withheld',
  'coverage',
  'nodes',
  'hash-match',
  'gap-rate',
  'anchor-latency',
  'tag-ratio',
  'automation-accuracy',
]

test('ages are told in the largest unit that loses nothing, and a negative one says what it means', () => {
  expect(ageWords(20.35)).toBe('20 hours old')
  expect(ageWords(-0.0707)).toBe('dated 4 minutes after this was made')
  expect(ageWords(null)).toBe('')
  expect(durationWords(176_070)).toBe('2 days')
  expect(durationWords(59)).toBe('59 seconds')
  expect(durationWords(1)).toBe('1 second')
})
