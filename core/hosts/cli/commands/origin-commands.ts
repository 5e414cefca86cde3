// origins, coverage: imported node directories, and who has what the policy expects.
import type { Command } from 'commander'
import type { OriginView } from '#core/contract/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import { findNode } from '../abbreviations.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { example } from '../help.ts'
import { columns, counted, plain, shortId, shortTime } from '../layout.ts'
import { addPageOptions, moreLine, pageOf, type PageOptions } from '../page-options.ts'

export function addOriginCommands(program: Command, runner: Runner): void {
  program
    .command('origins')
    .summary('imported node directories: where each stands')
    .description(
      'The last import of every directory: its files, anchors, capsule and signatures, and whether all agree.',
    )
    .addHelpText('after', example('origins'))
    .action(runner.answers(origins))

  addPageOptions(
    program
      .command('coverage')
      .summary('who has what everybody should have')
      .argument('[who]', 'a node or an imported directory: names what it lacks, page by page')
      .description('Of what the policy expects: how much of it each node and each imported directory has.'),
  )
    .addHelpText('after', example('coverage ben'))
    .action(runner.answers(coverage))
}

async function origins(context: CliContext): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const answer = await client.origins.list({})
    const { items, anchors, capsule } = answer
    const head = ['DIRECTORY', 'IMPORTED', 'FILES', 'ANCHORS', 'CAPSULE', 'SIGNATURES', 'FINGERPRINT']
    const warnings = items.flatMap(({ label, ...one }) =>
      [...one.anchors.warnings, ...one.capsule.warnings].map((warning) => `${plain(label)}: ${plain(warning)}\n`),
    )
    const together = columns([
      ['Anchors', anchors.state, plain(anchors.why)],
      ['Capsule', capsule.state, plain(capsule.why)],
    ])
    return {
      json: answer,
      text:
        items.length === 0
          ? 'No directory was imported. `steward import <dir>` does it.\n'
          : `${columns([head, ...items.map(originRow)])}\n${together}${warnings.join('')}`,
    }
  })
}

function originRow({ label, imports, files, anchors, capsule, signatures, listing }: OriginView): string[] {
  return [
    plain(label),
    imports.map(({ time, nodeName }) => `${shortTime(time)} by ${plain(nodeName)}`).join('; '),
    String(files),
    `${anchors.state} (${counted(anchors.events, 'event')})`,
    `${capsule.state} (${capsule.checked}/${capsule.listed})`,
    Object.entries(signatures)
      .filter(([, count]) => count > 0)
      .map(([state, count]) => `${count} ${state}`)
      .join(', '),
    shortId(listing),
  ]
}

const NOTHING_EXPECTED = 'The policy expects nothing. `steward policy sign --expect <subject>` changes that.\n'

async function coverage(context: CliContext, who: string | undefined, options: PageOptions): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const { items } = await client.origins.coverage({})
    if (who !== undefined) {
      const none = items.length === 0 ? NOTHING_EXPECTED : 'It lacks nothing that is expected.\n'
      return missingOf(client, await claimantNamed(client, items, who), options, none)
    }
    const rows = items.map(({ name, imported, expected, present, ppm }) => [
      plain(name),
      imported ? 'directory' : 'node',
      `${present} of ${expected}`,
      `${Math.floor(ppm / 10_000)} %`,
    ])
    return {
      json: { items },
      text: rows.length === 0 ? NOTHING_EXPECTED : columns([['WHO', 'WHAT', 'HAS', 'SHARE'], ...rows]),
    }
  })
}

/** A directory's label as it is; a node as everywhere. */
async function claimantNamed(
  client: CoreClient,
  items: readonly { readonly claimant: string; readonly imported: boolean }[],
  who: string,
): Promise<string> {
  return items.some(({ claimant, imported }) => imported && claimant === who) ? who : findNode(client, who)
}

async function missingOf(client: CoreClient, claimant: string, options: PageOptions, none: string): Promise<Answer> {
  const page = await client.origins.missing({ claimant, ...pageOf(options) })
  const rows = page.items.map(({ path, pattern }) => [plain(path), plain(pattern)])
  const table = rows.length === 0 ? none : columns([['LACKS', 'EXPECTED BY'], ...rows])
  return { json: page, text: `${table}${moreLine(page.next)}` }
}
