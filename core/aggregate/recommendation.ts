// What a reconciliation of plain directories says of the pilot's four risks, and whether to go on from it. From the counts alone: without
// a node there are no feeds, no decisions and no history, so what only these could show is not claimed.
import type { Summary } from './summary.ts'
import { counted, grouped, namesOf, percent } from './words.ts'

export interface DirectoryRisk {
  readonly label: string
  /** `clear`: nothing of it was found; `watch`: something to keep an eye on; `alarm`: proof of it. */
  readonly level: 'clear' | 'watch' | 'alarm'
  /** One sentence each. */
  readonly evidence: readonly string[]
}

export function risksOf(summary: Summary): readonly DirectoryRisk[] {
  return [byzantine(summary), replay(summary), withholding(summary), staleAnchors(summary)]
}

function byzantine(summary: Summary): DirectoryRisk {
  const { itemsByKind: items, nodes, settings } = summary
  const held = nodes.reduce((sum, { signatures }) => sum + signatures.ok, 0)
  const bad = badSignatures(summary)
  const forged = bad + items['content-mismatch']
  const isUnknown = settings.signatures === 'skipped' || items['missing-signature'] > 0
  return {
    label: 'Byzantine node',
    level: forged > 0 ? 'alarm' : isUnknown ? 'watch' : 'clear',
    evidence: [
      settings.signatures === 'skipped'
        ? 'Signatures were not checked.'
        : `${counted(held, 'signature holds', 'signatures hold')}, ${grouped(bad)} ${bad === 1 ? 'does' : 'do'} not.`,
      `${counted(items['content-mismatch'], 'file states a hash', 'files state hashes')} that ${items['content-mismatch'] === 1 ? 'does' : 'do'} not fit.`,
      ...(items['missing-signature'] === 0
        ? []
        : [`${counted(items['missing-signature'], 'file')} without the signature that is required.`]),
    ],
  }
}

/** Also of files that are told as one story with their false hash. */
function badSignatures({ nodes }: Summary): number {
  return nodes.reduce((sum, { signatures }) => sum + signatures.invalid + signatures.unknown_key, 0)
}

function replay({ itemsByKind: items }: Summary): DirectoryRisk {
  return {
    label: 'Replay',
    level: items['held-future'] > 0 ? 'watch' : 'clear',
    evidence: [
      'A file is one by its content, so that a copy of it adds nothing; times never decide which one holds.',
      items['held-future'] === 0
        ? 'Nothing is dated ahead.'
        : `${counted(items['held-future'], 'file')} dated ahead, which ${items['held-future'] === 1 ? 'does' : 'do'} not count yet.`,
    ],
  }
}

function withholding({ coverage: { ratio, expected, present } }: Summary): DirectoryRisk {
  if (ratio === null) {
    return {
      label: 'Withholding',
      level: 'watch',
      evidence: ['Not measured: nothing was named that every node should have (--expect).'],
    }
  }
  return {
    label: 'Withholding',
    level: present < expected ? 'alarm' : 'clear',
    evidence: [
      `${grouped(present)} of ${counted(expected, 'expected artefact')} are here (${percent(ratio)}); ${grouped(expected - present)} missing.`,
    ],
  }
}

function staleAnchors({ itemsByKind: items, checks, nodes, pathsByState }: Summary): DirectoryRisk {
  const broken = items['anchor-failure'] + items['capsule-mismatch']
  const sum = (of: 'matched' | 'missing') => nodes.reduce((all, { capsule }) => all + capsule[of], 0)
  const apart = checks.anchors.status === 'conflict' || checks.capsules.status === 'conflict'
  const open = items['missing-anchor'] + items['diverging-anchors'] + items['stale']
  return {
    label: 'Stale anchors',
    level: broken > 0 ? 'alarm' : apart || open > 0 || pathsByState.superseded > 0 ? 'watch' : 'clear',
    evidence: [
      `Anchors: ${checks.anchors.status}${checks.anchors.newest.length === 0 ? '' : `, newest at ${namesOf(checks.anchors.newest)}`}.`,
      `${counted(pathsByState.superseded, 'path')} where the newest anchor put older files aside, ${grouped(items.stale)} with a stale file.`,
      `Capsules: ${checks.capsules.status}; of the files that hashes.json lists ${grouped(sum('matched'))} match and ${grouped(sum('missing'))} are not there; ${counted(items['capsule-mismatch'], 'finding')} of another hash.`,
    ],
  }
}

export interface DirectoryCriterion {
  readonly label: string
  readonly found: string
  readonly needed: string
  /** Null where it was not measured; that counts neither way. */
  readonly met: boolean | null
}

/** The pilot asks for three independent nodes at least. */
const NODES_NEEDED = 3
const COVERAGE_NEEDED = 950_000

export function criteriaOf(summary: Summary): readonly DirectoryCriterion[] {
  const { itemsByKind: items, checks, counts, coverage, settings } = summary
  const signatures = badSignatures(summary) + items['missing-signature']
  const hashes = items['content-mismatch'] + items['capsule-mismatch']
  const anchors = items['anchor-failure'] + items['missing-anchor'] + items['diverging-anchors']
  const none = (label: string, found: number): DirectoryCriterion => ({
    label,
    found: `${grouped(found)} against it`,
    needed: 'none against it',
    met: found === 0,
  })
  return [
    settings.signatures === 'skipped'
      ? { label: 'Signatures hold', found: 'not checked', needed: 'none', met: false }
      : none('Signatures hold', signatures),
    none('Hashes hold', hashes),
    checks.anchors.status === 'missing'
      ? { label: 'Anchors are known and of one chain', found: 'no anchors', needed: 'none against it', met: null }
      : none('Anchors are known and of one chain', anchors),
    {
      label: 'Nothing waits for a person',
      found: counted(counts.conflicts, 'conflict'),
      needed: 'none',
      met: counts.conflicts === 0,
    },
    {
      label: 'Expected artefacts are covered',
      found: coverage.ratio === null ? 'nothing expected' : percent(coverage.ratio),
      needed: `at least ${percent(COVERAGE_NEEDED)}`,
      met: coverage.ratio === null ? null : coverage.ratio >= COVERAGE_NEEDED,
    },
    {
      label: 'Enough nodes',
      found: counted(counts.nodes, 'directory', 'directories'),
      needed: `at least ${NODES_NEEDED}`,
      met: counts.nodes >= NODES_NEEDED,
    },
  ]
}

/** Whether every criterion is met that could be measured. */
export function isGo(summary: Summary): boolean {
  return criteriaOf(summary).every(({ met }) => met !== false)
}
