// exchange, troubles: the shared folder itself, and what of it did not simply go into the ledger.
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { Cursor, Trouble, type NetworkView } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { exchangeJson, exchangeText, troubleText } from '../exchange-words.ts'
import { example } from '../help.ts'
import { counted, plain } from '../layout.ts'
import { writeNewFile } from '../new-file-adapter.ts'
import { collect, everyItem } from '../pages.ts'
import { canAskPassphrase, withKey } from '../passphrase.ts'

interface TroublesOptions {
  readonly outcome?: Trouble['outcome']
  readonly limit: number
  readonly after?: string
  readonly save?: string
}

export function addExchangeCommands(program: Command, runner: Runner): void {
  program
    .command('exchange')
    .summary('the shared folder: which one, how it is, or another one')
    .argument('[dir]', 'choose this folder from now on')
    .description(
      'Says which folder is shared with the other nodes and how it is. With <dir> that folder is chosen: a node that is alone in its network joins the network of the folder, and what was signed here is published there.',
    )
    .option('--dry-run', 'only say what choosing <dir> would mean')
    .addHelpText('after', example('exchange ~/Sync/evidence'))
    .action(runner.answers(exchange))

  program
    .command('troubles')
    .summary('what was refused, waits, is held or is not downloaded')
    .argument('[file]', 'only this one: its id, its path in the exchange, or its name')
    .description(
      'Everything in the shared folder that did not simply go into the ledger: file, reason, what was kept and what to do.',
    )
    .addOption(new Option('--outcome <outcome>', 'which ones').choices(Trouble.shape.outcome.options))
    .addOption(new Option('--limit <n>', 'how many at most (1 to 200)').default(100).argParser(Number))
    .option('--after <cursor>', 'go on after a page: the `next` of its answer')
    .option('--save <new file>', 'write there what was kept of <file> when it was refused; nobody has vouched for it')
    .addHelpText('after', example('troubles 5-9.jsonl --save ~/refused.bin'))
    .action(runner.answers(troubles))
}

async function exchange(
  context: CliContext,
  dir: string | undefined,
  options: { readonly dryRun?: boolean },
): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    if (dir === undefined) {
      const view = await client.exchange.get({})
      return { json: exchangeJson(view), text: exchangeText(view) }
    }
    const folder = resolve(context.terminal.cwd, dir)
    return options.dryRun === true ? probe(client, folder) : choose(context, client, folder)
  })
}

async function probe(client: CoreClient, folder: string): Promise<Answer> {
  const [found, own] = await Promise.all([client.exchange.probe({ folder }), client.network.get({})])
  const { network, hint, problem } = found
  const means = network === null ? 'No exchange is in it yet; this node would begin one.' : meaning(network, own)
  const said = [problem ?? means, ...(hint === null ? [] : [hint])]
  return { json: { folder, ...found }, text: [folder, ...said].map((line) => `${plain(line)}\n`).join('') }
}

function meaning(
  { id, name, nodes, words }: NonNullable<Awaited<ReturnType<CoreClient['exchange']['probe']>>['network']>,
  own: NetworkView,
): string {
  const what = `It belongs to the network ${name}, ${counted(nodes, 'node')}, words: ${words.join(' ')}.`
  if (id === own.id) return `${what} It is this node’s own.`
  return own.admitted > 1
    ? `${what} This node shares another network, so the folder cannot be chosen.`
    : `${what} This node would ask to join it.`
}

async function choose(context: CliContext, client: CoreClient, folder: string): Promise<Answer> {
  const before = await client.network.get({})
  const work = async () => {
    await client.exchange.choose({ folder })
    await client.exchange.sync({})
  }
  await (canAskPassphrase(context) ? withKey(context, client, work) : work())
  const [view, network] = await Promise.all([client.exchange.get({}), client.network.get({})])
  const joins = network.id === before.id ? '' : `This node asks to join the network of the folder: ${network.name}\n`
  return {
    json: { ...exchangeJson(view), network: network.id },
    text: `${plain(joins.trimEnd())}${joins === '' ? '' : '\n'}${exchangeText(view)}`,
  }
}

async function troubles(context: CliContext, file: string | undefined, options: TroublesOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const { outcome, limit, after, save } = options
    const filter = outcome === undefined ? {} : { outcome }
    if (file !== undefined) {
      const found = await troublesOf(client, filter, file)
      return save === undefined ? listed(found, null) : saved(context, client, found, save)
    }
    if (save !== undefined)
      throw usage('--save wants to know of which file: steward troubles <file> --save <new file>.')
    const go = after === undefined ? {} : { after: Cursor.parse(after) }
    const { items, next } = await client.exchange.troubles({ ...filter, limit, ...go })
    return listed(items, next)
  })
}

function listed(items: readonly Trouble[], next: Cursor | null): Answer {
  const more = next === null ? '' : `More: --after ${plain(next)}\n`
  return {
    json: { items, next },
    text: items.length === 0 ? 'Nothing: all that was read went in.\n' : `${items.map(troubleText).join('')}${more}`,
  }
}

/** What is named by `text`: an id, a path in the exchange, with or without the line, or the end of that path. */
async function troublesOf(
  client: CoreClient,
  filter: { readonly outcome?: Trouble['outcome'] },
  text: string,
): Promise<readonly Trouble[]> {
  const all = everyItem((after) => client.exchange.troubles({ ...filter, limit: 200, ...after }))
  const names = ({ id, source }: Trouble) =>
    [id, source, source.replace(/:\d+$/, '')].some((name) => name === text || name.endsWith(`/${text}`))
  const found = (await collect(all)).filter(names)
  if (found.length > 0) return found
  throw new StewardError({
    code: 'NOT_FOUND',
    happened: `Nothing that was refused, waits or is held is named ${text}.`,
    kept: 'Nothing was changed.',
    remedy: 'Take the path or the id from `steward troubles`.',
  })
}

async function saved(
  { terminal }: CliContext,
  client: CoreClient,
  found: readonly Trouble[],
  save: string,
): Promise<Answer> {
  const kept = found.filter(({ keptBytes }) => keptBytes !== undefined)
  const [one] = kept
  if (one === undefined) {
    throw new StewardError({
      code: 'NOTHING_KEPT',
      happened: `No copy of ${found[0]?.source ?? 'it'} is kept.`,
      kept: 'Nothing was written.',
      remedy: 'Look at the original, which stays where it lies.',
    })
  }
  if (kept.length > 1) {
    throw new StewardError({
      code: 'AMBIGUOUS',
      happened: `${kept.length} things that were refused are named so.`,
      kept: 'Nothing was written.',
      remedy: `Name one by its id: ${kept
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}${kept.length > 5 ? ' …' : ''}.`,
    })
  }
  const path = resolve(terminal.cwd, save)
  const bytes = Buffer.from((await client.exchange.refusedBytes({ id: one.id })).base64, 'base64')
  writeNewFile(path, bytes)
  return {
    json: { path, bytes: bytes.length, trouble: one },
    text: `Wrote ${counted(bytes.length, 'byte')} of ${plain(one.source)} to ${plain(path)}\n`,
  }
}

function usage(happened: string): StewardError {
  return new StewardError({
    code: 'USAGE',
    happened,
    kept: 'Nothing was changed.',
    remedy: 'See `steward troubles --help`, which has an example.',
  })
}
