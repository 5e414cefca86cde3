// summary.json: what a script asks first. Counts, the state of each node, coverage, the first items of each kind, and where the rest
// is. Its size does not grow with the number of receipts.
import type { Coverage, CoverageRatio } from '#core/teof/index.ts'
import type { ItemEntry } from './entries.ts'
import { anchorStatus, capsuleStatus, newestAnchors, type CheckStatus } from './node-items.ts'
import { ofNode } from './of-node.ts'
import type { KnownNode, KnownNodes } from './read-nodes.ts'
import type { SignatureState, Tally } from './tally.ts'
import { ITEM_SEVERITY, PATH_STATES, type ItemKind, type PathState } from './types.ts'
import { counted } from './words.ts'

export const FORMAT = 'steward-directories/1'

/** 0 agreed, 1 conflicts wait for a person, 3 a signature, a hash or an anchor does not hold. (2, could not run, leaves no summary.) */
export type Verdict = { readonly exitCode: 0 | 1 | 3; readonly verdict: 'agreed' | 'conflicts' | 'integrity' }

/** What was asked for; two runs with the same settings over the same files write the same bytes. */
export interface Settings {
  /** UTC. */
  readonly asOf: string
  readonly include: readonly string[]
  readonly expect: readonly string[]
  readonly freshness: readonly { readonly pattern: string; readonly hours: number }[]
  readonly signatures: 'required' | 'checked' | 'skipped'
}

export interface Summary extends Verdict {
  readonly format: typeof FORMAT
  readonly settings: Settings
  /** One sentence. */
  readonly says: string
  readonly counts: {
    readonly nodes: number
    readonly files: number
    readonly bytes: number
    readonly paths: number
    readonly conflicts: number
    readonly notices: number
  }
  readonly pathsByState: Readonly<Record<PathState, number>>
  readonly itemsByKind: Readonly<Record<ItemKind, number>>
  readonly checks: {
    readonly anchors: { readonly status: CheckStatus; readonly newest: readonly string[] }
    readonly capsules: { readonly status: CheckStatus | 'mismatch' }
    readonly signatures: { readonly status: 'ok' | 'missing' | 'error' | 'skipped' }
  }
  readonly nodes: readonly NodeSummary[]
  readonly coverage: CoverageSummary
  readonly files: { readonly ledger: string; readonly conflicts: string }
  /** The first of each kind, in order of path; all of them are in the conflicts file. */
  readonly shown: readonly ItemEntry[]
  /** Where the reference format was asked for: how many conflicts its conflicts.json lists, and the first of them, a line each. */
  readonly reference?: ReferenceConflicts
}

export interface ReferenceConflicts {
  readonly count: number
  readonly shown: readonly string[]
}

export interface NodeSummary {
  readonly label: string
  readonly files: number
  readonly bytes: number
  /** The latest time that one of its receipts states, UTC. */
  readonly newest: string | null
  readonly signatures: Readonly<Record<SignatureState, number>>
  readonly keys: number
  readonly anchors: {
    readonly state: 'read' | 'missing' | 'unreadable'
    readonly hash: string | null
    readonly events: number
    readonly isNewest: boolean
    readonly warnings: number
  }
  readonly capsule: {
    readonly state: 'missing' | 'ok' | 'partial' | 'unchecked' | 'mismatch' | 'unreadable'
    readonly pointer: string | null
    readonly hash: string | null
    readonly matched: number
    readonly missing: number
    readonly mismatched: readonly string[]
  }
  /** Parts per million of what is expected of it; null where nothing is. */
  readonly coverage: number | null
  readonly items: Partial<Record<ItemKind, number>>
}

export interface CoverageSummary {
  /** Parts per million; null where nothing is expected. */
  readonly ratio: number | null
  readonly expected: number
  readonly present: number
  readonly patterns: readonly {
    readonly pattern: string
    readonly ratio: number | null
    readonly nodes: readonly {
      readonly node: string
      readonly expected: number
      readonly present: number
      readonly ratio: number
      /** The first of them. */
      readonly missing: readonly string[]
    }[]
  }[]
}

export interface SummaryFacts {
  readonly settings: Settings
  readonly known: KnownNodes
  readonly tally: Tally
  readonly coverage: Coverage
  readonly shown: readonly ItemEntry[]
  /** Where the reference format was asked for its conflicts: more than there are by the rules of anchors and content. */
  readonly reference: ReferenceConflicts | null
}

export function summaryOf(facts: SummaryFacts): Summary {
  const { settings, known, tally, coverage, shown, reference } = facts
  const listed = reference?.count ?? 0
  const verdict = verdictOf(tally, listed)
  const conflicts = Math.max(itemsFrom(tally, 2), listed)
  return {
    format: FORMAT,
    ...verdict,
    says: sentenceOf(verdict, facts, conflicts),
    settings,
    counts: {
      nodes: known.nodes.length,
      files: tally.nodes.reduce((sum, { files }) => sum + files, 0),
      bytes: tally.nodes.reduce((sum, { bytes }) => sum + bytes, 0),
      paths: PATH_STATES.reduce((sum, state) => sum + (tally.paths[state] ?? 0), 0),
      conflicts,
      notices: itemsFrom(tally, 1) - itemsFrom(tally, 2),
    },
    pathsByState: countsOf(PATH_STATES, tally.paths),
    itemsByKind: countsOf(ITEM_KINDS, tally.items),
    checks: {
      anchors: { status: anchorStatus(known), newest: newestAnchors(known).map((node) => labelAt(known, node)) },
      capsules: { status: (tally.items['capsule-mismatch'] ?? 0) > 0 ? 'mismatch' : capsuleStatus(known) },
      signatures: { status: signatureStatus(settings, tally) },
    },
    nodes: known.nodes.map((node, at) => nodeSummary(node, at, facts)),
    coverage: coverageSummary(coverage, settings.expect),
    files: { ledger: 'ledger.json', conflicts: 'conflicts.json' },
    shown,
    ...(reference === null ? {} : { reference }),
  }
}

