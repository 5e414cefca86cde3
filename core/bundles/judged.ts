// The lines of a bundle, read and judged in worker threads: a few files ahead of whoever takes them, so that no core is idle and no
// more than those few are in memory.
import type { Json, NodeId } from '#core/contract/index.ts'
import type { VerificationPool } from '#core/exchange/index.ts'
import { parseJson, canonicalJson, LIMITS } from '#core/receipts/index.ts'
import type { SegmentEntry } from './layout.ts'
import { BUNDLE_LIMITS } from './limits.ts'
import { refuseEntry, type EntryRefusal } from './refusals.ts'
import type { BundleFile, BundleReader } from './types.ts'

type BytesReading = Awaited<ReturnType<VerificationPool['judgeBytes']>>
export type ReadLines = Extract<BytesReading, { result: 'read' }>

export interface JudgedFile {
  readonly file: BundleFile
  readonly judged:
    | ReadLines
    | { readonly result: 'refused'; readonly refusal: EntryRefusal }
    | { readonly result: 'foreign' }
    /** What looks like a portable proof: its text, not checked. */
    | { readonly result: 'proof'; readonly text: string }
}

/** Judges segments of one node, in the order given. */
export function judgeSegments(
  reader: BundleReader,
  pool: VerificationPool,
  node: NodeId,
  segments: readonly SegmentEntry[],
): AsyncGenerator<JudgedFile> {
  return ahead(segments, pool.size + 1, async ({ file, range }) => {
    const content = await reader.read(file, LIMITS.segmentBytes)
    if (!content.ok) return { file, judged: { result: 'refused', refusal: content.refusal } }
    const reading = await pool.judgeBytes({ bytes: content.bytes, segment: { ...range, node }, source: node })
    return { file, judged: told(file, reading, range.last - range.first + 1) }
  })
}

/** Judges files that may hold receipts of anybody, one on each line, or one that was made easy to read. */
export function judgeLineFiles(
  reader: BundleReader,
  pool: VerificationPool,
  files: readonly BundleFile[],
): AsyncGenerator<JudgedFile> {
  return ahead(files, pool.size + 1, async (file) => {
    // Too large for lines of receipts, so it is something else.
    if (file.sizeBytes > BUNDLE_LIMITS.linesFileBytes) return { file, judged: { result: 'foreign' } }
    const content = await reader.read(file, BUNDLE_LIMITS.linesFileBytes)
    if (!content.ok) return { file, judged: { result: 'refused', refusal: content.refusal } }
    const text = proofIn(file, content.bytes)
    if (text !== null) return { file, judged: { result: 'proof', text } }
    const bytes = linesIn(content.bytes)
    if (bytes === null) return { file, judged: { result: 'foreign' } }
    return { file, judged: told(file, await pool.judgeBytes({ bytes, segment: null, source: SOURCE }), 0) }
  })
}

/** Single receipts are nobody's folder: their slow checks are rationed together. */
const SOURCE = 'bundle'

function told(file: BundleFile, reading: BytesReading, promised: number): JudgedFile['judged'] {
  switch (reading.result) {
    case 'read':
      return reading
    case 'unfinished':
      return {
        result: 'refused',
        refusal: refuseEntry(
          file.name,
          'unfinished',
          `Its name promises ${promised} receipts, but it is cut off or holds gaps.`,
        ),
      }
    case 'failed':
      return {
        result: 'refused',
        refusal: refuseEntry(file.name, 'unreadable', `It could not be judged (${reading.code}).`),
      }
  }
}

/** Null for what is no proof by its first words: JSON that names the format, or a page that carries such JSON. */
function proofIn({ name }: BundleFile, bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isPage = /\.html?$/i.test(name)
  const at = text.indexOf(PROOF_MARK)
  return at !== -1 && (isPage || at < 64) ? text.toString('utf8') : null
}

const PROOF_MARK = '"format": "steward-proof/'

/** Null for what holds no receipt. */
export function linesIn(bytes: Uint8Array): Uint8Array | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!text.includes(MARK)) return null
  if (text.includes('"receipt":"steward/1"')) return bytes
  if (text.length > INDENTED_BYTES) return null
  // Indented for a person: its signature is over the canonical form all the same.
  try {
    // JSON.parse answers nothing but JSON values; what has no canonical form is thrown out.
    return Buffer.from(canonicalJson(parseJson(text.toString('utf8')) as Json))
  } catch {
    return bytes
  }
}

/** One receipt, however it is indented; more is none. A tree of JSON takes some twenty times the memory of its text. */
const INDENTED_BYTES = 1024 * 1024

const MARK = 'steward/1'

async function* ahead<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = []
  try {
    for (const item of items) {
      running.push(work(item))
      if (running.length >= width) yield* running.splice(0, 1)
    }
    while (running.length > 0) yield* running.splice(0, 1)
  } finally {
    // Whoever stops early waits for what was begun, so that the bundle can be closed.
    await Promise.allSettled(running)
  }
}
