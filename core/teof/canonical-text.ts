// TEOF's canonical JSON in one pass over the text: keys sorted by code point, compact, non-ASCII unescaped, numbers as written.
// Parsing to doubles and printing again would change the hash of about one real file in ten (`24.0` would become `24`), and building
// a tree first would cost more than the hash. Members of the outermost object stay apart, because signatures omit some of them.
// The grammar is RFC 8259 without leniency; tests compare it with JSON.parse and with the package lossless-json.
import { isUtf8 } from 'node:buffer'
import { TEOF_LIMITS } from './limits.ts'

/** One member of the outermost object. */
export interface Member {
  readonly key: string
  /** The key in canonical form, with its quotation marks. */
  readonly name: string
  /** Its value in canonical form. */
  readonly text: string
}

export interface JsonText {
  /** The whole in canonical form. */
  readonly canonical: string
  /** Sorted by code point; null where the outermost value is no object. */
  readonly members: readonly Member[] | null
  /** Each item in canonical form; null where the outermost value is no array. */
  readonly items: readonly string[] | null
  /** True where the file began with a byte-order mark, which is no part of the content. */
  readonly hadByteOrderMark: boolean
}

export type ReadJson =
  | { readonly ok: true; readonly json: JsonText }
  | { readonly ok: false; readonly why: string; readonly at: number }

/** Reads the bytes of one file; `why` continues the sentence "It cannot be read as JSON: …". Never throws. */
export function readJson(bytes: Uint8Array): ReadJson {
  if (bytes.length > TEOF_LIMITS.jsonBytes)
    return fault(`it has ${bytes.length} bytes, and at most ${TEOF_LIMITS.jsonBytes} are read`, 0)
  if (bytes.length === 0) return fault('the file is empty', 0)
  if (!isUtf8(bytes)) return fault(notUtf8(bytes), 0)
  return readJsonText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
}

/** The same for text that was decoded already; its length is the caller's affair. */
export function readJsonText(text: string): ReadJson {
  const hadByteOrderMark = text.charCodeAt(0) === 0xfeff
  const reader = new Reader(text, hadByteOrderMark ? 1 : 0)
  try {
    const { canonical, members, items } = reader.document()
    return { ok: true, json: { canonical, members, items, hadByteOrderMark } }
  } catch (thrown) {
    if (thrown instanceof Fault) return fault(thrown.why, thrown.at)
    throw thrown
  }
}

/** The canonical form of the object without some of its outermost members. */
export function canonicalWithout(members: readonly Member[], omitted: ReadonlySet<string>): string {
  let text = '{'
  for (const member of members) {
    if (omitted.has(member.key)) continue
    text += text.length === 1 ? `${member.name}:${member.text}` : `,${member.name}:${member.text}`
  }
  return `${text}}`
}

/** The text of a member that is a string; null where it is missing or something else. */
export function stringMember(members: readonly Member[] | null, key: string): string | null {
  const member = members?.find((one) => one.key === key)
  return member === undefined ? null : stringOf(member.text)
}

/** The items of a member that is an array, each in canonical form; null where it is missing or something else. */
export function arrayMember(members: readonly Member[] | null, key: string): readonly string[] | null {
  const text = members?.find((one) => one.key === key)?.text
  return text === undefined ? null : itemsOf(text)
}

/** The items of a canonical text that is an array; null where it is something else. */
export function itemsOf(canonical: string): readonly string[] | null {
  if (canonical.charCodeAt(0) !== BRACKET_OPEN) return null
  const read = readJsonText(canonical)
  return read.ok ? read.json.items : null
}

/** The members of a canonical text that is an object; null where it is something else. */
export function membersOf(canonical: string): readonly Member[] | null {
  if (canonical.charCodeAt(0) !== BRACE_OPEN) return null
  const read = readJsonText(canonical)
  return read.ok ? read.json.members : null
}

/** The string that a canonical text is; null where it is something else. */
export function stringOf(canonical: string): string | null {
  // Parsed, not sliced: a slice would keep the whole file in memory for as long as the caller keeps the string.
  return canonical.charCodeAt(0) === QUOTE ? parsedString(canonical) : null
}

/** Code points, not UTF-16 units: an emoji sorts behind U+FFFD. */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let at = 0; at < shared; at++) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left === right) continue
    // Surrogates stand for code points above all of the basic plane.
    return rankOf(left) - rankOf(right)
  }
  return a.length - b.length
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39

