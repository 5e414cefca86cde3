// decide-alike: several conflicts by one rule of thumb; shown first, signed only when asked to.
import { Option, type Command } from 'commander'
import {
  NodeId,
  type BulkRule,
  type ConflictId,
  type ProblemShape,
  type ReceiptId,
  type Verdict,
} from '#core/contract/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import { findConflict, findNode } from '../abbreviations.ts'
import { addConflictFilter, conflictFilter, type FilterOptions } from '../conflict-filter.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { example } from '../help.ts'
import { columns, counted, plain, shortId } from '../layout.ts'
import { everyItem } from '../pages.ts'
import { withKey } from '../passphrase.ts'
import { problemOf } from '../problems.ts'
import { usageError } from '../usage-error.ts'

interface AlikeOptions extends FilterOptions {
  readonly pickNewest?: boolean
  readonly pickNode?: string
  readonly none?: boolean
  readonly all?: boolean
  readonly sign?: boolean
  readonly reason: string
  readonly planStep?: string
}

/** How many the core previews at once. */
const AT_ONCE = 200

export function addDecideAlikeCommand(program: Command, runner: Runner): void {
  addConflictFilter(
    program
      .command('decide-alike')
      .summary('decide several conflicts by one rule')
      .argument('[conflicts...]', 'their ids or beginnings of these; or name them by the options below')
      .description(
        'Shows what the rule would decide of each; with --sign each decision is signed as a receipt of its own. Exactly one of --pick-newest, --pick-node and --none is the rule.',
      )
      .addOption(new Option('--pick-newest', 'the newest claim holds').conflicts(['pickNode', 'none']))
      .addOption(new Option('--pick-node <node>', 'the claim of this node holds').conflicts(['pickNewest', 'none']))
      .addOption(new Option('--none', 'no claim holds; needs a reason').conflicts(['pickNewest', 'pickNode']))
      .option('--sign', 'sign what is shown')
      .option('--reason <text>', 'why; the same for all', '')
      .option('--plan-step <step>', 'the step of a plan that this belongs to')
      .option('--all', 'every open conflict'),
  )
    .addHelpText('after', example("decide-alike --subject usage/ --pick-newest --sign --reason 'measured last'"))
    .action(runner.answers(decideAlike))
}

interface Alike {
  readonly conflict: ConflictId
  readonly subject: string
  readonly members: readonly ReceiptId[]
  readonly verdict: Verdict | null
  readonly sentence: string
  readonly why: string | null
}

async function decideAlike(context: CliContext, named: readonly string[], options: AlikeOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const rule = await ruleOf(client, options)
    if (rule.type === 'none' && options.sign === true && options.reason.trim() === '') {
      throw usageError(
        'The reason is missing: others will ask why no claim was taken.',
        'Give it with --reason <text>.',
      )
    }
    const items = await previewed(client, await chosen(client, named, options), rule)
    if (options.sign !== true) return { json: { items }, text: previewText(items) }
    const decidable = items.flatMap(({ verdict, ...one }) => (verdict === null ? [] : [{ ...one, verdict }]))
    const signed =
      decidable.length === 0 ? [] : await withKey(context, client, () => decideEach(client, decidable, options))
    const failed = signed.filter(({ problem }) => problem !== null).length
    return {
      json: {
        items: items.map((one) => ({
          ...one,
          ...(signed.find(({ conflict }) => conflict === one.conflict) ?? UNSIGNED),
        })),
      },
      text: signedText(items, signed),
      exitCode: failed === 0 ? EXIT.done : EXIT.failed,
    }
  })
}

async function ruleOf(client: CoreClient, { pickNewest, pickNode, none }: AlikeOptions): Promise<BulkRule> {
  if (pickNode !== undefined) return { type: 'node', node: await findNode(client, pickNode) }
  if (pickNewest === true) return { type: 'newest' }
  if (none === true) return { type: 'none' }
  throw usageError(
    'The rule is missing: one of --pick-newest, --pick-node and --none.',
    'See `steward decide-alike --help`, which has an example.',
  )
}

