import { expect, test } from 'vitest'
import { isQuiet, noticesOf, type Standing } from '#ui/screens/frame/notices.ts'

const calm: Standing = {
  counters: { openConflicts: 1, overdueConflicts: 0, receipts: 10, pendingNodes: 0, troubles: 0 },
  exchange: { state: 'idle', reason: null, remedy: null },
}
const all = { notifications: { conflicts: true, pendingNodes: true, exchange: true }, quietHours: null }
const withConflicts = (openConflicts: number): Standing => ({ ...calm, counters: { ...calm.counters, openConflicts } })

test('new conflicts raise one notice that opens the queue', () => {
  expect(noticesOf(calm, withConflicts(3), all, '10:00')).toMatchObject([
    { kind: 'conflicts', title: '2 new conflicts wait for you', href: '#/conflicts' },
  ])
})

test('a conflict that was settled elsewhere raises none', () => {
  expect(noticesOf(withConflicts(3), calm, all, '10:00')).toEqual([])
})

test('a folder that goes away is told once, with its remedy', () => {
  const away: Standing = {
    ...calm,
    exchange: { state: 'missing', reason: 'The folder is gone.', remedy: 'Plug it in.' },
  }
  expect(noticesOf(calm, away, all, '10:00')).toMatchObject([{ title: 'The folder is gone.', body: 'Plug it in.' }])
  expect(noticesOf(away, away, all, '10:00')).toEqual([])
  expect(noticesOf(away, calm, all, '10:00')).toEqual([])
})

test('a switch that is off keeps its kind quiet, quiet hours keep all quiet', () => {
  const pending: Standing = { ...withConflicts(2), counters: { ...calm.counters, openConflicts: 2, pendingNodes: 1 } }
  const off = { ...all, notifications: { ...all.notifications, conflicts: false } }
  expect(noticesOf(calm, pending, off, '10:00').map(({ kind }) => kind)).toEqual(['pendingNodes'])
  expect(noticesOf(calm, pending, { ...all, quietHours: { from: '22:00', to: '07:00' } }, '23:30')).toEqual([])
})

test.each([
  ['22:00', '07:00', '21:59', false],
  ['22:00', '07:00', '22:00', true],
  ['22:00', '07:00', '06:59', true],
  ['22:00', '07:00', '07:00', false],
  ['12:00', '13:00', '12:30', true],
  ['12:00', '13:00', '23:00', false],
])('quiet from %s to %s: at %s %s', (from, to, clock, quiet) => {
  expect(isQuiet({ from, to }, clock)).toBe(quiet)
})

test('a conflict that became overdue is told, with the list of those that are', () => {
  const overdue: Standing = { ...calm, counters: { ...calm.counters, overdueConflicts: 1 } }
  expect(noticesOf(calm, overdue, all, '10:00')).toMatchObject([
    { kind: 'conflicts', title: 'A conflict is overdue', href: '#/conflicts?overdue=1' },
  ])
  expect(noticesOf(overdue, overdue, all, '10:00')).toEqual([])
})
