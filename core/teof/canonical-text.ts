// TEOF's canonical JSON in one pass over the text: keys sorted by code point, compact, non-ASCII unescaped, numbers as written.
// Parsing to doubles and printing again would change the hash of about one real file in ten (`24.0` would become `24`), and building
// a tree first would cost more than the hash. Members of the outermost object stay apart, because signatures omit some of them.
import { isUtf8 } from 'node:buffer'
import { JsonFault, JsonReader, parsedString } from './json-reader.ts'
import type { JsonDocument, Member } from './json-reader.ts'
import { TEOF_LIMITS } from './limits.ts'

export type { Member } from './json-reader.ts'

export interface JsonText extends JsonDocument {
  /** True where the file began with a byte-order mark, which is no part of the content. */
  readonly hadByteOrderMark: boolean
}

export type ReadJson = { readonly ok: true; readonly json: JsonText } | { readonly ok: false; readonly why: string }

/** Reads the bytes of one file; `why` continues the sentence "It cannot be read as JSON: …". Never throws. */
export function readJson(bytes: Uint8Array): ReadJson {
  if (bytes.length > TEOF_LIMITS.jsonBytes)
    return fault(`it has ${bytes.length} bytes, and at most ${TEOF_LIMITS.jsonBytes} are read`)
  if (bytes.length === 0) return fault('the file is empty')
  if (!isUtf8(bytes)) return fault(notUtf8(bytes))
  return readJsonText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
}

/** The same for text that was decoded already; its length is the caller's affair. */
export function readJsonText(text: string): ReadJson {
  const hadByteOrderMark = text.charCodeAt(0) === 0xfeff
  const reader = new JsonReader(text, hadByteOrderMark ? 1 : 0)
  try {
    const { canonical, members, items } = reader.document()
    return { ok: true, json: { canonical, members, items, hadByteOrderMark } }
  } catch (thrown) {
    if (thrown instanceof JsonFault) return fault(`${thrown.why}${lineOf(text, thrown.at)}`)
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
  if (!canonical.startsWith('[')) return null
  const read = readJsonText(canonical)
  return read.ok ? read.json.items : null
}

/** The members of a canonical text that is an object; null where it is something else. */
export function membersOf(canonical: string): readonly Member[] | null {
  if (!canonical.startsWith('{')) return null
  const read = readJsonText(canonical)
  return read.ok ? read.json.members : null
}

/** The string that a canonical text is; null where it is something else. */
export function stringOf(canonical: string): string | null {
  // Parsed, not sliced: a slice would keep the whole file in memory for as long as the caller keeps the string.
  return canonical.startsWith('"') ? parsedString(canonical) : null
}

/** Nothing in a file of one line, or where the file ends. */
function lineOf(text: string, at: number): string {
  if (at >= text.length || !text.trimEnd().includes('\n')) return ''
  return `, in line ${text.slice(0, at).split('\n').length}`
}

function notUtf8(bytes: Uint8Array): string {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'it is UTF-16, not UTF-8'
  return 'its bytes are not UTF-8'
}

function fault(why: string): ReadJson {
  return { ok: false, why }
}
