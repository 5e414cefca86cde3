// conflicts, show, decide, withdraw: what the nodes disagree about, and what a steward signs about it.
import { Option, type Command } from 'commander'
import {
  ConflictSort,
  ConflictStatus,
  saidBy,
  type ConflictReview,
  type ReceiptId,
  type Verdict,
} from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import { findConflict, findDecision, findReceipt } from '../abbreviations.ts'
import { addConflictFilter, conflictFilter, type FilterOptions } from '../conflict-filter.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { given } from '../given.ts'
import { example } from '../help.ts'
import { parseJsonOption } from '../json-option.ts'
import { columns, plain, shortId, shortTime } from '../layout.ts'
import { withKey } from '../passphrase.ts'
import { subjectWords } from '../subject-words.ts'
import { diffText, historyOf, historyText } from './conflict-texts.ts'

interface ListOptions extends FilterOptions {
  readonly status: ConflictStatus | 'all'
  readonly sort: ConflictSort
  readonly limit: number
  readonly after?: string
  readonly exitCode?: boolean
  readonly choices?: boolean
}

interface ShowOptions {
  readonly diff?: boolean
  readonly equal?: boolean
  readonly history?: boolean
}

interface DecideOptions {
  readonly pick?: string
  readonly none?: boolean
  readonly several?: readonly string[]
  readonly body?: string
  readonly reason: string
  readonly planStep?: string
}

export function addConflictCommands(program: Command, runner: Runner): void {
  addConflictFilter(
    program
      .command('conflicts')
      .summary('what waits for a decision')
      .description('One page of conflicts, the gravest first. Options that are given must all fit.')
      .addOption(
        new Option('--status <status>', 'which ones').choices([...ConflictStatus.options, 'all']).default('open'),
      ),
  )
    .addOption(new Option('--sort <by>', 'which come first').choices(ConflictSort.options).default('severity'))
    .addOption(new Option('--limit <n>', 'how many at most (1 to 200)').default(100).argParser(Number))
    .option('--after <cursor>', 'go on after a page: the `next` of its answer')
    .option('--exit-code', 'exit with 1 where the answer holds an open conflict')
    .option('--choices', 'say instead how many there are of each kind, and which tasks and nodes')
    .addHelpText('after', example('conflicts --status open --json'))
    .action(runner.answers(conflicts))

  program
    .command('show')
    .summary('one conflict with all its members')
    .argument('<conflict>', 'id of the conflict or the beginning of it')
    .description('Every claim, why no rule settled it, what to do, and what was decided about it.')
    .option('--diff', 'also what differs between the claims, value by value')
    .option('--equal', 'with --diff: what is equal as well')
    .option('--history', 'also everything that was signed on its subject')
    .addHelpText('after', example('show 5f2c81d09a3e'))
    .action(runner.answers(show))

  program
    .command('decide')
    .summary('sign a decision')
    .argument('<conflict>', 'id of the conflict or the beginning of it')
    .description(
      'Settles a conflict with a signed receipt. Exactly one of --pick, --none, --several and --body says how.',
    )
    .addOption(new Option('--pick <receipt>', 'this claim holds').conflicts(['none', 'several', 'body']))
    .addOption(new Option('--none', 'no claim holds').conflicts(['pick', 'several', 'body']))
    .addOption(new Option('--several <receipts...>', 'these claims are all valid').conflicts(['pick', 'none', 'body']))
    .addOption(new Option('--body <json>', 'this holds instead').conflicts(['pick', 'none', 'several']))
    .option('--reason <text>', 'why; needed for --none and --body', '')
    .option('--plan-step <step>', 'the step of a plan that this belongs to')
    .addHelpText('after', example('decide 5f2c81d09a3e --pick 91be44c07d12 --reason "checked against the meter"'))
    .action(runner.answers(decide))

  program
    .command('withdraw')
    .summary('take a decision back')
    .argument('<decision>', 'id of a decision that this node signed, or the beginning of it')
    .option('--reason <text>', 'why', '')
    .description('Signs that an earlier decision of this node does not count any more; the conflict opens again.')
    .addHelpText('after', example('withdraw 91be44c07d12 --reason "the meter was wrong"'))
    .action(runner.answers(withdraw))
}

async function conflicts(context: CliContext, options: ListOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    if (options.choices === true) return choices(client)
    const page = await client.conflicts.list({
      filter: await conflictFilter(client, options, options.status),
      sort: options.sort,
      limit: options.limit,
      ...(options.after === undefined ? {} : { after: options.after }),
    })
    const rows = page.items.map((one) => [
      shortId(one.id),
      String(one.severity),
      one.kind,
      one.status,
      shortTime(one.since),
      subjectWords(one),
    ])
    const waits = options.exitCode === true && page.items.some((one) => one.status === 'open')
    return {
      json: page,
      text:
        rows.length === 0
          ? 'No conflicts.\n'
          : columns([['CONFLICT', 'SEVERITY', 'KIND', 'STATUS', 'SINCE', 'SUBJECT'], ...rows]),
      exitCode: waits ? EXIT.waiting : EXIT.done,
    }
  })
}

