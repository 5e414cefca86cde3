// Runs commands as a script would and keeps what they said. Real cores, real folders; only the terminal is the test's.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommandLine } from '../../../core/hosts/cli/program.ts'
import type { Terminal } from '../../../core/hosts/cli/terminal.ts'

export const PASSPHRASE = 'correct horse battery staple'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
  /** What `--json` printed; throws where it is not exactly one value. */
  readonly json: unknown
}

export interface Place {
  readonly folder: string
  readonly exchange: string
  readonly passphraseFile: string
  /** A node's data folder by its steward's name. */
  home(name: string): string
  /** Runs a command for a node, with `--json`; the passphrase is given only where the command names its file. */
  run(name: string, ...words: readonly string[]): Promise<Said>
  /** As `run`, with the passphrase file. */
  runWithKey(name: string, ...words: readonly string[]): Promise<Said>
  /** As `run`, answered for a person. */
  runForPerson(name: string, ...words: readonly string[]): Promise<Said>
  [Symbol.dispose](): void
}

export function makePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'steward-cli-'))
  const exchange = join(folder, 'exchange')
  mkdirSync(exchange)
  const passphraseFile = join(folder, 'passphrase')
  writeFileSync(passphraseFile, `${PASSPHRASE}\n`, { mode: 0o600 })
  const home = (name: string) => join(folder, name)
  const run = (name: string, words: readonly string[]) => say(['--home', home(name), ...words], folder)
  return {
    folder,
    exchange,
    passphraseFile,
    home,
    run: (name, ...words) => run(name, ['--json', ...words]),
    runWithKey: (name, ...words) => run(name, ['--json', '--passphrase-file', passphraseFile, ...words]),
    runForPerson: (name, ...words) => run(name, words),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/**
 * One command in a terminal where nobody sits, unless `answers` says what a person would type.
 * @param stopped resolves when the system asks the command to stop
 */
export async function say(
  words: readonly string[],
  cwd: string,
  answers: readonly string[] | ((question: string) => string) = [],
  stopped: Promise<void> = new Promise(() => undefined),
): Promise<Said> {
  const said = { out: '', err: '' }
  const typed = typeof answers === 'function' ? [] : [...answers]
  const terminal: Terminal = {
    env: {},
    platform: process.platform,
    cwd,
    interactive: answers.length > 0,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    askSecret(question) {
      const answer = typeof answers === 'function' ? answers(question) : typed.shift()
      if (answer === undefined) throw new Error(`nobody is there to answer: ${question}`)
      return Promise.resolve(answer)
    },
    stopped: () => stopped,
  }
  const code = await runCommandLine(words, terminal, '0.0.0-test')
  return {
    code,
    ...said,
    get json(): unknown {
      return JSON.parse(said.out) as unknown // the parser says `any`
    },
  }
}
