// policy: the rules of the network, what stewards propose in their place, and signing other ones.
import { Option, type Command } from 'commander'
import {
  Policy,
  isSamePolicy,
  issueWords,
  policyChanges,
  policySentences,
  type NetworkView,
} from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { given } from '../given.ts'
import { example } from '../help.ts'
import { plain, shortId } from '../layout.ts'
import { withKey } from '../passphrase.ts'
import { usageError } from '../usage-error.ts'
import { wholeNumber } from '../whole-number.ts'

interface SignOptions {
  readonly proposed?: string
  readonly decisionsNeeded?: number
  readonly admissionsNeeded?: number
  readonly fresh?: readonly string[]
  readonly requireAnchor?: readonly string[]
  readonly expect?: readonly string[]
  readonly overdueDays?: string
  readonly unsignedImports?: 'weigh' | 'refuse'
  readonly dryRun?: boolean
}

export function addPolicyCommands(program: Command, runner: Runner): void {
  const policy = program
    .command('policy')
    .summary('the rules of the network; sign other ones')
    .addHelpText('after', example('policy show'))

  policy
    .command('show', { isDefault: true })
    .summary('the rules in force, and what is proposed')
    .description('The rules in force as sentences, and every policy that some but not enough stewards have signed.')
    .addHelpText('after', example('policy show --json'))
    .action(runner.answers(show))

  policy
    .command('sign')
    .summary('sign other rules')
    .description(
      'Signs the rules in force with what the options change, or a policy that another steward proposed. It takes effect when as many stewards as the rules in force ask for have signed the same one. --fresh, --require-anchor and --expect stand for the whole list and may be given several times; one empty text empties it.',
    )
    .addOption(
      new Option(
        '--proposed <hash>',
        'the policy with this hash or its beginning, as another steward signed it',
      ).conflicts([
        'decisionsNeeded',
        'admissionsNeeded',
        'fresh',
        'requireAnchor',
        'expect',
        'overdueDays',
        'unsignedImports',
      ]),
    )
    .addOption(
      new Option('--decisions-needed <n>', 'stewards that must agree to settle a conflict').argParser(wholeNumber),
    )
    .addOption(new Option('--admissions-needed <n>', 'stewards that must admit a new node').argParser(wholeNumber))
    .option('--fresh <subject=hours...>', 'claims on matching subjects are stale after so many hours')
    .option('--require-anchor <subject...>', 'claims on matching subjects must name an anchor')
    .option('--expect <subject...>', 'artefacts that every node should have')
    .option('--overdue-days <n>', 'a conflict open for longer counts one step more severe; `never` for none')
    .addOption(
      new Option('--unsigned-imports <how>', 'imported files without a valid signature').choices(['weigh', 'refuse']),
    )
    .option('--dry-run', 'only say what would change')
    .addHelpText('after', example("policy sign --decisions-needed 2 --fresh '_report/usage/*=24' --dry-run"))
    .action(runner.answers(sign))
}

async function show(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const { policy, policyHash, proposed } = await client.network.get({})
    const rules = policySentences(policy).map((sentence) => `- ${plain(sentence)}\n`)
    const others = proposed.map(({ hash, signedBy, needed, mine, policy: wanted }) => {
      const changes = policyChanges(policy, wanted).map((sentence) => `- ${plain(sentence)}\n`)
      return `\nProposed ${shortId(hash)}, signed by ${plain(signedBy.join(', '))}; ${needed} needed:\n${changes.join('')}${
        mine ? 'You have signed it.' : `Sign it too with \`steward policy sign --proposed ${shortId(hash)}\`.`
      }\n`
    })
    return {
      json: { policy, policyHash, proposed },
      text: `Rules in force (${shortId(policyHash)}):\n${rules.join('')}${others.join('')}`,
    }
  })
}

async function sign(context: CliContext, options: SignOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const network = await client.network.get({})
    const wanted =
      options.proposed === undefined ? changed(network.policy, options) : proposal(network, options.proposed)
    const changes = policyChanges(network.policy, wanted)
    const said = changes.map((sentence) => `- ${plain(sentence)}\n`).join('')
    if (options.dryRun === true) return { json: { policy: wanted, changes }, text: `It would say:\n${said}` }
    if (isSamePolicy(network.policy, wanted)) throw nothingChanges()
    const { id, inForce } = await withKey(context, client, () => client.network.signPolicy({ policy: wanted }))
    return {
      json: { id, inForce, policy: wanted, changes },
      text: `${said}Signed with receipt ${shortId(id)}; ${
        inForce ? 'it is in force now.' : 'it takes effect when enough stewards have signed the same rules.'
      }\n`,
    }
  })
}

function changed(policy: Policy, options: SignOptions): Policy {
  const { decisionsNeeded, admissionsNeeded, fresh, requireAnchor, expect, overdueDays, unsignedImports } = options
  const { escalateAfterDays, ...rest } = policy
  const days = overdueDays === undefined ? escalateAfterDays : daysOption(overdueDays)
  return fitting({
    ...rest,
    ...given({
      decisionsNeeded,
      admissionsNeeded,
      unsignedImports,
      escalateAfterDays: days,
      freshness: fresh === undefined ? undefined : written(fresh).map(freshness),
      requireAnchor: requireAnchor === undefined ? undefined : written(requireAnchor),
      expected: expect === undefined ? undefined : written(expect),
    }),
  })
}

/** Judged here already, so that a dry run says what signing would say. */
function fitting(policy: Policy): Policy {
  const read = Policy.safeParse(policy)
  if (read.success) return read.data
  const told = read.error.issues.map((issue) => `${issue.path.join('.')} ${issueWords(issue)}`).join('; ')
  throw usageError(`These rules cannot be signed: ${told}.`, 'See `steward policy sign --help`, which has an example.')
}

/** One empty text is how a list is emptied. */
function written(patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => pattern !== '')
}

function freshness(text: string): Policy['freshness'][number] {
  const at = text.lastIndexOf('=')
  const maxAgeHours = Number(text.slice(at + 1))
  if (at > 0 && Number.isInteger(maxAgeHours)) return { subject: text.slice(0, at), maxAgeHours }
  throw usageError(`--fresh ${plain(text)} names no hours.`, "Write it as '_report/usage/*=24'.")
}

function daysOption(text: string): number | undefined {
  if (text === 'never') return undefined
  if (/^\d+$/.test(text)) return Number(text)
  throw usageError(`--overdue-days ${plain(text)} is no number of days.`, 'Give whole days, or `never`.')
}

function proposal({ proposed }: NetworkView, text: string): Policy {
  const digits = text.replace(/^sha256:/, '')
  const found = proposed.filter(({ hash }) => digits.length >= 6 && hash.startsWith(`sha256:${digits}`))
  const [only] = found
  if (only !== undefined && found.length === 1) return only.policy
  throw new StewardError({
    code: only === undefined ? 'NOT_FOUND' : 'AMBIGUOUS',
    happened: `${only === undefined ? 'No' : String(found.length)} proposed ${found.length < 2 ? 'policy is' : 'policies are'} named ${text}.`,
    kept: 'Nothing was signed.',
    remedy: 'Take the hash from `steward policy show`; at least 6 digits of it are needed.',
  })
}

function nothingChanges(): StewardError {
  return new StewardError({
    code: 'NOTHING_TO_SIGN',
    happened: 'These are the rules in force already.',
    kept: 'Nothing was signed.',
    remedy: 'Say what is to change; see `steward policy sign --help`.',
  })
}
