// A reader of JSON that prints what it reads in canonical form as it goes, without building a tree. The grammar is RFC 8259 without
// leniency; tests compare it with JSON.parse and with the package lossless-json.
import { CanonicalScan, numberEnd } from './canonical-scan.ts'
import { compareCodePoints } from './code-points.ts'
import {
  QUOTE,
  BACKSLASH,
  COMMA,
  COLON,
  BRACKET_OPEN,
  BRACKET_CLOSE,
  BRACE_OPEN,
  BRACE_CLOSE,
} from './json-characters.ts'
import { TEOF_LIMITS } from './limits.ts'

/** One member of the outermost object. */
export interface Member {
  readonly key: string
  /** The key in canonical form, with its quotation marks. */
  readonly name: string
  /** Its value in canonical form. */
  readonly text: string
}

export interface JsonDocument {
  /** The whole in canonical form. */
  readonly canonical: string
  /** Sorted by code point; null where the outermost value is no object. */
  readonly members: readonly Member[] | null
  /** Each item in canonical form; null where the outermost value is no array. */
  readonly items: readonly string[] | null
}

/** Why a text is no JSON; `why` continues "it cannot be read as JSON: …". */
export class JsonFault extends Error {
  readonly why: string
  readonly at: number

  constructor(why: string, at: number) {
    super(why)
    this.why = why
    this.at = at
  }
}

/** Reads one text, once. */
export class JsonReader {
  readonly #text: string
  readonly #scan: CanonicalScan
  #at: number
  #depth = 0
  #values = 0

  constructor(text: string, at: number) {
    this.#text = text
    this.#scan = new CanonicalScan(text)
    this.#at = at
  }

  /** The whole text as one value; throws a JsonFault. */
  document(): JsonDocument {
    this.#skipSpace()
    const first = this.#text.charCodeAt(this.#at)
    const members = first === BRACE_OPEN ? this.#members() : null
    const items = first === BRACKET_OPEN ? this.#items() : null
    const canonical = members !== null ? printed(members) : items !== null ? `[${items.join(',')}]` : this.#value()
    this.#skipSpace()
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the file')
    return { canonical, members, items }
  }

