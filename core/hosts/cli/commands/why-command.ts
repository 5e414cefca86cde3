// why: the rule by which something is so, in words, and the receipts behind it.
import type { Command } from 'commander'
import { CountName, NodeId, type WhyAbout, type WhyView } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import { findByDigits, findNode, SHORTEST } from '../abbreviations.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { example } from '../help.ts'
import { columns, plain, shortId, shortTime } from '../layout.ts'

export function addWhyCommand(program: Command, runner: Runner): void {
  program
    .command('why')
    .summary('why do I believe this?')
    .argument(
      '<what>',
      `a conflict or receipt by its id, a node by its name or id, \`policy\`, or one of: ${CountName.options.join(', ')}`,
    )
    .option('--of <node>', 'of a node: what it says that it has of the feed of this one')
    .description(
      'What is so, the rule by which it is so, the values that went into it, and the receipts it follows from.',
    )
    .addHelpText('after', example('why open-conflicts'))
    .action(runner.answers(why))
}

async function why(context: CliContext, what: string, options: { readonly of?: string }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const view = await client.why.get({ about: await about(client, what, options.of) })
    return { json: view, text: whyText(view) }
  })
}

async function about(client: CoreClient, what: string, of: string | undefined): Promise<WhyAbout> {
  if (of !== undefined) {
    return { type: 'holding', holder: await findNode(client, what), node: await findNode(client, of) }
  }
  if (what === 'policy') return { type: 'policy' }
  const count = CountName.safeParse(what)
  if (count.success) return { type: 'count', name: count.data }
  if (NodeId.safeParse(what).success) return { type: 'peer', node: await findNode(client, what) }
  const found = await findByDigits(client, what)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  if (only === undefined) return { type: 'peer', node: await nodeOr(client, what) }
  throw new StewardError({
    code: 'AMBIGUOUS',
    happened: `${found.length} receipts or conflicts are named ${what}.`,
    kept: 'Nothing was changed.',
    remedy: 'Give more of its id.',
  })
}

/** What is no count, receipt or conflict should be a node; the sentence where it is none names all of them. */
async function nodeOr(client: CoreClient, what: string): Promise<NodeId> {
  try {
    return await findNode(client, what)
  } catch (cause) {
    if (!(cause instanceof StewardError) || cause.code !== 'NOT_FOUND') throw cause
    throw new StewardError({
      code: 'NOT_FOUND',
      happened: `Nothing is named ${what}: no receipt, conflict, node or number.`,
      kept: 'Nothing was changed.',
      remedy: `See \`steward why --help\`; of an id at least ${SHORTEST} characters are needed.`,
      cause,
    })
  }
}

function whyText({ title, answer, rule, facts, receipts, more }: WhyView): string {
  const values = columns(facts.map(({ label, value }) => [plain(label), plain(value)]))
  const behind = columns(
    receipts.map(({ receipt, role }) => [
      shortId(receipt.id),
      `${plain(receipt.nodeName)} #${receipt.seq}`,
      shortTime(receipt.time),
      plain(role),
    ]),
  )
  return [
    `${plain(title)}\n${answer === '' ? '' : `${plain(answer)}\n`}\nThe rule: ${plain(rule)}\n`,
    facts.length === 0 ? '' : `\n${values}`,
    receipts.length === 0 ? '' : `\nIt follows from:\n${behind}`,
    more === 0 ? '' : `and ${more} more\n`,
  ].join('')
}
