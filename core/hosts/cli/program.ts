// The command line: which commands there are, and what becomes of an answer or a problem.
import { inspect } from 'node:util'
import { ORPCError } from '@orpc/client'
import { Command, CommanderError } from 'commander'
import { addConflictCommands } from './commands/conflict-commands.ts'
import { addDecideAlikeCommand } from './commands/decide-alike-command.ts'
import { addDoctorCommand } from './commands/doctor-command.ts'
import { addExchangeCommands } from './commands/exchange-commands.ts'
import { addExportCommand } from './commands/export-command.ts'
import { addImportCommand } from './commands/import-command.ts'
import { addKeyCommands } from './commands/key-commands.ts'
import { addNetworkCommands } from './commands/network-commands.ts'
import { addNodeCommands } from './commands/node-commands.ts'
import { addOriginCommands } from './commands/origin-commands.ts'
import { addPeerCommands } from './commands/peer-commands.ts'
import { addPolicyCommands } from './commands/policy-commands.ts'
import { addReceiptCommands } from './commands/receipt-commands.ts'
import { addReceiptListCommands } from './commands/receipt-list-commands.ts'
import { addSettingsCommands } from './commands/settings-commands.ts'
import { addTaskCommands } from './commands/task-commands.ts'
import { addReconcileCommand } from './commands/reconcile-command.ts'
import { addReportCommands } from './commands/report-commands.ts'
import { addRuleCommands } from './commands/rule-commands.ts'
import { addServeCommands } from './commands/serve-commands.ts'
import { addWhyCommand } from './commands/why-command.ts'
import { createRunner, type Runner } from './context.ts'
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts'
import { jsonLine, plain } from './layout.ts'
import { exitCodeOf, problemOf, usageProblem } from './problems.ts'
import type { Terminal } from './terminal.ts'

/** Runs one command. Never throws for what a person can cause: that is told, and is the exit code. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal, version: string): Promise<ExitCode> {
  // Asked of the words themselves, since a command line that cannot be parsed is answered in JSON too.
  const json = argv.includes('--json')
  const runner = createRunner(terminal, version)
  const usage: string[] = []
  const help: string[] = []
  const say = { help: (text: string) => void help.push(text), usage: (text: string) => void usage.push(text) }
  try {
    await createProgram(runner, version, say).parseAsync([...argv], { from: 'user' })
    return runner.exitCode()
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) {
      const text = help.join('')
      const value = thrown.code === 'commander.version' ? { version } : { help: text }
      terminal.out(json ? jsonLine(value) : text)
      return EXIT.done
    }
    const problem =
      thrown instanceof CommanderError
        ? usageProblem(isNoCommand(thrown) ? 'Name a command.' : usageSentence(usage))
        : problemOf(thrown)
    // A fault inside the core was written down there already.
    if (problem.code === 'INTERNAL' && !(thrown instanceof ORPCError)) terminal.err(`${inspect(thrown)}\n`)
    const { code, happened, kept, remedy } = problem
    if (json) terminal.out(jsonLine({ error: { code, happened, kept, remedy } }))
    else if (isNoCommand(thrown)) terminal.err(usage.join(''))
    else for (const line of [happened, kept, remedy]) terminal.err(`${plain(line)}\n`)
    return exitCodeOf(problem)
  }
}

interface CommanderSays {
  /** Help and version, which were asked for. */
  help(text: string): void
  /** What was wrong with the command line. */
  usage(text: string): void
}

type AddCommands = (program: Command, runner: Runner) => void

/** In the order of the help, under these headings. */
const COMMANDS: readonly (readonly [string, ...AddCommands[]])[] = [
  ['Your node:', addNodeCommands, addKeyCommands, addSettingsCommands, addDoctorCommand, addServeCommands],
  ['Receipts:', addReceiptCommands, addReceiptListCommands, addTaskCommands, addWhyCommand],
  ['Network:', addNetworkCommands, addExchangeCommands, addPeerCommands, addPolicyCommands, addOriginCommands],
  ['Conflicts:', addConflictCommands, addDecideAlikeCommand, addRuleCommands],
  ['In and out:', addImportCommand, addExportCommand, addReportCommands, addReconcileCommand],
]

function createProgram(runner: Runner, version: string, say: CommanderSays): Command {
  const program = new Command('steward')
    .description('Looks after one node of a network that has no centre.')
    .version(version)
    .option('--home <dir>', 'data folder of the node (or STEWARD_HOME)')
    .option('--json', 'print exactly one JSON value on stdout')
    .option('--passphrase-file <file>', 'file with the passphrase of the key; asked for otherwise')
    .addHelpText('after', EXIT_CODES_HELP)
    .configureHelp({ showGlobalOptions: true })
    // Commands inherit these, so they come before the commands.
    .exitOverride()
    .configureOutput({ writeOut: (text) => say.help(text), writeErr: (text) => say.usage(text) })
  for (const [heading, ...adders] of COMMANDS) {
    program.commandsGroup(heading)
    for (const add of adders) add(program, runner)
  }
  return program
}

/** Commander's own words as a sentence, without its prefix and the lines that follow. */
function usageSentence(usage: readonly string[]): string {
  const line = usage
    .join('')
    .replace(/^error: /, '')
    .trim()
    .replace(/\n.*$/s, '')
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`.replace(/\.\.$/, '.')
}

function isNoCommand(thrown: unknown): boolean {
  return thrown instanceof CommanderError && thrown.code === 'commander.help'
}
