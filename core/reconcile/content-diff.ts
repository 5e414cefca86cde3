// What differs between the contents of a conflict's members, for any number of members at once: row by row, leaf by leaf.
// Every step is linear in the size of the documents, since they come from others: array elements are matched by giving each
// distinct value one number (hash consing), not by comparing all with all.
import type { DiffRow } from '#core/contract/index.ts'
import { alignItems } from './align-items.ts'
import {
  createValueNumbers,
  isList,
  isRecord,
  measureJson,
  sameValue,
  type Parsed,
  type ValueNumbers,
} from './value-numbers.ts'

export interface ContentDiff {
  /** True where all contents are JSON and were compared as such; otherwise line by line. */
  readonly structured: boolean
  readonly rows: DiffRow[]
  readonly equalCount: number
  /** Rows beyond the limit. */
  readonly more: number
}

const ROW_LIMIT = 2000
const CELL_LENGTH = 300
/** Deeper documents are compared as text: nobody reads a path of a hundred parts. */
const DEPTH_LIMIT = 100
/** Of all contents together. Beyond it JSON is compared as lines, and what has more lines as one value: nobody reads so many rows. */
const VALUES_LIMIT = 200_000

/** `texts` holds one content a member; null where it is missing or no text. Never throws. */
export function diffContents(texts: readonly (string | null)[], withEqual: boolean): ContentDiff {
  const rows = new Rows(withEqual)
  if (texts.every((text) => text === null)) return rows.result(false)
  const documents = parseAll(texts)
  const structured = documents !== null
  const walk = new Walk(rows)
  walk.compare('', documents ?? linesOf(texts) ?? texts.map((text) => text ?? undefined))
  return rows.result(structured)
}

function linesOf(texts: readonly (string | null)[]): (Parsed | undefined)[] | null {
  let lines = 0
  for (const text of texts)
    for (let at = 0; text !== null && at >= 0; at = text.indexOf('\n', at + 1)) if (++lines > VALUES_LIMIT) return null
  return texts.map((text) => (text === null ? undefined : text.split('\n')))
}

function parseAll(texts: readonly (string | null)[]): (Parsed | undefined)[] | null {
  const documents: (Parsed | undefined)[] = []
  let values = 0
  for (const text of texts) {
    if (text === null) {
      documents.push(undefined)
      continue
    }
    const measured = measureJson(text)
    values += measured.values
    if (measured.depth > DEPTH_LIMIT || values > VALUES_LIMIT) return null
    try {
      // It answers nothing but JSON values. Not parseJson: what a text of megabytes would take there is a multiple of that.
      documents.push(JSON.parse(text) as Parsed)
    } catch {
      return null
    }
  }
  return documents
}

class Walk {
  readonly #rows: Rows
  readonly #numbers: ValueNumbers = createValueNumbers()

  constructor(rows: Rows) {
    this.#rows = rows
  }

  compare(path: string, values: readonly (Parsed | undefined)[]): void {
    const present = values.filter((value) => value !== undefined)
    const [first] = present
    if (first === undefined) return
    const everybody = present.length === values.length
    if (everybody && present.every((value) => sameValue(first, value))) {
      this.#rows.same(path, first, values.length)
    } else if (present.length > 1 && present.every(isRecord)) {
      if (!everybody) this.#rows.add(path, 'missing', values)
      this.#compareMembers(path, values, present)
    } else if (present.length > 1 && present.every((value) => isList(value))) {
      if (!everybody) this.#rows.add(path, 'missing', values)
      this.#compareItems(path, values)
    } else {
      this.#rows.add(path, everybody ? 'changed' : 'missing', values)
    }
  }