  /** A value of the outermost object or array, which is scanned once at most before it is read: else depth would multiply the work. */
  #outerValue(): string {
    this.#scan.values = this.#values
    const end = this.#depth === 1 ? this.#scan.end(this.#at, 1) : -1
    if (end < 0) return this.#value()
    const written = this.#text.slice(this.#at, end)
    this.#at = end
    this.#values = this.#scan.values
    return written
  }

  #value(): string {
    const code = this.#text.charCodeAt(this.#at)
    if (code === QUOTE) return this.#string()
    if (code === BRACE_OPEN) return printed(this.#members())
    if (code === BRACKET_OPEN) return `[${this.#items().join(',')}]`
    if (code === 0x74) return this.#word('true')
    if (code === 0x66) return this.#word('false')
    if (code === 0x6e) return this.#word('null')
    return this.#number()
  }

  #members(): readonly Member[] {
    this.#enter()
    this.#at++
    const members: Member[] = []
    let before = ''
    let sorted = true
    this.#skipSpace()
    if (this.#text.charCodeAt(this.#at) !== BRACE_CLOSE) {
      for (;;) {
        const member = this.#member()
        if (sorted && members.length > 0 && compareCodePoints(before, member.key) >= 0) sorted = false
        before = member.key
        members.push(member)
        if (!this.#goesOn(BRACE_CLOSE, '“,” or “}”')) break
      }
    }
    this.#at++
    this.#depth--
    return sorted ? members : this.#inOrder(members)
  }

  #member(): Member {
    if (this.#text.charCodeAt(this.#at) !== QUOTE) throw this.#unexpected('a name in quotation marks')
    const from = this.#at
    const name = this.#string()
    const key = stringFrom(name)
    if (key === '__proto__') throw new JsonFault('the name “__proto__” is not taken', from)
    this.#skipSpace()
    if (this.#text.charCodeAt(this.#at) !== COLON) throw this.#unexpected('“:”')
    this.#at++
    this.#skipSpace()
    return { key, name, text: this.#outerValue() }
  }

  /** Two members of one name mean one thing to one reader and another to the next: such a file has no single content. */
  #inOrder(members: readonly Member[]): readonly Member[] {
    const ordered = members.toSorted((a, b) => compareCodePoints(a.key, b.key))
    for (let index = 1; index < ordered.length; index++) {
      const key = ordered[index]?.key
      if (key !== undefined && key === ordered[index - 1]?.key)
        throw new JsonFault(`the name “${shown(key)}” stands twice in one object`, this.#at)
    }
    return ordered
  }

  #items(): readonly string[] {
    this.#enter()
    this.#at++
    const items: string[] = []
    this.#skipSpace()
    if (this.#text.charCodeAt(this.#at) !== BRACKET_CLOSE) {
      for (;;) {
        items.push(this.#outerValue())
        if (!this.#goesOn(BRACKET_CLOSE, '“,” or “]”')) break
      }
    }
    this.#at++
    this.#depth--
    return items
  }

  /** After a value: true behind a comma, false at the closing bracket. */
  #goesOn(close: number, expected: string): boolean {
    if (++this.#values > TEOF_LIMITS.values)
      throw new JsonFault(`it holds more than ${TEOF_LIMITS.values} values`, this.#at)
    this.#skipSpace()
    const code = this.#text.charCodeAt(this.#at)
    if (code === close) return false
    if (code !== COMMA) throw this.#unexpected(expected)
    this.#at++
    this.#skipSpace()
    return true
  }

  #string(): string {
    const text = this.#text
    const from = this.#at
    let at = from + 1
    let escaped = false
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) break
      // Also where the text has ended: then it is NaN.
      if (!(code >= 0x20)) {
        this.#at = at
        throw at >= text.length
          ? new JsonFault('the file ends within a text', at)
          : new JsonFault('a control character stands in a text', at)
      }
      if (code === BACKSLASH) {
        escaped = true
        at++
      }
      at++
    }
    this.#at = at + 1
    const written = text.slice(from, at + 1)
    return escaped ? this.#unescaped(written, from) : written
  }

  // JSON.stringify escapes what must be, as Python's json does, and nothing else.
  #unescaped(written: string, from: number): string {
    try {
      return JSON.stringify(stringFrom(written))
    } catch {
      throw new JsonFault('a text holds an escape that JSON does not know', from)
    }
  }

  #number(): string {
    const from = this.#at
    const at = numberEnd(this.#text, from)
    if (at < 0) {
      this.#at = -1 - at
      throw this.#unexpected('a value')
    }
    if (at - from > TEOF_LIMITS.numberCharacters)
      throw new JsonFault(`a number is written with ${at - from} characters`, from)
    this.#at = at
    return this.#text.slice(from, at)
  }

  #word(word: string): string {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected('a value')
    this.#at += word.length
    return word
  }

  #enter(): void {
    if (++this.#depth > TEOF_LIMITS.depth)
      throw new JsonFault(`it is nested deeper than ${TEOF_LIMITS.depth}`, this.#at)
  }

  #skipSpace(): void {
    const text = this.#text
    let at = this.#at
    for (;;) {
      const code = text.charCodeAt(at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break
      at++
    }
    this.#at = at
  }

  #unexpected(expected: string): JsonFault {
    if (this.#at >= this.#text.length) return new JsonFault(`the file ends where ${expected} should follow`, this.#at)
    if (this.#text.charCodeAt(this.#at) === 0)
      return new JsonFault('it holds zero bytes, as a power cut leaves them', this.#at)
    const found = shown(String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0))
    return new JsonFault(`${expected} is expected and “${found}” found`, this.#at)
  }
}

function printed(members: readonly Member[]): string {
  let text = '{'
  for (const { name, text: value } of members) text += text.length === 1 ? `${name}:${value}` : `,${name}:${value}`
  return `${text}}`
}

/** What a text in quotation marks says; may be a part of it in memory. */
function stringFrom(written: string): string {
  return written.includes('\\') ? parsedString(written) : written.slice(1, -1)
}

/** The same, free of the text that it stood in. */
export function parsedString(written: string): string {
  const value: unknown = JSON.parse(written)
  return typeof value === 'string' ? value : ''
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
