// The first screen's two answers: is anything waiting for me, is everything safe? And what they follow from.
import type { app, ExchangeView, Instant } from '#core/contract/index.ts'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { feedTailOf, recentArrivals } from '#core/ledger/index.ts'
import { admittedNodes, createNames, fingerprint, type Names } from '#core/network/index.ts'
import { conflictCounts, coverageView, listConflicts } from '#core/reconcile/index.ts'
import { fingerprintWords } from '#core/receipts/index.ts'
import { countersOf } from './counters.ts'
import { ownFeedSafety, type SafetyFacts } from './safety.ts'
import type { Session } from './session.ts'

type Overview = InferContractRouterOutputs<typeof app>['overview']

const SHOWN_WAITS = 5

export function overviewOf(session: Session, now: Instant): Overview {
  const { read } = session.ledger
  const names = createNames(read)
  const shown = fingerprint(read)
  return {
    now,
    counters: countersOf(session),
    oldestOpen: oldestOpen(session),
    safety: ownFeedSafety(factsOf(session)),
    waits: waitsOf(session),
    activity: activityOf(session, now),
    nodes: nodesOf(session, names),
    fingerprint: shown.fingerprint,
    fingerprintWords: shown.words,
    clockOffMs: session.exchange.clockOffMs(),
  }
}

function oldestOpen({ ledger }: Session): Instant | null {
  const { items } = listConflicts(ledger.read, { filter: { status: 'open' }, sort: 'oldest', limit: 1 })
  return items[0]?.since ?? null
}

function waitsOf(session: Session): Overview['waits'] {
  const open = listConflicts(session.ledger.read, { filter: { status: 'open' }, sort: 'severity', limit: SHOWN_WAITS })
  const missing = missingOf(session)
  const conflicts = open.items
    .filter(({ kind }) => kind !== 'missing-artefact')
    .map((conflict) => ({ type: 'conflict' as const, conflict }))
  const nodes = session.exchange
    .pendingNodes()
    .slice(0, SHOWN_WAITS)
    .map(({ node, name, firstSeen }) => ({
      type: 'node' as const,
      node,
      name,
      words: [...fingerprintWords(node)],
      since: firstSeen,
    }))
  return [...troublesOf(session.exchange.view()), ...missing, ...conflicts, ...nodes]
}

/** A warning for all who lack expected artefacts, whatever else waits. */
function missingOf({ ledger }: Session): Overview['waits'] {
  const { items } = listConflicts(ledger.read, {
    filter: { status: 'open', kinds: ['missing-artefact'] },
    sort: 'newest',
    limit: 1,
  })
  const [first] = items
  if (first === undefined) return []
  const lacking = coverageView(ledger.read).items.filter(({ present, expected }) => present < expected)
  const named = lacking.slice(0, 3).map(({ name, ppm }) => `${name} has ${(Math.floor(ppm / 1000) / 10).toFixed(1)} %`)
  const more = lacking.length > 3 ? ` and ${lacking.length - 3} more lack some` : ''
  return [
    {
      type: 'trouble',
      about: 'coverage',
      what: `Expected artefacts are missing: ${named.join(', ')}${more}.`,
      remedy: 'See among the conflicts what is missing, ask for it and import again.',
      since: first.since,
    },
  ]
}

// Only what keeps the exchange from working waits for the steward; single refusals have their own list.
function troublesOf({ reason, remedy, since, cause }: ExchangeView): Overview['waits'] {
  if (reason === null || remedy === null) return []
  return [{ type: 'trouble', about: ABOUT[cause ?? ''] ?? 'exchange', what: reason, remedy, since }]
}

/** What keeps the exchange from working is not always the folder. */
const ABOUT: Readonly<Record<string, 'admission' | 'own-fork'>> = {
  'not-admitted': 'admission',
  'own-feed-forked': 'own-fork',
}

function activityOf(session: Session, now: Instant): Overview['activity'] {
  const heldBack = session.exchange.recentHeldBack(now)
  return recentArrivals(session.ledger.read, now).map(({ from, receipts }, index) => ({
    from,
    inLedger: receipts,
    heldBack: heldBack[index] ?? 0,
  }))
}

function nodesOf(session: Session, names: Names): Overview['nodes'] {
  const { read } = session.ledger
  return [...admittedNodes(read)]
    .map((node) => {
      const merged = feedTailOf(read, node).seq
      const { head, lastSeen, hasOfOurs } = session.exchange.peer(node)
      return {
        node,
        name: names.of(node),
        merged,
        head: Math.max(merged, head?.seq ?? 0),
        hasOfOurs: node === session.node ? null : hasOfOurs,
        lastSeen: node === session.node ? null : (lastSeen?.at ?? null),
      }
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

function factsOf(session: Session): SafetyFacts {
  const { read } = session.ledger
  const others = [...admittedNodes(read)].filter((node) => node !== session.node)
  return {
    exchange: session.exchange.view(),
    ownSeq: feedTailOf(read, session.node).seq,
    othersHave: others.map((node) => session.exchange.peer(node).hasOfOurs ?? 0),
    openForks: conflictCounts(read).openByKind['fork'] ?? 0,
    behind: nodesOf(session, createNames(read)).filter(({ merged, head }) => merged < head).length,
  }
}
