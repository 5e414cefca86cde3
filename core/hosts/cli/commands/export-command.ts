// export: what this node holds, for other tools: a report, and every receipt as it was signed.
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { NodeId } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { createExportFolder, type ExportFolder } from '../export-folder-adapter.ts'
import { example } from '../help.ts'
import { counted } from '../layout.ts'
import { networkReport } from '../network-report.ts'
import { collect, everyItem } from '../pages.ts'
import { exportBundle, type BundleOptions } from './export-bundle.ts'
import { exportProof, type ProofOptions } from './export-proof.ts'

export function addExportCommand(program: Command, runner: Runner): void {
  program
    .command('export')
    .summary('write report and receipts for other tools, a bundle, or one proof')
    .argument('[what]', 'a receipt or a conflict (its id or the beginning of it), to be proved to others')
    .description(
      'Without [what]: writes report.json (nodes, conflicts, fingerprint; the same bytes on every node with the same state) and nodes/<node>.jsonl with every receipt as it was signed; with --to a bundle that another steward imports. With it: writes one file that proves that receipt or conflict to somebody who has no Steward.',
    )
    .option('--out <dir>', 'a folder that does not exist yet, or is empty')
    .option(
      '--to <file>',
      'a new file: of the proof (.html becomes a page that checks itself, all else is JSON), or of the bundle (.zip, or a folder)',
    )
    .option('--node <node...>', 'for a bundle: only the feeds of these nodes')
    .option('--lacked-by <node>', 'for a bundle: only what this node has not said it holds')
    .option('--no-contents', 'for a bundle: receipts only, without the content that they name')
    .option('--html', 'a page that checks itself, whatever the file is called')
    .addHelpText(
      'after',
      example('export --out ~/evidence-2026-11') +
        example('export --to for-ben.zip --lacked-by Ben') +
        example('export 5f2c81d09a3e --to conflict.html'),
    )
    .action(runner.answers(exportWhat))
}

interface ExportOptions extends ProofOptions, BundleOptions {
  readonly out?: string
}

async function exportWhat(context: CliContext, what: string | undefined, options: ExportOptions): Promise<Answer> {
  if (what !== undefined) return exportProof(context, what, options)
  const { to } = options
  if (options.out === undefined && to !== undefined) return exportBundle(context, { ...options, to })
  if (options.out === undefined) throw nothingNamed()
  return exportAll(context, { out: options.out })
}

function nothingNamed(): StewardError {
  return new StewardError({
    code: 'USAGE',
    happened: 'What is to be exported is missing.',
    kept: 'Nothing was written.',
    remedy:
      'Name a folder with --out <dir> for everything, --to <file.zip> for a bundle, or a receipt or conflict and --to <file> for one proof.',
  })
}

async function exportAll(context: CliContext, options: { readonly out: string }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const folder = createExportFolder(resolve(context.terminal.cwd, options.out))
    const report = await networkReport(client)
    folder.write('report.json', [report.text])
    let receipts = 0
    for (const node of report.nodes) receipts += await exportFeed(client, folder, node)
    return {
      json: { out: folder.path, nodes: report.nodes.length, receipts, conflicts: report.conflicts },
      text: `Wrote ${counted(receipts, 'receipt')} of ${counted(report.nodes.length, 'node')} and ${counted(report.conflicts, 'conflict')} to ${folder.path}\n`,
    }
  })
}

async function exportFeed(client: CoreClient, folder: ExportFolder, node: NodeId): Promise<number> {
  const listed = await collect(
    everyItem((after) => client.receipts.list({ filter: { node }, sort: 'oldest', limit: 200, ...after })),
  )
  // By position in the feed; two stories at one position by their ids, as everywhere.
  const feed = listed.toSorted((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1))
  const lines: string[] = []
  for (const { id } of feed) lines.push(`${(await client.receipts.get({ id })).canonical}\n`)
  folder.write(`nodes/${node.replace('did:key:', '')}.jsonl`, lines)
  return feed.length
}
