// A segment's bytes, read in one go on a worker thread: synchronous reading is several times faster there than promises.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { LIMITS } from '#core/receipts/index.ts'
import { isNoPlainFile, READING_PLAIN, type FileStat } from './folder-adapter.ts'

export interface SegmentBytes {
  readonly bytes: Uint8Array
  /** Taken after reading. */
  readonly stat: Pick<FileStat, 'sizeBytes' | 'mtimeNs'>
}

/** Null where no plain file has that name; links are not followed and nothing waits for the writer of a FIFO. */
export function readSegmentFile(path: string): SegmentBytes | null {
  const file = openPlain(path)
  if (file === null) return null
  try {
    const { size } = fstatSync(file)
    const bytes = new Uint8Array(Math.min(size, LIMITS.segmentBytes) + 1)
    let done = 0
    for (let step = -1; step !== 0 && done < bytes.length; done += step) {
      step = readSync(file, bytes, done, bytes.length - done, done)
    }
    const after = fstatSync(file, { bigint: true })
    if (!after.isFile()) return null
    return {
      bytes: bytes.subarray(0, done),
      stat: { sizeBytes: Number(after.size), mtimeNs: after.mtimeNs.toString() },
    }
  } finally {
    closeSync(file)
  }
}

function openPlain(path: string): number | null {
  try {
    return openSync(path, READING_PLAIN)
  } catch (error) {
    if (isNoPlainFile(error)) return null
    throw error
  }
}
