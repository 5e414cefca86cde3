// sync, status, peers, admit: how this node stands in its network.
import type { Command } from 'commander'
import type { SyncReport, Trouble } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import { findNode } from '../abbreviations.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import {
  exchangeJson,
  exchangeRows,
  exchangeText,
  HOW_TO_SEE_TROUBLES,
  isHindered,
  safetyJson,
  troubleCounts,
  troubleLines,
  troubleText,
  type TroubleCounts,
} from '../exchange-words.ts'
import { EXIT } from '../exit-codes.ts'
import { example } from '../help.ts'
import { columns, counted, plain, shortId, shortTime } from '../layout.ts'
import { collect, everyItem } from '../pages.ts'
import { canAskPassphrase, withKey } from '../passphrase.ts'

export function addNetworkCommands(program: Command, runner: Runner): void {
  program
    .command('sync')
    .summary('one pass: publish, read, merge')
    .description(
      'Publishes what was signed here, reads what other nodes published, and merges it. Without the passphrase it still reads and merges.',
    )
    .addHelpText('after', example('sync --json'))
    .action(runner.answers(sync))

  program
    .command('status')
    .summary('how this node stands')
    .description(
      'Receipts, open conflicts, the shared folder, and the fingerprint: the same on two nodes means the same state.',
    )
    .option('--exit-code', 'exit with 1 where conflicts wait for a person')
    .addHelpText('after', example('status --json'))
    .action(runner.answers(status))

  program
    .command('peers')
    .summary('the nodes of the network')
    .description('Every node that was seen, with its state and how much of its feed is here.')
    .addHelpText('after', example('peers'))
    .action(runner.answers(peers))

  program
    .command('compare')
    .summary('where this node and another one first differ')
    .argument('<node>', 'id of the node, the beginning of it, or its name')
    .description(
      'Compares what this node has merged with what the other one signed about itself, and names the first receipt that differs.',
    )
    .option('--exit-code', 'exit with 1 where the two differ')
    .addHelpText('after', example('compare Ben'))
    .action(runner.answers(compare))

  program
    .command('admit')
    .summary('let a pending node in')
    .argument('<node>', 'id of the node, the beginning of it, or its name')
    .description(
      'Signs that a node belongs to the network. Compare its six words with its steward first, by another way than the shared folder.',
    )
    .addHelpText('after', example('admit z6MkfrQj3wTD'))
    .action(runner.answers(admit))
}

/** Refusals that `sync` tells in full; the others stand in `steward troubles`. */
const REFUSALS_TOLD = 5

async function sync(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const pass = () => client.exchange.sync({})
    const report = canAskPassphrase(context) ? await withKey(context, client, pass) : await pass()
    const exchange = await client.exchange.get({})
    const troubles = await troubleCounts(client, exchange)
    const refusals = await client.exchange.troubles({ outcome: 'refused', limit: REFUSALS_TOLD })
    return {
      json: { ...report, exchange: { ...report.exchange, ...exchangeJson(exchange) }, troubles },
      text: `${syncText(report)}${troublesText(troubles, refusals.items)}${exchange.reason === null ? '' : exchangeText(exchange)}`,
      exitCode: isHindered(exchange) ? EXIT.failed : EXIT.done,
    }
  })
}

function syncText({ published, admitted, known, pendingNodes }: SyncReport): string {
  const asks = pendingNodes.map(
    ({ node, name, words }) => `Asks to join: ${plain(name)} (${shortId(node)}), words: ${words.join(' ')}\n`,
  )
  return `Published ${published}, merged ${admitted}, known before ${known}.\n${asks.join('')}`
}

function troublesText(counts: TroubleCounts, refusals: readonly Trouble[]): string {
  const lines = troubleLines(counts)
  if (lines.length === 0) return ''
  const told = refusals.map((refusal) => troubleText(refusal).replaceAll(/^/gm, '  ').trimEnd())
  return [...lines, ...told, HOW_TO_SEE_TROUBLES].map((line) => `${line}\n`).join('')
}

