// reconcile: node directories against each other, without a node of one's own.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Option, type Command } from 'commander'
import type {
  MeantFolder,
  parseTeofTime,
  ReconcileOptions,
  ReferenceConfig,
  ReferenceConflicts,
  Summary,
} from '#core/aggregate/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { builtFile } from '../../compiled/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { example } from '../help.ts'
import { collected, labelledFolder } from '../labelled-folder.ts'
import { columns, counted, plain } from '../layout.ts'

export function addReconcileCommand(program: Command, runner: Runner): void {
  program
    .command('reconcile')
    .summary('reconcile TEOF node directories, without a node of your own')
    .argument('[dir...]', 'node directories, or folders that hold several; labelled by their names')
    .description(
      'Checks hashes, times, signatures, anchors and capsules of plain node directories, merges them and says what disagrees. Reads only; writes ledger.json, conflicts.json, summary.json and summary.md with --out. Ends with 0 agreed, 1 conflicts wait, 2 could not run, 3 a signature, hash or anchor does not hold.',
    )
    .option('--node <label=dir>', 'a node directory and its label; may be given several times', collected, NONE)
    .option('--include <glob>', 'only files that fit; `*` also stands for slashes; several times', collected, NONE)
    .option('--expect <glob>', 'what every node should have; several times', collected, NONE)
    .option(
      '--fresh <glob=hours>',
      `how old files may be where newer ones exist (default: ${DEFAULT_FRESH})`,
      collected,
      NONE,
    )
    .option('--require-signatures', 'what is not signed does not count')
    .option('--skip-signatures', 'leave signatures alone')
    .option('--as-of <UTC>', 'the time that ages are counted against (default: now)')
    .option('--out <dir>', 'where to write; files of an earlier run are replaced')
    .option('--out-root <dir>', 'write to <dir>/<as-of>/ and the same to <dir>/latest/')
    .addOption(
      new Option('--format <format>', 'whose files to write').choices(['steward', 'reference']).default('steward'),
    )
    .option('--config <file>', 'a configuration file of the reference tool')
    .addHelpText(
      'after',
      example('reconcile --node ada=~/ada --node ben=~/ben --expect "_report/usage/*.json" --out ~/merged'),
    )
    .action(runner.answers(reconcile))
}

interface Options {
  readonly node: readonly string[]
  readonly include: readonly string[]
  readonly expect: readonly string[]
  readonly fresh: readonly string[]
  readonly requireSignatures?: boolean
  readonly skipSignatures?: boolean
  readonly asOf?: string
  readonly out?: string
  readonly outRoot?: string
  readonly format: 'steward' | 'reference'
  readonly config?: string
}

const NONE: readonly string[] = []
/** TEOF's own threshold for the two usage receipts. */
const DEFAULT_FRESH = '_report/usage/*-summary.json=24'
const SHOWN_ITEMS = 10

