// receipts, receipt, kinds: what was signed, where each receipt stands, and what may be signed by hand.
import { Option, type Command } from 'commander'
import { ContentHash, type ReceiptSummary } from '#core/contract/index.ts'
import { findAnyReceipt, findNode } from '../abbreviations.ts'
import type { CoreClient } from '../../thread/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { given } from '../given.ts'
import { example } from '../help.ts'
import { instantOption } from '../instant-option.ts'
import { columns, plain, shortId, shortTime } from '../layout.ts'
import { addPageOptions, moreLine, pageOf, type PageOptions } from '../page-options.ts'
import { usageError } from '../usage-error.ts'
import { receiptText } from './receipt-texts.ts'

interface ListOptions extends PageOptions {
  readonly node?: string
  readonly kind?: string
  readonly subject?: string
  readonly task?: string
  readonly anchor?: string
  readonly from?: string
  readonly to?: string
  readonly arrivedFrom?: string
  readonly arrivedTo?: string
  readonly oldest?: boolean
  readonly choices?: boolean
}

export function addReceiptListCommands(program: Command, runner: Runner): void {
  addPageOptions(
    program
      .command('receipts')
      .summary('what was signed, by whom and when')
      .description('One page of the receipts in this ledger, the newest first. Options that are given must all fit.')
      .option('--node <node>', 'signed by this node: its id, the beginning of it, or its name')
      .option('--kind <kind>', 'of this kind, such as evidence/observed')
      .option('--subject <text>', 'with this text in their subject')
      .option('--task <task>', 'of this task')
      .option('--anchor <hash>', 'that name this anchor')
      .option('--from <time>', 'signed then or later, as 2026-11-21T12:00:00Z or 2026-11-21')
      .option('--to <time>', 'signed then or earlier')
      .option('--arrived-from <time>', 'that came to this node then or later')
      .option('--arrived-to <time>', 'that came to this node before')
      .addOption(new Option('--newest', 'the newest first, as without it').conflicts('oldest'))
      .addOption(new Option('--oldest', 'the oldest first').conflicts('newest'))
      .option('--choices', 'say instead which kinds, tasks and nodes there are'),
  )
    .addHelpText('after', example('receipts --node ben --subject usage --from 2026-11-01'))
    .action(runner.answers(receipts))

  program
    .command('receipt')
    .summary('one receipt: where it stands, and its signature checked now')
    .argument('<receipt>', 'its id or the beginning of it')
    .description(
      'What it says, where it stands, its neighbours in the feed, who holds it, and its hash, signature, feed link and inclusion computed again. Exits with 3 where one of these does not hold.',
    )
    .addHelpText('after', example('receipt 91be44c07d12'))
    .action(runner.answers(receipt))

  program
    .command('kinds')
    .summary('kinds of receipts, and what signing one claims')
    .description('Every kind that this version knows, with the sentence that its signature claims.')
    .addHelpText('after', example('kinds'))
    .action(runner.answers(kinds))
}

async function receipts(context: CliContext, options: ListOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    if (options.choices === true) return choices(client)
    const { kind, subject, task, node, anchor } = options
    const time = (name: string, text: string | undefined) =>
      text === undefined ? undefined : instantOption(name, text)
    const page = await client.receipts.list({
      filter: given({
        kind,
        subject,
        task,
        node: node === undefined ? undefined : await findNode(client, node),
        anchor: anchor === undefined ? undefined : anchorOption(anchor),
        from: time('--from', options.from),
        to: time('--to', options.to),
        arrivedFrom: time('--arrived-from', options.arrivedFrom),
        arrivedTo: time('--arrived-to', options.arrivedTo),
      }),
      sort: options.oldest === true ? 'oldest' : 'newest',
      ...pageOf(options),
    })
    const head = ['RECEIPT', 'NODE', 'SEQ', 'TIME', 'KIND', 'STATE', 'SUBJECT']
    const table = page.items.length === 0 ? 'No receipts.\n' : columns([head, ...page.items.map(receiptRow)])
    return { json: page, text: `${table}${moreLine(page.next)}` }
  })
}

async function choices(client: CoreClient): Promise<Answer> {
  const found = await client.receipts.facets({})
  return {
    json: found,
    text: columns([
      ['Kinds', found.kinds.map(plain).join(', ')],
      ['Tasks', found.tasks.map(plain).join(', ')],
      ['Nodes', found.nodes.map(({ name }) => plain(name)).join(', ')],
    ]),
  }
}

function receiptRow(one: ReceiptSummary): string[] {
  return [
    shortId(one.id),
    plain(one.nodeName),
    String(one.seq),
    shortTime(one.time),
    plain(one.kind),
    one.state,
    plain(one.task === null ? one.subject : `${one.subject} (${one.task})`),
  ]
}

function anchorOption(text: string): ContentHash {
  const read = ContentHash.safeParse(text.startsWith('sha256:') ? text : `sha256:${text}`)
  if (read.success) return read.data
  throw usageError(`${plain(text)} is no hash of an anchor.`, 'Take the hash from `steward anchors --json`.')
}

async function receipt(context: CliContext, text: string): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const id = await findAnyReceipt(client, text)
    const detail = await client.receipts.get({ id })
    const [check, { items }] = await Promise.all([client.receipts.check({ id }), client.receipts.usage({ ids: [id] })])
    const usage = items[0]?.usage ?? null
    return {
      json: { ...detail, check, usage },
      text: receiptText(detail, check.checks, usage),
      exitCode: check.ok ? EXIT.done : EXIT.integrity,
    }
  })
}

async function kinds(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const { items } = await client.receipts.kinds({})
    const rows = items.map(({ kind, claims, byHand }) => [kind, byHand ? 'by hand' : '', claims])
    return { json: { items }, text: columns([['KIND', 'SIGNED', 'WHAT SIGNING IT CLAIMS'], ...rows]) }
  })
}
