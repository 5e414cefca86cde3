// summary.md: what a steward reads. The same for 3 nodes and for 50: what matters first, long lists cut with their count and a pointer to
// the file that has all of it. A pure function of summary.json.
import type { Blocker, Measured, ReportNode, ReportOrigin, SummaryFile } from '#core/contract/index.ts'
import { code, escaped, table } from './markdown-text.ts'
import { counted, grouped, minuteOf, percent, shortName } from './wording.ts'

/** So many rows are shown of a list. */
const SHOWN = 20
const SHOWN_MISSING = 10
const SHOWN_IN_GROUP = 8

export function markdownOf(summary: SummaryFile): string {
  return [
    headline(summary),
    inShort(summary),
    inTheWay(summary),
    nodes(summary),
    coverage(summary),
    conflicts(summary),
    checks(summary),
    risks(summary),
    ocers(summary),
    convergence(summary),
    files(summary),
    recommendation(summary),
  ].join('\n')
}

function headline({ network, asOf, recommendation: { effective, computed } }: SummaryFile): string {
  const verdict = effective === 'go' ? 'Go' : 'No-go'
  return `# Network report: ${escaped(network.name)}

**${verdict}**${effective === computed ? '' : ` (computed: ${computed}; overridden)`}, for the reasons at the end · as of ${minuteOf(asOf)} · fingerprint **${network.fingerprintWords.join(' · ')}**
`
}

function inShort({ counts, conflicts: found, coverage: covered, ocers: marks, blockers }: SummaryFile): string {
  const agreement =
    counts.sharedSubjects === 0
      ? 'No subject is spoken of by several nodes yet.'
      : `${grouped(counts.agreedSubjects)} of ${counted(counts.sharedSubjects, 'subject')} that several nodes speak of ${counts.sharedSubjects === 1 ? 'is' : 'are'} told alike (${percent(marks.coherence.value ?? 0)}).`
  const lines = [
    `${counted(counts.nodes, 'node')}, ${counted(counts.merged, 'merged receipt')}${counts.receipts === counts.merged ? '' : ` (${grouped(counts.receipts - counts.merged)} more are held and not merged)`}, ${counted(counts.subjects, 'subject')}.`,
    agreement,
    found.open === 0
      ? `No conflict is open; ${grouped(found.settled)} settled.`
      : `${counted(found.open, 'conflict')} open${found.overdue === 0 ? '' : `, ${grouped(found.overdue)} of them overdue`}, ${grouped(found.settled)} settled${found.oldest === null ? '' : `; the oldest has been open since ${minuteOf(found.oldest)}`}.`,
    covered.ratio === null
      ? 'Coverage: nothing to cover yet.'
      : `Coverage: ${percent(covered.ratio)} ${covered.basis === 'expected' ? 'of what policy expects' : 'of what any node speaks of'}.`,
    blockers.total === 0 ? 'Nothing stands in the way.' : `${counted(blockers.total, 'thing')} in the way.`,
  ]
  return `## In short\n\n${bullets(lines)}`
}

/** The last thing that is read: what it comes to, with the value of each criterion. */
function recommendation({
  criteria,
  recommendation: { computed, effective, reasons, overrides },
}: SummaryFile): string {
  const intro =
    computed === 'go'
      ? 'Computed: **go**. Every criterion that could be measured is met.'
      : `Computed: **no-go**, because ${counted(reasons.length, 'criterion is', 'criteria are')} not met.`
  const rows = criteria.map((one) => [
    escaped(one.label),
    value(one),
    bound(one),
    stateWord(one),
    escaped(one.basis, 300),
  ])
  const signed = overrides.map(
    ({ nodeName, verdict, time, reason, inForce, lapsed, receipt }) =>
      `${escaped(nodeName)} signed **${verdict}** on ${minuteOf(time)} (${code(shortName(receipt))}): ${escaped(reason, 400)}${inForce ? '' : ` *Lapsed: ${escaped(lapsed ?? '', 300)}*`}`,
  )
  return `## Go or no-go

${intro}

${table(['Criterion', 'Found', 'Must be', 'Met', 'From'], 'lrrll', rows)}${signed.length === 0 ? '' : `\nOverrides, each signed by a steward:\n\n${capped(signed, 'summary.json')}`}
**Recommendation: ${effective}**${effective === computed ? '' : `, overriding the computed ${computed}`}.
`
}

