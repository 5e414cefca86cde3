// What policy asks of claims about a subject. Patterns are read once for all subjects of a write.
import type { Policy } from '#core/contract/index.ts'
import type { SubjectRules } from './judge-claims.ts'
import { subjectPattern } from './subject-pattern.ts'

const HOUR_MS = 60 * 60 * 1000
const NO_RULES: SubjectRules = { requireAnchor: false, maxAgeMs: null }

/** Of several limits that fit a subject the shortest holds. A subject's name is only asked for where there are rules. */
export function subjectRules(policy: Policy): (subject: () => string) => SubjectRules {
  const { freshness, requireAnchor } = policy
  const refusesUnsigned = policy.unsignedImports === 'refuse'
  if (freshness.length === 0 && requireAnchor.length === 0) {
    return refusesUnsigned ? () => ({ ...NO_RULES, refusesUnsigned }) : () => NO_RULES
  }
  const limited = freshness.map((rule) => ({
    fits: subjectPattern(rule.subject),
    maxAgeMs: rule.maxAgeHours * HOUR_MS,
  }))
  const anchored = requireAnchor.map(subjectPattern)
  return (nameOf) => {
    const subject = nameOf()
    const limits = limited.filter((rule) => rule.fits(subject)).map((rule) => rule.maxAgeMs)
    return {
      requireAnchor: anchored.some((fits) => fits(subject)),
      maxAgeMs: limits.length === 0 ? null : Math.min(...limits),
      refusesUnsigned,
    }
  }
}
