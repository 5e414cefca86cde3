// --limit and --after: a list that may be long is answered page by page.
import { Option, type Command } from 'commander'
import type { Cursor } from '#core/contract/index.ts'
import { wholeNumber } from './whole-number.ts'

export interface PageOptions {
  readonly limit: number
  readonly after?: string
}

export function addPageOptions(command: Command): Command {
  return command
    .addOption(new Option('--limit <n>', 'how many at most (1 to 200)').default(100).argParser(wholeNumber))
    .option('--after <cursor>', 'go on after a page: the `next` of its answer')
}

/** The page that was asked for. */
export function pageOf({ limit, after }: PageOptions): PageOptions {
  return { limit, ...(after === undefined ? {} : { after }) }
}

/** The line below a page that is not the last one. */
export function moreLine(next: Cursor | null): string {
  return next === null ? '' : `More follow: add --after ${next}\n`
}