async function reconcile(context: CliContext, dirs: readonly string[], options: Options): Promise<Answer> {
  // Paths stream through the threads and leave nothing behind: a nursery needs a few megabytes, so that it is not swept at every
  // turn, and none that grow with the paths. This thread's has grown to that size while it was loading.
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--min-semi-space-size=4')
  // Nearly all time goes into the system, hashes and signatures. The second compiler costs more than it brings, unless there is
  // really much to do.
  setFlagsFromString('--invocation-count-for-turbofan=100000')
  // Only here: no other command needs it.
  const aggregate = await import('#core/aggregate/index.ts')
  const { terminal } = context
  const absolute = (path: string) => resolve(terminal.cwd, path)
  const config =
    options.config === undefined ? null : aggregate.parseReferenceConfig(readConfig(absolute(options.config)))
  const asOf = asOfOf(options.asOf, aggregate.parseTeofTime)
  const folders = aggregate.nodeFolders({ helperFile: builtFile('reconcile.worker.js') })
  const nodes = await aggregate.nameNodes(meantFolders(dirs, options.node, config, absolute), folders)
  const place = outputPlace(options, asOf, absolute)
  if (options.format === 'reference' && place === null)
    throw usage('The reference format was asked for without a folder to write to.', 'Name one with --out.')

  const summary = await aggregate.reconcileDirectories({
    folders,
    nodes,
    include: options.include.length > 0 ? options.include : (config?.include ?? NONE),
    expect: options.expect.length > 0 ? options.expect : (config?.expect ?? NONE),
    freshness: (options.fresh.length > 0 ? options.fresh : [DEFAULT_FRESH]).map(freshnessOf),
    ...checksOf(options, config),
    asOf,
    format: options.format,
    output: place === null ? null : aggregate.openOutputFolder(place.folder),
    leftOut: place === null ? [] : [place.leftOut],
    onProgress: (files) => {
      if (terminal.interactive) terminal.err(`\r${counted(files, 'file')} read`)
    },
  })
  if (terminal.interactive) terminal.err('\n')
  if (place !== null && place.latest !== null) aggregate.copyToLatest(place.latest.root, place.latest.name)
  const exitCode = { 0: EXIT.done, 1: EXIT.waiting, 3: EXIT.integrity }[summary.exitCode]
  return { json: summary, text: summaryText(summary, aggregate.CONFLICT_KINDS, options), exitCode }
}

function meantFolders(
  dirs: readonly string[],
  labelled: readonly string[],
  config: ReferenceConfig | null,
  absolute: (path: string) => string,
): readonly MeantFolder[] {
  const meant = [
    ...(config?.nodes ?? []).map(({ label, folder }) => ({ label, folder: absolute(folder) })),
    ...labelled.map(labelledFolder).map(({ label, folder }) => ({ label, folder: absolute(folder) })),
    ...dirs.map((dir) => ({ label: null, folder: absolute(dir) })),
  ]
  if (meant.length === 0)
    throw usage(
      'No node directory was named.',
      'Name some: --node <label>=<dir>, a folder that holds several, or --config.',
    )
  return meant
}

function asOfOf(written: string | undefined, parse: typeof parseTeofTime): ReconcileOptions['asOf'] {
  const text = written ?? new Date().toISOString()
  const time = parse(text)
  if (time === null)
    throw usage(`“${text}” is no time in UTC.`, 'Write it as 2025-09-22T20:32:49Z or 20250922T203249Z.')
  return time.instant
}

function freshnessOf(written: string): ReconcileOptions['freshness'][number] {
  const at = written.lastIndexOf('=')
  const hours = Number(written.slice(at + 1))
  if (at <= 0 || !(hours > 0))
    throw usage('A limit is written as <glob>=<hours>.', 'Write --fresh "_report/usage/*=24".')
  return { pattern: written.slice(0, at), limitMs: hours * 3_600_000 }
}

/** The configuration of the reference tool leaves out what it does not name; Steward checks unless it is told not to. */
function checksOf(
  { requireSignatures, skipSignatures, format }: Options,
  config: ReferenceConfig | null,
): Pick<ReconcileOptions, 'signatures' | 'referenceChecks'> {
  const unnamed = config === null || format === 'steward'
  const required = requireSignatures === true || config?.requireSignatures === true
  const checked = skipSignatures !== true && (config?.verifySignatures ?? unnamed)
  return {
    signatures: required ? 'required' : checked ? 'checked' : 'skipped',
    referenceChecks: { anchor: config?.verifyAnchor ?? unnamed, capsule: config?.verifyCapsule ?? unnamed },
  }
}

interface Place {
  /** Absolute. */
  readonly folder: string
  /** What holds results and no evidence. */
  readonly leftOut: string
  readonly latest: { readonly root: string; readonly name: string } | null
}

