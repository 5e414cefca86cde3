// The figures of all walks put together into summary.json. Pure: everything it says follows from what was counted.
import {
  NAMED_BLOCKERS,
  type OriginView,
  type Policy,
  type ReportNode,
  type ReportOrigin,
  type Severity,
  type SummaryFile,
} from '#core/contract/index.ts'
import type { Names } from '#core/network/index.ts'
import { ORIGIN_CLAIMANT } from '#core/reconcile/index.ts'
import type { WrittenFile } from './file-text.ts'
import { HISTORY_DAYS, HOUR_MS, DAY_MS, instantOf } from './facts.ts'
import { convergenceOf, criteriaOf, unresolvedForgeries, type Tallies } from './measures.ts'
import { recommendationOf } from './recommendation.ts'
import { risksOf } from './risks.ts'
import { ppmOf } from './wording.ts'

export interface SummaryContext {
  readonly tallies: Tallies
  readonly names: Names
  readonly policy: Policy
  readonly network: SummaryFile['network']
  readonly files: readonly WrittenFile[]
}

const SEVERITIES: readonly Severity[] = [3, 2, 1]

export function summaryFile(context: SummaryContext): SummaryFile {
  const { tallies, names, policy, network, files } = context
  const { facts, receipts, subjects, conflicts } = tallies
  const criteria = criteriaOf(tallies)
  const blockers = blockersOf(tallies)
  const measures = convergenceOf(tallies)
  const days = receipts.byDay
  const endMs = Date.parse(facts.asOf)
  return {
    format: 'steward-network-summary/1',
    network,
    asOf: facts.asOf,
    files: files.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })),
    counts: {
      nodes: receipts.nodes.length,
      receipts: receipts.receipts,
      merged: receipts.merged,
      subjects: subjects.subjects,
      sharedSubjects: subjects.shared,
      agreedSubjects: subjects.agreed,
      superseded: subjects.superseded,
      decisions: receipts.decisions,
      kinds: [...receipts.kinds],
    },
    nodes: receipts.nodes.map((node) => reportNode(node, tallies, names)),
    origins: originsOf(tallies),
    coverage: subjects.coverage,
    conflicts: {
      open: conflicts.open,
      settled: conflicts.settled,
      overdue: conflicts.overdue,
      overdueHours: ((policy.escalateAfterDays ?? 0) * DAY_MS) / HOUR_MS,
      oldest: conflicts.oldest,
      openBySeverity: SEVERITIES.map((severity) => ({
        severity,
        conflicts: conflicts.openBySeverity.get(severity) ?? 0,
      })),
      openByKind: [...conflicts.openByKind]
        .map(([kind, count]) => ({ kind, conflicts: count }))
        .sort((a, b) => b.conflicts - a.conflicts || (a.kind < b.kind ? -1 : 1)),
    },
    checks: [...facts.checks],
    risks: risksOf({ tallies, names, policy }),
    criteria,
    recommendation: recommendationOf(criteria, blockers, receipts.overrides, names),
    blockers,
    ocers: {
      observation: {
        value: receipts.lastDays,
        history: days.map((value, day) => ({ until: instantOf(endMs - (days.length - 1 - day) * DAY_MS), value })),
      },
      coherence: subjects.coherence,
      selfRepair: subjects.selfRepair,
    },
    convergence: {
      // What cannot be measured is no failure; where nothing can be measured nothing has been shown.
      ok: measures.every(({ state }) => state !== 'fail') && measures.some(({ state }) => state === 'ok'),
      days: HISTORY_DAYS,
      measures,
    },
    plans: { steps: receipts.plans.steps, withoutReceipts: receipts.plans.withoutReceipts },
    exitCode: exitCodeOf(tallies, blockers.total),
  }
}

function reportNode(node: Tallies['receipts']['nodes'][number], tallies: Tallies, names: Names): ReportNode {
  const { subjects, conflicts } = tallies
  const spokenOf = subjects.subjectsByClaimant.get(node.node) ?? 0
  return {
    node: node.node,
    name: names.of(node.node),
    blocked: node.blocked,
    receipts: node.receipts,
    merged: node.merged,
    head: node.head,
    forkedAt: node.forkedAt,
    missing: [...(conflicts.missing.get(node.node) ?? [])].sort((a, b) => a.from - b.from),
    openConflicts: conflicts.openByNode.get(node.node) ?? 0,
    subjects: spokenOf,
    coverage: node.blocked || subjects.importersOnly.has(node.node) ? null : coverageOf(node.node, spokenOf, tallies),
    brief: node.brief,
  }
}

function originsOf(tallies: Tallies): SummaryFile['origins'] {
  const { subjectsByClaimant } = tallies.subjects
  const speaking = [...subjectsByClaimant.keys()]
    .filter((claimant) => claimant.startsWith(ORIGIN_CLAIMANT))
    .map((claimant) => claimant.slice(ORIGIN_CLAIMANT.length))
  const imported = new Map(tallies.origins.items.map((view) => [view.label, view]))
  return [...new Set([...speaking, ...imported.keys()])].sort().map((name) => {
    const spokenOf = subjectsByClaimant.get(`${ORIGIN_CLAIMANT}${name}`) ?? 0
    const view = imported.get(name)
    return {
      name,
      subjects: spokenOf,
      coverage: coverageOf(name, spokenOf, tallies),
      ...(view === undefined ? {} : { found: foundOf(view) }),
    }
  })
}

function foundOf({ files, listing, anchors, capsule, signatures }: OriginView): ReportOrigin['found'] {
  const { state, hash, anchor, events, last } = anchors
  return { files, listing, anchors: { state, hash, anchor, events, last }, capsule, signatures }
}

function coverageOf(claimant: string, spokenOf: number, { subjects }: Tallies): number | null {
  const { basis, patterns } = subjects.coverage
  if (basis === 'subjects') return ppmOf(spokenOf, subjects.subjects)
  const own = patterns.flatMap((pattern) => pattern.claimants.filter((entry) => entry.claimant === claimant))
  const sum = (key: 'have' | 'of') => own.reduce((total, entry) => total + entry[key], 0)
  return ppmOf(sum('have'), sum('of'))
}

/** Everything that keeps the network from being reconciled: conflicts that wait for a person, and what does not hold at all. */
function blockersOf(tallies: Tallies): SummaryFile['blockers'] {
  const { facts, conflicts } = tallies
  const failed = facts.checks
    .filter((check) => check.ok === false)
    .map((check) => ({
      id: `check:${check.id}`,
      subject: null,
      what: `${check.label} failed`,
      why: check.detail,
      remedy: 'Run `steward doctor`, restore the newest backup if receipts are damaged, and make the report again.',
    }))
  const { total, items } = conflicts.blockers
  return { total: total + failed.length, items: [...failed, ...items].slice(0, NAMED_BLOCKERS) }
}

function exitCodeOf(tallies: Tallies, blocking: number): SummaryFile['exitCode'] {
  const { facts, conflicts } = tallies
  const broken =
    facts.checks.some((check) => check.ok === false) ||
    unresolvedForgeries(tallies) > 0 ||
    (['invalid-signature', 'content-mismatch', 'unknown-anchor', 'diverging-anchors'] as const).some(
      (kind) => (conflicts.openByKind.get(kind) ?? 0) > 0,
    )
  if (broken) return 3
  return blocking > 0 || conflicts.open > 0 ? 1 : 0
}