  #compareMembers(
    path: string,
    values: readonly (Parsed | undefined)[],
    present: readonly { readonly [key: string]: Parsed }[],
  ): void {
    const keys = new Set(present.flatMap((record) => Object.keys(record)))
    for (const key of keys) {
      const next = path === '' ? key : `${path}.${key}`
      // A member that lacks the whole record was said already.
      const inner = values.filter((value) => value !== undefined)
      if (inner.length === values.length)
        this.compare(
          next,
          values.map((value) => memberOf(value, key)),
        )
      else if (!inner.every((value) => sameMember(inner[0], value, key))) {
        this.#rows.add(
          next,
          'changed',
          values.map((value) => memberOf(value, key)),
        )
      }
    }
  }

  #compareItems(path: string, values: readonly (Parsed | undefined)[]): void {
    const lists = values.map((value) => (isList(value) ? value : null))
    for (const slot of alignItems(lists.map((list) => list?.map((item) => this.#numbers.of(item)) ?? null))) {
      const next = `${path}[${slot.label}]`
      const items = slot.places.map((place, member) => (place === null ? undefined : lists[member]?.[place]))
      if (slot.moved)
        this.#rows.add(
          next,
          'moved',
          slot.places.map((place) => (place === null ? undefined : `[${place}]`)),
        )
      else this.#compareItem(next, items, lists)
    }
  }

  #compareItem(
    path: string,
    items: readonly (Parsed | undefined)[],
    lists: readonly (readonly Parsed[] | null)[],
  ): void {
    // As in #compareMembers: of a member that lacks the whole list every item would be said again.
    const inner = items.filter((_item, member) => lists[member] !== null)
    if (inner.length === items.length) this.compare(path, items)
    else if (!inner.every((item) => sameOrNeither(inner[0], item))) this.#rows.add(path, 'changed', items)
  }
}

class Rows {
  readonly #withEqual: boolean
  readonly #rows: DiffRow[] = []
  #equalCount = 0
  #more = 0

  constructor(withEqual: boolean) {
    this.#withEqual = withEqual
  }

  add(path: string, change: DiffRow['change'], values: readonly (Parsed | undefined)[]): void {
    if (this.#rows.length >= ROW_LIMIT) this.#more++
    else this.#rows.push({ path, change, cells: values.map(cellOf) })
  }

  /** Paths are only spelt where somebody wants to see them. */
  same(path: string, value: Parsed, members: number): void {
    if (!this.#withEqual) {
      this.#equalCount += leafCount(value)
    } else if (isRecord(value)) {
      for (const [key, inner] of Object.entries(value)) this.same(path === '' ? key : `${path}.${key}`, inner, members)
    } else if (isList(value)) {
      for (const [index, inner] of value.entries()) this.same(`${path}[${index}]`, inner, members)
    } else {
      this.#equalCount++
      this.add(
        path,
        'equal',
        Array.from({ length: members }, () => value),
      )
    }
  }

  result(structured: boolean): ContentDiff {
    return { structured, rows: this.#rows, equalCount: this.#equalCount, more: this.#more }
  }
}

function leafCount(value: Parsed): number {
  if (value === null || typeof value !== 'object') return 1
  let count = 0
  for (const inner of isList(value) ? value : Object.values(value)) count += leafCount(inner)
  return count
}

function sameMember(one: Parsed | undefined, other: Parsed | undefined, key: string): boolean {
  return sameOrNeither(memberOf(one, key), memberOf(other, key))
}

function sameOrNeither(one: Parsed | undefined, other: Parsed | undefined): boolean {
  return one === undefined || other === undefined ? one === other : sameValue(one, other)
}

function memberOf(value: Parsed | undefined, key: string): Parsed | undefined {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** Text as it stands, unless it could be taken for another JSON value. */
function cellOf(value: Parsed | undefined): string | null {
  if (value === undefined) return null
  const text = typeof value === 'string' && !looksLikeJson(value) ? value : JSON.stringify(value)
  return text.length <= CELL_LENGTH ? text : `${text.slice(0, CELL_LENGTH)}…`
}

function looksLikeJson(text: string): boolean {
  return text === '' || /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text)
}