/** What is the matter in the same way is said once, and then what it is about. */
function inTheWay({ blockers: { total, items } }: SummaryFile): string {
  if (total === 0) return '## What stands in the way\n\nNothing: everything that can be reconciled is.\n'
  const groups = [...Map.groupBy(items, ({ why, remedy }) => `${why}\n${remedy}`).values()]
  const shown = groups.slice(0, SHOWN)
  const told = shown.map((group) => blockerGroup(group))
  const left = total - shown.reduce((sum, group) => sum + group.length, 0)
  return `## What stands in the way\n\n${told.join('\n')}${left > 0 ? `\n${grouped(left)} more are in conflicts.json.\n` : ''}`
}

function blockerGroup(group: readonly Blocker[]): string {
  const [first] = group
  if (first === undefined) return ''
  const lines = group.map(
    ({ id, what, subject }) =>
      `${escaped(what)}${subject === null || what.startsWith(`${subject}:`) ? '' : `: ${code(subject.startsWith('did:key:') ? shortName(subject) : subject)}`} ${code(id.startsWith('sha256:') ? shortName(id) : id)}`,
  )
  return `**${escaped(first.why, 400)}** *What to do:* ${escaped(first.remedy, 300)}\n\n${cappedAs(lines, lines.length, 'conflicts.json', SHOWN_IN_GROUP)}`
}

function nodes({ nodes: all, origins }: SummaryFile): string {
  const inOrder = [...all].sort(byTrouble)
  const rows = inOrder
    .slice(0, SHOWN)
    .map((node) => [
      `${escaped(node.name, 40)} ${code(shortName(node.node))}`,
      grouped(node.merged),
      node.head === null ? '–' : `#${node.head.seq}, ${minuteOf(node.head.time)}`,
      node.coverage === null ? '–' : percent(node.coverage),
      grouped(node.openConflicts),
      nodeTrouble(node),
    ])
  const more = all.length - rows.length
  return `## Nodes

${table(['Node', 'Merged', 'Newest', 'Coverage', 'Open conflicts', 'Note'], 'lrlrrl', rows)}${more > 0 ? `\n${counted(more, 'more node')} with less the matter: all of them are in summary.json.\n` : ''}${importedRows(origins)}`
}

function importedRows(origins: SummaryFile['origins']): string {
  if (origins.length === 0) return ''
  const rows = origins
    .slice(0, SHOWN)
    .map((one) => [
      escaped(one.name, 60),
      grouped(one.subjects),
      one.coverage === null ? '–' : percent(one.coverage),
      ...foundCells(one),
    ])
  const more = origins.length - rows.length
  return `
Imported directories, each speaking for itself:

${table(['Directory', 'Subjects', 'Coverage', 'Anchors', 'Capsule', 'Signatures'], 'lrrlll', rows)}${more > 0 ? `\n${counted(more, 'more directory is', 'more directories are')} in summary.json.\n` : ''}`
}

function foundCells({ found }: ReportOrigin): string[] {
  if (found === undefined) return ['–', '–', '–']
  const { anchors, capsule, signatures } = found
  const of = (state: string) => signatures[state] ?? 0
  return [
    anchors.anchor === null
      ? anchors.state
      : `${anchors.state}, ${counted(anchors.events, 'event')} ${code(shortName(anchors.anchor))}`,
    capsule.hash === null
      ? capsule.state
      : `${capsule.state}, ${grouped(capsule.checked)} of ${grouped(capsule.listed)} hashed ${code(shortName(capsule.hash))}`,
    `${grouped(of('ok'))} ok, ${grouped(of('invalid') + of('unknown_key'))} bad, ${grouped(of('missing') + of('skipped'))} none`,
  ]
}

/** What needs looking at first; then by name. */
function byTrouble(a: ReportNode, b: ReportNode): number {
  const weight = (node: ReportNode) =>
    (node.forkedAt === null ? 0 : 4) + (node.missing.length > 0 ? 2 : 0) + (node.merged === 0 || node.blocked ? 1 : 0)
  const one = weight(b) - weight(a) || b.openConflicts - a.openConflicts || (a.coverage ?? 0) - (b.coverage ?? 0)
  return one || (a.name === b.name ? (a.node < b.node ? -1 : 1) : a.name < b.name ? -1 : 1)
}

