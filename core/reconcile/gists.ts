// A short value for each member, for buttons and sentences: what the claims differ in, where that is short enough to be said.
import type { ConflictKind, ContentView } from '#core/contract/index.ts'
import { shortId, type Receipt } from '#core/receipts/index.ts'
import { diffContents } from './content-diff.ts'
import { DecisionBody } from '#core/network/index.ts'
import type { ReadMember } from './conflict-reading.ts'

const LONGEST = 24
/** Contents longer than this are not compared for a word on a button. */
const COMPARED_BYTES = 256 * 1024

/** One for each member, in their order. */
export function gistsOf(
  kind: ConflictKind,
  members: readonly { readonly member: ReadMember; readonly receipt: Receipt }[],
  contents: readonly ContentView[],
): string[] {
  const short = members.map(({ member }) => shortId(member.hash))
  if (kind === 'fork') return short
  if (kind === 'decisions-disagree')
    return members.map(({ receipt }, index) => verdictGist(receipt) ?? short[index] ?? '')
  return valueGists(contents) ?? short
}

function valueGists(contents: readonly ContentView[]): string[] | null {
  const texts = contents.map((content) =>
    content.type === 'json' && !content.cut && content.sizeBytes <= COMPARED_BYTES ? content.text : null,
  )
  if (texts.length < 2 || texts.includes(null)) return null
  const { structured, rows } = diffContents(texts, false)
  if (!structured) return null
  const sayable = rows
    .filter((row) => row.change === 'changed')
    .map((row) => row.cells.map((cell) => (cell === null ? null : unquoted(cell))))
    .filter((cells) => cells.every((cell) => cell !== null && cell.length <= LONGEST))
    .map((cells) => cells.map((cell) => cell ?? ''))
  // A count says more than a time or a name; a measured number says less than either.
  return sayable.find((cells) => cells.every((cell) => /^-?\d+$/.test(cell))) ?? sayable[0] ?? null
}

function verdictGist(receipt: Receipt): string | null {
  const body = DecisionBody.safeParse(receipt.body)
  if (!body.success) return null
  const { verdict } = body.data
  switch (verdict.type) {
    case 'pick':
      return `picks ${shortId(verdict.receipt)}`
    case 'several':
      return `${verdict.receipts.length} hold`
    case 'none':
      return 'none'
    case 'replacement':
      return 'replacement'
  }
}

function unquoted(cell: string): string {
  return /^".*"$/.test(cell) ? cell.slice(1, -1) : cell
}
