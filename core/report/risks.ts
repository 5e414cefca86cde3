// The four risks that the pilot names, each with what was found of it in this network, what is in force against it, and what is open.
import type { NodeId, Policy, ReportRisk } from '#core/contract/index.ts'
import type { Names } from '#core/network/index.ts'
import type { OriginsAnswer } from '#core/reconcile/index.ts'
import { isForged, missingReceipts, unresolvedForgeries, type Tallies } from './measures.ts'
import { counted, grouped, percent } from './wording.ts'

export interface RiskContext {
  readonly tallies: Tallies
  readonly names: Names
  readonly policy: Policy
}

/** So many nodes are named in one sentence. */
const NAMED_NODES = 10

export function risksOf(context: RiskContext): ReportRisk[] {
  return [byzantine(context), replay(context), withholding(context), staleAnchor(context)]
}

function byzantine({ tallies, names, policy }: RiskContext): ReportRisk {
  const { facts, receipts, conflicts } = tallies
  const open = conflicts.openByKind
  const forked = receipts.nodes.filter((node) => node.forkedAt !== null)
  const forged = facts.refused.filter(({ reason }) => isForged(reason))
  const things = forged.reduce((sum, fact) => sum + fact.things, 0)
  const imported = conflicts.everByKind.get('invalid-signature') ?? 0
  const misfits = conflicts.everByKind.get('invalid-content') ?? 0
  const mismatched = conflicts.everByKind.get('content-mismatch') ?? 0
  const proofs =
    (open.get('fork') ?? 0) +
    unresolvedForgeries(tallies) +
    (open.get('invalid-signature') ?? 0) +
    (open.get('content-mismatch') ?? 0)
  return {
    risk: 'byzantine',
    label: 'Byzantine node',
    level: proofs > 0 ? 'alarm' : forked.length + things + imported + mismatched + misfits > 0 ? 'watch' : 'clear',
    evidence: [
      forked.length === 0
        ? `No fork in ${counted(receipts.nodes.length, 'feed')}.`
        : `${counted(forked.length, 'node')} told two stories: ${listed(forked.map((node) => `${names.of(node.node)} at receipt #${node.forkedAt}`))}.`,
      things === 0
        ? 'Nothing was refused for its signature, its key or its hash.'
        : `${counted(things, 'thing')} refused for a signature, key or hash that does not hold: ${listed(forged.map((fact) => `${nameOf(fact.node, names)} (${fact.reason}, ${grouped(fact.things)})`))}.`,
      ...(imported === 0 ? [] : [`${counted(imported, 'imported file')} with a signature that does not hold.`]),
      ...(mismatched === 0
        ? []
        : [`${counted(mismatched, 'imported file')} with a hash that does not fit the content.`]),
      ...(misfits === 0 ? [] : [`${counted(misfits, 'receipt')} signed in a form that its kind does not have.`]),
    ],
    mitigation: [
      'Every receipt is verified (Ed25519, RFC 8032) when it comes in and stands in a hash chain of its node; what does not hold is refused and kept as proof.',
      'Two receipts with one number are both kept, the feed stands still before them, and every node sees both.',
      `A new node is merged only when ${counted(policy.admissionsNeeded, 'steward')} admitted it; a conflict is settled when ${policy.decisionsNeeded === 1 ? 'a steward decides it' : `${counted(policy.decisionsNeeded, 'steward')} decide alike`}.`,
    ],
    open: [
      ...counting(open.get('fork') ?? 0, 'fork', 'to be decided'),
      ...counting(unresolvedForgeries(tallies), 'node', 'whose feed is not whole since a forged receipt was refused'),
      ...counting(open.get('invalid-signature') ?? 0, 'imported file', 'with a false signature to be looked at'),
      ...counting(open.get('content-mismatch') ?? 0, 'imported file', 'with a false hash to be looked at'),
      ...counting(open.get('invalid-content') ?? 0, 'receipt', 'in a wrong form to be signed again'),
    ],
  }
}

function replay({ tallies }: RiskContext): ReportRisk {
  const { receipts, subjects } = tallies
  return {
    risk: 'replay',
    label: 'Replay',
    level: subjects.returned > 0 ? 'watch' : 'clear',
    evidence: [
      `${counted(receipts.receipts, 'receipt')}, each held once under its own id: what came again changed nothing.`,
      subjects.returned === 0
        ? 'No node went back to content that it had put aside.'
        : `${counted(subjects.returned, 'newest claim')} say again what the node had put aside before.`,
    ],
    mitigation: [
      'A receipt is named by the hash of its bytes, its number and the receipt before it: a second copy is known and changes nothing.',
      'A time more than five minutes ahead is held back; times never decide which claim holds.',
    ],
    open: counting(subjects.returned, 'claim', 'to be looked at: was old content meant to come back?'),
  }
}

