// JSON that a person typed and is about to sign. `JSON.parse` alone would take what cannot be signed as typed: of two
// equal keys it keeps the last in silence, and it rounds integers beyond 2^53. Both are said here, before the core refuses.
import type { Json } from '#core/contract/index.ts'

export type JsonText = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: string }

/** Canonical bodies may have 64 KiB; counted here on the compact form, which is as long. */
const LIMIT_BYTES = 64 * 1024

export function parseJsonText(text: string): JsonText {
  if (text.trim() === '') return { ok: false, why: 'Nothing is written yet.' }
  const fault = firstFault(text)
  if (fault !== null) return { ok: false, why: fault }
  // JSON.parse yields nothing but JSON values, and the walk above found nothing that it refuses.
  const value = JSON.parse(text) as Json
  const sizeBytes = new TextEncoder().encode(JSON.stringify(value)).length
  return sizeBytes > LIMIT_BYTES
    ? { ok: false, why: `A body has at most 64 KiB; this has ${Math.ceil(sizeBytes / 1024)} KiB. Sign a file instead.` }
    : { ok: true, value }
}

/** As `parseJsonText`, and the value must be an object, as the body of a receipt is. */
export function parseBodyText(
  text: string,
):
  | { readonly ok: true; readonly value: { readonly [key: string]: Json } }
  | { readonly ok: false; readonly why: string } {
  const parsed = parseJsonText(text)
  if (!parsed.ok) return parsed
  return isObject(parsed.value)
    ? { ok: true, value: parsed.value }
    : { ok: false, why: 'A body is a JSON object: it begins with { and ends with }.' }
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Engines name the place of a fault each in their own way, or not at all; so the tokens are walked here.
const TOKEN =
  /[ \t\r\n]*("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,])/y // oxlint-disable-line no-control-regex -- JSON strings hold none

type Expected = 'a value' | 'a value or ]' | 'a key' | 'a key or }' | ':' | ', or }' | ', or ]' | 'the end'

/** What keeps the text from being signed as typed, and where; null where nothing does. */
function firstFault(text: string): string | null {
  /** The objects and arrays that are open, each object with its keys so far. */
  const open: (Set<string> | null)[] = []
  let expected: Expected = 'a value'
  const afterValue = (): Expected => (open.length === 0 ? 'the end' : open.at(-1) === null ? ', or ]' : ', or }')

  for (let at = 0; ;) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)?.[1]
    if (token === undefined) {
      const rest = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0)
      if (rest < text.length) return `This is not JSON yet: ${expected} should stand at ${placeOf(text, rest)}.`
      return expected === 'the end' ? null : `This is not complete yet: ${expected} should follow.`
    }
    const start = TOKEN.lastIndex - token.length
    const wrong = `This is not JSON yet: ${expected} should stand at ${placeOf(text, start)}.`
    at = TOKEN.lastIndex

    if (token === '}' || token === ']') {
      const closes = token === '}' ? ['a key or }', ', or }'] : ['a value or ]', ', or ]']
      if (!closes.includes(expected)) return wrong
      open.pop()
      expected = afterValue()
    } else if (token === ',') {
      if (expected !== ', or }' && expected !== ', or ]') return wrong
      expected = expected === ', or }' ? 'a key' : 'a value'
    } else if (token === ':') {
      if (expected !== ':') return wrong
      expected = 'a value'
    } else if (expected === 'a key' || expected === 'a key or }') {
      if (!token.startsWith('"')) return wrong
      const key = String(JSON.parse(token))
      if (open.at(-1)?.has(key)) return `The key ${token} is written twice in one object; only one could be signed.`
      open.at(-1)?.add(key)
      expected = ':'
    } else if (expected !== 'a value' && expected !== 'a value or ]') {
      return wrong
    } else if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null)
      expected = token === '{' ? 'a key or }' : 'a value or ]'
    } else {
      if (/^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)))
        return `The number ${token} cannot be kept exactly. Write it as text, in quotes.`
      expected = afterValue()
    }
  }
}

function placeOf(text: string, position: number): string {
  const before = text.slice(0, position).split('\n')
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
}
