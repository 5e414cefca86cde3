// How answers look to a person: aligned columns, short ids, UTC times. Text from receipts is shown with control characters made visible.
import { replaceHidden } from '#core/contract/index.ts'

export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length)
  return rows
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

/** Twelve hex digits: enough to name it again, see `abbreviations.ts`. */
export function shortId(id: string): string {
  return id.startsWith('did:key:') ? `${id.slice(8, 20)}…` : id.replace('sha256:', '').slice(0, 12)
}

export function shortTime(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`
}

/** Names and subjects come from other people's receipts: nothing in them may move the cursor or turn the text around. */
export function plain(text: string): string {
  return replaceHidden(text, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)
}

/** One JSON value as a line; what hides in its texts is escaped, which is the same value and cannot turn a terminal's text around. */
export function jsonLine(value: unknown): string {
  const units = (found: string) =>
    found.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `${replaceHidden(JSON.stringify(value), (found) => units(found).join(''))}\n`
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
