// init, restore, recovery-phrase, declare-head-lost: the node itself and its key.
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { ExchangeView, SyncReport } from '#core/contract/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withCore, withNode } from '../context.ts'
import { exchangeJson, exchangeText } from '../exchange-words.ts'
import { example } from '../help.ts'
import { plain } from '../layout.ts'
import { askNewPassphrase, askPassphrase, withKey } from '../passphrase.ts'
import { readPhraseFile, reservePhraseFile } from '../phrase-file-adapter.ts'

interface InitOptions {
  readonly name: string
  readonly exchange?: string
  readonly network?: string
  readonly capsule?: string
  readonly recoveryPhraseFile?: string
}

interface RestoreOptions {
  readonly name: string
  readonly exchange?: string
  readonly phraseFile: string
}

export function addNodeCommands(program: Command, runner: Runner): void {
  program
    .command('init')
    .summary('create a node')
    .description('Creates a node in the data folder: its key, its first receipts, and its place in the shared folder.')
    .requiredOption('--name <name>', 'what other stewards see')
    .option('--exchange <dir>', 'the shared folder through which receipts travel')
    .option('--network <name>', 'name of the network, where this node is its first')
    .option('--capsule <dir>', 'start from a published capsule: its hashes.json becomes the first anchor')
    .option('--recovery-phrase-file <file>', 'write the 24 words of the recovery phrase there (0600)')
    .addHelpText('after', example('init --name Ada --exchange ~/Sync/evidence --recovery-phrase-file ~/ada-phrase.txt'))
    .action(runner.answers(init))

  program
    .command('restore')
    .summary('bring a node back from its recovery phrase')
    .description(
      'Makes the key again from its 24 words. Nothing is signed until the own feed was read back from the shared folder.',
    )
    .requiredOption('--name <name>', 'what other stewards see')
    .requiredOption('--phrase-file <file>', 'file with the 24 words')
    .option('--exchange <dir>', 'the shared folder that holds the node’s feed')
    .addHelpText('after', example('restore --name Ada --phrase-file ~/ada-phrase.txt --exchange ~/Sync/evidence'))
    .action(runner.answers(restore))

  program
    .command('recovery-phrase')
    .summary('show the 24 words that bring the key back')
    .description('Shows the recovery phrase, or writes it to a file. Whoever has these words can sign as this node.')
    .option('--out <file>', 'write the words there (0600) instead of showing them')
    .addHelpText('after', example('recovery-phrase --out /media/stick/ada-phrase.txt'))
    .action(runner.answers(recoveryPhrase))

  program
    .command('declare-head-lost')
    .summary('go on signing after a restore without the old feed')
    .description(
      'For a restored node whose own feed is nowhere to be read: signing goes on after what was found. If the old feed turns up later, the two are a fork.',
    )
    .addHelpText('after', example('declare-head-lost'))
    .action(runner.answers(declareHeadLost))
}

async function init(context: CliContext, options: InitOptions): Promise<Answer> {
  const { cwd } = context.terminal
  const passphrase = await askNewPassphrase(context)
  return withCore(context, async ({ client }) => {
    const phraseFile =
      options.recoveryPhraseFile === undefined ? null : reservePhraseFile(resolve(cwd, options.recoveryPhraseFile))
    const made = await client.node
      .create({
        name: options.name,
        passphrase,
        exchange: options.exchange === undefined ? null : resolve(cwd, options.exchange),
        networkName: options.network ?? null,
        capsule: options.capsule === undefined ? null : resolve(cwd, options.capsule),
      })
      .catch((thrown: unknown) => {
        phraseFile?.release()
        throw thrown
      })
    phraseFile?.write(made.phrase)
    if (phraseFile === null && context.terminal.interactive) showPhrase(context, made.phrase)
    const { node, words } = made
    const { report, view } = await firstPass(client)
    return {
      json: {
        node,
        words,
        ...(phraseFile === null ? {} : { recoveryPhraseFile: phraseFile.path }),
        exchange: { ...report, ...exchangeJson(view) },
      },
      text: `${plain(options.name)} is a node now: ${node}\nIts words, to be compared by people: ${words.join(' ')}\n${
        phraseFile === null ? '' : `Recovery phrase written to ${phraseFile.path}\n`
      }${exchangeText(view)}`,
    }
  })
}

async function restore(context: CliContext, options: RestoreOptions): Promise<Answer> {
  const { cwd } = context.terminal
  const phrase = readPhraseFile(resolve(cwd, options.phraseFile))
  const passphrase = await askNewPassphrase(context)
  return withCore(context, async ({ client }) => {
    const exchange = options.exchange === undefined ? null : resolve(cwd, options.exchange)
    const before = await client.app.state({})
    const { node, words } = await client.node.restore({ phrase, name: options.name, passphrase, exchange })
    const { report, view } = await firstPass(client)
    const { phase, node: restored } = await client.app.state({})
    const name = restored?.name ?? options.name
    const ready = phase === 'ready'
    // Only its key is made anew then, under the passphrase that was given.
    const wasHere = before.phase !== 'no-node'
    const keeps = wasHere && name !== options.name ? `, and keeps its name instead of ${plain(options.name)}` : ''
    return {
      json: { node, name, words, ready, wasHere, exchange: { ...report, ...exchangeJson(view) } },
      text: `${plain(name)} is back: ${node}\nIts words: ${words.join(' ')}\n${
        wasHere ? `It was in this data folder already: its key has the new passphrase now${keeps}.\n` : ''
      }${
        ready
          ? 'It can sign: all that is known of its own feed is here.\n'
          : 'Its own feed was not read back yet: nothing is signed until `steward sync` finds it. If it is lost for good, run `steward declare-head-lost`.\n'
      }${exchangeText(view)}`,
    }
  })
}

async function recoveryPhrase(context: CliContext, options: { readonly out?: string }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const passphrase = await askPassphrase(context)
    const out = options.out === undefined ? null : reservePhraseFile(resolve(context.terminal.cwd, options.out))
    const { phrase } = await client.node.phrase({ passphrase }).catch((thrown: unknown) => {
      out?.release()
      throw thrown
    })
    out?.write(phrase)
    if (out === null) return { json: { phrase }, text: `${phrase.join(' ')}\n` }
    return { json: { recoveryPhraseFile: out.path }, text: `Recovery phrase written to ${out.path}\n` }
  })
}

async function declareHeadLost(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    await withKey(context, client, () => client.node.declareHeadLost({}))
    return { json: { declared: true }, text: 'Signing goes on after what was found of this node’s feed.\n' }
  })
}

/** What was made is published at once; where the folder is not there, it waits for the next pass. */
async function firstPass(client: CoreClient): Promise<{
  readonly report: SyncReport['exchange']
  readonly view: ExchangeView
}> {
  const { exchange } = await client.exchange.sync({})
  return { report: exchange, view: await client.exchange.get({}) }
}

function showPhrase({ terminal }: CliContext, phrase: readonly string[]): void {
  terminal.err(
    `\nRecovery phrase. Write it down and keep it where nobody else looks; it is not shown again by itself.\n\n`,
  )
  for (let at = 0; at < phrase.length; at += 6) {
    const line = phrase.slice(at, at + 6).map((word, nth) => `${String(at + nth + 1).padStart(2)} ${word.padEnd(10)}`)
    terminal.err(`  ${line.join('')}\n`)
  }
  terminal.err('\n')
}