function nodeTrouble(node: ReportNode): string {
  const notes = [
    ...(node.forkedAt === null ? [] : [`two stories at #${node.forkedAt}`]),
    ...(node.missing.length === 0
      ? []
      : [
          `missing ${node.missing.map(({ from, to }) => (from === to ? `#${from}` : `#${from} to #${to}`)).join(', ')}`,
        ]),
    ...(node.receipts > node.merged ? [`${grouped(node.receipts - node.merged)} not merged`] : []),
    ...(node.blocked ? ['blocked at this node'] : []),
    ...(node.merged === 0 && !node.blocked ? ['nothing here yet'] : []),
    ...(node.brief === null ? [] : [`brief of ${minuteOf(node.brief.time)}`]),
  ]
  return notes.join('; ')
}

function coverage({ coverage: { basis, ratio, have, of, patterns } }: SummaryFile): string {
  const head = '## Coverage\n\n'
  if (ratio === null) return `${head}Nobody speaks of anything yet.\n`
  if (basis === 'subjects') {
    return `${head}The network’s policy names no expected artefacts. Measured against what any node speaks of: ${percent(ratio)} (${grouped(have)} of ${grouped(of)} over all nodes).\n`
  }
  const rows = patterns.slice(0, SHOWN).map((one) => {
    const lowest = [...one.claimants].sort((a, b) => a.have - b.have || (a.claimant < b.claimant ? -1 : 1))[0]
    return [
      code(one.pattern),
      one.ratio === null ? '–' : percent(one.ratio),
      grouped(one.missingCount),
      lowest === undefined || one.missingCount === 0
        ? ''
        : `${escaped(lowest.name, 40)} has ${grouped(lowest.have)} of ${grouped(lowest.of)}`,
    ]
  })
  const missing = patterns.flatMap((one) =>
    one.missing.map(({ name, subject }) => `${code(subject)} at ${escaped(name, 40)}`),
  )
  const total = patterns.reduce((sum, one) => sum + one.missingCount, 0)
  return `${head}${percent(ratio)} of what policy expects: ${grouped(have)} of ${grouped(of)} over all nodes.

${table(['Expected', 'Coverage', 'Missing', 'Least'], 'lrrl', rows)}${total === 0 ? '' : `\nMissing:\n\n${cappedAs(missing, total, 'summary.json', SHOWN_MISSING)}`}`
}

function conflicts({ conflicts: found }: SummaryFile): string {
  const { open, settled, openBySeverity, openByKind, overdue, overdueHours } = found
  if (open + settled === 0) return '## Conflicts\n\nNone, and none ever.\n'
  const words = { 3: 'proof of harm', 2: 'waits for a person', 1: 'worth knowing' } as const
  const severities = openBySeverity
    .filter((one) => one.conflicts > 0)
    .map((one) => `${grouped(one.conflicts)} ${words[one.severity]}`)
  return `## Conflicts

${grouped(open)} open${severities.length === 0 ? '' : ` (${severities.join(', ')})`}, ${grouped(settled)} settled.${overdueHours === 0 ? '' : ` ${grouped(overdue)} open for more than ${overdueHours === 24 ? 'a day' : `${grouped(overdueHours / 24)} days`}, which is what policy allows.`}
${
  openByKind.length === 0
    ? ''
    : `\n${table(
        ['Open, by kind', 'Conflicts'],
        'lr',
        openByKind.map((one) => [one.kind, grouped(one.conflicts)]),
      )}`
}
Every conflict, with its members and decisions, is in conflicts.json.
`
}

function checks({ checks: made }: SummaryFile): string {
  const rows = made.map((check) => [
    escaped(check.label),
    check.ok === null ? 'not made' : check.ok ? 'ok' : '**FAIL**',
    escaped(check.detail, 400),
  ])
  return `## Checks\n\n${table(['Check', 'Result', 'Detail'], 'lll', rows)}`
}

