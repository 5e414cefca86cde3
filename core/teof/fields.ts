// Members of a canonical object by type, for files whose shape we know and whose writers change it: what does not fit is null.
import { itemsOf, membersOf, stringOf } from './canonical-text.ts'
import type { Member } from './canonical-text.ts'
import { parseTeofTime } from './time.ts'
import type { TeofTime } from './time.ts'

/** A number with the text it was written as: `24.0` is not `24` to a hash, and shown to a person as it stands in the file. */
export interface Figure {
  readonly text: string
  readonly value: number
}

/** A time as written, and what it means; null where it means none. */
export interface WrittenTime {
  readonly text: string
  readonly time: TeofTime | null
}

export class Fields {
  readonly #members: ReadonlyMap<string, string>

  constructor(members: readonly Member[]) {
    this.#members = new Map(members.map(({ key, text }) => [key, text]))
  }

  /** Null for anything but an object in canonical form. */
  static of(canonical: string): Fields | null {
    const members = membersOf(canonical)
    return members === null ? null : new Fields(members)
  }

  has(key: string): boolean {
    return this.#members.has(key)
  }

  keys(): readonly string[] {
    return [...this.#members.keys()]
  }

  string(key: string): string | null {
    const text = this.#members.get(key)
    return text === undefined ? null : stringOf(text)
  }

  figure(key: string): Figure | null {
    const text = this.#members.get(key)
    return text === undefined ? null : figureOf(text)
  }

  time(key: string): WrittenTime | null {
    const text = this.string(key)
    return text === null ? null : { text, time: parseTeofTime(text) }
  }

  /** The strings of a list; other items are left out. */
  strings(key: string): readonly string[] {
    return this.items(key).flatMap((item) => stringOf(item) ?? [])
  }

  object(key: string): Fields | null {
    const text = this.#members.get(key)
    return text === undefined ? null : Fields.of(text)
  }

  /** The objects of a list; other items are left out. */
  objects(key: string): readonly Fields[] {
    return this.items(key).flatMap((item) => Fields.of(item) ?? [])
  }

  /** Each item of a list in canonical form; none where it is no list. */
  items(key: string): readonly string[] {
    const text = this.#members.get(key)
    return text === undefined ? [] : (itemsOf(text) ?? [])
  }

  /** The value in canonical form. */
  canonical(key: string): string | null {
    return this.#members.get(key) ?? null
  }
}

export function figureOf(canonical: string): Figure | null {
  const first = canonical.charAt(0)
  if (first !== '-' && (first < '0' || first > '9')) return null
  return { text: canonical, value: Number(canonical) }
}