async function status(context: CliContext, options: { readonly exitCode?: boolean }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    // First, since a core that does not watch the folder looks how it is when it is asked for this.
    const exchange = await client.exchange.get({})
    const [state, network, overview, troubles] = await Promise.all([
      client.app.state({}),
      client.network.get({}),
      client.app.overview({}),
      troubleCounts(client, exchange),
    ])
    const { receipts, openConflicts, pendingNodes } = overview.counters
    const waits = options.exitCode === true && openConflicts > 0
    const { node, phase } = state
    invariant(node !== null, 'a data folder with a node opens with it')
    const troubled = troubleLines(troubles)
    return {
      json: {
        node: node.id,
        name: node.name,
        words: node.words,
        phase,
        receipts,
        openConflicts,
        pendingNodes,
        network: network.id,
        fingerprint: network.fingerprint,
        fingerprintWords: network.fingerprintWords,
        exchange: exchangeJson(exchange),
        troubles,
        safety: safetyJson(overview.safety, exchange),
      },
      text: columns([
        ['Node', `${plain(node.name)} (${shortId(node.id)}), words: ${node.words.join(' ')}`],
        ['Network', `${plain(network.name)}, ${counted(network.admitted, 'node')}, ${pendingNodes} pending`],
        ['Receipts', String(receipts)],
        ['Conflicts', openConflicts === 0 ? 'none open' : `${openConflicts} open`],
        ...exchangeRows(exchange),
        ...(troubled.length === 0 ? [] : [...troubled, HOW_TO_SEE_TROUBLES]).map((line, at) => [
          at === 0 ? 'Troubles' : '',
          line,
        ]),
        ['State', `${network.fingerprintWords.join(' ')}  ${network.fingerprint}`],
        ['', plain(overview.safety.headline)],
      ]),
      exitCode: waits ? EXIT.waiting : EXIT.done,
    }
  })
}

async function compare(context: CliContext, text: string, options: { readonly exitCode?: boolean }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const comparison = await client.network.compare({ node: await findNode(client, text) })
    const { outcome, nodeName, ours, theirs, said, sentence, first, steps } = comparison
    const head = columns([
      ['Your state', ours.words.join(' · ')],
      [
        `State of ${plain(nodeName)}`,
        theirs === null || said === null ? 'not said yet' : `${theirs.words.join(' · ')} (read ${shortTime(said)})`,
      ],
    ])
    const way = steps.filter(({ same }) => !same).map((step) => [step.what, plain(step.ours), plain(step.theirs)])
    const down = way.length === 0 ? '' : `\n${columns([['DIFFERS IN', 'YOU', plain(nodeName)], ...way])}`
    const todo = first === null ? '' : `${plain(first.remedy)}\n`
    return {
      json: comparison,
      text: `${head}${down}\n${plain(sentence)}\n${todo}`,
      exitCode: options.exitCode === true && outcome === 'differs' ? EXIT.waiting : EXIT.done,
    }
  })
}

async function peers(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const items = await collect(everyItem((after) => client.network.peers({ limit: 200, ...after })))
    const rows = items.map((peer) => [
      plain(peer.name),
      shortId(peer.node),
      peer.state,
      `${peer.mergedSeq}/${peer.headSeq ?? peer.seq}`,
      plain(peer.trouble?.what ?? peer.words.join(' ')),
    ])
    return { json: { items }, text: columns([['NAME', 'NODE', 'STATE', 'MERGED', 'WORDS'], ...rows]) }
  })
}

async function admit(context: CliContext, text: string): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const node = await findNode(client, text)
    const { id } = await withKey(context, client, () => client.network.admit({ node }))
    return { json: { id }, text: `Admitted ${shortId(node)} with receipt ${shortId(id)}\n` }
  })
}
