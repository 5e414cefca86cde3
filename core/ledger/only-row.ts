import { invariant } from '#core/problem/index.ts'

/** What a statement answers that always answers one row, such as a count. */
export function onlyRow<Row>(row: Row | undefined): Row {
  invariant(row !== undefined, 'a count is one row')
  return row
}
