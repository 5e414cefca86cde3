// What is worth a system notice, from two answers of the node. Pure: quiet hours and the switches come in.
import type { Counters, ExchangeState, ExchangeView, Settings } from '#core/contract/index.ts'
import { hrefTo } from '#ui/router.ts'

export interface Notice {
  /** One notice of each kind at a time: a newer one takes its place. */
  readonly kind: keyof Settings['notifications']
  readonly title: string
  readonly body: string
  readonly href: string
}

export interface Standing {
  readonly counters: Counters
  readonly exchange: Pick<ExchangeView, 'state' | 'reason' | 'remedy'>
}

const TROUBLE: ReadonlySet<ExchangeState> = new Set(['missing', 'read-only', 'full', 'other-network', 'unreadable'])

/** `clock` is the local time as HH:MM. */
export function noticesOf(
  before: Standing,
  after: Standing,
  settings: Pick<Settings, 'notifications' | 'quietHours'>,
  clock: string,
): readonly Notice[] {
  if (isQuiet(settings.quietHours, clock)) return []
  const notices: Notice[] = []
  const conflicts = after.counters.openConflicts - before.counters.openConflicts
  if (conflicts > 0) {
    notices.push({
      kind: 'conflicts',
      title: conflicts === 1 ? 'A new conflict waits for you' : `${conflicts} new conflicts wait for you`,
      body: `${after.counters.openConflicts} open in all.`,
      href: hrefTo('conflicts'),
    })
  }
  const overdue = after.counters.overdueConflicts - before.counters.overdueConflicts
  if (overdue > 0) {
    notices.push({
      kind: 'conflicts',
      title: overdue === 1 ? 'A conflict is overdue' : `${overdue} conflicts are overdue`,
      body: 'Open for longer than the network’s policy allows, so it counts more severe.',
      href: hrefTo('conflicts', null, { overdue: '1' }),
    })
  }
  if (after.counters.pendingNodes > before.counters.pendingNodes) {
    notices.push({
      kind: 'pendingNodes',
      title: 'A node asks to join',
      body: 'Compare its six words before you admit it.',
      href: hrefTo('network'),
    })
  }
  if (TROUBLE.has(after.exchange.state) && after.exchange.state !== before.exchange.state) {
    notices.push({
      kind: 'exchange',
      title: after.exchange.reason ?? 'The exchange folder needs a look',
      body: after.exchange.remedy ?? '',
      href: hrefTo('settings', 'exchange'),
    })
  }
  return notices.filter(({ kind }) => settings.notifications[kind])
}

/** Quiet hours may go over midnight; equal ends mean the whole day. */
export function isQuiet(hours: Settings['quietHours'], clock: string): boolean {
  if (hours === null) return false
  const { from, to } = hours
  return from < to ? clock >= from && clock < to : clock >= from || clock < to
}
