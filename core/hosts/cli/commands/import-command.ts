// import: a zip, a folder or files into the ledger; what is in them is told before anything is written.
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { BundleImport, BundlePreview, BundleRefusal, BundleReport } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { example } from '../help.ts'
import { collected, labelledFolder } from '../labelled-folder.ts'
import { columns, counted, plain } from '../layout.ts'
import { withKey } from '../passphrase.ts'
import { watchJob } from '../watch-job.ts'

export function addImportCommand(program: Command, runner: Runner): void {
  program
    .command('import')
    .summary('take receipts out of a zip, a folder or files')
    .argument('[path...]', 'a bundle, TEOF node directories or single receipts; a zip, a folder or files')
    .description(
      'Says what is in it, by node: new, known, refused with its reason, withheld, held. Then imports it. Interrupting it leaves no trace. A proof is checked and told; nothing of it is imported.',
    )
    .option('--dry-run', 'only say what is in it')
    .option(
      '--node <label=dir>',
      'a TEOF node directory and the label that its files are kept under; without it the label follows from the folder’s name and from its anchors; several times',
      collected,
      [],
    )
    .addHelpText('after', example('import ~/Downloads/from-ada.zip --dry-run'))
    .action(runner.answers(importPaths))
}

interface ImportOptions {
  readonly dryRun?: boolean
  readonly node: readonly string[]
}

async function importPaths(
  context: CliContext,
  paths: readonly string[],
  { dryRun = false, node }: ImportOptions,
): Promise<Answer> {
  const absolute = (path: string) => resolve(context.terminal.cwd, path)
  const labels = node.map(labelledFolder).map(({ label, folder }) => ({ path: absolute(folder), label }))
  const named = [...new Set([...paths.map(absolute), ...labels.map(({ path }) => path)])]
  if (named.length === 0) throw nothingNamed()
  return withNode(context, async ({ client }) => {
    const begun = await client.bundles.inspect({ from: { type: 'paths', paths: named, labels } })
    try {
      const read = await followed(context, client, begun.id, 'reading')
      if (read.state === 'refused') return refusedAnswer(begun.name, read.refusals, read.refusalCount)
      if (read.state !== 'ready') throw cancelled()
      const { preview } = read
      if (preview.kinds.length === 0 && preview.refusalCount === 0) throw nothingKnown(begun.name, preview.files)
      const exitCode = exitCodeFor(preview)
      const told = previewText(begun.name, preview)
      if (!hasMore(preview)) return { json: { preview, report: null }, text: `${told}${nothingNew(preview)}`, exitCode }
      if (dryRun) return { json: { preview, report: null }, text: told, exitCode }
      const report = await importIt(context, client, begun.id, preview)
      return { json: { preview, report }, text: `${told}${reportText(report, preview)}`, exitCode }
    } finally {
      await client.bundles.cancel({ id: begun.id })
    }
  })
}

/** Receipts, content that receipts are waiting for, or a node that asks to join. */
function hasMore({ adds, contents, asks }: BundlePreview): boolean {
  return adds > 0 || contents.awaited > 0 || asks > 0
}

function exitCodeFor({ refusalCount, proofs, proofCount }: BundlePreview): ExitCode {
  if (refusalCount > 0 || proofs.some(({ holds }) => !holds)) return EXIT.integrity
  // Nobody may take for checked what was not.
  return proofCount > proofs.length ? EXIT.failed : EXIT.done
}

async function importIt(
  context: CliContext,
  client: CoreClient,
  id: string,
  preview: BundlePreview,
): Promise<BundleReport> {
  const run = async () => {
    await client.bundles.import({ id })
    const ended = await followed(context, client, id, 'importing')
    if (ended.state !== 'done') throw cancelled()
    return ended.report
  }
  // Files without a feed are signed for by this node.
  return preview.origins.length > 0 ? withKey(context, client, run) : run()
}

async function followed(
  context: CliContext,
  client: CoreClient,
  id: string,
  while_: 'reading' | 'importing',
): Promise<BundleImport['step']> {
  const step = await watchJob(
    context,
    async () => {
      const { import: shown } = await client.bundles.current({})
      if (shown?.id !== id) throw cancelled()
      return shown.step.state === while_ ? null : shown.step
    },
    () => client.bundles.cancel({ id }),
  )
  if (step.state === 'failed') throw new StewardError(step.problem)
  return step
}

function refusedAnswer(name: string, refusals: readonly BundleRefusal[], refusalCount: number): Answer {
  const text = `${plain(name)} is not to be trusted; nothing of it was read or written.\n${refusalText(refusals, refusalCount)}`
  return { json: { refused: refusals, refusalCount }, text, exitCode: EXIT.integrity }
}

