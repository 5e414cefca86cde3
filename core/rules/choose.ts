// What a rule chooses among the claims of one conflict. Pure: the same claims, the same choice, in whatever order they came.
import type { ReceiptId, RuleChoice, Verdict } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'

export interface ChosenFrom {
  readonly receipt: ReceiptId
  readonly node: string
  readonly nodeName: string
  /** The imported directory whose claim it is; null for a node's own. */
  readonly origin: string | null
  /** What it says. */
  readonly hash: string
  readonly time: string
}

/** As many as one verdict can name. */
const MOST_SIDE_BY_SIDE = 100

/** A verdict, or the sentence why the conflict is left to a person. */
type Choice = { readonly verdict: Verdict } | { readonly why: string }

export function choose(choice: RuleChoice, members: readonly ChosenFrom[], nameOf: (node: string) => string): Choice {
  switch (choice.type) {
    case 'node':
      return chooseVoice(
        members.filter((member) => member.origin === null && member.node === choice.node),
        nameOf(choice.node),
      )
    case 'origin':
      return chooseVoice(
        members.filter((member) => member.origin === choice.origin),
        choice.origin,
      )
    case 'newest':
      return chooseNewest(members)
    case 'agreeing':
      return chooseAgreeing(members, choice.needed, choice.of)
    case 'several':
      return members.length < 2 || members.length > MOST_SIDE_BY_SIDE
        ? { why: `Only 2 to ${MOST_SIDE_BY_SIDE} claims can hold side by side.` }
        : { verdict: { type: 'several', receipts: members.map((member) => member.receipt).sort() } }
  }
}

function chooseVoice(own: readonly ChosenFrom[], name: string): Choice {
  if (own.length === 0) return { why: `${name} makes no claim here.` }
  return new Set(own.map((member) => member.hash)).size === 1
    ? pick(own)
    : { why: `${name} says several things here, so its claim is not one.` }
}

function chooseNewest(members: readonly ChosenFrom[]): Choice {
  // Instants sort as text in the order of time.
  const latest = members.reduce((time, member) => (member.time > time ? member.time : time), '')
  const newest = members.filter((member) => member.time === latest)
  return new Set(newest.map((member) => member.hash)).size === 1
    ? pick(newest)
    : { why: 'Several claims that differ carry the latest time.' }
}

function chooseAgreeing(members: readonly ChosenFrom[], needed: number, of: number): Choice {
  const here = speakers(members)
  if (here < of) return { why: `Only ${here} of the ${of} claims that it asks for are here.` }
  const voices = [...Map.groupBy(members, (member) => member.hash).values()]
  const enough = voices.filter((alike) => speakers(alike) >= needed)
  const [only] = enough
  if (only === undefined) {
    return { why: `No ${needed} of the ${here} claims say the same.` }
  }
  // With few asked for, two camps can both be large enough.
  return enough.length === 1 ? pick(only) : { why: `More than one group of ${needed} claims say the same.` }
}

/** Of claims that say the same the one with the smallest id: every node would pick that one. */
function pick(alike: readonly ChosenFrom[]): Choice {
  const [first] = alike.map((member) => member.receipt).sort()
  invariant(first !== undefined, 'claims that say one thing are at least one')
  return { verdict: { type: 'pick', receipt: first } }
}

/** Who speaks: a directory that several nodes imported says what it says once. */
function speakers(members: readonly ChosenFrom[]): number {
  return new Set(members.map(({ node, origin }) => (origin === null ? `node ${node}` : `origin ${origin}`))).size
}
