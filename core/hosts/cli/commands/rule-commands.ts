// rules: standing rules, which settle conflicts that repeat: read, tried, signed, taken back.
import { Option, type Command } from 'commander'
import {
  RuledKind,
  type ConflictKind,
  type RuleChoice,
  type RuleView,
  type StandingRule,
} from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import { beginsWith, findConflict, findNode, theOnly } from '../abbreviations.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { example } from '../help.ts'
import { instantOption } from '../instant-option.ts'
import { columns, counted, plain, shortId, shortTime } from '../layout.ts'
import { addPageOptions, moreLine, pageOf, type PageOptions } from '../page-options.ts'
import { withKey } from '../passphrase.ts'
import { usageError } from '../usage-error.ts'

interface RuleOptions {
  readonly subject: string
  readonly task?: string
  readonly kind: readonly RuledKind[]
  readonly node?: string
  readonly origin?: string
  readonly newest?: boolean
  readonly agreeing?: string
  readonly several?: boolean
  readonly until: string
  readonly reason: string
}

const CHOICES = ['node', 'origin', 'newest', 'agreeing', 'several']

export function addRuleCommands(program: Command, runner: Runner): void {
  const rules = program
    .command('rules')
    .summary('standing rules for conflicts that repeat')
    .addHelpText('after', example('rules list'))

  rules
    .command('list', { isDefault: true })
    .summary('rules that stand or stood')
    .description('Every standing rule of every steward, what it decides, until when, and how often it did.')
    .addHelpText('after', example('rules list'))
    .action(runner.answers(list))

  addPageOptions(
    rules
      .command('show')
      .summary('what a rule has decided')
      .argument('<rule>', 'its id or the beginning of it')
      .description('The decisions that name the rule, the newest first; each can be withdrawn with `withdraw`.'),
  )
    .addHelpText('after', example('rules show 7d00c4e19b52'))
    .action(runner.answers(show))

  rules
    .command('suggest')
    .summary('what a rule for conflicts like this one could be for')
    .argument('<conflict>', 'id of the conflict or the beginning of it')
    .description(
      'Subjects, kind, task, nodes and directories to make a rule of, with how many open conflicts each is for.',
    )
    .addHelpText('after', example('rules suggest 5f2c81d09a3e'))
    .action(runner.answers(suggest))

  ruleOptions(rules.command('preview'))
    .summary('what a rule would decide among the conflicts that are open now')
    .description(
      'Signs nothing. Exactly one of --node, --origin, --newest, --agreeing and --several says how it chooses.',
    )
    .addHelpText(
      'after',
      example("rules preview --subject 'usage/*.json' --kind hash-mismatch --newest --until 2026-12-31"),
    )
    .action(runner.answers(preview))

  ruleOptions(rules.command('sign'))
    .summary('sign a rule, which decides at once and from then on')
    .description(
      'Signs a rule and applies it to what is open: each decision is a receipt of its own that names the rule. Try it with `rules preview` first. A rule stands for a year at most.',
    )
    .addHelpText(
      'after',
      example(
        "rules sign --subject 'usage/*.json' --kind hash-mismatch --node ada --until 2026-12-31 --reason 'her meter'",
      ),
    )
    .action(runner.answers(sign))

  rules
    .command('revoke')
    .summary('take a rule back')
    .argument('<rule>', 'id of a rule that this node signed, or the beginning of it')
    .option('--reason <text>', 'why', '')
    .description('Signs that the rule decides nothing more. What it decided stays, and can be withdrawn one by one.')
    .addHelpText('after', example('rules revoke 7d00c4e19b52 --reason "the meter was replaced"'))
    .action(runner.answers(revoke))
}

function ruleOptions(command: Command): Command {
  const choice = (flags: string, text: string) => {
    const option = new Option(flags, text)
    return option.conflicts(CHOICES.filter((other) => other !== option.attributeName()))
  }
  return command
    .requiredOption('--subject <pattern>', 'subjects it is for: `*` within a folder, `**` across folders')
    .option('--task <task>', 'only under this task')
    .addOption(
      new Option('--kind <kind...>', 'kinds of conflicts it decides').choices(RuledKind.options).makeOptionMandatory(),
    )
    .addOption(choice('--node <node>', 'what this node says last holds'))
    .addOption(choice('--origin <label>', 'what the last import of this directory says holds'))
    .addOption(choice('--newest', 'the claim with the latest time holds'))
    .addOption(choice('--agreeing <n/m>', 'what n say alike holds, where at least m make a claim, such as 2/3'))
    .addOption(choice('--several', 'all of the claims hold side by side'))
    .requiredOption('--until <time>', 'it decides nothing after this, such as 2026-12-31')
    .option('--reason <text>', 'why', '')
}

async function list(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const answer = await client.rules.list({})
    const rows = answer.items.map((one) => [
      shortId(one.id),
      plain(one.nodeName),
      one.state,
      shortTime(one.rule.until),
      String(one.decided),
      plain(one.sentence),
    ])
    const table = columns([['RULE', 'BY', 'STATE', 'UNTIL', 'DECIDED', 'SAYS'], ...rows])
    return {
      json: answer,
      text:
        rows.length === 0 ? 'No standing rules.\n' : `${table}${answer.more === 0 ? '' : `and ${answer.more} more\n`}`,
    }
  })
}

