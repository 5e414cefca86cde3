// A short value for each member, for buttons and sentences: what the claims differ in, where that is short enough to be said, and
// the field that it stands in.
import type { ConflictKind, ContentView, DiffRow } from '#core/contract/index.ts'
import { shortId, type Receipt } from '#core/receipts/index.ts'
import { diffContents } from './content-diff.ts'
import { DecisionBody } from '#core/network/index.ts'
import type { ReadMember } from './conflict-reading.ts'

const LONGEST = 40
/** Contents longer than this are not compared for a word on a button. */
const COMPARED_BYTES = 256 * 1024

export interface Gist {
  readonly gist: string
  readonly gistOf: string | null
}

/** One for each member, in their order. */
export function gistsOf(
  kind: ConflictKind,
  members: readonly { readonly member: ReadMember; readonly receipt: Receipt }[],
  contents: readonly ContentView[],
): Gist[] {
  const short = members.map(({ member }) => unnamed(shortId(member.hash)))
  if (kind === 'fork') return short
  if (kind === 'decisions-disagree')
    return members.map(({ receipt }, index) => {
      const said = verdictGist(receipt)
      return said === null ? (short[index] ?? unnamed('')) : unnamed(said)
    })
  return valueGists(contents) ?? short
}

function valueGists(contents: readonly ContentView[]): Gist[] | null {
  const texts = contents.map((content) =>
    content.type === 'json' && !content.cut && content.sizeBytes <= COMPARED_BYTES ? content.text : null,
  )
  if (texts.length < 2 || texts.includes(null)) return null
  const { structured, rows } = diffContents(texts, false)
  if (!structured) return null
  const [best] = rows.flatMap(sayable).toSorted((one, other) => one.rank - other.rank || other.distinct - one.distinct)
  return best === undefined ? null : best.cells.map((cell) => ({ gist: unquoted(cell), gistOf: best.path }))
}

interface Sayable {
  readonly path: string
  readonly cells: readonly string[]
  readonly rank: number
  readonly distinct: number
}

function sayable({ path, change, cells }: DiffRow): Sayable[] {
  if (change !== 'changed') return []
  const said = cells.filter((cell) => cell !== null)
  if (said.length < cells.length || said.some((cell) => unquoted(cell).length > LONGEST)) return []
  return [{ path, cells: said, rank: Math.max(...said.map(rankOf)), distinct: new Set(said).size }]
}

/** Lower says more: a count, then a word, then a measured number; a time says least, since times never decide who is right. */
function rankOf(cell: string): number {
  if (/^-?\d{1,9}$/.test(cell)) return 0
  if (TIME.test(unquoted(cell))) return 3
  return /^-?\d/.test(cell) ? 2 : 1
}

/** "2025-09-26", "2025-09-26T22:20:13Z", "20250926T222013Z", and seconds or milliseconds since 1970. */
const TIME = /^(\d{4}-?\d\d-?\d\d([T ].*)?|\d{10}|\d{13})$/

function unnamed(gist: string): Gist {
  return { gist, gistOf: null }
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
