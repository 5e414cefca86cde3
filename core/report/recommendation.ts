// Go or no-go: computed from the criteria, and what stewards said about it. An override covers exactly what it lists: when another
// criterion fails, one gets worse or another conflict blocks, it lapses by itself.
import type { Blocker, Measured, Recommendation, ReportOverride, SummaryFile } from '#core/contract/index.ts'
import type { Names } from '#core/network/index.ts'
import { meets } from './measures.ts'
import type { SignedOverride } from './receipts-pass.ts'

/** Without these there is nothing to recommend on. */
const NEEDED = new Set(['signatures', 'determinism'])

export function recommendationOf(
  criteria: readonly Measured[],
  blockers: SummaryFile['blockers'],
  overrides: readonly SignedOverride[],
  names: Names,
): SummaryFile['recommendation'] {
  const failing = criteria.filter((criterion) => criterion.state === 'fail')
  const unknown = criteria.filter((criterion) => criterion.state === 'not-measured' && NEEDED.has(criterion.id))
  const computed = failing.length + unknown.length === 0 ? 'go' : 'no-go'
  const judged = overrides
    .map((override) => judge(override, failing, blockers, computed, names))
    .sort((a, b) => (a.time === b.time ? (a.receipt < b.receipt ? -1 : 1) : a.time < b.time ? -1 : 1))
  return {
    computed,
    effective: effectiveOf(computed, judged),
    reasons: [
      ...failing.map((criterion) => `${criterion.label}: fails. ${criterion.basis}`),
      ...unknown.map((criterion) => `${criterion.label}: not measured. ${criterion.basis}`),
    ],
    overrides: judged,
  }
}

/** Of each steward the newest override in force; they change the recommendation only where they are of one mind. */
function effectiveOf(computed: Recommendation, overrides: readonly ReportOverride[]): Recommendation {
  const newest = new Map(overrides.filter((override) => override.inForce).map((override) => [override.node, override]))
  const verdicts = new Set([...newest.values()].map((override) => override.verdict))
  const [only] = verdicts
  return only !== undefined && verdicts.size === 1 ? only : computed
}

function judge(
  { receipt, node, time, body }: SignedOverride,
  failing: readonly Measured[],
  blockers: SummaryFile['blockers'],
  computed: Recommendation,
  names: Names,
): ReportOverride {
  const lapsed = whyLapsed(body, failing, blockers, computed)
  return {
    receipt,
    node,
    nodeName: names.of(node),
    time,
    verdict: body.verdict,
    reason: body.reason,
    inForce: lapsed === null,
    lapsed,
  }
}

function whyLapsed(
  body: SignedOverride['body'],
  failing: readonly Measured[],
  { total, items }: SummaryFile['blockers'],
  computed: Recommendation,
): string | null {
  if (body.computed !== computed) return `It overrides a ${body.computed}; what is computed now is a ${computed}.`
  const covered = new Map(body.failing.map(({ criterion, value }) => [criterion, value]))
  for (const { id, label, value, bound } of failing) {
    const allowed = covered.get(id)
    if (allowed === undefined) return `“${label}” did not fail then.`
    if (value !== null && !meets(value, bound, allowed)) return `“${label}” is worse than it was then.`
  }
  const known = new Set(body.blockers)
  const fresh = items.find((item: Blocker) => !known.has(item.id))
  if (fresh !== undefined) return `It does not know of this: ${fresh.what}.`
  return total > items.length ? 'More stands in the way than it could list.' : null
}
