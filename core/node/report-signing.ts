// What a steward signs about the state of the network: another recommendation than the computed one, and a brief of the own node.
import {
  NAMED_BLOCKERS,
  type BriefDraft,
  type ContentHash,
  type Recommendation,
  type ReportId,
} from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { BRIEF, OVERRIDE } from '#core/report/index.ts'
import { sha256Id, type Draft } from '#core/receipts/index.ts'
import type { AppCore } from './app-core.ts'
import { factsNow, readFacts } from './report-desk.ts'
import type { Session } from './session.ts'

export interface OverrideWish {
  readonly report: ReportId
  readonly verdict: Recommendation
  readonly reason: string
}

/** @throws StewardError NOTHING_TO_OVERRIDE, TOO_MUCH_TO_OVERRIDE, and what reading the report throws. */
export async function overrideDraft(session: Session, { report, verdict, reason }: OverrideWish): Promise<Draft> {
  const facts = await readFacts(session.reports, report)
  const { computed } = facts.recommendation
  if (verdict === computed) throw nothingToOverride(computed)
  const { total, items } = facts.blockers
  if (total > items.length) throw tooMuch(total)
  const body = {
    report,
    summary: sha256Id<ContentHash>(await session.reports.read(report, 'summary.json')),
    asOf: facts.asOf,
    computed,
    verdict,
    reason,
    failing: facts.criteria.flatMap(({ id, state, value }) =>
      state === 'fail' && value !== null ? [{ criterion: id, value }] : [],
    ),
    blockers: items.map((item) => item.id),
  }
  return { kind: OVERRIDE, subject: `_report/network/${report}`, task: null, anchor: null, body }
}

/** The figures of a report made now, for this node. */
export async function briefNow(app: AppCore, session: Session): Promise<BriefDraft> {
  const facts = await factsNow(app, session)
  const own = facts.nodes.find(({ node }) => node === session.node)
  const bySeverity = new Map(facts.conflicts.openBySeverity.map(({ severity, conflicts }) => [severity, conflicts]))
  const failed = facts.checks.filter((check) => check.ok === false).map((check) => check.label)
  return {
    head: own?.head === null || own === undefined ? null : { seq: own.head.seq, id: own.head.id },
    fingerprint: facts.network.fingerprint,
    coverage: own?.coverage ?? null,
    openConflicts: {
      total: facts.conflicts.open,
      severity3: bySeverity.get(3) ?? 0,
      severity2: bySeverity.get(2) ?? 0,
    },
    checks: { ok: failed.length === 0, made: facts.asOf, failed },
  }
}

export function briefReceipt(brief: BriefDraft, note = ''): Draft {
  const said = note.trim()
  return {
    kind: BRIEF,
    subject: 'operator/brief',
    task: null,
    anchor: null,
    body: said === '' ? { ...brief } : { ...brief, note: said },
  }
}

function nothingToOverride(computed: Recommendation): StewardError {
  return new StewardError({
    code: 'NOTHING_TO_OVERRIDE',
    happened: `The report itself computes a ${computed}.`,
    kept: 'Nothing was signed.',
    remedy: 'An override says the other thing than what was computed, and why.',
  })
}

function tooMuch(total: number): StewardError {
  return new StewardError({
    code: 'TOO_MUCH_TO_OVERRIDE',
    happened: `${total} things stand in the way; an override has to name each and holds ${NAMED_BLOCKERS} at most.`,
    kept: 'Nothing was signed.',
    remedy: 'Decide some of the conflicts first, several alike at once, and make the report again.',
  })
}
