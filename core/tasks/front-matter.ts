// The lines between two `---` at the top of a proposal: `key: value`, one a line. Nothing of YAML beside that is read.
import type { PlanFact } from '#core/contract/index.ts'

const MOST_LINES = 100
const VALUE_CHARACTERS = 2_000
const BEGINS_WITH_KEY = /^[A-Za-z][\w-]{0,63}:/

/** Empty for a document that does not begin so, or whose front is not closed within a hundred lines. */
export function frontMatter(text: string): PlanFact[] {
  const lines = text.slice(0, MOST_LINES * VALUE_CHARACTERS).split(/\r?\n/, MOST_LINES)
  if (lines[0]?.trim() !== '---') return []
  const end = lines.indexOf('---', 1)
  if (end === -1) return []
  return lines.slice(1, end).flatMap((line) => {
    if (!BEGINS_WITH_KEY.test(line)) return []
    const colon = line.indexOf(':')
    const fact = unquoted(line.slice(colon + 1).trim()).slice(0, VALUE_CHARACTERS)
    return fact === '' ? [] : [{ key: line.slice(0, colon), text: fact }]
  })
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, '$2')
}
