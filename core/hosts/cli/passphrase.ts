// Where the passphrase comes from: a file, or a person at the terminal. Commands that only read never ask.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../thread/index.ts'
import type { CliContext } from './context.ts'

/** The passphrase of a key that exists. */
export async function askPassphrase(context: CliContext): Promise<string> {
  if (context.passphraseFile !== undefined) return passphraseFrom(context, context.passphraseFile)
  if (!context.terminal.interactive) throw passphraseNeeded()
  return context.terminal.askSecret('Passphrase: ')
}

/** The passphrase of a key that is to be made: asked twice, since a slip would lock it for ever. */
export async function askNewPassphrase(context: CliContext): Promise<string> {
  if (context.passphraseFile !== undefined) return passphraseFrom(context, context.passphraseFile)
  if (!context.terminal.interactive) throw passphraseNeeded()
  const passphrase = await context.terminal.askSecret('New passphrase, at least 8 characters: ')
  if (passphrase === (await context.terminal.askSecret('Once more: '))) return passphrase
  throw new StewardError({
    code: 'PASSPHRASES_DIFFER',
    happened: 'The two passphrases are not the same.',
    kept: 'Nothing was changed.',
    remedy: 'Run the command again.',
  })
}

/**
 * Runs `work` with the key opened, and leaves the key as it was: a host whose key was locked is locked again.
 * @throws StewardError PASSPHRASE_NEEDED where nobody can be asked.
 */
export async function withKey<T>(context: CliContext, client: CoreClient, work: () => Promise<T>): Promise<T> {
  return withKeyUnder(client, () => askPassphrase(context), work)
}

/** As `withKey`; `ask` is called only where the key is locked. */
export async function withKeyUnder<T>(
  client: CoreClient,
  ask: () => Promise<string>,
  work: () => Promise<T>,
): Promise<T> {
  const { phase } = await client.app.state({})
  if (phase !== 'locked') return work()
  await client.node.unlock({ passphrase: await ask() })
  try {
    return await work()
  } finally {
    await client.node.lock({})
  }
}

/** True where the key could be opened without asking in vain. */
export function canAskPassphrase(context: CliContext): boolean {
  return context.passphraseFile !== undefined || context.terminal.interactive
}

function passphraseFrom({ terminal }: CliContext, file: string): string {
  try {
    // Editors end a file with a newline; it is not part of the passphrase.
    return readFileSync(resolve(terminal.cwd, file), 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    throw new StewardError({
      code: 'PASSPHRASE_FILE_UNREADABLE',
      happened: `The passphrase file ${file} cannot be read.`,
      kept: 'Nothing was changed.',
      remedy: 'Check its path and who may read it.',
      cause,
    })
  }
}

function passphraseNeeded(): StewardError {
  return new StewardError({
    code: 'PASSPHRASE_NEEDED',
    happened: 'This command needs the passphrase of the key, and nobody is at the terminal to be asked.',
    kept: 'Nothing was changed.',
    remedy: 'Name a file that holds it with --passphrase-file <file>.',
  })
}