async function chosen(client: CoreClient, named: readonly string[], options: AlikeOptions): Promise<ConflictId[]> {
  const filter = await conflictFilter(client, options, 'open')
  const filtered = Object.keys(filter).length > 1
  const ids: ConflictId[] = []
  if (named.length > 0) {
    if (filtered || options.all === true) {
      throw usageError('Conflicts are named by their ids and by options as well.', 'Do either of the two.')
    }
    for (const text of named) ids.push(await findConflict(client, text))
    return [...new Set(ids)]
  }
  if (!filtered && options.all !== true) {
    throw usageError('Which conflicts is missing.', 'Name their ids, or options such as --subject, or --all.')
  }
  const open = everyItem((after) => client.conflicts.list({ filter, sort: 'severity', limit: 200, ...after }))
  for await (const { id } of open) ids.push(id)
  return ids
}

async function previewed(client: CoreClient, conflicts: readonly ConflictId[], rule: BulkRule): Promise<Alike[]> {
  const items: Alike[] = []
  for (let at = 0; at < conflicts.length; at += AT_ONCE) {
    const some = await client.conflicts.preview({ conflicts: conflicts.slice(at, at + AT_ONCE), rule })
    items.push(...some.items)
  }
  return items
}

type Decidable = Pick<Alike, 'conflict' | 'members'> & { readonly verdict: Verdict }

type Signed =
  | { readonly conflict: ConflictId; readonly decision: ReceiptId; readonly problem: null }
  | { readonly conflict: ConflictId; readonly decision: null; readonly problem: ProblemShape }

const UNSIGNED = { decision: null, problem: null }

/** One that is refused, since it changed meanwhile, keeps none of the others from being signed. */
async function decideEach(client: CoreClient, items: readonly Decidable[], options: AlikeOptions): Promise<Signed[]> {
  const signed: Signed[] = []
  for (const { conflict, members, verdict } of items) {
    const { reason, planStep = null } = options
    try {
      const input = { conflict, members: [...members], verdict, reason, planStep }
      signed.push({ conflict, decision: (await client.conflicts.decide(input)).id, problem: null })
    } catch (thrown) {
      const { code, happened, kept, remedy } = problemOf(thrown)
      if (code === 'INTERNAL') throw thrown
      signed.push({ conflict, decision: null, problem: { code, happened, kept, remedy } })
    }
  }
  return signed
}

function previewText(items: readonly Alike[]): string {
  if (items.length === 0) return 'No open conflict fits.\n'
  const decides = items.filter(({ verdict }) => verdict !== null).length
  const rows = items.map((one) => [
    shortId(one.conflict),
    ...(one.verdict === null ? waits(one) : ['would sign', plain(one.sentence)]),
  ])
  return `${columns(rows)}Nothing was signed. With --sign it is ${counted(decides, 'decision')}; ${items.length - decides} would stay open.\n`
}

function signedText(items: readonly Alike[], signed: readonly Signed[]): string {
  if (items.length === 0) return 'No open conflict fits.\n'
  const outcomes = new Map(signed.map((one) => [one.conflict, one]))
  const rows = items.map((one) => {
    const outcome = outcomes.get(one.conflict)
    if (outcome === undefined) return [shortId(one.conflict), ...waits(one)]
    const { decision, problem } = outcome
    return problem === null
      ? [shortId(one.conflict), `signed ${shortId(decision)}`, plain(one.sentence)]
      : [shortId(one.conflict), 'NOT SIGNED', plain(`${problem.happened} ${problem.remedy}`)]
  })
  const done = signed.filter(({ decision }) => decision !== null).length
  return `${columns(rows)}Signed ${counted(done, 'decision')}; ${items.length - done} not signed.\n`
}

function waits({ subject, why }: Alike): [string, string] {
  const what = NodeId.safeParse(subject).success ? shortId(subject) : subject
  return ['stays open', plain([what, why].filter((part) => part !== null).join(': '))]
}
