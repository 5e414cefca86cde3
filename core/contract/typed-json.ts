// JSON that a person typed and is about to sign, in the window or on a command line. `JSON.parse` alone would take what cannot be
// signed as typed: of two equal keys it keeps the last in silence, and it rounds numbers. Both are said here, before anything is signed.
import { isSafeNumber, parse } from 'lossless-json'
import type { Json } from './ids.ts'

export type JsonText =
  | { readonly ok: true; readonly value: Json }
  /** `isJson` is false where it could not even be read. */
  | { readonly ok: false; readonly why: string; readonly isJson: boolean }

/** Canonical bodies may have 64 KiB; counted here on the compact form, which is as long. */
const LIMIT_BYTES = 64 * 1024
/** A receipt takes 32 levels, of which its body is the second. */
const LIMIT_LEVELS = 31
/** They reach into JavaScript's own objects when a reader is careless: no receipt takes them. */
const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype']

export function parseJsonText(text: string): JsonText {
  if (text.trim() === '') return { ok: false, isJson: false, why: 'Nothing is written yet.' }
  const fault = firstFault(text)
  if (fault !== null) return { ok: false, ...fault }
  // Not JSON.parse, which confuses escaped names (see parse-json.ts of receipts). It yields nothing but JSON values.
  const value = parse(text, undefined, Number) as Json
  const sizeBytes = new TextEncoder().encode(JSON.stringify(value)).length
  return sizeBytes > LIMIT_BYTES
    ? unfit(`A body has at most 64 KiB; this has ${Math.ceil(sizeBytes / 1024)} KiB. Sign a file instead.`)
    : { ok: true, value }
}

/** As `parseJsonText`, and the value must be an object, as the body of a receipt is. */
export function parseBodyText(
  text: string,
): { readonly ok: true; readonly value: { readonly [key: string]: Json } } | Extract<JsonText, { ok: false }> {
  const parsed = parseJsonText(text)
  if (!parsed.ok) return parsed
  return isObject(parsed.value)
    ? { ok: true, value: parsed.value }
    : unfit('A body is a JSON object: it begins with { and ends with }.')
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Engines name the place of a fault each in their own way, or not at all; so the tokens are walked here.
const TOKEN =
  /[ \t\r\n]*("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,])/y // oxlint-disable-line no-control-regex -- JSON strings hold none

type Expected = 'a value' | 'a value or ]' | 'a key' | 'a key or }' | ':' | ', or }' | ', or ]' | 'the end'

interface Fault {
  readonly why: string
  readonly isJson: boolean
}

/** What keeps the text from being signed as typed, and where; null where nothing does. */
function firstFault(text: string): Fault | null {
  /** The objects and arrays that are open, each object with its keys so far. */
  const open: (Set<string> | null)[] = []
  let expected: Expected = 'a value'
  const afterValue = (): Expected => (open.length === 0 ? 'the end' : open.at(-1) === null ? ', or ]' : ', or }')

  for (let at = 0; ;) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)?.[1]
    if (token === undefined) {
      const rest = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0)
      if (rest < text.length) return notJson(`${expected} should stand at ${placeOf(text, rest)}`)
      return expected === 'the end'
        ? null
        : { isJson: false, why: `This is not complete yet: ${expected} should follow.` }
    }
    const start = TOKEN.lastIndex - token.length
    // Only where it is wrong: to find its line is to read all that stands before it.
    const wrong = () => notJson(`${expected} should stand at ${placeOf(text, start)}`)
    at = TOKEN.lastIndex

    if (token === '}' || token === ']') {
      const closes = token === '}' ? ['a key or }', ', or }'] : ['a value or ]', ', or ]']
      if (!closes.includes(expected)) return wrong()
      open.pop()
      expected = afterValue()
    } else if (token === ',') {
      if (expected !== ', or }' && expected !== ', or ]') return wrong()
      expected = expected === ', or }' ? 'a key' : 'a value'
    } else if (token === ':') {
      if (expected !== ':') return wrong()
      expected = 'a value'
    } else if (expected === 'a key' || expected === 'a key or }') {
      if (!token.startsWith('"')) return wrong()
      const key = String(JSON.parse(token))
      if (!key.isWellFormed()) return halfCharacter(text, start)
      if (FORBIDDEN_KEYS.includes(key)) return unfit(`The key ${token} is not taken. Give it another name.`)
      if (open.at(-1)?.has(key))
        return unfit(`The key ${shown(token)} is written twice in one object; only one could be signed.`)
      open.at(-1)?.add(key)
      expected = ':'
    } else if (expected !== 'a value' && expected !== 'a value or ]') {
      return wrong()
    } else if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null)
      if (open.length > LIMIT_LEVELS)
        return unfit(`It is nested more than ${LIMIT_LEVELS} levels deep. Put what it says into fewer levels.`)
      expected = token === '{' ? 'a key or }' : 'a value or ]'
    } else {
      if (token.startsWith('"')) {
        if (!String(JSON.parse(token)).isWellFormed()) return halfCharacter(text, start)
      } else if (Object.is(Number(token), -0)) {
        return unfit(`The number ${shown(token)} would be signed as 0. Write 0, or write it as text, in quotes.`)
      } else if (/^[-\d]/.test(token) && !isSafeNumber(token)) {
        return unfit(`The number ${shown(token)} cannot be kept exactly. Write it as text, in quotes.`)
      }
      expected = afterValue()
    }
  }
}

function notJson(what: string): Fault {
  return { isJson: false, why: `This is not JSON yet: ${what}.` }
}

/** It is JSON, but no reader could be sure to read back what was typed, or no receipt takes it. */
function unfit(why: string): Fault & { readonly ok: false } {
  return { ok: false, isJson: true, why }
}

function halfCharacter(text: string, at: number): Fault {
  return unfit(
    `The text at ${placeOf(text, at)} holds half of a character, such as \\ud800 without its other half. Write the whole character.`,
  )
}

function shown(token: string): string {
  return token.length > 60 ? `${token.slice(0, 60)}…` : token
}

function placeOf(text: string, position: number): string {
  const before = text.slice(0, position).split('\n')
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
}
