// change-passphrase, confirm-phrase: what a steward does with the key of a node that is there.
import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { example } from '../help.ts'
import { counted } from '../layout.ts'
import { askNewPassphrase, askPassphrase, withKey, withKeyUnder } from '../passphrase.ts'
import { readPhraseFile } from '../phrase-file-adapter.ts'
import { usageError } from '../usage-error.ts'

export function addKeyCommands(program: Command, runner: Runner): void {
  program
    .command('change-passphrase')
    .summary('keep the key under another passphrase')
    .description(
      'Asks for the passphrase of now and twice for the new one. The key and its recovery phrase stay what they are; a copy of the old key file still opens with the old passphrase.',
    )
    .option('--new-passphrase-file <file>', 'file with the new passphrase; asked for otherwise')
    .addHelpText('after', example('change-passphrase --passphrase-file old.txt --new-passphrase-file new.txt'))
    .action(runner.answers(changePassphrase))

  program
    .command('confirm-phrase')
    .summary('check that the recovery phrase was written down rightly')
    .description(
      'Asks for three of the 24 words, or compares a file with all of them. Where they are right, Steward does not remind of it any more.',
    )
    .option('--phrase-file <file>', 'file with the 24 words as they were written down')
    .addHelpText('after', example('confirm-phrase --phrase-file /media/stick/ada-phrase.txt'))
    .action(runner.answers(confirmPhrase))
}

async function changePassphrase(
  context: CliContext,
  { newPassphraseFile }: { readonly newPassphraseFile?: string },
): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    if (newPassphraseFile === undefined && !context.terminal.interactive) {
      throw usageError(
        'The new passphrase is missing, and nobody is at the terminal to be asked.',
        'Name a file that holds it with --new-passphrase-file <file>.',
      )
    }
    const from = await askPassphrase(context)
    const to = await askNewPassphrase({ ...context, passphraseFile: newPassphraseFile })
    await client.node.changePassphrase({ from, to })
    return { json: { changed: true }, text: 'The key is kept under the new passphrase now.\n' }
  })
}

async function confirmPhrase(context: CliContext, { phraseFile }: { readonly phraseFile?: string }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const confirmed = { json: { confirmed: true }, text: 'The words are right: they bring the key back.\n' }
    if (phraseFile !== undefined) {
      await confirmFile(context, client, resolve(context.terminal.cwd, phraseFile))
      return confirmed
    }
    if (!context.terminal.interactive) {
      throw usageError(
        'The words are missing, and nobody is at the terminal to be asked.',
        'Name the file that holds them with --phrase-file <file>.',
      )
    }
    const { ok } = await withKey(context, client, async () =>
      client.node.confirmPhrase({ words: await askThreeWords(context) }),
    )
    if (!ok) throw wordsWrong('One of the three words is not that of the recovery phrase.')
    return confirmed
  })
}

/** All 24 words are compared, since a file that is right in three of them only brings nothing back. */
async function confirmFile(context: CliContext, client: CoreClient, path: string): Promise<void> {
  const written = readPhraseFile(path).normalize('NFKD').toLowerCase().split(' ')
  const passphrase = await askPassphrase(context)
  const { phrase } = await client.node.phrase({ passphrase })
  if (written.length !== phrase.length) {
    throw wordsWrong(`${path} holds ${counted(written.length, 'word')}; the recovery phrase has ${phrase.length}.`)
  }
  const wrong = phrase.flatMap((word, at) => (word === written[at] ? [] : [at + 1]))
  if (wrong.length > 0) throw wordsWrong(`Not that of the recovery phrase: word ${wrong.join(', ')} of ${path}.`)
  const words = phrase.slice(0, ASKED).map((word, position) => ({ position, word }))
  await withKeyUnder(
    client,
    () => Promise.resolve(passphrase),
    () => client.node.confirmPhrase({ words }),
  )
}

const PHRASE_WORDS = 24
const ASKED = 3

async function askThreeWords({ terminal }: CliContext): Promise<{ position: number; word: string }[]> {
  const chosen = new Set<number>()
  while (chosen.size < ASKED) chosen.add(randomInt(PHRASE_WORDS))
  const words: { position: number; word: string }[] = []
  for (const position of [...chosen].toSorted((a, b) => a - b)) {
    words.push({ position, word: await terminal.askSecret(`Word ${position + 1}: `) })
  }
  return words
}

function wordsWrong(happened: string): StewardError {
  return new StewardError({
    code: 'PHRASE_WRONG',
    happened,
    kept: 'Nothing was changed; the recovery phrase is not confirmed by this.',
    remedy: 'Compare what you wrote down with `steward recovery-phrase`, and run the command again.',
  })
}
