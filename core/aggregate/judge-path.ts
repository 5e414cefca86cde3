// One path and all nodes' files there: what is agreed, what is put aside, and what a steward should see. Pure.
import type { Instant } from '#core/contract/index.ts'
import type { Finding, FindingCode, JudgedFile } from '#core/teof/index.ts'
import { ofNode } from './of-node.ts'
import type { Patterns } from './patterns.ts'
import { settlePath, type OpenReason, type Settled } from './settle-path.ts'
import type { Claim, Item, ItemKind, JudgedPath, PathState, Rules, Standing } from './types.ts'
import { hoursText, namesOf, shortHash } from './words.ts'

export interface PathFacts {
  readonly path: string
  readonly claims: readonly Claim[]
  /** What reading the files brought up beside what judging them did: by node, in order. */
  readonly findings: readonly { readonly node: number; readonly finding: Finding }[]
  /** The nodes whose hash-ledger contains all others' at this path; null where it is none or they part ways. */
  readonly ahead: readonly number[] | null
}

/** Judges one path. The order of claims is that of nodes; nothing else comes in. */
export function judgePath(facts: PathFacts, rules: Rules, patterns: Patterns): JudgedPath {
  const { path, claims } = facts
  const items: Item[] = []
  const standings = claims.map((claim) => standingOf(claim, facts, rules, patterns))
  const counted = claims.filter((_, index) => standings[index] === 'stands')
  const readable = counted.filter(({ file }) => file.isJson)
  // What cannot be read stands against nothing that can.
  const weighed = readable.length > 0 ? readable : counted

  tellFindings(facts, items)
  tellUnsigned(facts, rules, items)
  tellHeld(path, claims, standings, rules, items)
  const { state, settled } = stateOf(weighed, facts, rules)
  if (settled !== null && settled.open !== null) items.push(openItem(path, settled, settled.open, rules))
  tellSuperseded(path, settled, rules, items)
  tellStale(path, weighed, rules, patterns, items)
  tellMissing(path, claims, rules, patterns, items)

  return {
    path,
    state,
    claims: claims.map((claim, index) => ({
      ...claim,
      standing: finalStanding(claim, standings[index] ?? 'aside', weighed, settled, facts.ahead),
    })),
    items,
  }
}

const FINDING_KIND: Partial<Record<FindingCode, ItemKind>> = {
  'bad-signature': 'invalid-signature',
  'unknown-key': 'invalid-signature',
  'key-id-leaves-folder': 'invalid-signature',
  'stated-hash-differs': 'content-mismatch',
  'unreadable-json': 'unreadable',
  'too-large': 'unreadable',
  'not-read': 'unreadable',
  'ledger-hash-differs': 'content-mismatch',
  'ledger-chain-broken': 'content-mismatch',
  'ledger-state-differs': 'content-mismatch',
  'ledger-line': 'unreadable',
}

/** Findings that say that a file may not count. */
const PUTS_ASIDE: ReadonlySet<ItemKind> = new Set(['invalid-signature', 'content-mismatch'])

function itemKindOf(code: FindingCode): ItemKind {
  return FINDING_KIND[code] ?? 'notice'
}

function standingOf({ node, file }: Claim, { findings }: PathFacts, rules: Rules, patterns: Patterns): Standing {
  if (file.findings.some(putsAside) || findings.some((one) => one.node === node && putsAside(one.finding)))
    return 'aside'
  if (rules.requireSignatures && file.envelope.state !== 'ok') return 'aside'
  return patterns.isAhead(file.stated) ? 'held' : 'stands'
}

function putsAside({ code }: Finding): boolean {
  return PUTS_ASIDE.has(itemKindOf(code))
}

function stateOf(
  weighed: readonly Claim[],
  { ahead }: PathFacts,
  { anchors }: Rules,
): { readonly state: PathState; readonly settled: Settled | null } {
  if (weighed.length === 0) return { state: 'none', settled: null }
  const settled = settlePath(weighed, anchors)
  const differ = settled.state === 'conflict' || settled.state === 'superseded'
  if (differ && ahead !== null) return { state: 'ahead', settled: null }
  return { state: settled.state, settled }
}

