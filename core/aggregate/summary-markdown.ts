// summary.md: the summary for a person. Capped: every list says how many it leaves out and where they are.
import type { ItemEntry } from './entries.ts'
import type { NodeSummary, Summary } from './summary.ts'
import { ITEM_SEVERITY, type ItemKind } from './types.ts'
import { criteriaOf, isGo, risksOf } from './recommendation.ts'
import { counted, grouped, percent } from './words.ts'

/** Far below the 200 KB that are promised, also where every name and sentence is as long as it may be. */
const MOST_NODES = 60
const MOST_PATTERNS = 20
const MOST_OF_A_KIND = 10
const MOST_CELL = 160
const MOST_SENTENCE = 400

export function summaryMarkdown(summary: Summary): string {
  return [
    '# Reconciliation of node directories',
    '',
    `As of ${summary.settings.asOf}. **${summary.says}** What is recommended, and why, stands at the end.`,
    '',
    ...overview(summary),
    ...nodeTable(summary.nodes),
    ...coverageTable(summary),
    ...itemSections(summary),
    ...closing(summary),
    ...risksSection(summary),
    ...recommendationSection(summary),
  ].join('\n')
}

function overview({ counts, pathsByState: states, checks, settings }: Summary): readonly string[] {
  const paths = [
    [states.agreed, 'agreed'],
    [states['same-content'], 'the same content in different bytes'],
    [states.single, 'held by one node'],
    [states.superseded, 'decided by the newest anchors'],
    [states.ahead, 'with one hash-ledger ahead of the others'],
    [states.conflict, 'in conflict'],
    [states.none, 'with nothing that holds'],
  ] as const
  const told = paths.filter(([count]) => count > 0).map(([count, what]) => `${grouped(count)} ${what}`)
  return [
    `- ${counted(counts.files, 'file')} of ${counted(counts.nodes, 'node')} at ${counted(counts.paths, 'path')}${told.length === 0 ? '.' : `: ${told.join(', ')}.`}`,
    `- Anchors: ${checks.anchors.status}${checks.anchors.newest.length === 0 ? '' : `, newest at ${cell(checks.anchors.newest.join(', '))}`}. Capsules: ${checks.capsules.status}. Signatures: ${checks.signatures.status}${settings.signatures === 'required' ? ' (required)' : ''}.`,
    '',
  ]
}

function nodeTable(nodes: readonly NodeSummary[]): readonly string[] {
  const rows = nodes
    .slice(0, MOST_NODES)
    .map(({ label, files, signatures: signed, anchors, capsule, coverage, newest }) =>
      row([
        label,
        grouped(files),
        signed.skipped === files && files > 0
          ? 'not checked'
          : `${signed.ok} ok, ${signed.invalid + signed.unknown_key} bad, ${signed.missing} none`,
        anchors.state === 'read'
          ? `${counted(anchors.events, 'event')}${anchors.isNewest ? ', newest' : ''}`
          : anchors.state,
        capsule.state,
        coverage === null ? 'not measured' : percent(coverage),
        newest ?? 'none',
      ]),
    )
  return [
    '## Nodes',
    '',
    row(['node', 'files', 'signatures', 'anchors', 'capsule', 'coverage', 'newest receipt']),
    row(Array.from({ length: 7 }, () => '---')),
    ...rows,
    '',
    ...(nodes.length > MOST_NODES ? [`And ${nodes.length - MOST_NODES} more nodes in summary.json.`, ''] : []),
  ]
}

function coverageTable({ coverage }: Summary): readonly string[] {
  const { patterns } = coverage
  if (patterns.length === 0) return []
  const rows = patterns.slice(0, MOST_PATTERNS).flatMap(({ pattern, nodes }) =>
    nodes
      .slice(0, MOST_NODES)
      .filter(({ present, expected }) => present < expected)
      .map(({ node, present, expected, ratio, missing }) =>
        row([pattern, node, `${present} of ${expected} (${percent(ratio)})`, missing.slice(0, 2).join(', ')]),
      ),
  )
  const whole = `${counted(coverage.present, 'artefact')} of ${grouped(coverage.expected)} expected are here (${percent(coverage.ratio ?? 0)}).`
  if (rows.length === 0) return ['## Coverage', '', whole, '']
  return [
    '## Coverage',
    '',
    whole,
    '',
    row(['expected', 'node', 'present', 'missing, for example']),
    row(['---', '---', '---', '---']),
    ...rows.slice(0, MOST_NODES),
    '',
    ...(rows.length > MOST_NODES || patterns.length > MOST_PATTERNS ? ['The rest is in summary.json.', ''] : []),
  ]
}

