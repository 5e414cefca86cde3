// The columns of the receipts table, and which of them a width has room for.
import type { ReceiptSummary } from '#core/contract/index.ts'

export type ColumnId = 'time' | 'node' | 'seq' | 'kind' | 'subject' | 'task' | 'state' | 'id'

export interface ReceiptColumn {
  readonly id: ColumnId
  readonly title: string
  readonly widthPx: number
  /** Takes what is left; `widthPx` is what it should have at least. */
  readonly grows?: boolean
}

/** In their order on screen. */
export const RECEIPT_COLUMNS: readonly ReceiptColumn[] = [
  { id: 'time', title: 'Signed', widthPx: 74 },
  { id: 'node', title: 'Node', widthPx: 128 },
  { id: 'seq', title: 'No.', widthPx: 62 },
  { id: 'kind', title: 'Kind', widthPx: 150 },
  { id: 'subject', title: 'Subject', widthPx: 220, grows: true },
  { id: 'task', title: 'Task', widthPx: 200 },
  { id: 'state', title: 'State', widthPx: 124 },
  { id: 'id', title: 'Receipt', widthPx: 128 },
]

/** Without the states: nearly every receipt is merged, and one that is not says so beside its subject. */
export const USUAL_COLUMNS: readonly ColumnId[] = ['time', 'node', 'seq', 'kind', 'subject', 'task']

/** What gives way first where there is little room. Time, node and subject always stay. */
const GIVES_WAY: readonly ColumnId[] = ['id', 'task', 'kind', 'state', 'seq']

/** Of the chosen columns those that fit side by side; nothing is squeezed and nothing scrolls sideways. */
export function columnsThatFit(chosen: readonly ColumnId[], widthPx: number): readonly ReceiptColumn[] {
  let columns = RECEIPT_COLUMNS.filter(({ id }) => chosen.includes(id))
  for (const id of GIVES_WAY) {
    if (neededPx(columns) <= widthPx) break
    columns = columns.filter((column) => column.id !== id)
  }
  return columns
}

const GAP_PX = 14
/** Padding at both ends and the box that selects. */
const EDGES_PX = 60

function neededPx(columns: readonly ReceiptColumn[]): number {
  return columns.reduce((sum, { widthPx }) => sum + widthPx + GAP_PX, EDGES_PX)
}

/** Where there is hardly room for anything, names of nodes give way before what tells one subject from another. */
export function gridTemplate(columns: readonly ReceiptColumn[]): string {
  return ['16px', ...columns.map(widthOf)].join(' ')
}

function widthOf({ id, widthPx, grows }: ReceiptColumn): string {
  if (grows) return 'minmax(160px, 1fr)'
  return id === 'node' ? `minmax(64px, ${widthPx}px)` : `${widthPx}px`
}

/** Why a receipt does not count yet; null where it does. */
export function stateWords(
  state: ReceiptSummary['state'],
): { readonly tone: 'amber' | 'red' | 'plain'; readonly word: string; readonly why: string } | null {
  switch (state) {
    case 'merged':
      return null
    case 'not-admitted':
      return {
        tone: 'amber',
        word: 'Not admitted',
        why: 'Its node is not admitted to the network yet. The signature is valid; nothing of it counts before.',
      }
    case 'forked':
      return {
        tone: 'red',
        word: 'Forked',
        why: 'Its node signed another receipt at the same place. Both are kept; a steward decides which one counts.',
      }
    case 'behind-fork':
      return {
        tone: 'amber',
        word: 'Behind a fork',
        why: 'It comes after a fork of its feed and waits for the decision.',
      }
    case 'blocked':
      return {
        tone: 'plain',
        word: 'Blocked here',
        why: 'You block its node on this computer. Elsewhere it may count.',
      }
  }
}
