// What is shown of a conflict beside the review itself: how its members differ, and what was signed on its subject.
import type { ConflictMember, ConflictSummary, DiffRow, ReceiptRef } from '#core/contract/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import { columns, counted, plain, shortId, shortTime } from '../layout.ts'
import { collect, everyItem } from '../pages.ts'

export interface ConflictDiff {
  readonly structured: boolean
  readonly rows: readonly DiffRow[]
  readonly equalCount: number
  readonly more: number
}

const CELL_CHARACTERS = 60

export function diffText(diff: ConflictDiff, members: readonly Pick<ConflictMember, 'nodeName' | 'seq'>[]): string {
  const { rows, equalCount, more, structured } = diff
  const head = ['WHERE', ...members.map(({ nodeName, seq }) => `${plain(nodeName)} #${seq}`)]
  const cells = rows.map(({ path, cells: values }) => [
    path === '' ? '(all of it)' : plain(path),
    ...values.map((value) => (value === null ? '-' : cellText(value))),
  ])
  return [
    '\nDifferences:\n',
    rows.length === 0 ? 'None in what they say.\n' : columns([head, ...cells]),
    more === 0 ? '' : `and ${more} more\n`,
    structured ? `${counted(equalCount, 'value')} equal\n` : 'Compared as a whole, since not all of it is JSON.\n',
  ].join('')
}

function cellText(value: string): string {
  const characters = Array.from(plain(value))
  return characters.length <= CELL_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, CELL_CHARACTERS - 1).join('')}…`
}

export type HistoryItem = ReceiptRef & { readonly note: string }

/** Everything that was signed on the conflict's subject and task. */
export function historyOf(client: CoreClient, { subject, task }: ConflictSummary): Promise<HistoryItem[]> {
  return collect(everyItem((after) => client.conflicts.history({ subject, task, limit: 200, ...after })))
}

export function historyText(items: readonly HistoryItem[]): string {
  const rows = items.map(({ id, nodeName, seq, time, note }) => [
    shortId(id),
    `${plain(nodeName)} #${seq}`,
    shortTime(time),
    plain(note),
  ])
  return `\nHistory of the subject:\n${columns(rows)}`
}