class Fault extends Error {
  readonly why: string
  readonly at: number

  constructor(why: string, at: number) {
    super(why)
    this.why = why
    this.at = at
  }
}

class Reader {
  readonly #text: string
  #at: number
  #depth = 0
  #values = 0

  constructor(text: string, at: number) {
    this.#text = text
    this.#at = at
  }

  document(): Omit<JsonText, 'hadByteOrderMark'> {
    this.#skipSpace()
    const first = this.#text.charCodeAt(this.#at)
    const members = first === BRACE_OPEN ? this.#members() : null
    const items = first === BRACKET_OPEN ? this.#items() : null
    const canonical = members !== null ? printed(members) : items !== null ? `[${items.join(',')}]` : this.#value()
    this.#skipSpace()
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the file')
    return { canonical, members, items }
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
    if (key === '__proto__') throw new Fault('the name “__proto__” is not taken', from)
    this.#skipSpace()
    if (this.#text.charCodeAt(this.#at) !== COLON) throw this.#unexpected('“:”')
    this.#at++
    this.#skipSpace()
    return { key, name, text: this.#value() }
  }

  /** Two members of one name mean one thing to one reader and another to the next: such a file has no single content. */
  #inOrder(members: readonly Member[]): readonly Member[] {
    const ordered = members.toSorted((a, b) => compareCodePoints(a.key, b.key))
    for (let index = 1; index < ordered.length; index++) {
      const key = ordered[index]?.key
      if (key !== undefined && key === ordered[index - 1]?.key)
        throw new Fault(`the name “${shown(key)}” stands twice in one object`, this.#at)
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
        items.push(this.#value())
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
      throw new Fault(`it holds more than ${TEOF_LIMITS.values} values`, this.#at)
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
          ? new Fault('the file ends within a text', at)
          : new Fault('a control character stands in a text', at)
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
      throw new Fault('a text holds an escape that JSON does not know', from)
    }
  }

  #number(): string {
    const from = this.#at
    let at = this.#text.charCodeAt(from) === MINUS ? from + 1 : from
    // No zero in front of another digit.
    at = this.#text.charCodeAt(at) === ZERO ? at + 1 : this.#digits(at)
    if (this.#text.charCodeAt(at) === POINT) at = this.#digits(at + 1)
    const exponent = this.#text.charCodeAt(at)
    if (exponent === 0x65 || exponent === 0x45) {
      const sign = this.#text.charCodeAt(at + 1)
      at = this.#digits(sign === MINUS || sign === PLUS ? at + 2 : at + 1)
    }
    if (at - from > TEOF_LIMITS.numberCharacters)
      throw new Fault(`a number is written with ${at - from} characters`, from)
    this.#at = at
    return this.#text.slice(from, at)
  }

  /** Where the digits end; there must be one. */
  #digits(from: number): number {
    let at = from
    for (;;) {
      const code = this.#text.charCodeAt(at)
      if (!(code >= ZERO && code <= NINE)) break
      at++
    }
    if (at > from) return at
    this.#at = at
    throw this.#unexpected('a value')
  }

  #word(word: string): string {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected('a value')
    this.#at += word.length
    return word
  }

  #enter(): void {
    if (++this.#depth > TEOF_LIMITS.depth) throw new Fault(`it is nested deeper than ${TEOF_LIMITS.depth}`, this.#at)
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

  #unexpected(expected: string): Fault {
    if (this.#at >= this.#text.length) return new Fault(`the file ends where ${expected} should follow`, this.#at)
    if (this.#text.charCodeAt(this.#at) === 0)
      return new Fault('it holds zero bytes, as a power cut leaves them', this.#at)
    const found = shown(String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0))
    return new Fault(`${expected} is expected and “${found}” found`, this.#at)
  }
}

function printed(members: readonly Member[]): string {
  let text = '{'
  for (const { name, text: value } of members) text += text.length === 1 ? `${name}:${value}` : `,${name}:${value}`
  return `${text}}`
}

function stringFrom(written: string): string {
  return written.includes('\\') ? parsedString(written) : written.slice(1, -1)
}

function parsedString(written: string): string {
  const value: unknown = JSON.parse(written)
  return typeof value === 'string' ? value : ''
}

function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function notUtf8(bytes: Uint8Array): string {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'it is UTF-16, not UTF-8'
  return 'its bytes are not UTF-8'
}

function fault(why: string, at: number): ReadJson {
  return { ok: false, why, at }
}
