// A list as text for other programs. A spreadsheet runs what begins with = + - @, so such cells get a quote before them.

export type CopyRow = Readonly<Record<string, string | number | boolean | null>>

export function rowsToJson(rows: readonly CopyRow[]): string {
  return JSON.stringify(rows, null, 2)
}

/** RFC 4180, with a heading of the first row's keys. */
export function rowsToCsv(rows: readonly CopyRow[]): string {
  const [first] = rows
  if (first === undefined) return ''
  const columns = Object.keys(first)
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => cells.map(cell).join(','))
    .join('\r\n')
}

function cell(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
