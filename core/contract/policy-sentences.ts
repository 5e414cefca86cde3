// The network's rules as sentences, and what a proposal would change in them: the same in the window and in the terminal.
import type { Policy } from './network.ts'

export function policySentences(policy: Policy): readonly string[] {
  return [
    `${stewards(policy.decisionsNeeded)} to settle a conflict.`,
    `${stewards(policy.admissionsNeeded)} to admit a new node.`,
    ...policy.freshness.map(
      ({ subject, maxAgeHours }) =>
        `Claims on ${subject} are stale after ${age(maxAgeHours)}, once a newer one exists.`,
    ),
    ...(policy.requireAnchor.length === 0
      ? ['No subject requires an anchor.']
      : policy.requireAnchor.map((subject) => `Claims on ${subject} must name an anchor.`)),
    ...(policy.expected ?? []).map(
      (pattern) => `Every node and every imported directory is expected to have ${pattern}.`,
    ),
    ...(policy.unsignedImports === 'refuse' ? ['Imported files without a valid signature are refused.'] : []),
    ...(policy.escalateAfterDays === undefined
      ? []
      : [`A conflict open for more than ${age(policy.escalateAfterDays * 24)} counts one step more severe.`]),
  ]
}

/** Every sentence that comes or goes; a proposal that changes nothing says so. */
export function policyChanges(current: Policy, proposed: Policy): readonly string[] {
  const before = new Set(policySentences(current))
  const after = new Set(policySentences(proposed))
  const changes = [
    ...[...after].filter((sentence) => !before.has(sentence)).map((sentence) => `New: ${sentence}`),
    ...[...before].filter((sentence) => !after.has(sentence)).map((sentence) => `No longer: ${sentence}`),
  ]
  return changes.length === 0 ? ['It says the same as the rules in force.'] : changes
}

/** What says the same in every sentence is the same policy. */
export function isSamePolicy(a: Policy, b: Policy): boolean {
  return policySentences(a).join('\n') === policySentences(b).join('\n')
}

function stewards(needed: number): string {
  return needed === 1 ? 'One steward is enough' : `${needed} stewards must agree`
}

function age(hours: number): string {
  if (hours % 24 !== 0) return hours === 1 ? 'an hour' : `${hours} hours`
  return hours === 24 ? 'a day' : `${hours / 24} days`
}
