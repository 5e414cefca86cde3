// One pass over the raw bytes of a line before anything is parsed: whatever costs memory or stack is counted here first.
// It does not know JSON's grammar, only enough of it to count: JSON.parse judges the rest, on bytes known to be harmless.
import { LIMITS } from './limits.ts'
import type { RefusalReason } from './types.ts'

export interface Scan {
  /** Bytes of the member named `body` at the top level; 0 without one. */
  readonly bodyBytes: number
  /**
   * True where every object's keys rise byte by byte, without escapes, in the range where UTF-8 and UTF-16 sort alike, and no
   * text is escaped that canonical JSON writes plainly. Then printing the parsed line again proves its form (see line.ts).
   */
  readonly plain: boolean
  /** True where no number is written so long, or with an exponent, that it could reach 2^53. */
  readonly numbersFit: boolean
}

export interface ScanFault {
  readonly reason: RefusalReason
  readonly detail: string
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
const LOWER_U = 0x75
const LOWER_E = 0x65
const UPPER_E = 0x45
const ZERO = 0x30
const NINE = 0x39
/** 2^53 has as many; larger integers have more, or are written with an exponent. */
const LONG_NUMBER_DIGITS = 16
/** From here on UTF-8 orders (by code point) other than UTF-16: U+E000 and above against surrogate pairs. */
const SORTS_APART = 0xee

// One scan at a time (it never waits), so the stack of open containers is shared and never grows.
const commas = new Int32Array(LIMITS.depth + 1)
const isObject = new Uint8Array(LIMITS.depth + 1)
const keyFrom = new Int32Array(LIMITS.depth + 1)
const keyTo = new Int32Array(LIMITS.depth + 1)

/** Counts depth, members, items and key lengths of one line; no allocation but its answer. */
export function scanLine(bytes: Uint8Array): Scan | ScanFault {
  const end = bytes.length
  let depth = 0
  let plain = true
  let bodyFrom = -1
  let bodyBytes = 0
  let textFrom = 0
  let textTo = 0
  let digitAt = -1
  let digits = 0
  let numbersFit = true
  // Outside all brackets nothing is left of the line before.
  commas[0] = 0
  keyFrom[0] = -1

  for (let at = 0; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      textFrom = at + 1
      for (at++; at < end; at++) {
        const inside = bytes[at]
        if (inside === QUOTE) break
        if (inside === BACKSLASH) {
          at++
          // \u00xx may be canonical (a control character); any other \u never is, and may hide a lone surrogate.
          if (bytes[at] === LOWER_U && (bytes[at + 1] !== ZERO || bytes[at + 2] !== ZERO)) plain = false
        }
      }
      textTo = at
    } else if (byte === COLON) {
      if (textTo - textFrom > LIMITS.keyBytes) return keyTooLong(textTo - textFrom)
      if (isForbiddenKey(bytes, textFrom, textTo)) return forbiddenKey(bytes, textFrom, textTo)
      if (plain) plain = isPlainKey(bytes, textFrom, textTo) && risesFrom(bytes, depth, textFrom, textTo)
      keyFrom[depth] = textFrom
      keyTo[depth] = textTo
      if (depth === 1 && isBody(bytes, textFrom, textTo)) bodyFrom = at + 1
    } else if (byte === COMMA) {
      if (depth === 1 && bodyFrom >= 0) {
        bodyBytes = at - bodyFrom
        bodyFrom = -1
      }
      const count = numberAt(commas, depth) + 1
      commas[depth] = count
      if (count >= LIMITS.objectMembers) {
        if (isObject[depth] === 1) return tooMany('members of an object', LIMITS.objectMembers)
        if (count >= LIMITS.arrayItems) return tooMany('items of a list', LIMITS.arrayItems)
      }
    } else if (byte === BRACE_OPEN || byte === BRACKET_OPEN) {
      depth++
      if (depth > LIMITS.depth) return { reason: 'too-deep', detail: `It is nested deeper than ${LIMITS.depth}.` }
      commas[depth] = 0
      isObject[depth] = byte === BRACE_OPEN ? 1 : 0
      keyFrom[depth] = -1
    } else if (byte === BRACE_CLOSE || byte === BRACKET_CLOSE) {
      if (depth === 0) return { reason: 'not-json', detail: 'A bracket is closed that was never opened.' }
      if (depth === 1 && bodyFrom >= 0) {
        bodyBytes = at - bodyFrom
        bodyFrom = -1
      }
      depth--
    } else if (byte === LOWER_E || byte === UPPER_E) {
      if (at === digitAt + 1) numbersFit = false
    } else if (byte !== undefined && byte >= ZERO && byte <= NINE) {
      digits = at === digitAt + 1 ? digits + 1 : 1
      digitAt = at
      if (digits >= LONG_NUMBER_DIGITS) numbersFit = false
    }
  }
  return { bodyBytes, plain, numbersFit }
}

/** For places that were counted off in the same line, so that they are within it. */
function numberAt(values: Uint8Array | Int32Array, at: number): number {
  return values[at] as number // within the array, see above
}

function isPlainKey(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = numberAt(bytes, at)
    if (byte === BACKSLASH || byte >= SORTS_APART) return false
  }
  return true
}

/** True where this key sorts strictly after the one before it in the same object. */
function risesFrom(bytes: Uint8Array, depth: number, from: number, to: number): boolean {
  const before = numberAt(keyFrom, depth)
  if (before < 0) return true
  const beforeTo = numberAt(keyTo, depth)
  const shared = Math.min(beforeTo - before, to - from)
  for (let offset = 0; offset < shared; offset++) {
    const a = numberAt(bytes, before + offset)
    const b = numberAt(bytes, from + offset)
    if (a !== b) return a < b
  }
  return beforeTo - before < to - from
}

// These three reach into JavaScript's own objects when a reader is careless; no honest body needs them.
const FORBIDDEN = ['__proto__', 'constructor', 'prototype'].map((key) => new TextEncoder().encode(key))

function isForbiddenKey(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from
  if (length !== 9 && length !== 11) return false
  return FORBIDDEN.some((key) => key.length === length && key.every((byte, offset) => bytes[from + offset] === byte))
}

function isBody(bytes: Uint8Array, from: number, to: number): boolean {
  return (
    to - from === 4 &&
    bytes[from] === 0x62 &&
    bytes[from + 1] === 0x6f &&
    bytes[from + 2] === 0x64 &&
    bytes[from + 3] === 0x79
  )
}

function keyTooLong(length: number): ScanFault {
  return { reason: 'too-large', detail: `A key has ${length} bytes; at most ${LIMITS.keyBytes} are taken.` }
}

function forbiddenKey(bytes: Uint8Array, from: number, to: number): ScanFault {
  return { reason: 'bad-text', detail: `The key “${Buffer.from(bytes.subarray(from, to)).toString()}” is not taken.` }
}

function tooMany(what: string, limit: number): ScanFault {
  return { reason: 'too-many', detail: `There are more than ${limit} ${what}.` }
}
