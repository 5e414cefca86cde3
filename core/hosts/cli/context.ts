// What every command is run with, and what it gives back: one answer, for a script and for a person.
import type { Command } from 'commander'
import { dataFolder } from '../thread/index.ts'
import { openCore, requireNode, type CoreSession } from './core-session.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { jsonLine } from './layout.ts'
import type { Terminal } from './terminal.ts'

export interface CliContext {
  readonly terminal: Terminal
  readonly version: string
  readonly home: string
  readonly json: boolean
  readonly passphraseFile: string | undefined
}

export interface Answer {
  /** The one value that `--json` prints; undefined prints nothing. */
  readonly json: unknown
  /** The same for a person, ending in a newline. */
  readonly text: string
  readonly exitCode?: ExitCode
}

/** A command that answered while it still ran has nothing more to say. */
export const ANSWERED: Answer = { json: undefined, text: '' }

export interface GlobalOptions {
  readonly home?: string
  readonly json?: boolean
  readonly passphraseFile?: string
}

/** Hands commands their context and prints what they answer; remembers the exit code. */
export interface Runner {
  readonly terminal: Terminal
  exitCode(): ExitCode
  /** A commander action around a function that answers. */
  answers<Args extends unknown[]>(
    work: (context: CliContext, ...args: Args) => Promise<Answer>,
  ): (this: Command, ...args: Args) => Promise<void>
}

export function createRunner(terminal: Terminal, version: string): Runner {
  let exitCode: ExitCode = EXIT.done
  return {
    terminal,
    exitCode: () => exitCode,
    answers: (work) =>
      async function act(...args) {
        const { home, json = false, passphraseFile } = this.optsWithGlobals<GlobalOptions>()
        const { env, platform, cwd } = terminal
        const folder = dataFolder({ option: home, env, platform, cwd })
        const answer = await work({ terminal, version, home: folder, json, passphraseFile }, ...args)
        if (answer.json !== undefined) terminal.out(json ? jsonLine(answer.json) : answer.text)
        exitCode = answer.exitCode ?? EXIT.done
      },
  }
}

/** Runs `work` against the core of the context's data folder and lets the core go afterwards. */
export async function withCore<T>(context: CliContext, work: (core: CoreSession) => Promise<T>): Promise<T> {
  const core = await openCore(context.home, context.version)
  try {
    return await work(core)
  } finally {
    await core.stop()
  }
}

/** As `withCore`, for commands that need a node to be there. */
export async function withNode<T>(context: CliContext, work: (core: CoreSession) => Promise<T>): Promise<T> {
  requireNode(context.home)
  return withCore(context, work)
}
