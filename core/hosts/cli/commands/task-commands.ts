// anchors, tasks, task: what the receipts say together about anchors and about plans.
import type { Command } from 'commander'
import type { AnchorsView, TaskFilter, TaskView } from '#core/contract/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { given } from '../given.ts'
import { example } from '../help.ts'
import { columns, counted, plain, shortId, shortTime } from '../layout.ts'
import { addPageOptions, moreLine, pageOf, type PageOptions } from '../page-options.ts'
import { usageError } from '../usage-error.ts'
import { taskText } from './task-texts.ts'

interface TaskOptions extends PageOptions {
  readonly text?: string
  readonly fact?: string
  readonly lacking?: boolean
  readonly choices?: boolean
}

export function addTaskCommands(program: Command, runner: Runner): void {
  program
    .command('anchors')
    .summary('which anchors there are, and who stands under which')
    .description(
      'Every anchor that was signed, those that nothing follows first; anchors that claims name and nobody signed; nodes that never named one; and claims that a newer anchor put aside. A new one is signed with `sign --kind governance/anchor`.',
    )
    .addHelpText('after', example('anchors'))
    .action(runner.answers(anchors))

  addPageOptions(
    program
      .command('tasks')
      .summary('tasks and plans, and what is missing of them')
      .description('One page of the tasks that receipts name, with how many of their steps are done.')
      .option('--text <text>', 'with this text in their name or title')
      .option('--fact <key=value>', 'of which a plan says exactly this, such as status=open')
      .option('--lacking', 'only those of which a receipt is missing')
      .option('--choices', 'say instead what --fact can be given'),
  )
    .addHelpText('after', example('tasks --lacking'))
    .action(runner.answers(tasks))

  program
    .command('task')
    .summary('one task, step by step')
    .argument('<task>', 'its name, as `tasks` shows it')
    .description(
      'Its plans, what each node says about each step and by which receipts, what is missing and what disagrees.',
    )
    .addHelpText('after', example('task pilot'))
    .action(runner.answers(task))
}

async function anchors(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const view = await client.anchors.get({})
    return { json: view, text: anchorsText(view) }
  })
}

function anchorsText({ anchors: known, more, unknown, without, superseded }: AnchorsView): string {
  const names = (nodes: readonly { readonly name: string }[]) => nodes.map(({ name }) => plain(name)).join(', ')
  const table = columns([
    ['ANCHOR', 'LABEL', 'SIGNED', 'STATE', 'CLAIMS', 'FOLLOWS', 'STANDING UNDER IT'],
    ...known.map((one) => [
      shortId(one.hash),
      plain(one.label),
      shortTime(one.time),
      one.state,
      String(one.claims),
      one.previous.map(({ label }) => plain(label)).join(', '),
      names(one.standing),
    ]),
  ])
  const strangers = unknown.map((one) => [shortId(one.hash), counted(one.claims, 'claim'), names(one.standing)])
  const aside = superseded.map((one) => [shortId(one.id), plain(one.claimant), plain(one.subject), plain(one.why)])
  return [
    known.length === 0 ? 'No anchors yet. Sign one with `steward sign --kind governance/anchor`.\n' : table,
    more === 0 ? '' : `and ${more} more\n`,
    strangers.length === 0 ? '' : `\nNamed by claims and signed by nobody that counts:\n${columns(strangers)}`,
    without.length === 0 ? '' : `\nNever named an anchor: ${names(without)}\n`,
    aside.length === 0 ? '' : `\nPut aside:\n${columns(aside)}`,
  ].join('')
}

async function tasks(context: CliContext, options: TaskOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    if (options.choices === true) return choices(client)
    const { text, fact, lacking } = options
    const filter = given({ text, lacking, fact: fact === undefined ? undefined : factOption(fact) })
    const page = await client.tasks.list({ filter, ...pageOf(options) })
    const rows = page.items.map(({ task: name, title, receipts, steps, openConflicts, newest }) => [
      plain(name),
      steps.total === 0 ? '' : `${steps.done}/${steps.total}`,
      steps.lacking === 0 ? '' : String(steps.lacking),
      String(openConflicts),
      String(receipts),
      newest === null ? '' : shortTime(newest),
      plain(title ?? ''),
    ])
    const table = columns([['TASK', 'DONE', 'LACKING', 'CONFLICTS', 'RECEIPTS', 'NEWEST', 'TITLE'], ...rows])
    return { json: page, text: `${rows.length === 0 ? 'No tasks.\n' : table}${moreLine(page.next)}` }
  })
}

async function choices(client: CoreClient): Promise<Answer> {
  const { facts } = await client.tasks.facets({})
  const rows = facts.map(({ key, values }) => [plain(key), values.map(plain).join(', ')])
  return { json: { facts }, text: rows.length === 0 ? 'No plan says anything about itself.\n' : columns(rows) }
}

function factOption(text: string): NonNullable<TaskFilter['fact']> {
  const at = text.indexOf('=')
  if (at > 0) return { key: text.slice(0, at), text: text.slice(at + 1) }
  throw usageError(`--fact ${plain(text)} names no value.`, 'Write it as status=open.')
}

async function task(context: CliContext, name: string): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const view: TaskView = await client.tasks.get({ task: name })
    return { json: view, text: taskText(view) }
  })
}
