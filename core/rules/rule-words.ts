// A rule as the sentence that its steward signs; the same in the dialog, in the list and beside a decision that names it.
import { RuledKind, type StandingRule } from '#core/contract/index.ts'

/** Ends with a full stop. `nameOf` names nodes. */
export function ruleSentence(rule: StandingRule, nameOf: (node: string) => string): string {
  const task = rule.task === null ? '' : ` in task ${rule.task}`
  const kinds = [...new Set(rule.kinds)]
  const isEvery = kinds.length === RuledKind.options.length
  const when = isEvery ? 'claims differ' : kinds.map((kind) => KIND_WORDS[kind]).join(' or ')
  return `Where ${when} on ${rule.subject}${task}, ${chosenWords(rule, nameOf)} (until ${rule.until.slice(0, 10)}).`
}

function chosenWords({ choice }: StandingRule, nameOf: (node: string) => string): string {
  switch (choice.type) {
    case 'node':
      return `the newest claim of ${nameOf(choice.node)} holds`
    case 'origin':
      return `what the directory ${choice.origin} says last holds`
    case 'newest':
      return 'the claim with the latest time holds'
    case 'agreeing':
      return `what ${choice.needed} of at least ${choice.of} say alike holds`
    case 'several':
      return 'all claims hold side by side'
  }
}

const KIND_WORDS: Readonly<Record<RuledKind, string>> = {
  'hash-mismatch': 'claims differ',
  'missing-anchor': 'an anchor is missing',
  'unknown-anchor': 'an anchor is unknown',
  'diverging-anchors': 'anchors do not follow each other',
}
