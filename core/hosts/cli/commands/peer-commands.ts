// peer, block, unblock, map, states: one node, who has whose feed, and whether all have merged the same.
import type { Command } from 'commander'
import { findNode } from '../abbreviations.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { example } from '../help.ts'
import { columns, plain, shortId, shortTime } from '../layout.ts'
import { PEER_STATES, peerText, stateRow } from './peer-texts.ts'

const NODE = 'id of the node, the beginning of it, or its name'

export function addPeerCommands(program: Command, runner: Runner): void {
  program
    .command('peer')
    .summary('one node: its words, its feed, who admitted it')
    .argument('<node>', NODE)
    .description('How far its feed is merged here, what it has of yours, who admitted it, and what stands in its way.')
    .addHelpText('after', example('peer ben'))
    .action(runner.answers(peer))

  program
    .command('block')
    .summary('read and merge nothing of a node here')
    .argument('<node>', NODE)
    .description(
      'For this installation only: what the node signed is not read or merged here any more. Nothing is signed, other nodes go on as before, and `unblock` lifts it.',
    )
    .addHelpText('after', example('block z6MkfrQj3wTD'))
    .action(runner.answers((context, text: string) => setBlocked(context, text, true)))

  program
    .command('unblock')
    .summary('lift a block')
    .argument('<node>', NODE)
    .description('What the node signed is read and merged here again, also what came while it was blocked.')
    .addHelpText('after', example('unblock z6MkfrQj3wTD'))
    .action(runner.answers((context, text: string) => setBlocked(context, text, false)))

  program
    .command('map')
    .summary('who has whose feed up to where')
    .description(
      'A row for each node, a column for each feed: up to which receipt it says that it has it, `-` where it never said. Your own row is what the ledger holds.',
    )
    .addHelpText('after', example('map'))
    .action(runner.answers(map))

  program
    .command('states')
    .summary('have all nodes merged the same?')
    .description('The four words of what every other node last said of its state, beside yours.')
    .option('--exit-code', 'exit with 1 where a node differs')
    .addHelpText('after', example('states --exit-code'))
    .action(runner.answers(states))
}

async function peer(context: CliContext, text: string): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const found = await client.network.peer({ node: await findNode(client, text) })
    return { json: found, text: peerText(found) }
  })
}

async function setBlocked(context: CliContext, text: string, blocked: boolean): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    // Asked before: a node that nobody knows is not blocked in silence.
    const { node } = await client.network.peer({ node: await findNode(client, text) })
    if (blocked) await client.network.block({ node })
    else await client.network.unblock({ node })
    const { state, name } = await client.network.peer({ node })
    const short = `${plain(name)} (${shortId(node)})`
    return {
      json: { node, state },
      text: blocked
        ? `Blocked ${short} on this installation: nothing of it is read or merged here. \`steward unblock ${shortId(node).replace('…', '')}\` lifts it.\n`
        : `${short} is not blocked here any more: ${PEER_STATES[state]}.\n`,
    }
  })
}

async function map(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const answer = await client.network.map({})
    const { nodes, rows } = answer
    const nameOf = new Map(nodes.map(({ node, name }) => [node, plain(name)]))
    return {
      json: answer,
      text: columns([
        ['HOLDER', 'SAID', ...nodes.map(({ name }) => plain(name))],
        ...rows.map(({ holder, said, upTo }) => [
          nameOf.get(holder) ?? shortId(holder),
          said === null ? '' : shortTime(said),
          ...upTo.map((seq, at) => (seq === null ? '-' : `${seq}/${nodes[at]?.headSeq ?? seq}`)),
        ]),
      ]),
    }
  })
}

async function states(context: CliContext, options: { readonly exitCode?: boolean }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const [{ items }, { fingerprint, fingerprintWords }] = await Promise.all([
      client.network.states({}),
      client.network.get({}),
    ])
    const differs = items.some(({ outcome }) => outcome === 'differs')
    return {
      json: { ours: { fingerprint, words: fingerprintWords }, items },
      text: `${columns([
        ['NODE', 'STATE', 'SAID', 'WORDS'],
        ['this node', '', '', fingerprintWords.join(' · ')],
        ...items.map(stateRow),
      ])}${differs ? 'Where they first differ: `steward compare <node>`\n' : ''}`,
      exitCode: options.exitCode === true && differs ? EXIT.waiting : EXIT.done,
    }
  })
}
