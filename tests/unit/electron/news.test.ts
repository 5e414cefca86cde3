import { expect, test } from 'vitest'
import { ChangeEvent, type Settings } from '#core/contract/index.ts'
import { quietExchange } from '#tests/kit/exchange-view.ts'
import { newsBetween } from '../../../electron/news.ts'

const settings: Settings = {
  appearance: 'system',
  rescanSeconds: 60,
  notifications: { conflicts: true, pendingNodes: true, exchange: true },
  quietHours: null,
  undoSeconds: 10,
}

function event(
  counters: Partial<ChangeEvent['counters']>,
  exchange: Partial<ChangeEvent['exchange']> = {},
): ChangeEvent {
  return ChangeEvent.parse({
    topics: ['conflicts'],
    counters: { openConflicts: 0, overdueConflicts: 0, receipts: 0, pendingNodes: 0, troubles: 0, ...counters },
    exchange: quietExchange({ folder: '/exchange', state: 'idle', ...exchange }),
  })
}
const NOON = 12 * 60

test('new conflicts, new nodes and a folder that has gone are news, each opening its page', () => {
  const gone = { state: 'missing', reason: 'The shared folder is not there.', remedy: 'Plug the disk in.' } as const
  expect(
    newsBetween(event({ openConflicts: 1 }), event({ openConflicts: 3, pendingNodes: 1 }, gone), settings, NOON),
  ).toEqual([
    { title: '2 new conflicts', body: '3 wait for review.', route: '#/conflicts' },
    { title: 'A node asks to join', body: 'Compare their words before you admit them.', route: '#/network' },
    { title: 'The shared folder is not there.', body: 'Plug the disk in.', route: '#/settings' },
  ])
})

test('fewer conflicts, and a state that lasts, are no news', () => {
  const gone = { state: 'missing', reason: 'The shared folder is not there.' } as const
  expect(newsBetween(event({ openConflicts: 3 }, gone), event({ openConflicts: 1 }, gone), settings, NOON)).toEqual([])
})

test('what the steward does not want to hear is not said', () => {
  const silent: Settings = { ...settings, notifications: { conflicts: false, pendingNodes: false, exchange: false } }
  expect(newsBetween(event({}), event({ openConflicts: 1, pendingNodes: 1 }), silent, NOON)).toEqual([])
})

test.each([
  ['22:00', '07:00', 23 * 60, true],
  ['22:00', '07:00', 6 * 60 + 59, true],
  ['22:00', '07:00', 7 * 60, false],
  ['12:00', '13:00', NOON, true],
  ['12:00', '13:00', 13 * 60, false],
  ['12:00', '12:00', NOON, false],
])('from %s to %s it is quiet at minute %i: %s', (from, to, minute, quiet) => {
  const news = newsBetween(event({}), event({ openConflicts: 1 }), { ...settings, quietHours: { from, to } }, minute)
  expect(news.length === 0).toBe(quiet)
})

test('a conflict that became overdue is news once', () => {
  const [before, after] = [event({ openConflicts: 1 }), event({ openConflicts: 1, overdueConflicts: 1 })]
  expect(newsBetween(before, after, settings, NOON)).toMatchObject([{ title: 'A conflict is overdue' }])
  expect(newsBetween(after, after, settings, NOON)).toEqual([])
})
