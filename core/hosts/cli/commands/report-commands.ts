// report and brief: the state of the network written down for others, and how this node stands, signed.
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import {
  Instant,
  Recommendation,
  ReportId,
  type BriefDraft,
  type ReportProgress,
  type ReportSummary,
  type SummaryFile,
} from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { publishedSchemas } from '#core/report/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { example } from '../help.ts'
import { instantOption } from '../instant-option.ts'
import { columns, counted, plain, shortId, shortTime } from '../layout.ts'
import { collect, everyItem } from '../pages.ts'
import { withKey } from '../passphrase.ts'
import { usageError } from '../usage-error.ts'
import { addReportFileCommands } from './report-file-commands.ts'
import { comparisonText } from './report-texts.ts'

interface MakeOptions {
  readonly asOf?: string
  readonly quick?: boolean
  readonly out?: string
}

export function addReportCommands(program: Command, runner: Runner): void {
  const report = program.command('report').summary('network reports: make, read, compare, export')

  report
    .command('make')
    .summary('make a report of the network')
    .description(
      'Writes ledger.json, conflicts.json, summary.json, summary.md, events.jsonl and audit.json below _report/network/<UTC>/ of the data folder. Exits with 1 where something waits, with 3 where a signature, a check or an anchor does not hold.',
    )
    .option('--as-of <instant>', 'clock value that ages are counted against, as 2026-11-21T12:00:00Z')
    .option('--quick', 'leave out the checks of everything that is stored')
    .option('--out <dir>', 'copy it there as well, with its alerts')
    .addHelpText('after', example('report make --out ~/evidence'))
    .action(runner.answers(make))

  report
    .command('list')
    .summary('reports that were made')
    .addHelpText('after', example('report list'))
    .action(runner.answers(list))

  report
    .command('show')
    .summary('read a report')
    .argument('[report]', 'its name, as 20261121T120000Z; the newest if left out')
    .addHelpText('after', example('report show'))
    .action(runner.answers(show))

  report
    .command('compare')
    .summary('what changed between two reports')
    .argument('<from>', 'name of the earlier one')
    .argument('[to]', 'name of the later one; the newest if left out')
    .addHelpText('after', example('report compare 20261114T120000Z'))
    .action(runner.answers(compare))

  report
    .command('export')
    .summary('copy a report into a folder, with its alerts')
    .argument('[report]', 'its name; the newest if left out')
    .requiredOption('--out <dir>', 'the folder: gets _report/network/… and _bus/events/events.jsonl')
    .addHelpText('after', example('report export --out /mnt/stick'))
    .action(runner.answers(exportReport))

  report
    .command('guard')
    .summary('do the nodes converge? for scripts')
    .description(
      'Measures hash match, gap rate, anchor latency, tag ratio and automation accuracy now. Exits with 1 where one of them fails or none could be measured.',
    )
    .addHelpText('after', example('report guard --json'))
    .action(runner.answers(guard))

  report
    .command('override')
    .summary('sign another recommendation than the computed one')
    .argument('<report>', 'its name, or `latest`')
    .addOption(
      new Option('--verdict <verdict>', 'what you recommend').choices(Recommendation.options).makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why; it stands in every report from then on')
    .addHelpText('after', example('report override latest --verdict go --reason "the two files are test data"'))
    .action(runner.answers(override))

  report
    .command('schema')
    .summary('print the JSON schema of a report’s file')
    .argument('<file>', 'ledger, conflicts, summary, events or audit')
    .addHelpText('after', example('report schema summary'))
    .action(runner.answers(schema))

  addReportFileCommands(report, runner, reportNamed)

  program
    .command('brief')
    .summary('sign how this node stands')
    .description(
      'Makes the checks, signs a brief (head, coverage, open conflicts, checks) as a receipt and publishes it.',
    )
    .option('--note <text>', 'a sentence to go with it')
    .option('--dry-run', 'only say what it would say')
    .addHelpText('after', example('brief --note "new disk, all well"'))
    .action(runner.answers(brief))
}

async function make(context: CliContext, options: MakeOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const { report, exitCode } = await made(client, options)
    const { folder, facts } = await client.reports.get({ report: report.id })
    const copied = options.out === undefined ? null : resolve(context.terminal.cwd, options.out)
    if (copied !== null) await client.reports.export({ report: report.id, folder: copied })
    return {
      json: { ...report, folder, exported: copied, exitCode, blockers: facts.blockers },
      text: `${summaryText(report, facts)}Wrote ${folder}\n${copied === null ? '' : `Copied to ${copied}\n`}`,
      exitCode,
    }
  })
}

async function made(
  client: CoreClient,
  { asOf, quick }: MakeOptions,
): Promise<Extract<ReportProgress, { type: 'done' }>> {
  const wish = {
    ...(asOf === undefined ? {} : { asOf: wholeSecond(instantOption('--as-of', asOf)) }),
    ...(quick === true ? { quick } : {}),
  }
  for await (const told of await client.reports.make(wish)) if (told.type === 'done') return told
  throw new StewardError({
    code: 'CANCELLED',
    happened: 'The report was not finished.',
    kept: 'Nothing of it is left behind.',
    remedy: 'Make it again.',
  })
}

/** A report is named by the second. */
function wholeSecond(instant: Instant): Instant {
  return Instant.parse(`${instant.slice(0, 19)}.000Z`)
}

