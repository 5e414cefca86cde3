// report file, report remove: one file of a report as it lies there, and a report that is not needed any more.
import type { Command } from 'commander'
import { ReportFileName, type ReportId } from '#core/contract/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import { ANSWERED, withNode, type Answer, type CliContext, type Runner } from '../context.ts'
import { example } from '../help.ts'
import { plain } from '../layout.ts'
import { usageError } from '../usage-error.ts'

/** The report that a name stands for; the newest where none is named. */
type Named = (client: CoreClient, name: string | undefined) => Promise<ReportId>

export function addReportFileCommands(report: Command, runner: Runner, named: Named): void {
  report
    .command('file')
    .summary('print one file of a report')
    .argument('<file>', ReportFileName.options.join(', '))
    .argument('[report]', 'its name; the newest if left out')
    .description('Prints the file as it lies there. With --json it is one value, {report, name, text}.')
    .addHelpText('after', example('report file conflicts.json'))
    .action(runner.answers((context, file: string, name: string | undefined) => print(context, file, name, named)))

  report
    .command('remove')
    .summary('delete a report')
    .argument('<report>', 'its name, as 20261121T120000Z')
    .description('Deletes the files of a report here. Copies elsewhere stay, and no receipt is touched.')
    .addHelpText('after', example('report remove 20261121T120000Z'))
    .action(runner.answers((context, name: string) => remove(context, name, named)))
}

async function print(context: CliContext, file: string, name: string | undefined, named: Named): Promise<Answer> {
  const read = ReportFileName.safeParse(file)
  if (!read.success) {
    throw usageError(`A report has no file ${plain(file)}.`, `Name ${ReportFileName.options.join(', ')}.`)
  }
  return withNode(context, async ({ client }) => {
    const report = await named(client, name)
    const pieces: string[] = []
    for (let offset: number | null = 0; offset !== null;) {
      const piece: { text: string; next: number | null } = await client.reports.file({
        report,
        name: read.data,
        offset,
      })
      // A file may be long: it goes out as it comes in.
      if (context.json) pieces.push(piece.text)
      else context.terminal.out(piece.text)
      offset = piece.next
    }
    return context.json ? { json: { report, name: read.data, text: pieces.join('') }, text: '' } : ANSWERED
  })
}

async function remove(context: CliContext, name: string, named: Named): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const report = await named(client, name)
    await client.reports.remove({ report })
    return { json: { removed: report }, text: `Removed report ${report}\n` }
  })
}
