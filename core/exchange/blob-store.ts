// Content by hash, in the data folder. What comes in is hashed while it is copied; only what matches gets its name.
import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { ContentHash } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CopyOutcome, FolderAdapter } from './folder-adapter.ts'

export const BLOB_LIMIT_BYTES = 64 * 1024 * 1024

export interface BlobStore {
  /** Idempotent. Throws a StewardError CONTENT_TOO_LARGE over 64 MiB. */
  put(bytes: Uint8Array): Promise<ContentHash>
  /**
   * Copies a file in, streaming; the content must match `expected` where that is given.
   * Content that is here already is not read again.
   */
  putFile(path: string, expected: ContentHash | null): Promise<CopyOutcome>
  has(hash: ContentHash): Promise<boolean>
  /** The content is here, whole, and stays: a file alone may have been named a moment before a crash. */
  keeps(hash: ContentHash): Promise<boolean>
  sizeBytes(hash: ContentHash): Promise<number | null>
  /** The first `limitBytes` of the content. Whole content is hashed again, and null if the disk has changed it. */
  read(hash: ContentHash, limitBytes?: number): Promise<Uint8Array | null>
  /** Takes back what was put and is named by no receipt; for work that was cancelled. */
  drop(hash: ContentHash): Promise<void>
  /** Where the content lies or would lie. */
  pathOf(hash: ContentHash): string
}

/** Contents noted as durable; beyond these it is made sure again. */
const MOST_NOTED = 10_000

/** `<aa>/<sha256>`, relative to a folder of blobs: the same in the data folder and in the exchange. */
export function blobPath(contentHash: ContentHash): readonly [fan: string, name: string] {
  const hex = contentHash.slice('sha256:'.length)
  return [hex.slice(0, 2), hex]
}

export function createBlobStore(folder: string, files: FolderAdapter): BlobStore {
  const pathOf = (contentHash: ContentHash) => join(folder, ...blobPath(contentHash))
  const sizeBytes = async (contentHash: ContentHash) => {
    const found = await files.stat(pathOf(contentHash))
    return found?.kind === 'file' ? found.sizeBytes : null
  }
  /** What was made durable since this program runs. */
  const durable = new Set<ContentHash>()
  const noteDurable = (contentHash: ContentHash) => {
    if (durable.size >= MOST_NOTED) durable.clear()
    durable.add(contentHash)
  }
  const copyTo = async (from: string, contentHash: ContentHash) => {
    const sha256 = contentHash.slice('sha256:'.length)
    const copied = await files.copy(from, pathOf(contentHash), { sha256, limitBytes: BLOB_LIMIT_BYTES })
    if (copied.outcome === 'copied') noteDurable(contentHash)
    return copied
  }
  /** Whoever comes next for a content waits for whoever writes it: both would use one temporary name. */
  const writing = new Map<ContentHash, Promise<void>>()
  const inTurn = async <T>(contentHash: ContentHash, work: () => Promise<T>): Promise<T> => {
    const before = writing.get(contentHash)
    const turn = Promise.withResolvers<void>()
    writing.set(contentHash, turn.promise)
    try {
      await before
      return await work()
    } finally {
      if (writing.get(contentHash) === turn.promise) writing.delete(contentHash)
      turn.resolve()
    }
  }
  const keepsNow = async (contentHash: ContentHash) => {
    if ((await sizeBytes(contentHash)) === null) return false
    if (durable.has(contentHash)) return true
    return (await copyTo(pathOf(contentHash), contentHash)).outcome === 'copied'
  }
  const makeFolderFor = async (contentHash: ContentHash) => {
    await files.makeFolder(folder)
    await files.makeFolder(join(folder, blobPath(contentHash)[0]))
  }

  return {
    pathOf,
    sizeBytes,
    keeps: (contentHash) => inTurn(contentHash, () => keepsNow(contentHash)),
    drop: (contentHash) =>
      inTurn(contentHash, () => {
        durable.delete(contentHash)
        return files.remove(pathOf(contentHash))
      }),
    has: async (contentHash) => (await sizeBytes(contentHash)) !== null,

    async put(bytes) {
      if (bytes.length > BLOB_LIMIT_BYTES) throw contentTooLarge(bytes.length)
      // A fresh SHA-256 in hex has the form of a ContentHash.
      const contentHash = `sha256:${hash('sha256', bytes, 'hex')}` as ContentHash
      return inTurn(contentHash, async () => {
        if (durable.has(contentHash) && (await sizeBytes(contentHash)) === bytes.length) return contentHash
        await makeFolderFor(contentHash)
        await files.write(pathOf(contentHash), bytes)
        noteDurable(contentHash)
        return contentHash
      })
    },

    async putFile(path, expected) {
      const contentHash = expected ?? (await hashOfFile(files, path))
      if (contentHash === null) return { outcome: 'missing' }
      return inTurn(contentHash, async () => {
        await makeFolderFor(contentHash)
        const here = await sizeBytes(contentHash)
        if (here !== null && (await keepsNow(contentHash))) {
          return { outcome: 'copied', sizeBytes: here, sha256: contentHash.slice('sha256:'.length) }
        }
        return copyTo(path, contentHash)
      })
    },

    async read(contentHash, limitBytes = BLOB_LIMIT_BYTES) {
      const bytes = await files.read(pathOf(contentHash), limitBytes)
      if (bytes === null) return null
      if (bytes.length > limitBytes) return bytes.subarray(0, limitBytes)
      return `sha256:${hash('sha256', bytes, 'hex')}` === contentHash ? bytes : null
    },
  }
}

async function hashOfFile(files: FolderAdapter, path: string): Promise<ContentHash | null> {
  const bytes = await files.read(path, BLOB_LIMIT_BYTES)
  if (bytes === null) return null
  if (bytes.length > BLOB_LIMIT_BYTES) throw contentTooLarge(bytes.length)
  // As in put.
  return `sha256:${hash('sha256', bytes, 'hex')}` as ContentHash
}

function contentTooLarge(sizeBytes: number): StewardError {
  return new StewardError({
    code: 'CONTENT_TOO_LARGE',
    happened: `The content has ${sizeBytes} bytes; at most ${BLOB_LIMIT_BYTES} (64 MiB) can be kept.`,
    kept: 'Nothing was stored or signed.',
    remedy: 'Split it, or sign its hash and keep it elsewhere.',
  })
}
