import { expect, test } from 'vitest'
import { activitySentence, dayOf, oldestSentence, waitsHeadline } from '#ui/screens/overview/sentences.ts'

const NOW = Date.parse('2026-11-21T10:00:00.000Z')
const counters = (openConflicts: number, pendingNodes: number) => ({
  openConflicts,
  overdueConflicts: 0,
  pendingNodes,
  receipts: 0,
  troubles: 0,
})

test.each([
  [3, 1, '3 conflicts and 1 new node'],
  [1, 0, '1 conflict'],
  [0, 2, '2 new nodes'],
  [1_204, 0, '1,204 conflicts'],
  [0, 0, 'Nothing waits for you'],
])('%i conflicts and %i nodes read %j', (conflicts, nodes, headline) => {
  expect(waitsHeadline(counters(conflicts, nodes))).toBe(headline)
})

test('how old the oldest is, in days a person says', () => {
  expect(oldestSentence(counters(2, 0), '2026-11-20T23:00:00.000Z', 3, NOW)).toBe('The oldest is from yesterday.')
  expect(oldestSentence(counters(1, 0), '2026-11-21T00:00:00.000Z', 3, NOW)).toBe('It is from today.')
  expect(dayOf('2026-11-19T12:00:00.000Z', NOW)).toBe('19 November')
  expect(dayOf('2025-11-19T12:00:00.000Z', NOW)).toBe('19 November 2025')
})

test('a node that is alone is not told that the nodes agree', () => {
  expect(oldestSentence(counters(0, 0), null, 0, NOW)).not.toContain('agree')
  expect(oldestSentence(counters(0, 0), null, 2, NOW)).toContain('agree')
})

test('arrivals are told with what was held back', () => {
  expect(activitySentence([{ inLedger: 315, heldBack: 3 }])).toBe('318 arrived, 315 in the ledger, 3 held back')
  expect(activitySentence([{ inLedger: 1_200, heldBack: 0 }])).toBe('1,200 arrived, all in the ledger')
  expect(activitySentence([])).toContain('None arrived')
})
