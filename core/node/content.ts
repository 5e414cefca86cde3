// What a claim says, ready to show: its body, or the blob that its body names. Text is cut at 1 MiB and says so.
import type { ContentHash, ContentView, Json } from '#core/contract/index.ts'
import type { BlobStore } from '#core/exchange/index.ts'
import { canonicalJson } from '#core/receipts/index.ts'

const SHOWN_BYTES = 1024 * 1024
/** A diff reads more than a person is shown: both documents whole, within a blob's limit. */
const DIFFED_BYTES = 8 * 1024 * 1024

type Body = { readonly [key: string]: Json }

/** The blob that a body names, where it names one: `{content: {hash}}`. */
export function namedContent(body: Body): ContentHash | null {
  const content = body['content']
  if (content === null || typeof content !== 'object' || !('hash' in content)) return null
  const { hash } = content
  // The pattern of ContentHash is checked here.
  return typeof hash === 'string' && /^sha256:[0-9a-f]{64}$/.test(hash) ? (hash as ContentHash) : null
}

/** The content of a receipt for a person to see: its blob where it names one, otherwise the body itself. */
export async function contentView(body: Body, blobs: BlobStore): Promise<ContentView> {
  const named = namedContent(body)
  if (named === null) return shown(new TextEncoder().encode(JSON.stringify(body, null, 2)), null, 'json')
  const [bytes, sizeBytes] = await Promise.all([blobs.read(named, SHOWN_BYTES), blobs.sizeBytes(named)])
  return bytes === null ? MISSING : shown(bytes, sizeBytes, null)
}

/** Whole text for the diff; null where it is missing, binary or too large to compare. */
export async function contentText(body: Body, blobs: BlobStore): Promise<string | null> {
  const named = namedContent(body)
  if (named === null) return canonicalJson(body)
  const sizeBytes = await blobs.sizeBytes(named)
  if (sizeBytes === null || sizeBytes > DIFFED_BYTES) return null
  const bytes = await blobs.read(named)
  return bytes === null ? null : textOf(bytes)
}

const MISSING: ContentView = {
  type: 'missing',
  why: 'The content that this receipt names has not arrived here.',
  remedy: 'It is fetched as soon as a node that has it shares it in the exchange folder.',
}

function shown(bytes: Uint8Array, sizeBytes: number | null, known: 'json' | null): ContentView {
  const whole = sizeBytes ?? bytes.length
  const cut = bytes.length > SHOWN_BYTES || whole > bytes.length
  const text = textOf(cut ? wholeCharacters(bytes.subarray(0, SHOWN_BYTES)) : bytes)
  if (text === null) return { type: 'binary', sizeBytes: whole }
  return { type: known ?? (cut || !isJson(text) ? 'text' : 'json'), text, sizeBytes: whole, cut }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

// A cut may fall into a character of several bytes; its beginning is dropped with it.
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && bytes.length - end < 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--
  return (bytes[end - 1] ?? 0) >= 0xc0 ? bytes.subarray(0, end - 1) : bytes
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
