// sync, status, peers, admit: how this node stands in its network.
import type { Command } from 'commander'
import type { ExchangeState, SyncReport } from '#core/contract/index.ts'
import { findNode } from '../abbreviations.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { example } from '../help.ts'
import { columns, counted, plain, shortId } from '../layout.ts'
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
    .addHelpText('after', example('compare ben'))
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

/** States in which a pass could not do all of its work. */
const HINDERED = new Set<ExchangeState>(['none', 'missing', 'read-only', 'full', 'other-network', 'unreadable'])

async function sync(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const pass = () => client.exchange.sync({})
    const report = canAskPassphrase(context) ? await withKey(context, client, pass) : await pass()
    return {
      json: report,
      text: syncText(report),
      exitCode: HINDERED.has(report.exchange.state) ? EXIT.failed : EXIT.done,
    }
  })
}

function syncText(report: SyncReport): string {
  const { published, admitted, known, waiting, held, refused, pendingNodes, exchange } = report
  const lines = [`Published ${published}, merged ${admitted}, known before ${known}.\n`]
  if (waiting > 0) lines.push(`Waiting behind a gap: ${waiting}\n`)
  if (held > 0) lines.push(`Held back, their time is ahead: ${held}\n`)
  if (refused.length > 0) lines.push(`Refused:\n${columns(refused.map((one) => ['', plain(one.source), one.reason]))}`)
  for (const node of pendingNodes) {
    lines.push(`Asks to join: ${plain(node.name)} (${shortId(node.node)}), words: ${node.words.join(' ')}\n`)
  }
  if (exchange.reason !== null) lines.push(`${exchange.reason}\n`)
  return lines.join('')
}

async function status(context: CliContext, options: { readonly exitCode?: boolean }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const [state, network, overview, exchange] = await Promise.all([
      client.app.state({}),
      client.network.get({}),
      client.app.overview({}),
      client.exchange.get({}),
    ])
    const { receipts, openConflicts, pendingNodes } = overview.counters
    const waits = options.exitCode === true && openConflicts > 0
    const words = state.node?.words ?? []
    return {
      json: {
        node: state.node?.id ?? null,
        name: state.node?.name ?? null,
        words,
        phase: state.phase,
        receipts,
        openConflicts,
        pendingNodes,
        network: network.id,
        fingerprint: network.fingerprint,
        fingerprintWords: network.fingerprintWords,
        exchange: {
          state: exchange.state,
          ...(exchange.reason === null ? {} : { reason: exchange.reason }),
          folder: exchange.folder,
          unpublished: exchange.unpublished,
        },
        safety: overview.safety,
      },
      text: columns([
        ['Node', `${plain(state.node?.name ?? '')} (${shortId(state.node?.id ?? '')}), words: ${words.join(' ')}`],
        ['Network', `${plain(network.name)}, ${counted(network.admitted, 'node')}, ${pendingNodes} pending`],
        ['Receipts', String(receipts)],
        ['Conflicts', openConflicts === 0 ? 'none open' : `${openConflicts} open`],
        ['Folder', `${exchange.folder ?? 'none'} (${exchange.state})`],
        ['State', `${network.fingerprintWords.join(' ')}  ${network.fingerprint}`],
        ['', overview.safety.headline],
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
        theirs === null ? 'not said yet' : `${theirs.words.join(' · ')} (read ${said ?? ''})`,
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
