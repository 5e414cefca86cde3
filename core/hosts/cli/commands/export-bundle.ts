// export --to without a receipt: a bundle for another steward.
import { resolve } from 'node:path'
import { StewardError } from '#core/problem/index.ts'
import { findNode } from '../abbreviations.ts'
import type { Answer, CliContext } from '../context.ts'
import { withNode } from '../context.ts'
import { counted } from '../layout.ts'
import { watchJob } from '../watch-job.ts'

export interface BundleOptions {
  readonly to?: string
  readonly node?: readonly string[]
  readonly lackedBy?: string
  /** False where `--no-contents` was given. */
  readonly contents: boolean
}

export function exportBundle(context: CliContext, options: BundleOptions & { readonly to: string }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const to = resolve(context.terminal.cwd, options.to)
    const nodes =
      options.node === undefined ? undefined : await Promise.all(options.node.map((text) => findNode(client, text)))
    const lackedBy = options.lackedBy === undefined ? undefined : await findNode(client, options.lackedBy)
    const { id } = await client.bundles.export({
      to,
      contents: options.contents,
      ...(nodes === undefined ? {} : { nodes }),
      ...(lackedBy === undefined ? {} : { lackedBy }),
    })
    const step = await watchJob(
      context,
      async () => {
        const { export: shown } = await client.bundles.current({})
        if (shown?.id !== id) throw cancelled()
        return shown.step.state === 'writing' ? null : shown.step
      },
      () => client.bundles.cancel({ id }),
    )
    if (step.state === 'failed') throw new StewardError(step.problem)
    if (step.state !== 'done') throw cancelled()
    await client.bundles.cancel({ id })
    const { nodes: feeds, receipts, contents, contentsMissing, sizeBytes } = step
    const missing =
      contentsMissing > 0
        ? `${counted(contentsMissing, 'piece')} of content ${contentsMissing === 1 ? 'is' : 'are'} not here.\n`
        : ''
    return {
      json: { out: to, nodes: feeds, receipts, contents, contentsMissing, sizeBytes },
      text: `Wrote ${counted(receipts, 'receipt')} of ${counted(feeds, 'node')} and ${counted(contents, 'piece')} of content to ${to}\n${missing}`,
    }
  })
}

function cancelled(): StewardError {
  return new StewardError({
    code: 'CANCELLED',
    happened: 'The export was cancelled.',
    kept: 'Nothing was written.',
    remedy: 'Run the command again.',
  })
}