// An object literal's keys are all that it has.
const ITEM_KINDS = Object.keys(ITEM_SEVERITY) as ItemKind[]
const SIGNATURE_STATES: readonly SignatureState[] = ['ok', 'missing', 'skipped', 'unknown_key', 'invalid']
/** The missing paths that are named for one node and pattern. */
const NAMED_MISSING = 20
const NAMED_MISMATCHES = 20

function verdictOf(tally: Tally, listed: number): Verdict {
  if (itemsFrom(tally, 3) > 0) return { exitCode: 3, verdict: 'integrity' }
  return itemsFrom(tally, 2) + listed > 0 ? { exitCode: 1, verdict: 'conflicts' } : { exitCode: 0, verdict: 'agreed' }
}

/** Items of this severity or a higher one. */
function itemsFrom({ items }: Tally, severity: number): number {
  return ITEM_KINDS.reduce((sum, kind) => sum + (ITEM_SEVERITY[kind] >= severity ? (items[kind] ?? 0) : 0), 0)
}

function sentenceOf({ verdict }: Verdict, { known, tally }: SummaryFacts, conflicts: number): string {
  const nodes = counted(known.nodes.length, 'node')
  const merged = `${nodes} ${known.nodes.length === 1 ? 'was' : 'were'} merged`
  const failures = itemsFrom(tally, 3)
  const waiting = conflicts - failures
  const also =
    waiting === 0 ? '' : `, and ${counted(waiting, 'conflict')} ${waiting === 1 ? 'waits' : 'wait'} for a person`
  const superseded = tally.paths.superseded ?? 0
  if (verdict === 'agreed' && superseded > 0)
    return `${merged}: at ${counted(superseded, 'path')} the most recent anchor decided, and nothing waits for a person.`
  if (verdict === 'agreed')
    return `${known.nodes.length === 1 ? `${nodes} was read` : `${nodes} agree`}; nothing waits for a person.`
  if (verdict === 'conflicts')
    return `${merged}, and ${counted(waiting, 'conflict')} ${waiting === 1 ? 'waits' : 'wait'} for a person.`
  return `${merged}, but ${counted(failures, 'signature, hash or anchor', 'signatures, hashes or anchors')} ${failures === 1 ? 'does' : 'do'} not hold${also}.`
}

function signatureStatus({ signatures }: Settings, { nodes }: Tally): Summary['checks']['signatures']['status'] {
  if (signatures === 'skipped') return 'skipped'
  const sum = (state: SignatureState) => nodes.reduce((all, of) => all + (of.signatures[state] ?? 0), 0)
  if (sum('invalid') + sum('unknown_key') > 0) return 'error'
  return signatures === 'required' && sum('missing') > 0 ? 'missing' : 'ok'
}

function nodeSummary(node: KnownNode, at: number, { known, tally, coverage }: SummaryFacts): NodeSummary {
  const { label, facts } = node
  const { anchors, capsules, findings } = facts
  const { current, pointer } = capsules
  const of = ofNode(tally.nodes, at)
  return {
    label,
    files: of.files,
    bytes: of.bytes,
    newest: of.newest,
    signatures: countsOf(SIGNATURE_STATES, of.signatures),
    keys: facts.keys.length,
    anchors: {
      state:
        anchors !== null ? 'read' : findings.some(({ code }) => code === 'anchors-missing') ? 'missing' : 'unreadable',
      hash: anchors?.rawHash ?? null,
      events: anchors?.events.length ?? 0,
      isNewest: newestAnchors(known).includes(at),
      warnings: anchors?.findings.length ?? 0,
    },
    capsule: {
      state: current?.state ?? 'missing',
      pointer: pointer?.folder ?? null,
      hash: current?.rawHash ?? null,
      matched: current?.matched ?? 0,
      missing: current?.missing.length ?? 0,
      mismatched: (current?.mismatched ?? []).slice(0, NAMED_MISMATCHES).map(({ path }) => path),
    },
    coverage: coverage.byNode.get(label)?.ppm ?? null,
    items: of.items,
  }
}

function coverageSummary(coverage: Coverage, expect: readonly string[]): CoverageSummary {
  const rows = Map.groupBy(coverage.rows, ({ pattern }) => pattern)
  return {
    ...ratioOf(coverage.whole),
    patterns: expect.map((pattern) => ({
      pattern,
      ratio: coverage.byPattern.get(pattern)?.ppm ?? null,
      nodes: (rows.get(pattern) ?? []).map(({ label, expected, present, ppm, missing }) => ({
        node: label,
        expected,
        present,
        ratio: ppm,
        missing: missing.slice(0, NAMED_MISSING),
      })),
    })),
  }
}

function ratioOf({ ppm, expected, present }: CoverageRatio): Omit<CoverageSummary, 'patterns'> {
  return { ratio: ppm, expected, present }
}

function countsOf<Key extends string>(keys: readonly Key[], counts: Partial<Record<Key, number>>): Record<Key, number> {
  const all: Partial<Record<Key, number>> = {}
  for (const key of keys) all[key] = counts[key] ?? 0
  // Every key was given its count above.
  return all as Record<Key, number>
}

function labelAt({ nodes }: KnownNodes, node: number): string {
  return ofNode(nodes, node).label
}
