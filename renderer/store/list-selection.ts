// Which rows of a list are selected. By id, so that rows may move, arrive and leave while the steward selects.

export interface ListSelection<Id extends string> {
  readonly chosen: ReadonlySet<Id>
  /** Where a range began: the row last toggled by itself. */
  readonly from: Id | null
}

export function noSelection<Id extends string>(): ListSelection<Id> {
  return { chosen: new Set(), from: null }
}

export function toggle<Id extends string>(selection: ListSelection<Id>, id: Id): ListSelection<Id> {
  const chosen = new Set(selection.chosen)
  if (!chosen.delete(id)) chosen.add(id)
  return { chosen, from: id }
}

/** Adds everything between where the range began and `to`, both included, in the order the list has now. */
export function extend<Id extends string>(selection: ListSelection<Id>, ids: readonly Id[], to: Id): ListSelection<Id> {
  const start = selection.from === null ? -1 : ids.indexOf(selection.from)
  const end = ids.indexOf(to)
  if (end < 0) return selection
  if (start < 0) return { chosen: new Set([...selection.chosen, to]), from: to }
  const range = ids.slice(Math.min(start, end), Math.max(start, end) + 1)
  return { chosen: new Set([...selection.chosen, ...range]), from: selection.from }
}

/** The first id after `current` that is not to be skipped, going round at the end; null where nothing is left. */
export function nextAfter<Id extends string>(ids: readonly Id[], current: Id | null, skip: ReadonlySet<Id>): Id | null {
  const at = current === null ? -1 : ids.indexOf(current)
  const round = [...ids.slice(at + 1), ...ids.slice(0, Math.max(at, 0))]
  return round.find((id) => !skip.has(id)) ?? null
}
