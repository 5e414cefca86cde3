// Two reports side by side: which figures moved, which conflicts were opened and closed, and which changed while they stayed open.
import { ReportedConflict, type ReportComparison, type ReportSummary, type SummaryFile } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { grouped, percent } from './wording.ts'

export interface ComparedReport {
  readonly summary: ReportSummary
  readonly facts: SummaryFile
  /** Lines of its conflicts.json: one conflict each, beside the head and the end. */
  readonly conflicts: AsyncIterable<string>
}

type Compared = ReportComparison['opened']['items'][number]

const NAMED = 200

/** @throws StewardError REPORT_DAMAGED where a conflict of either cannot be read. */
export async function compareReports(from: ComparedReport, to: ComparedReport): Promise<ReportComparison> {
  const before = await conflictsById(from)
  const after = await conflictsById(to)
  const opened: Compared[] = []
  const closed: (Compared & { how: string })[] = []
  const changed: (Compared & { how: string })[] = []
  for (const [id, now] of after) {
    const then = before.get(id)
    if (now.status === 'open' && then?.status !== 'open') opened.push(named(now))
    if (now.status !== 'open' || then?.status !== 'open') continue
    const how = whatChanged(then, now)
    if (how !== '') changed.push({ ...named(now), how })
  }
  for (const [id, then] of before) {
    if (then.status !== 'open') continue
    const now = after.get(id)
    if (now === undefined) closed.push({ ...named(then), how: 'Its claims are others now.' })
    else if (now.status === 'settled') closed.push({ ...named(then), how: `Settled by ${deciders(now)}.` })
  }
  return {
    from: from.summary,
    to: to.summary,
    figures: figuresOf(from.facts, to.facts),
    opened: gravestOf(opened),
    closed: gravestOf(closed),
    changed: gravestOf(changed),
    nodes: {
      joined: namesBeside(to.facts, from.facts),
      left: namesBeside(from.facts, to.facts),
    },
  }
}

/** What comparing needs of a conflict; members are in its id. */
type Kept = Pick<ReportedConflict, 'id' | 'title' | 'subject' | 'severity' | 'status' | 'overdue' | 'decisions'>

async function conflictsById({ conflicts, summary }: ComparedReport): Promise<Map<string, Kept>> {
  const found = new Map<string, Kept>()
  for await (const line of conflicts) {
    if (!line.startsWith('{"id":')) continue
    const read = ReportedConflict.safeParse(jsonOf(line.replace(/,$/, '')))
    if (!read.success) throw damaged(summary.id)
    const { id, title, subject, severity, status, overdue, decisions } = read.data
    found.set(id, { id, title, subject, severity, status, overdue, decisions })
  }
  return found
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function damaged(report: string): StewardError {
  return new StewardError({
    code: 'REPORT_DAMAGED',
    happened: `conflicts.json of report ${report} is not one that this version wrote.`,
    kept: 'It was left as it is.',
    remedy: 'Open its folder to look at it, or make the report again.',
  })
}

function named({ id, title, subject, severity }: Kept): Compared {
  return { id, title, subject, severity }
}

function whatChanged(then: Kept, now: Kept): string {
  const signed = now.decisions.length - then.decisions.length
  const withdrawn = now.decisions.filter((one) => one.withdrawn !== null).length
  const before = then.decisions.filter((one) => one.withdrawn !== null).length
  return [
    ...(signed > 0 ? [`${signed === 1 ? 'a decision' : `${signed} decisions`} signed`] : []),
    ...(withdrawn > before ? ['a decision withdrawn'] : []),
    ...(now.overdue && !then.overdue ? ['overdue now'] : []),
    ...(now.severity === then.severity ? [] : [`severity ${then.severity} is ${now.severity} now`]),
  ].join(', ')
}

function deciders({ decisions }: Kept): string {
  const names = [...new Set(decisions.filter((one) => one.counts).map((one) => one.nodeName))]
  return names.length === 0 ? 'a decision' : names.join(' and ')
}

function gravestOf<C extends Compared>(items: readonly C[]): { total: number; items: C[] } {
  const sorted = [...items].sort((a, b) => b.severity - a.severity || (a.id < b.id ? -1 : 1))
  return { total: items.length, items: sorted.slice(0, NAMED) }
}

function namesBeside(these: SummaryFile, others: SummaryFile): string[] {
  const known = new Set(others.nodes.map((node) => node.node))
  return these.nodes.filter((node) => !known.has(node.node)).map((node) => node.name)
}

/** `wish`: up is better, down is better, or neither. */
function figuresOf(from: SummaryFile, to: SummaryFile): ReportComparison['figures'] {
  const figure = (
    label: string,
    read: (facts: SummaryFile) => number | null,
    wish: 'up' | 'down' | null,
    ppm = false,
  ) => {
    const [a, b] = [read(from), read(to)]
    const shown = (value: number | null) => (value === null ? '–' : ppm ? percent(value) : grouped(value))
    const better = wish === null || a === null || b === null || a === b ? null : b > a === (wish === 'up')
    return { label, from: shown(a), to: shown(b), better }
  }
  return [
    figure('Nodes', (facts) => facts.counts.nodes, null),
    figure('Merged receipts', (facts) => facts.counts.merged, null),
    figure('Subjects', (facts) => facts.counts.subjects, null),
    figure('Told alike', (facts) => facts.ocers.coherence.value, 'up', true),
    figure('Coverage', (facts) => facts.coverage.ratio, 'up', true),
    figure('Open conflicts', (facts) => facts.conflicts.open, 'down'),
    figure('Overdue', (facts) => facts.conflicts.overdue, 'down'),
    figure('Settled conflicts', (facts) => facts.conflicts.settled, 'up'),
    figure('In the way', (facts) => facts.blockers.total, 'down'),
    figure('Decisions', (facts) => facts.counts.decisions, null),
  ]
}
