// Markdown (GitHub's flavour) of texts that other people wrote: nothing in a name or subject can become markup, a link, a line or a cell,
// and nothing can turn the text around.

/** One line of plain text. */
export function escaped(text: string, limit = 160): string {
  const characters = Array.from(visible(text))
  const shown = characters.length <= limit ? characters.join('') : `${characters.slice(0, limit).join('')}…`
  return shown.replaceAll(/[\\`*_{}[\]<>()#+!|~&@:]/g, (mark) => (INERT.has(mark) ? mark : `\\${mark}`))
}

// These only mean something where a line begins, and escaped text never begins a line.
const INERT = new Set(['#', '+', '(', ')', ':', '{', '}', '@', '!'])

/** Text in a code span: only backticks could end it. */
export function code(text: string, limit = 160): string {
  const characters = Array.from(visible(text).replaceAll('`', 'ˋ').replaceAll('|', '¦'))
  return `\`${characters.length <= limit ? characters.join('') : `${characters.slice(0, limit).join('')}…`}\``
}

/** Control, format and separator characters would move the cursor or turn the text around. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)
}

/** A table; `align` says r for columns of numbers. Cells are Markdown already. */
export function table(head: readonly string[], align: string, rows: readonly (readonly string[])[]): string {
  const rule = Array.from(align, (side) => (side === 'r' ? '---:' : '---'))
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}