async function choices(client: CoreClient): Promise<Answer> {
  const [counts, facets] = await Promise.all([client.conflicts.counts({}), client.conflicts.facets({})])
  const byCount = (counted: Readonly<Record<string, number>>) =>
    Object.entries(counted).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]))
  return {
    json: { ...counts, ...facets },
    text: columns([
      ['Open', String(counts.open)],
      ['Settled', String(counts.settled)],
      ['Kinds', byCount(counts.openByKind).join(', ')],
      [
        'Severities',
        byCount(counts.openBySeverity)
          .map((text) => text.replace(' ', ' of '))
          .join(', '),
      ],
      ['Tasks', facets.tasks.map(plain).join(', ')],
      ['Nodes', facets.nodes.map(({ name }) => plain(name)).join(', ')],
    ]),
  }
}

async function show(context: CliContext, text: string, options: ShowOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const { summary, ...review } = await client.conflicts.get({ id: await findConflict(client, text) })
    const { id } = summary
    const wantsDiff = options.diff === true || options.equal === true
    const diff = wantsDiff ? await client.conflicts.diff({ id, withEqual: options.equal === true }) : undefined
    const history = options.history === true ? await historyOf(client, summary) : undefined
    const more = [
      diff === undefined ? '' : diffText(diff, review.members),
      history === undefined ? '' : historyText(history),
    ]
    return {
      json: { items: [{ ...summary, ...review, ...given({ diff, history }) }], next: null },
      text: `${reviewText({ summary, ...review })}${more.join('')}`,
    }
  })
}

function reviewText({ summary, why, remedy, members, decisions }: ConflictReview): string {
  const head = columns([
    ['Conflict', summary.id],
    ['Subject', subjectWords(summary)],
    ['Kind', `${summary.kind}, severity ${summary.severity}, ${summary.status}`],
    ['Why', plain(why)],
    ['To do', plain(remedy)],
  ])
  const claims = columns([
    ['RECEIPT', 'NODE', 'SEQ', 'TIME', 'SAYS'],
    ...members.map((one) => [
      shortId(one.receipt),
      plain(one.nodeName),
      String(one.seq),
      shortTime(one.time),
      plain(saidBy(one)),
    ]),
  ])
  const decided = columns([
    ['DECISION', 'TIME', 'SAYS'],
    ...decisions.map((one) => [
      shortId(one.id),
      shortTime(one.time),
      `${plain(one.sentence)}${one.counts ? '' : ' (does not count now)'}`,
    ]),
  ])
  return `${head}\n${claims}${decisions.length === 0 ? '' : `\n${decided}`}`
}

async function decide(context: CliContext, text: string, options: DecideOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const conflict = await findConflict(client, text)
    const review = await client.conflicts.get({ id: conflict })
    const members = review.members.map((member) => member.receipt)
    const { id } = await withKey(context, client, () =>
      client.conflicts.decide({
        conflict,
        members,
        verdict: verdictOf(options, members),
        reason: options.reason,
        planStep: options.planStep ?? null,
      }),
    )
    return { json: { id }, text: `Decided ${shortId(conflict)} with receipt ${shortId(id)}\n` }
  })
}

function verdictOf(options: DecideOptions, members: readonly ReceiptId[]): Verdict {
  if (options.pick !== undefined) return { type: 'pick', receipt: findReceipt(members, options.pick) }
  if (options.none === true) return { type: 'none' }
  if (options.body !== undefined) return { type: 'replacement', body: parseJsonOption('--body', options.body) }
  if (options.several !== undefined) {
    const ids = options.several.flatMap((part) => part.split(',')).filter((part) => part !== '')
    return { type: 'several', receipts: ids.map((id) => findReceipt(members, id)) }
  }
  throw new StewardError({
    code: 'USAGE',
    happened: 'A decision says how: one of --pick, --none, --several and --body is missing.',
    kept: 'Nothing was signed.',
    remedy: 'See `steward decide --help`, which has an example.',
  })
}

async function withdraw(context: CliContext, text: string, options: { readonly reason: string }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const decision = await findDecision(client, text)
    const { id } = await withKey(context, client, () => client.conflicts.withdraw({ decision, reason: options.reason }))
    return { json: { id }, text: `Withdrawn with receipt ${shortId(id)}\n` }
  })
}
