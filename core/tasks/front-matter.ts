// The lines between two `---` at the top of a proposal: `key: value`, one a line. Nothing of YAML beside that is read.
import type { PlanFact } from '#core/contract/index.ts'

const MOST_LINES = 100
const VALUE_CHARACTERS = 2_000

/** Empty for a document that does not begin so, or whose front is not closed within a hundred lines. */
export function frontMatter(text: string): PlanFact[] {
  const lines = text.slice(0, MOST_LINES * VALUE_CHARACTERS).split(/\r?\n/, MOST_LINES)
  if (lines[0]?.trim() !== '---') return []
  const end = lines.indexOf('---', 1)
  if (end === -1) return []
  return lines.slice(1, end).flatMap((line) => {
    const [, key = '', value = ''] = /^([A-Za-z][\w-]{0,63}):\s*(.*)$/.exec(line) ?? []
    const fact = unquoted(value.trim()).slice(0, VALUE_CHARACTERS)
    return fact === '' ? [] : [{ key, text: fact }]
  })
}

function unquoted(value: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(value)
  return quoted?.[2] ?? value
}
