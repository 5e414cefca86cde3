// The sync state in the top bar, as sentences. A pure function of what the node said; the worst comes first.
import type { AppState, ExchangeView } from '#core/contract/index.ts'
import { grouped } from '#ui/components/grouped.ts'
import { shortAge } from '#ui/components/relative-time.ts'
import type { StatePill } from '#ui/components/top-bar.tsx'
import { hrefTo } from '#ui/router.ts'
import type { ConnectionState } from '#ui/store/api.ts'
import type { Overview } from '#ui/store/overview-store.ts'

/** A node that was silent for longer than this is named. */
const SILENT_MS = 24 * 3_600_000

export interface PillFacts {
  readonly connection: ConnectionState
  readonly app: Pick<AppState, 'phase' | 'node'>
  readonly exchange: ExchangeView | null
  readonly overview: Overview | null
  readonly nowMs: number
}

export function syncPills({ connection, app, exchange, overview, nowMs }: PillFacts): readonly StatePill[] {
  if (connection.state !== 'open') {
    return [
      pill(
        'offline',
        'amber',
        'Reconnecting to your node',
        'What you see is what it said last.',
        hrefTo('overview'),
        true,
      ),
    ]
  }
  const pills: StatePill[] = []
  if (app.phase === 'locked') {
    pills.push(pill('locked', 'amber', 'Locked: reading only', 'Unlock to sign.', hrefTo('settings', 'key')))
  }
  if (exchange !== null) pills.push(exchangePill(exchange, app, overview))
  const silent = overview === null ? null : silentNode(overview, app, nowMs)
  if (silent !== null) pills.push(silent)
  if (exchange !== null && exchange.refused > 0) {
    const files = exchange.refused === 1 ? '1 thing refused' : `${grouped(exchange.refused)} things refused`
    pills.push(pill('refused', 'amber', files, 'See what and why.', hrefTo('receipts', 'not-merged')))
  }
  return pills.slice(0, 2)
}

function exchangePill(exchange: ExchangeView, app: PillFacts['app'], overview: Overview | null): StatePill {
  const settings = hrefTo('settings', 'exchange')
  const detail = [exchange.reason, exchange.remedy].filter((text) => text !== null).join(' ') || null
  switch (exchange.state) {
    case 'none':
      return pill(
        'exchange',
        'amber',
        'No exchange folder chosen',
        'Nothing is sent or read until there is one.',
        settings,
      )
    case 'missing':
      return pill('exchange', 'amber', 'Waiting for the folder', detail, settings)
    case 'read-only':
      return pill('exchange', 'amber', 'The folder is read-only', detail, settings)
    case 'full':
      return pill('exchange', 'red', 'The folder is full', detail, settings)
    case 'other-network':
      return pill('exchange', 'red', 'The folder is another network’s', detail, settings)
    case 'unreadable':
      return pill('exchange', 'red', 'The folder cannot be read', detail, settings)
    case 'not-admitted':
      return pill('exchange', 'amber', 'Waiting to be admitted', detail, hrefTo('network'))
    case 'syncing':
      return pill('exchange', 'tide', syncingText(exchange), detail, hrefTo('network'), true)
    case 'idle':
      return inStepPill(exchange, app, overview)
  }
}

function syncingText({ progress }: ExchangeView): string {
  if (progress === null || progress.total === 0) return 'Syncing'
  return `Syncing ${grouped(progress.done)} of ${grouped(progress.total)}`
}

function inStepPill(exchange: ExchangeView, app: PillFacts['app'], overview: Overview | null): StatePill {
  if (exchange.unpublished > 0) {
    const count = grouped(exchange.unpublished)
    return pill('exchange', 'tide', `${count} of yours to be sent`, null, hrefTo('network'), true)
  }
  if (overview === null) return pill('exchange', 'green', 'The exchange is in order', null, hrefTo('network'))
  const others = overview.nodes.filter(({ node }) => node !== app.node?.id)
  if (others.length === 0) return pill('exchange', 'plain', 'No other node yet', null, hrefTo('network'))
  // In step means both ways: what they signed is here, and what was signed here is with them.
  const ownSeq = overview.nodes.find(({ node }) => node === app.node?.id)?.head ?? 0
  const arriving = others.filter(({ merged, head }) => merged < head)
  const lacking = others.filter(({ hasOfOurs }) => (hasOfOurs ?? 0) < ownSeq)
  const inStep = others.filter((node) => !arriving.includes(node) && !lacking.includes(node)).length
  // Like everywhere, the others are counted: this node is always in step with itself.
  const all = others.length === 1 ? '1 other' : `${others.length} others`
  if (inStep === others.length) return pill('exchange', 'green', `In step with ${all}`, null, hrefTo('network'))
  const detail = [
    ...(arriving.length === 0 ? [] : [`Not all of ${namesOf(arriving)} is here yet.`]),
    ...(lacking.length === 0
      ? []
      : [`${namesOf(lacking)} ${lacking.length === 1 ? 'does' : 'do'} not hold all of yours yet.`]),
  ]
  return pill('exchange', 'amber', `In step with ${inStep} of ${all}`, detail.join(' '), hrefTo('network'))
}

function namesOf(nodes: Overview['nodes']): string {
  return nodes.map(({ name }) => name).join(', ')
}

function silentNode(overview: Overview, app: PillFacts['app'], nowMs: number): StatePill | null {
  const silent = overview.nodes
    .filter(
      ({ node, lastSeen }) => node !== app.node?.id && lastSeen !== null && nowMs - Date.parse(lastSeen) > SILENT_MS,
    )
    .toSorted((a, b) => (String(a.lastSeen) < String(b.lastSeen) ? -1 : 1))
  const [longest] = silent
  if (longest === undefined || longest.lastSeen === null) return null
  const text = `${longest.name} not seen for ${shortAge(longest.lastSeen, nowMs)}`
  const others = silent.length > 1 ? `And ${silent.length - 1} more.` : null
  return pill('silent', 'amber', text, others, hrefTo('network', longest.node))
}

function pill(
  id: string,
  tone: StatePill['tone'],
  text: string,
  detail: string | null,
  href: string,
  busy = false,
): StatePill {
  return { id, tone, text, detail, href, busy }
}