function outputPlace({ out, outRoot }: Options, asOf: string, absolute: (path: string) => string): Place | null {
  if (out !== undefined) return { folder: absolute(out), leftOut: absolute(out), latest: null }
  if (outRoot === undefined) return null
  const name = `${asOf.slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const root = absolute(outRoot)
  return { folder: join(root, name), leftOut: root, latest: { root, name } }
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new StewardError({
      code: 'CONFIG_UNREADABLE',
      happened: 'The configuration file could not be read.',
      kept: 'Nothing was written.',
      remedy: 'Check the name given with --config.',
      cause,
    })
  }
}

function usage(happened: string, remedy: string): StewardError {
  return new StewardError({ code: 'USAGE', happened, kept: 'Nothing was written.', remedy })
}

function summaryText(summary: Summary, conflictKinds: readonly string[], { out, outRoot }: Options): string {
  const { says, nodes } = summary
  const table = columns([
    ['node', 'files', 'signatures', 'anchors', 'capsule', 'coverage'],
    ...nodes.map(({ label, files, signatures, anchors, capsule, coverage }) => [
      plain(label),
      String(files),
      `${signatures.ok} ok, ${signatures.invalid + signatures.unknown_key} bad`,
      anchors.state === 'read' ? counted(anchors.events, 'event') : anchors.state,
      capsule.state,
      coverage === null ? 'not measured' : `${Math.floor(coverage / 1_000) / 10} %`,
    ]),
  ])
  const place = out ?? outRoot
  return [
    `${says}\n\n`,
    table,
    ...(summary.reference === undefined
      ? itemsText(summary, conflictKinds, place)
      : referenceText(summary, conflictKinds, summary.reference)),
    ...(place === undefined ? [] : [`Wrote to ${place}\n`]),
  ].join('')
}

function itemsText({ shown, counts }: Summary, conflictKinds: readonly string[], place: string | undefined): string[] {
  const listed = shown.filter(({ kind }) => conflictKinds.includes(kind)).slice(0, SHOWN_ITEMS)
  const more = counts.conflicts - listed.length
  return [
    ...(listed.length > 0 ? ['\n', ...listed.map(itemText)] : []),
    ...(more > 0
      ? [`  … and ${more} more${place === undefined ? '; --out writes all of them' : ' in conflicts.json'}\n`]
      : []),
    ...(counts.notices > 0
      ? [`\n${counted(counts.notices, 'notice')} beside${place === undefined ? '' : ', in conflicts.json'}.\n`]
      : []),
  ]
}

/** That format lists files that differ, and has no place for anything else: what that is, is told here, and where all of it goes. */
function referenceText(
  { shown, itemsByKind, counts }: Summary,
  conflictKinds: readonly string[],
  { count, shown: conflicts }: ReferenceConflicts,
): string[] {
  const isOther = (kind: string) =>
    conflictKinds.includes(kind) && kind !== 'hash-mismatch' && kind !== 'diverging-anchors'
  const others = shown.filter(({ kind }) => isOther(kind)).slice(0, SHOWN_ITEMS)
  const allOthers = Object.entries(itemsByKind).reduce((sum, [kind, of]) => sum + (isOther(kind) ? of : 0), 0)
  return [
    ...(conflicts.length > 0 ? ['\n', ...conflicts.map((line) => `- ${plain(line)}\n`)] : []),
    ...(count > conflicts.length ? [`  … and ${count - conflicts.length} more in conflicts.json\n`] : []),
    ...(others.length > 0 ? ['\n', ...others.map(itemText)] : []),
    ...(allOthers > others.length
      ? [`  … and ${allOthers - others.length} more, which --format steward writes\n`]
      : []),
    ...(counts.notices > 0 ? [`\n${counted(counts.notices, 'notice')} beside, which --format steward writes.\n`] : []),
  ]
}

function itemText({ happened, nodes, remedy }: Summary['shown'][number]): string {
  return `- ${plain(happened)} (${plain(nodes.join(', '))})\n  ${plain(remedy)}\n`
}