const TITLES: Record<ItemKind, string> = {
  'invalid-signature': 'Signatures that do not hold',
  'missing-signature': 'Signatures that are missing',
  'content-mismatch': 'Content that does not match its hash',
  'anchor-failure': 'Anchors that do not hold',
  'capsule-mismatch': 'Capsule files that do not match their hashes',
  'hash-mismatch': 'Files that differ',
  'missing-anchor': 'Missing anchors',
  'diverging-anchors': 'Files under anchors that part ways',
  unreadable: 'Files that cannot be read',
  superseded: 'Files that gave way to newer anchors',
  stale: 'Stale files',
  'missing-artefact': 'Expected files that are missing',
  'held-future': 'Files dated ahead',
  notice: 'Worth knowing',
}

function itemSections({ shown, itemsByKind }: Summary): readonly string[] {
  // An object literal's keys are all that it has; the worst come first there.
  const kinds = Object.keys(ITEM_SEVERITY) as ItemKind[]
  return kinds.flatMap((kind) => {
    const count = itemsByKind[kind]
    if (count === 0) return []
    const listed = shown.filter((item) => item.kind === kind).slice(0, MOST_OF_A_KIND)
    return [
      `## ${TITLES[kind]} (${grouped(count)})`,
      '',
      ...listed.map(itemLine),
      ...(count > listed.length ? [`- … and ${grouped(count - listed.length)} more in conflicts.json.`] : []),
      '',
    ]
  })
}

function itemLine({ nodes, happened, remedy, plans }: ItemEntry): string {
  const [first] = plans
  const plan =
    first === undefined ? '' : ` Plan ${cell(first.plan)}${first.step === null ? '' : `, step ${cell(first.step)}`}.`
  return `- ${sentence(happened)} (${cell(nodes.join(', '))}) ${sentence(remedy)}${plan}`
}

function risksSection(summary: Summary): readonly string[] {
  return [
    '## Risks',
    '',
    ...risksOf(summary).map(
      ({ label, level, evidence }) => `- **${label}: ${level}.** ${evidence.map(sentence).join(' ')}`,
    ),
    '',
  ]
}

function recommendationSection(summary: Summary): readonly string[] {
  const criteria = criteriaOf(summary)
  const failing = criteria.filter(({ met }) => met === false)
  return [
    '## Go or no-go',
    '',
    row(['criterion', 'found', 'must be', 'met']),
    row(['---', '---', '---', '---']),
    ...criteria.map(({ label, found, needed, met }) =>
      row([label, found, needed, met === null ? 'not measured' : met ? 'yes' : 'NO']),
    ),
    '',
    isGo(summary)
      ? '**Recommendation: go.** Every criterion that could be measured is met.'
      : `**Recommendation: no-go.** Not met: ${failing.map(({ label }) => label.toLowerCase()).join('; ')}.`,
    '',
  ]
}

function closing({ files }: Summary): readonly string[] {
  return [
    `Every path with its lineage is in ${files.ledger}, every conflict and notice in ${files.conflicts}, all counts in summary.json.`,
    '',
  ]
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`
}

/** Names come from other people's files: nothing in them may end a cell or begin markup. */
function cell(text: string): string {
  return escaped(text, MOST_CELL)
}

function sentence(text: string): string {
  return escaped(text, MOST_SENTENCE)
}

function escaped(text: string, most: number): string {
  const short = text.length > most ? `${text.slice(0, most)}…` : text
  return short.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').replaceAll(/[\\`*_{}[\]<>|#]/g, (found) => `\\${found}`)
}
