// Content by hash in a bundle: what is there, whole and as its name says.
import { createHash } from 'node:crypto'
import type { BundlePreview, ContentHash } from '#core/contract/index.ts'
import { BLOB_LIMIT_BYTES, isAwaited } from '#core/exchange/index.ts'
import type { Inspection } from './inspection.ts'
import { refuseEntry, type EntryRefusal } from './refusals.ts'
import type { ContentEntry } from './layout.ts'

/** Reads all of it; what is not as it should be is refused. @throws the signal's reason where it was aborted. */
export async function countContents(inspection: Inspection): Promise<BundlePreview['contents']> {
  let count = 0
  let sizeBytes = 0
  let awaited = 0
  for (const entry of inspection.layout.contents) {
    const refusal = await judgeContent(inspection, entry)
    inspection.done(entry.file)
    if (refusal === null) {
      count++
      sizeBytes += entry.file.sizeBytes
      // The name of an entry of this kind is 64 hex digits.
      if (isAwaited(inspection.deps.ledger.read, `sha256:${entry.sha256}` as ContentHash)) awaited++
    } else {
      inspection.refused.add(refusal)
    }
    await inspection.rest()
  }
  return { count, sizeBytes, awaited }
}

async function judgeContent(inspection: Inspection, { file, sha256 }: ContentEntry): Promise<EntryRefusal | null> {
  if (file.sizeBytes > BLOB_LIMIT_BYTES) {
    const detail = `It has ${file.sizeBytes} bytes; at most ${BLOB_LIMIT_BYTES} are taken.`
    return refuseEntry(file.name, 'too-large', detail)
  }
  const hash = createHash('sha256')
  const refusal = await inspection.reader.pour(file, (piece) => {
    hash.update(piece)
    inspection.heed()
  })
  if (refusal !== null) return refusal
  const found = hash.digest('hex')
  if (found === sha256) return null
  return refuseEntry(file.name, 'content-mismatch', `Its content has the hash sha256:${found}.`)
}