function risks({ risks: all }: SummaryFile): string {
  const words = { clear: 'clear', watch: '**watch**', alarm: '**ALARM**' } as const
  return `## Risks\n\n${all
    .map(
      ({ label, level, evidence, mitigation, open }) => `### ${label}: ${words[level]}

Found in this network:

${bullets(evidence.map((line) => escaped(line, 600)))}
In force against it:

${bullets(mitigation.map((line) => escaped(line, 400)))}
${open.length === 0 ? 'Nothing is open.\n' : `Open:\n\n${bullets(open.map((line) => escaped(line, 400)))}`}`,
    )
    .join('\n')}`
}

function ocers({ ocers: { observation, coherence, selfRepair }, plans }: SummaryFile): string {
  const rows = observation.history.map(({ until, value: seen }, day) => [
    until.slice(0, 10),
    grouped(seen ?? 0),
    percentOrNone(coherence.history[day]?.value ?? null),
    grouped(selfRepair.history[day]?.value ?? 0),
  ])
  return `## OCERS

- **Observation:** ${counted(observation.value, 'new verifiable receipt')} in the last 7 days.
- **Coherence:** ${coherence.value === null ? 'nothing is spoken of by several nodes' : `${percent(coherence.value)} (${grouped(coherence.agreed)} of ${counted(coherence.shared, 'shared subject')} told alike)`}.
- **Self-repair:** ${counted(selfRepair.found, 'drift')} found and ${grouped(selfRepair.closed)} closed in 14 days${selfRepair.medianHours === null ? '' : `, in a median of ${selfRepair.medianHours} hours`}; ${grouped(selfRepair.open)} open now.
${plans.steps === 0 ? '' : `- **Plans:** ${counted(plans.steps, 'step')} told of, ${grouped(plans.withoutReceipts)} without a receipt.\n`}
${table(['24 h until', 'Receipts', 'Told alike', 'Drifts closed'], 'lrrr', rows)}`
}

function convergence({ convergence: { ok, measures } }: SummaryFile): string {
  const rows = measures.map((one) => [
    escaped(one.label),
    value(one),
    bound(one),
    stateWord(one),
    escaped(one.basis, 300),
  ])
  return `## Convergence: ${ok ? 'ok' : '**FAIL**'}

${table(['Measure', 'Found', 'Must be', 'Met', 'From'], 'lrrll', rows)}
${bullets(measures.map((one) => `*${escaped(one.label)}:* ${escaped(one.definition, 400)}`))}`
}

function files({ files: written, network }: SummaryFile): string {
  const rows = written.map(({ name, bytes, sha256 }) => [name, grouped(bytes), code(sha256, 80)])
  return `## Files

${table(['File', 'Bytes', 'SHA-256'], 'lrl', rows)}
Two nodes with the same receipts, the same policy (${code(shortName(network.policyHash))}) and the same as-of time write these files byte for byte. The network fingerprint is ${code(network.fingerprint, 80)}.
`
}

function value({ value: measured, unit }: Measured): string {
  if (measured === null) return 'not measured'
  switch (unit) {
    case 'ppm':
      return percent(measured)
    case 'minutes':
      return `${measured} min`
    case 'count':
      return grouped(measured)
  }
}

function bound({ bound: side, threshold, unit }: Measured): string {
  const limit = unit === 'ppm' ? percent(threshold) : unit === 'minutes' ? `${threshold} min` : grouped(threshold)
  return side === 'at-least' ? `≥ ${limit}` : threshold === 0 ? 'none' : `≤ ${limit}`
}

function stateWord({ state }: Measured): string {
  return state === 'ok' ? 'ok' : state === 'fail' ? '**FAIL**' : '–'
}

function percentOrNone(ppm: number | null): string {
  return ppm === null ? '–' : percent(ppm)
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}\n`).join('')
}

function capped(lines: readonly string[], pointer: string): string {
  return cappedAs(lines, lines.length, pointer)
}

function cappedAs(lines: readonly string[], total: number, pointer: string, shown = SHOWN): string {
  const listed = lines.slice(0, shown)
  const more = total - listed.length
  return `${bullets(listed)}${more > 0 ? `\n${grouped(more)} more are in ${pointer}.\n` : ''}`
}
