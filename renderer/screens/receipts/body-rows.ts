// The body of a receipt as lines to read: one for each value, named by its path.
import type { Json } from '#core/contract/index.ts'

export interface BodyRow {
  readonly path: string
  readonly value: null | boolean | number | string
}

/** At most `limit` lines; `more` says how many values were left out. An empty list or object is a line of its own. */
export function bodyRows(body: Json, limit = 60): { readonly rows: readonly BodyRow[]; readonly more: number } {
  const all = rowsOf(body, '')
  return { rows: all.slice(0, limit), more: Math.max(0, all.length - limit) }
}

function rowsOf(value: Json, path: string): readonly BodyRow[] {
  if (value === null || typeof value !== 'object') return [{ path, value }]
  const parts: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? value.map((item: Json, place) => [`${path}[${place}]`, item] as const)
    : Object.entries(value).map(([name, item]) => [path === '' ? name : `${path}.${name}`, item] as const)
  if (parts.length === 0) return path === '' ? [] : [{ path, value: Array.isArray(value) ? '(empty list)' : '(empty)' }]
  return parts.flatMap(([name, item]) => rowsOf(item, name))
}