function withholding({ tallies, names }: RiskContext): ReportRisk {
  const { receipts, subjects, conflicts } = tallies
  const missing = missingReceipts(conflicts)
  const gaps = [...conflicts.missing].sort(([a], [b]) => (a < b ? -1 : 1))
  const silent = receipts.nodes.filter((node) => node.merged === 0 && !node.blocked)
  const { coverage } = subjects
  const absent = coverage.patterns.reduce((sum, pattern) => sum + pattern.missingCount, 0)
  return {
    risk: 'withholding',
    label: 'Withholding',
    level: missing > 0 || absent > 0 ? 'alarm' : silent.length > 0 || conflicts.held > 0 ? 'watch' : 'clear',
    evidence: [
      missing === 0
        ? 'Every receipt that a signed head counts is here.'
        : `${counted(missing, 'receipt')} counted by signed heads ${missing === 1 ? 'has' : 'have'} not come: ${listed(gaps.map(([node, ranges]) => `${names.of(node)} ${ranges.map(rangeWords).join(', ')}`))}.`,
      ...(silent.length === 0 ? [] : [`Nothing is merged from ${listed(silent.map((node) => names.of(node.node)))}.`]),
      ...(conflicts.held === 0 ? [] : [`${counted(conflicts.held, 'receipt')} held back, dated ahead of the clock.`]),
      coverageSentence(tallies),
      ...coverage.patterns
        .filter((pattern) => pattern.missingCount > 0)
        .map((pattern) => `Expected ${pattern.pattern}: ${grouped(pattern.missingCount)} missing.`),
    ],
    mitigation: [
      'A node signs a head over its whole feed (C2SP note, RFC 6962 tree): a receipt left out shows as a gap, and nothing behind a gap is merged.',
      coverage.basis === 'expected'
        ? 'Policy names the artefacts that every node should have; each one that is missing is a warning.'
        : 'Coverage is measured against what any node speaks of, since policy names no expected artefacts.',
    ],
    open: [
      ...counting(missing, 'receipt', 'to be asked for'),
      ...counting(absent, 'expected artefact', 'missing at a node'),
      ...(coverage.basis === 'expected' ? [] : ['Policy could name the artefacts that every node should have.']),
    ],
  }
}

function staleAnchor({ tallies, policy }: RiskContext): ReportRisk {
  const { subjects, conflicts, origins } = tallies
  const { anchors } = subjects
  const open = conflicts.openByKind
  const unknown = open.get('unknown-anchor') ?? 0
  const diverging = open.get('diverging-anchors') ?? 0
  const missing = open.get('missing-anchor') ?? 0
  const stale = open.get('stale') ?? 0
  return {
    risk: 'stale-anchor',
    label: 'Stale anchors',
    level:
      unknown + diverging + conflicts.capsules > 0
        ? 'alarm'
        : anchors.older + missing + stale > 0 || isApart(origins.anchors) || isApart(origins.capsule)
          ? 'watch'
          : 'clear',
    evidence: [
      `Newest claims: ${grouped(anchors.newest)} under the newest anchor of a chain, ${grouped(anchors.older)} under an older one, ${grouped(anchors.unknown)} under one that nobody signed, ${grouped(anchors.none)} under none.`,
      `${counted(subjects.superseded, 'claim')} put aside because another one stands under a newer anchor.`,
      ...ofDirectories(origins),
      ...(stale === 0 ? [] : [`${counted(stale, 'subject')} with a claim older than policy allows.`]),
    ],
    mitigation: [
      'Anchors follow one another by name and hash; one is newer only if its chain contains the other.',
      ...(origins.items.length === 0
        ? []
        : ['At every import the files of a capsule are hashed again and compared with its hashes.json.']),
      policy.requireAnchor.length === 0
        ? 'Policy does not ask for anchors.'
        : `Policy asks for an anchor on ${listed(policy.requireAnchor)}.`,
      policy.freshness.length === 0
        ? 'Policy sets no limit on the age of claims.'
        : `Policy limits the age of claims: ${listed(policy.freshness.map(({ subject, maxAgeHours }) => `${subject} ${maxAgeHours} h`))}.`,
    ],
    open: [
      ...counting(unknown, 'conflict', 'about an anchor that nobody signed'),
      ...counting(diverging, 'conflict', 'between anchors of which neither follows the other'),
      ...counting(missing, 'conflict', 'about a claim without an anchor'),
      ...counting(conflicts.capsules, 'capsule', 'with files that do not have the hashes stated for them'),
      ...counting(anchors.older, 'newest claim', 'under an anchor that another one follows'),
    ],
  }
}

function isApart({ state }: OriginsAnswer['anchors']): boolean {
  return state === 'conflict' || state === 'partial'
}

/** What importing found of anchors and capsules of directories; nothing where none was imported. */
function ofDirectories({ items, anchors, capsule }: OriginsAnswer): string[] {
  if (items.length === 0) return []
  const sum = (of: 'listed' | 'checked') => items.reduce((all, one) => all + one.capsule[of], 0)
  return [
    `Anchors of ${counted(items.length, 'imported directory', 'imported directories')}: ${anchors.why}`,
    `Capsules of imported directories: ${capsule.why} Of ${counted(sum('listed'), 'file')} listed, ${grouped(sum('checked'))} ${sum('checked') === 1 ? 'was' : 'were'} there to be hashed again.`,
  ]
}

function coverageSentence({ subjects }: Tallies): string {
  const { coverage } = subjects
  const claimants = new Set(coverage.patterns.flatMap((one) => one.claimants.map(({ claimant }) => claimant)))
  if (coverage.ratio === null) return 'Nobody speaks of anything yet, so there is nothing to cover.'
  return coverage.basis === 'expected'
    ? `Coverage of what policy expects: ${percent(coverage.ratio)} over ${counted(claimants.size, 'node or directory', 'nodes and directories')}.`
    : `On average a node speaks of ${percent(coverage.ratio)} of the ${counted(subjects.subjects, 'subject')} that anybody speaks of.`
}

/** One line, or none where there is nothing. */
function counting(count: number, one: string, what: string): string[] {
  return count === 0 ? [] : [`${counted(count, one)} ${what}.`]
}

function listed(items: readonly string[]): string {
  const named = items.slice(0, NAMED_NODES)
  const more = items.length - named.length
  return more === 0 ? named.join(', ') : `${named.join(', ')} and ${grouped(more)} more`
}

function nameOf(node: NodeId | null, names: Names): string {
  return node === null ? 'of nobody that can be named' : names.of(node)
}

function rangeWords({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? `#${from}` : `#${from} to #${to}`
}