function finalStanding(
  claim: Claim,
  standing: Standing,
  weighed: readonly Claim[],
  settled: Settled | null,
  ahead: readonly number[] | null,
): Standing {
  if (standing !== 'stands') return standing
  if (!weighed.includes(claim)) return 'aside'
  if (settled !== null) return settled.superseded.includes(claim) ? 'superseded' : 'stands'
  return ahead === null || ahead.includes(claim.node) ? 'stands' : 'superseded'
}

/** The same finding at several nodes is one item. */
function tellFindings({ path, claims, findings }: PathFacts, items: Item[]): void {
  if (findings.length === 0 && claims.every(({ file }) => file.findings.length === 0)) return
  const told = new Map<string, { readonly finding: Finding; readonly nodes: Set<number> }>()
  const add = (node: number, finding: Finding) => {
    const key = `${finding.code}\n${finding.happened}`
    const known = told.get(key)
    if (known === undefined) told.set(key, { finding, nodes: new Set([node]) })
    else known.nodes.add(node)
  }
  for (const { node, file } of claims) for (const finding of asOneStory(file)) add(node, finding)
  for (const { node, finding } of findings) add(node, finding)
  for (const { finding, nodes } of told.values()) {
    const { code, happened, remedy } = finding
    const members = claims.filter(({ node }) => nodes.has(node))
    const concerned = [...nodes].toSorted((a, b) => a - b)
    items.push({ kind: itemKindOf(code), code, path, nodes: concerned, happened, remedy, since: null, members })
  }
}

/** A changed content fits neither its hash nor its signature: that is one thing to be told. */
function asOneStory({ findings, envelope }: JudgedFile): readonly Finding[] {
  const differs = findings.find(({ code }) => code === 'stated-hash-differs')
  if (differs === undefined || envelope.state !== 'invalid') return findings
  const both = { ...differs, happened: `${differs.happened} ${envelope.why}` }
  return [both, ...findings.filter((one) => one !== differs && one.code !== 'bad-signature')]
}

function tellUnsigned({ path, claims }: PathFacts, rules: Rules, items: Item[]): void {
  if (!rules.requireSignatures) return
  const members = claims.filter(({ file }) => file.envelope.state === 'missing' || !file.isJson)
  if (members.length === 0) return
  items.push({
    kind: 'missing-signature',
    path,
    nodes: nodesOf(members),
    happened: `${path} of ${labelsOf(members, rules)} is not signed, and signatures are required.`,
    remedy: 'Ask the node to sign it, or reconcile without --require-signatures.',
    since: null,
    members,
  })
}

function tellHeld(
  path: string,
  claims: readonly Claim[],
  standings: readonly Standing[],
  rules: Rules,
  items: Item[],
): void {
  const members = claims.filter((_, index) => standings[index] === 'held')
  const time = members[0]?.file.stated?.time?.instant
  if (time === undefined) return
  items.push({
    kind: 'held-future',
    path,
    nodes: nodesOf(members),
    happened: `${path} of ${labelsOf(members, rules)} is dated ${time}, which lies after ${rules.asOf}; it does not count yet.`,
    remedy: 'Check the clock of the node that wrote it, or reconcile as of a later time.',
    since: null,
    members,
  })
}

function openItem(path: string, { stands }: Settled, reason: OpenReason, rules: Rules): Item {
  const kind = reason === 'unsigned-may-not-win' ? 'hash-mismatch' : reason
  return {
    kind,
    path,
    nodes: nodesOf(stands),
    happened: `${storiesOf(path, stands, rules)} ${WHY_OPEN[reason]}`,
    remedy: WHAT_TO_DO[reason],
    since: sinceOf(stands),
    members: stands,
  }
}

const WHY_OPEN: Record<OpenReason, string> = {
  'hash-mismatch': 'No anchor is newer than the others, so no rule may choose.',
  'missing-anchor':
    'Some of these nodes have anchors that hold and some have not, so it cannot be said which is more recent.',
  'diverging-anchors': 'Neither chain of anchors contains the other, so none is more recent.',
  'unsigned-may-not-win': 'The one under the newer anchors is not signed, and may not take the place of a signed one.',
}

const WHAT_TO_DO: Record<OpenReason, string> = {
  'hash-mismatch': 'Compare the files and decide which of them holds.',
  'missing-anchor': 'Ask the nodes without anchors for governance/anchors.json, or decide which file holds.',
  'diverging-anchors': 'Ask the nodes where their anchors part ways, or decide which file holds.',
  'unsigned-may-not-win': 'Ask the node to sign its file, or decide which of them holds.',
}