function previewText(name: string, preview: BundlePreview): string {
  const kinds = preview.kinds.map((kind) => KINDS[kind]).join(', ')
  const nodes = preview.nodes.map((node) => [
    plain(node.name),
    ...[node.new, node.known, node.refused, node.withheld, node.held, node.notRead].map(String),
    `${STATES[node.state]}${node.missing === null ? '' : `; #${node.missing.from} to #${node.missing.to} missing`}`,
  ])
  const origins = preview.origins.map((origin) => [
    plain(origin.label),
    ...[origin.new, origin.changed, origin.known, origin.gone, origin.refused, origin.findingCount].map(String),
  ])
  return [
    `${plain(name)}: ${kinds === '' ? 'nothing that Steward knows' : kinds}, ${counted(preview.files, 'file')}\n`,
    nodes.length === 0
      ? ''
      : columns([['NODE', 'NEW', 'KNOWN', 'REFUSED', 'WITHHELD', 'HELD', 'NOT READ', ''], ...nodes]),
    origins.length === 0
      ? ''
      : columns([['DIRECTORY', 'NEW', 'CHANGED', 'KNOWN', 'GONE', 'REFUSED', 'TO KNOW'], ...origins]),
    ...preview.proofs.map(proofText),
    uncheckedText(preview.proofCount - preview.proofs.length),
    preview.contents.count === 0 ? '' : `${counted(preview.contents.count, 'piece')} of content\n`,
    refusalText(preview.refusals, preview.refusalCount),
    findingText(preview.origins),
  ].join('')
}

function nothingNew({ kinds }: BundlePreview): string {
  return kinds.length > 0 && kinds.every((kind) => kind === 'proof')
    ? 'Nothing of a proof is imported.\n'
    : 'There is nothing new to import.\n'
}

function proofText({ entry, holds, sentence, beside, faults, held }: BundlePreview['proofs'][number]): string {
  const lines = [...beside, ...faults].map((line) => `  ${plain(line)}\n`)
  const verdict = holds ? `holds, all ${counted(held, 'check')}` : 'does not hold: do not rely on it'
  return `${plain(entry)} ${verdict}\n  ${plain(sentence)}\n${lines.join('')}`
}

function uncheckedText(count: number): string {
  return count === 0 ? '' : `${counted(count, 'more proof')} not checked: name fewer at a time\n`
}

const KINDS = {
  steward: 'a Steward bundle',
  teof: 'TEOF node directories',
  receipts: 'single receipts',
  proof: 'proofs',
} as const
const STATES = {
  'this-node': 'this node',
  admitted: 'admitted',
  'not-admitted': 'not admitted: only asks to join',
  blocked: 'blocked here',
} as const

const SHOWN_REFUSALS = 20

function refusalText(refusals: readonly BundleRefusal[], count: number): string {
  if (count === 0) return ''
  const lines = refusals
    .slice(0, SHOWN_REFUSALS)
    .map(
      ({ entry, reason, detail, remedy }) =>
        `  ${plain(entry) || 'the bundle'} [${reason}] ${plain(detail)} ${remedy}\n`,
    )
  const more = count > SHOWN_REFUSALS ? `  and ${count - SHOWN_REFUSALS} more; --json names up to 200\n` : ''
  return `Refused: ${count}\n${lines.join('')}${more}`
}

const SHOWN_FINDINGS = 20

/** The worst of each directory first, so that one with many does not hide another's. */
function findingText(origins: BundlePreview['origins']): string {
  const count = origins.reduce((sum, { findingCount }) => sum + findingCount, 0)
  if (count === 0) return ''
  const ranked = origins.flatMap(({ label, findings }) => findings.map((one, rank) => ({ label, rank, ...one })))
  const lines = ranked
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, SHOWN_FINDINGS)
    .map(({ label, path, happened, remedy }) => {
      const place = path === '' || happened.includes(path) ? '' : `${plain(path)}: `
      return `  ${plain(label)}: ${place}${plain(happened)} ${plain(remedy)}\n`
    })
  const more =
    count > lines.length ? `  and ${count - lines.length} more; --json names up to 100 of each directory\n` : ''
  return `To know: ${count}\n${lines.join('')}${more}`
}

function reportText(report: BundleReport, preview: BundlePreview): string {
  const { added, signed, contents, conflicts } = report
  const asks = preview.asks > 0 ? 'Who asks to join waits for you: steward peers\n' : ''
  if (added + signed + contents === 0) return asks === '' ? nothingNew(preview) : asks
  const parts = [
    `Merged ${counted(added, 'receipt')}`,
    ...(signed > 0 ? [`signed ${counted(signed, 'receipt')}`] : []),
    ...(contents > 0 ? [`took in ${counted(contents, 'piece')} of content`] : []),
  ]
  return `${parts.join(', ')}.\n${conflicts > 0 ? `${counted(conflicts, 'conflict')} more to review: steward conflicts\n` : ''}${asks}`
}

function nothingKnown(name: string, files: number): StewardError {
  return new StewardError({
    code: 'NOTHING_KNOWN',
    happened: `${name} holds nothing that Steward knows (${counted(files, 'file')}).`,
    kept: 'Nothing was imported.',
    remedy:
      'Name a bundle (a zip or folder that `steward export --to` made), a TEOF node directory (a folder that has a “_report” folder), a file of receipts or a proof; content is signed with `steward sign --file`.',
  })
}

function nothingNamed(): StewardError {
  return new StewardError({
    code: 'USAGE',
    happened: 'Nothing to import was named.',
    kept: 'Nothing was imported.',
    remedy: 'Name a zip, a folder or files, or a node directory with --node <label>=<dir>.',
  })
}

function cancelled(): StewardError {
  return new StewardError({
    code: 'CANCELLED',
    happened: 'The import was cancelled.',
    kept: 'Nothing was imported.',
    remedy: 'Run the command again.',
  })
}
