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
  if (named === null) {
    const bytes = new TextEncoder().encode(JSON.stringify(body, null, 2))
    return shown(bytes, bytes.length, 'json')
  }
  const [bytes, sizeBytes] = await Promise.all([blobs.read(named, SHOWN_BYTES), blobs.sizeBytes(named)])
  return bytes === null || sizeBytes === null ? MISSING : shown(bytes, sizeBytes, null)
}

/** Whole text for the diff; null where it is missing, binary or too large to compare. */
export async function contentText(body: Body, blobs: BlobStore): Promise<string | null> {
  const named = namedContent(body)
  if (named === null) return canonicalJson(body)
  const bytes = await blobs.read(named, DIFFED_BYTES + 1)
  return bytes === null || bytes.length > DIFFED_BYTES ? null : textOf(bytes, false)
}

const MISSING: ContentView = {
  type: 'missing',
  why: 'The content that this receipt names has not arrived here.',
  remedy: 'It is fetched as soon as a node that has it shares it in the exchange folder.',
}

/** `bytes`: the beginning of what has `sizeBytes` in all. */
function shown(bytes: Uint8Array, sizeBytes: number, known: 'json' | null): ContentView {
  const cut = sizeBytes > SHOWN_BYTES
  const text = textOf(bytes.subarray(0, SHOWN_BYTES), cut)
  if (text === null) return { type: 'binary', sizeBytes }
  return { type: known ?? (cut || !isJson(text) ? 'text' : 'json'), text, sizeBytes, cut }
}

/** A cut may fall into a character of several bytes: its beginning is left out. */
function textOf(bytes: Uint8Array, cut: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut })
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
