// What is worth a notification: the difference between two change events, as the steward wants to hear it. Pure.
import type { ChangeEvent, Settings } from '#core/hosts/desktop/index.ts'

export interface News {
  readonly title: string
  readonly body: string
  /** The page that a click opens. */
  readonly route: string
}

/** @param minuteOfDay local time, 0 to 1439, for the quiet hours */
export function newsBetween(before: ChangeEvent, after: ChangeEvent, settings: Settings, minuteOfDay: number): News[] {
  if (isQuiet(settings.quietHours, minuteOfDay)) return []
  const { notifications } = settings
  const conflicts = after.counters.openConflicts - before.counters.openConflicts
  const nodes = after.counters.pendingNodes - before.counters.pendingNodes
  const news: News[] = []
  if (notifications.conflicts && conflicts > 0) {
    news.push({
      title: conflicts === 1 ? 'A new conflict' : `${conflicts} new conflicts`,
      body: `${after.counters.openConflicts} wait for review.`,
      route: '#/conflicts',
    })
  }
  const overdue = after.counters.overdueConflicts - before.counters.overdueConflicts
  if (notifications.conflicts && overdue > 0) {
    news.push({
      title: overdue === 1 ? 'A conflict is overdue' : `${overdue} conflicts are overdue`,
      body: 'Open for longer than the network’s policy allows, so it counts more severe.',
      route: '#/conflicts?overdue=1',
    })
  }
  if (notifications.pendingNodes && nodes > 0) {
    news.push({
      title: nodes === 1 ? 'A node asks to join' : `${nodes} nodes ask to join`,
      body: 'Compare their words before you admit them.',
      route: '#/network',
    })
  }
  const trouble = after.exchange.reason
  if (notifications.exchange && trouble !== null && after.exchange.state !== before.exchange.state) {
    news.push({ title: trouble, body: after.exchange.remedy ?? '', route: '#/settings' })
  }
  return news
}

function isQuiet(hours: Settings['quietHours'], minuteOfDay: number): boolean {
  if (hours === null) return false
  const from = minutesOf(hours.from)
  const to = minutesOf(hours.to)
  // Quiet hours usually cross midnight.
  return from <= to ? minuteOfDay >= from && minuteOfDay < to : minuteOfDay >= from || minuteOfDay < to
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}
