// serve and open: a node that runs on its own, and the way into its page.
import type { Command } from 'commander'
import { StewardError } from '#core/problem/index.ts'
import { readRunningFile, requestStartToken } from '../../running/index.ts'
import { ANSWERED, type Answer, type CliContext, type Runner } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { example } from '../help.ts'
import { jsonLine } from '../layout.ts'
import { askPassphrase } from '../passphrase.ts'

export function addServeCommands(program: Command, runner: Runner): void {
  program
    .command('serve')
    .summary('keep the node running and serve its page on this machine')
    .description(
      'Keeps syncing until it is stopped (SIGTERM, Ctrl+C) and prints the address of the page, which opens once within a minute. Without a passphrase the node reads and merges; signing waits until the page unlocks the key.',
    )
    .addHelpText('after', example('serve --passphrase-file ~/.steward-passphrase'))
    .action(runner.answers(serve))

  program
    .command('open')
    .summary('open the page of the running node')
    .description('Asks the node that `serve` keeps running for a fresh address of its page, prints it and opens it.')
    .option('--print', 'print the address only')
    .addHelpText('after', example('open'))
    .action(runner.answers(open))
}

async function serve(context: CliContext): Promise<Answer> {
  const { terminal, home, version, json } = context
  const say = (line: string) => terminal.err(`${line}\n`)
  const passphrase = context.passphraseFile === undefined ? null : await askPassphrase(context)
  // Only here: a server and its page are a lot to load for every other command.
  const [{ serveNode }, { builtPage }] = await Promise.all([
    import('../../browser/index.ts'),
    import('../../launcher/index.ts'),
  ])
  const node = await serveNode({ home, version, passphrase, pageFolder: await builtPage(say), log: say })
  const page = node.pageAddress()
  const running = { url: page, origin: node.origin, pid: process.pid, home }
  terminal.out(json ? jsonLine(running) : `Steward runs. Its page: ${page}\n`)
  const how = await Promise.race([terminal.stopped().then(() => 'stopped' as const), node.over])
  await node.stop()
  return { ...ANSWERED, exitCode: how === 'stopped' ? EXIT.done : EXIT.failed }
}

async function open(context: CliContext, options: { readonly print?: boolean }): Promise<Answer> {
  const { terminal, home, json } = context
  const running = readRunningFile(home)
  const url = running === null ? null : await requestStartToken(running)
  if (running === null || url === null) throw notRunning()
  const { openPage } = await import('../../browser/index.ts')
  const opened = options.print !== true && !json && (await openPage(url, terminal.platform, terminal.env))
  return { json: { url }, text: opened ? `Opened ${running.url}\n` : `${url}\n` }
}

function notRunning(): StewardError {
  return new StewardError({
    code: 'NOT_RUNNING',
    happened: 'No node is being served from this data folder.',
    kept: 'Nothing was changed.',
    remedy: 'Start one with `steward serve`, or name its folder with --home.',
  })
}