/** `summary.json differs: 584e22351696 at node-a, ffdc1b0cb169 at node-b.` */
function storiesOf(path: string, claims: readonly Claim[], { labels }: Rules): string {
  const stories = Map.groupBy(claims, ({ file }) => file.contentHash)
  const told = [...stories].map(
    ([hash, of]) => `${shortHash(hash)} at ${namesOf(of.map(({ node }) => ofNode(labels, node)))}`,
  )
  const shown =
    told.length > MOST_STORIES ? [...told.slice(0, MOST_STORIES), `${told.length - MOST_STORIES} more`] : told
  return `${path} differs: ${shown.join(', ')}.`
}

const MOST_STORIES = 4

/** When the second story came up. */
function sinceOf(claims: readonly Claim[]): Instant | null {
  const firsts: Instant[] = []
  for (const of of Map.groupBy(claims, ({ file }) => file.contentHash).values()) {
    const times = of.map(({ file }) => file.stated?.time?.instant ?? null).filter((time) => time !== null)
    if (times.length < of.length) return null
    firsts.push(...times.toSorted().slice(0, 1))
  }
  return firsts.toSorted()[1] ?? null
}

function tellSuperseded(path: string, settled: Settled | null, rules: Rules, items: Item[]): void {
  if (settled === null || settled.superseded.length === 0) return
  const { stands, superseded } = settled
  const newest = stands.filter(({ node }) => rules.anchors.relation[node]?.includes('newer'))
  items.push({
    kind: 'superseded',
    path,
    nodes: nodesOf(superseded),
    happened: `${path} of ${labelsOf(superseded, rules)} gave way to that of ${labelsOf(newest.length > 0 ? newest : stands, rules)}: the most recent anchor wins, and those anchors go on from the others.`,
    remedy: 'Nothing has to be decided; the node should take the newer file over.',
    since: null,
    members: [...superseded, ...stands].toSorted((a, b) => a.node - b.node),
  })
}

function tellStale(path: string, weighed: readonly Claim[], rules: Rules, patterns: Patterns, items: Item[]): void {
  // Where all hold the same file none is older than another's.
  if (rules.freshness.length === 0 || weighed.every(({ file }) => file === weighed[0]?.file)) return
  const ages = weighed.map(({ file }) => patterns.freshness(path, file.stated))
  const youngestMs = Math.min(...ages.map((age) => (age.state === 'undated' ? Number.POSITIVE_INFINITY : age.ageMs)))
  const stale = weighed.filter((_, index) => {
    const age = ages[index]
    return age?.state === 'stale' && age.ageMs > youngestMs
  })
  const oldest = ages.filter((age) => age.state === 'stale').toSorted((a, b) => b.ageMs - a.ageMs)[0]
  if (stale.length === 0 || oldest === undefined) return
  items.push({
    kind: 'stale',
    path,
    nodes: nodesOf(stale),
    happened: `${path} of ${labelsOf(stale, rules)} is ${hoursText(oldest.ageMs)} old where ${hoursText(oldest.limitMs)} are allowed, and another node has one of ${hoursText(youngestMs)}.`,
    remedy: 'Ask the node for a fresh one.',
    since: null,
    members: stale,
  })
}

function tellMissing(path: string, claims: readonly Claim[], rules: Rules, patterns: Patterns, items: Item[]): void {
  if (claims.length === rules.labels.length || !patterns.isExpected(path)) return
  const holders = new Set(claims.map(({ node }) => node))
  const nodes = [...rules.labels.keys()].filter((node) => !holders.has(node))
  items.push({
    kind: 'missing-artefact',
    path,
    nodes,
    happened: `${path} is expected and missing at ${namesOf(nodes.map((node) => ofNode(rules.labels, node)))}; ${labelsOf(claims, rules)} ${claims.length === 1 ? 'has' : 'have'} it.`,
    remedy: 'Ask for it: a node that leaves out what others have may be withholding evidence.',
    since: null,
    members: [],
  })
}

function nodesOf(claims: readonly Claim[]): readonly number[] {
  return claims.map(({ node }) => node)
}

function labelsOf(claims: readonly Claim[], { labels }: Rules): string {
  return namesOf(claims.map(({ node }) => ofNode(labels, node)))
}
