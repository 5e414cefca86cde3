// Where a value of JSON ends that is written in canonical form already. Most files are, or most of their parts: then nothing has to
// be read into pieces and printed again. What is written in any other form, or is at fault, is left to the reader, which says why.
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

const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39

/** Not canonical, or no JSON. */
const OTHER = -1

export class CanonicalScan {
  /** Members and items that were met, those of the values that were left to the reader included. */
  values = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** Behind the canonical value that begins at `from` within `depth` containers; negative where there is none. */
  end(from: number, depth: number): number {
    switch (this.#text.charCodeAt(from)) {
      case QUOTE:
        return this.#stringEnd(from)
      case BRACE_OPEN:
        return depth < TEOF_LIMITS.depth ? this.#objectEnd(from, depth + 1) : OTHER
      case BRACKET_OPEN:
        return depth < TEOF_LIMITS.depth ? this.#arrayEnd(from, depth + 1) : OTHER
      case 0x74:
        return this.#wordEnd('true', from)
      case 0x66:
        return this.#wordEnd('false', from)
      case 0x6e:
        return this.#wordEnd('null', from)
      default:
        return this.#numberEnd(from)
    }
  }

  #objectEnd(from: number, depth: number): number {
    const text = this.#text
    let at = from + 1
    if (text.charCodeAt(at) === BRACE_CLOSE) return at + 1
    for (let before = 0, beforeEnd = 0; ; at++) {
      if (text.charCodeAt(at) !== QUOTE) return OTHER
      const nameEnd = this.#stringEnd(at)
      if (nameEnd < 0 || text.charCodeAt(nameEnd) !== COLON) return OTHER
      if (before > 0 && !isBefore(text, before, beforeEnd, at, nameEnd)) return OTHER
      // Not taken, which the reader says.
      if (nameEnd - at === PROTO.length && text.startsWith(PROTO, at)) return OTHER
      before = at
      beforeEnd = nameEnd
      at = this.end(nameEnd + 1, depth)
      if (at < 0 || ++this.values > TEOF_LIMITS.values) return OTHER
      const code = text.charCodeAt(at)
      if (code === BRACE_CLOSE) return at + 1
      if (code !== COMMA) return OTHER
    }
  }

  #arrayEnd(from: number, depth: number): number {
    const text = this.#text
    let at = from + 1
    if (text.charCodeAt(at) === BRACKET_CLOSE) return at + 1
    for (; ; at++) {
      at = this.end(at, depth)
      if (at < 0 || ++this.values > TEOF_LIMITS.values) return OTHER
      const code = text.charCodeAt(at)
      if (code === BRACKET_CLOSE) return at + 1
      if (code !== COMMA) return OTHER
    }
  }

  /** A text with an escape may be written in several ways. */
  #stringEnd(from: number): number {
    const text = this.#text
    for (let at = from + 1; ; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) return at + 1
      // Also where the text has ended: then it is NaN.
      if (code === BACKSLASH || !(code >= 0x20)) return OTHER
    }
  }

  #wordEnd(word: string, from: number): number {
    return this.#text.startsWith(word, from) ? from + word.length : OTHER
  }

  #numberEnd(from: number): number {
    const at = numberEnd(this.#text, from)
    return at - from > TEOF_LIMITS.numberCharacters ? OTHER : at
  }
}

const PROTO = '"__proto__"'

/** Behind the number that begins at `from`; where it is none, -1 less the place where a digit is missing. */
export function numberEnd(text: string, from: number): number {
  let at = text.charCodeAt(from) === MINUS ? from + 1 : from
  // No zero in front of another digit.
  at = text.charCodeAt(at) === ZERO ? at + 1 : digitsEnd(text, at)
  if (at >= 0 && text.charCodeAt(at) === POINT) at = digitsEnd(text, at + 1)
  if (at < 0) return at
  const exponent = text.charCodeAt(at)
  if (exponent === 0x65 || exponent === 0x45) {
    const sign = text.charCodeAt(at + 1)
    at = digitsEnd(text, sign === MINUS || sign === PLUS ? at + 2 : at + 1)
  }
  return at
}

/** At least one digit. */
function digitsEnd(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (!(code >= ZERO && code <= NINE)) return at > from ? at : -1 - at
    at++
  }
}

/** Whether the first name sorts before the second one by code point; both with their quotation marks. */
function isBefore(text: string, a: number, aEnd: number, b: number, bEnd: number): boolean {
  const shared = Math.min(aEnd - a, bEnd - b) - 1
  for (let index = 1; index < shared; index++) {
    const left = text.charCodeAt(a + index)
    const right = text.charCodeAt(b + index)
    // Where surrogates meet other units the order of units is not that of code points: the reader knows it.
    if (left !== right) return left < right && right < 0xd800
  }
  return aEnd - a < bEnd - b
}
