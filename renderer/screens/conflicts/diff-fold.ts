// The structural diff as it is shown: what differs always, equal parts folded into one line until asked for.
import type { DiffRow } from '#core/contract/index.ts'

export interface DiffAnswer {
  readonly structured: boolean
  readonly rows: readonly DiffRow[]
  readonly equalCount: number
  /** Rows that the core left out, since nobody reads that many. */
  readonly more: number
}

export interface FoldedDiff {
  readonly rows: readonly DiffRow[]
  /** Equal fields behind the fold; 0 once they are shown. */
  readonly folded: number
  /** Rows further down that are not drawn yet, of those the core sent. */
  readonly undrawn: number
}

/** Drawing thousands of rows at once takes longer than anybody waits; more are added by the steward. */
export const ROWS_AT_ONCE = 200

export function foldDiff(diff: DiffAnswer, equalShown: boolean, limit: number): FoldedDiff {
  const wanted = equalShown ? diff.rows : diff.rows.filter((row) => row.change !== 'equal')
  return {
    rows: wanted.slice(0, limit),
    folded: equalShown ? 0 : diff.equalCount,
    undrawn: Math.max(0, wanted.length - limit),
  }
}

/** "3 values differ, 1 moved": what the table says, before it is read. */
export function diffSummary(rows: readonly DiffRow[]): string {
  const count = (change: DiffRow['change']) => rows.filter((row) => row.change === change).length
  const parts = [
    part(count('changed'), 'value differs', 'values differ'),
    part(count('missing'), 'not in every claim', 'not in every claim'),
    part(count('moved'), 'moved', 'moved'),
  ].filter((text) => text !== null)
  return parts.length === 0 ? 'Nothing differs in what can be compared.' : parts.join(', ')
}

function part(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count} ${count === 1 ? one : many}`
}
