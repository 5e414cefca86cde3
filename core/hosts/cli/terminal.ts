// The terminal that a command talks to. Answers go to stdout, everything else to stderr, so that a pipe gets answers only.
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { StewardError } from '#core/problem/index.ts'
import { typedIn } from '../thread/index.ts'

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  /** What relative paths are relative to. */
  readonly cwd: string
  /** A person sits there: questions can be asked. */
  readonly interactive: boolean
  out(text: string): void
  err(text: string): void
  /** Asks without echo. Throws CANCELLED where the person interrupts. */
  askSecret(question: string): Promise<string>
  /** Resolves when the system asks this process to stop. */
  readonly stopped: () => Promise<void>
}

export function systemTerminal(): Terminal {
  const { env, platform, stdin, stdout, stderr } = process
  // Whoever reads may stop reading, as `head` does.
  stdout.on('error', () => undefined)
  return {
    env,
    platform,
    cwd: typedIn(env, process.cwd()),
    interactive: stdin.isTTY && stderr.isTTY,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    async askSecret(question) {
      stderr.write(question)
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
      const lines = createInterface({ input: stdin, output: silent, terminal: true })
      const interrupted = new AbortController()
      lines.once('SIGINT', () => interrupted.abort())
      try {
        return await lines.question('', { signal: interrupted.signal })
      } catch (cause) {
        throw cancelled(cause)
      } finally {
        lines.close()
        stderr.write('\n')
      }
    },
    stopped: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
      }),
  }
}

function cancelled(cause: unknown): StewardError {
  return new StewardError({
    code: 'CANCELLED',
    happened: 'The question was not answered.',
    kept: 'Nothing was changed.',
    remedy: 'Run the command again, or give the passphrase with --passphrase-file.',
    cause,
  })
}