async function show(context: CliContext, text: string, options: PageOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const rule = await findRule(client, text)
    const page = await client.rules.decisions({ rule: rule.id, ...pageOf(options) })
    const decided = page.items.map((one) => [
      shortId(one.id),
      shortTime(one.time),
      one.withdrawn ? 'withdrawn' : '',
      plain(one.sentence),
    ])
    const head = columns([
      ['Rule', rule.id],
      ['Says', plain(rule.sentence)],
      ['By', `${plain(rule.nodeName)}, ${shortTime(rule.time)}`],
      ['State', `${rule.state}, until ${shortTime(rule.rule.until)}`],
      ...(rule.rule.reason === '' ? [] : [['Reason', plain(rule.rule.reason)]]),
      ...(rule.revoked === null ? [] : [['Revoked', `${shortTime(rule.revoked.time)} ${plain(rule.revoked.reason)}`]]),
    ])
    const table = decided.length === 0 ? 'It has decided nothing.\n' : `Decisions:\n${columns(decided)}`
    return { json: { rule, ...page }, text: `${head}\n${table}${moreLine(page.next)}` }
  })
}

async function suggest(context: CliContext, text: string): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const conflict = await findConflict(client, text)
    const { summary } = await client.conflicts.get({ id: conflict })
    if (!RuledKind.safeParse(summary.kind).success) throw notRuled(summary.kind)
    const found = await client.rules.suggest({ conflict })
    return {
      json: found,
      text: columns([
        ...found.subjects.map(({ pattern, open }) => [
          'Subject',
          `${plain(pattern)} (${counted(open, 'open conflict')})`,
        ]),
        ['Kind', summary.kind],
        ...(found.task === null ? [] : [['Task', plain(found.task)]]),
        ...found.nodes.map(({ name }) => ['Node', plain(name)]),
        ...found.origins.map((label) => ['Directory', plain(label)]),
        ['Claims', String(found.claims)],
        ['Decided before', `${counted(found.decidedBefore, 'time')} by you on this very subject`],
        ['Until', shortTime(found.until)],
      ]),
    }
  })
}

function notRuled(kind: ConflictKind): StewardError {
  return new StewardError({
    code: 'NOT_RULED',
    happened: `No rule decides a conflict of the kind ${kind}.`,
    kept: 'Nothing was changed.',
    remedy: 'See `steward show <conflict>`, which says what to do.',
  })
}

async function preview(context: CliContext, options: RuleOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const answer = await client.rules.preview(await ruleOf(client, options))
    const rows = answer.items.map((one) => [
      shortId(one.conflict),
      one.verdict === null ? 'waits' : 'decides',
      plain(one.verdict === null ? `${one.subject}: ${one.why ?? ''}` : one.sentence),
    ])
    const left = answer.decides + answer.leaves - rows.length
    return {
      json: answer,
      text: `${plain(answer.sentence)}\n${columns(rows)}${left > 0 ? `and ${left} more\n` : ''}It would decide ${answer.decides} and leave ${answer.leaves} to a person.\n`,
    }
  })
}

async function sign(context: CliContext, options: RuleOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const rule = await ruleOf(client, options)
    const { id, decided } = await withKey(context, client, () => client.rules.sign(rule))
    return {
      json: { id, decided },
      text: `Signed rule ${shortId(id)}; it decided ${counted(decided, 'open conflict')}.\n`,
    }
  })
}

async function revoke(context: CliContext, text: string, options: { readonly reason: string }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const rule = await findRule(client, text)
    const { id } = await withKey(context, client, () => client.rules.revoke({ rule: rule.id, reason: options.reason }))
    return { json: { id }, text: `Revoked rule ${shortId(rule.id)} with receipt ${shortId(id)}\n` }
  })
}

async function ruleOf(client: CoreClient, options: RuleOptions): Promise<StandingRule> {
  return {
    subject: options.subject,
    task: options.task ?? null,
    kinds: [...options.kind],
    choice: await choiceOf(client, options),
    until: instantOption('--until', options.until),
    reason: options.reason,
  }
}

async function choiceOf(client: CoreClient, options: RuleOptions): Promise<RuleChoice> {
  const { node, origin, agreeing } = options
  if (node !== undefined) return { type: 'node', node: await findNode(client, node) }
  if (origin !== undefined) return { type: 'origin', origin }
  if (options.newest === true) return { type: 'newest' }
  if (options.several === true) return { type: 'several' }
  const [, needed, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(agreeing ?? '') ?? []
  if (needed !== undefined && of !== undefined) return { type: 'agreeing', needed: Number(needed), of: Number(of) }
  throw agreeing === undefined
    ? usageError(
        'A rule says how it chooses: one of --node, --origin, --newest, --agreeing and --several is missing.',
        'See `steward rules preview --help`, which has an example.',
      )
    : usageError(
        `--agreeing ${plain(agreeing)} is no share.`,
        'Write it as 2/3: two say alike, and three make a claim.',
      )
}

async function findRule(client: CoreClient, text: string): Promise<RuleView> {
  const { items } = await client.rules.list({})
  const found = items.filter(({ id }) => beginsWith(id, text))
  return theOnly(found, text, 'rule', 'steward rules list')
}