function summaryText(report: ReportSummary, facts: SummaryFile): string {
  const verdict = report.recommendation === 'go' ? 'Go' : 'No-go'
  const named = facts.blockers.items.slice(0, 10).map((item) => `  ${plain(item.what)}\n    ${plain(item.remedy)}\n`)
  const more = facts.blockers.total - named.length
  return `${verdict}${report.overridden ? ' (overridden)' : ''} as of ${shortTime(report.asOf)}: ${counted(report.nodes, 'node')}, ${counted(report.receipts, 'receipt')}, ${counted(report.openConflicts, 'open conflict')}\n${facts.recommendation.reasons.map((reason) => `- ${plain(reason)}\n`).join('')}${named.length === 0 ? '' : `In the way:\n${named.join('')}${more > 0 ? `  and ${more} more\n` : ''}`}`
}

async function list(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const items = await collect(everyItem((after) => client.reports.list({ limit: 50, ...after })))
    return {
      json: { items, next: null },
      text:
        items.length === 0
          ? 'No reports yet. Make one with `steward report make`.\n'
          : columns([
              ['REPORT', 'VERDICT', 'NODES', 'RECEIPTS', 'OPEN', 'FINGERPRINT'],
              ...items.map((one) => [
                one.id,
                one.overridden ? `${one.recommendation} (overridden)` : one.recommendation,
                String(one.nodes),
                String(one.receipts),
                String(one.openConflicts),
                one.fingerprintWords.join(' '),
              ]),
            ]),
    }
  })
}

async function show(context: CliContext, name: string | undefined): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const { facts, markdown } = await client.reports.get({ report: await reportNamed(client, name) })
    return { json: facts, text: markdown }
  })
}

async function compare(context: CliContext, from: string, to: string | undefined): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const compared = await client.reports.compare({
      from: await reportNamed(client, from),
      to: await reportNamed(client, to),
    })
    return { json: compared, text: comparisonText(compared) }
  })
}

async function exportReport(
  context: CliContext,
  name: string | undefined,
  options: { readonly out: string },
): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const report = await reportNamed(client, name)
    const folder = resolve(context.terminal.cwd, options.out)
    const { files } = await client.reports.export({ report, folder })
    return {
      json: { report, out: folder, files },
      text: `Copied ${counted(files, 'file')} of ${report} to ${folder}\n`,
    }
  })
}

async function guard(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const { ok, measures } = await client.reports.convergence({})
    const rows = measures.map((one) => [
      one.state === 'not-measured' ? 'not measured' : one.state === 'ok' ? 'ok' : 'FAIL',
      one.label,
      plain(one.basis),
    ])
    return { json: { ok, measures }, text: columns(rows), exitCode: ok ? EXIT.done : EXIT.waiting }
  })
}

async function override(
  context: CliContext,
  name: string,
  options: { readonly verdict: Recommendation; readonly reason: string },
): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const report = await reportNamed(client, name === 'latest' ? undefined : name)
    const { id } = await withKey(context, client, () => client.reports.override({ report, ...options }))
    return { json: { id }, text: `Signed ${options.verdict} for ${report} with receipt ${shortId(id)}\n` }
  })
}

function schema(_context: CliContext, file: string): Promise<Answer> {
  const text = publishedSchemas().get(`${file.replace(/\.jsonl?$/, '')}.schema.json`)
  if (text === undefined)
    throw usageError(`There is no schema for ${plain(file)}.`, 'Name ledger, conflicts, summary, events or audit.')
  return Promise.resolve({ json: JSON.parse(text) as unknown, text })
}

async function brief(
  context: CliContext,
  options: { readonly note?: string; readonly dryRun?: boolean },
): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    if (options.dryRun === true) {
      const draft = await client.reports.draftBrief({})
      return { json: { brief: draft }, text: briefText(draft) }
    }
    const note = options.note === undefined ? {} : { note: options.note }
    const signed = await withKey(context, client, () => client.reports.brief(note))
    const where = signed.published ? 'and published' : 'but not published: no exchange folder can be written now'
    return { json: signed, text: `${briefText(signed.brief)}Signed as receipt ${shortId(signed.id)} ${where}\n` }
  })
}

function briefText({ head, coverage, openConflicts, checks, fingerprint }: BriefDraft): string {
  return columns([
    ['Head', head === null ? 'nothing signed yet' : `#${head.seq} ${shortId(head.id)}`],
    ['Coverage', coverage === null ? 'nothing to cover' : `${Math.floor(coverage / 10_000)} %`],
    [
      'Open conflicts',
      `${openConflicts.total}, of these ${openConflicts.severity3} proof of harm and ${openConflicts.severity2} that ${openConflicts.severity2 === 1 ? 'waits' : 'wait'} for a person`,
    ],
    ['Checks', checks.ok ? `all hold, made ${shortTime(checks.made)}` : `FAILED: ${checks.failed.join(', ')}`],
    ['Fingerprint', shortId(fingerprint)],
  ])
}

/** The newest where none is named. */
async function reportNamed(client: CoreClient, name: string | undefined): Promise<ReportId> {
  if (name !== undefined) {
    const id = ReportId.safeParse(name)
    if (id.success) return id.data
    throw usageError(`${plain(name)} is no name of a report.`, 'See `steward report list`.')
  }
  const { items } = await client.reports.list({ limit: 1 })
  const [newest] = items
  if (newest !== undefined) return newest.id
  throw new StewardError({
    code: 'NO_REPORT',
    happened: 'There is no report yet.',
    kept: 'Nothing was changed.',
    remedy: 'Make one with `steward report make`.',
  })
}
