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
  sizeBytes(hash: ContentHash): Promise<number | null>
  /** The first `limitBytes` of the content. Whole content is hashed again, and null if the disk has changed it. */
  read(hash: ContentHash, limitBytes?: number): Promise<Uint8Array | null>
  /** Takes back what was put and is named by no receipt; for work that was cancelled. */
  drop(hash: ContentHash): Promise<void>
  /** Where the content lies or would lie. */
  pathOf(hash: ContentHash): string
}

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
  const makeFolderFor = async (contentHash: ContentHash) => {
    await files.makeFolder(folder)
    await files.makeFolder(join(folder, blobPath(contentHash)[0]))
  }

  return {
    pathOf,
    sizeBytes,
    drop: (contentHash) => files.remove(pathOf(contentHash)),
    has: async (contentHash) => (await sizeBytes(contentHash)) !== null,

    async put(bytes) {
      if (bytes.length > BLOB_LIMIT_BYTES) throw contentTooLarge(bytes.length)
      // A fresh SHA-256 in hex has the form of a ContentHash.
      const contentHash = `sha256:${hash('sha256', bytes, 'hex')}` as ContentHash
      if ((await sizeBytes(contentHash)) === bytes.length) return contentHash
      await makeFolderFor(contentHash)
      await files.write(pathOf(contentHash), bytes)
      return contentHash
    },

    async putFile(path, expected) {
      const contentHash = expected ?? (await hashOfFile(files, path))
      if (contentHash === null) return { outcome: 'missing' }
      const sha256 = contentHash.slice('sha256:'.length)
      const here = await sizeBytes(contentHash)
      if (here !== null) return { outcome: 'copied', sizeBytes: here, sha256 }
      await makeFolderFor(contentHash)
      return files.copy(path, pathOf(contentHash), { sha256, limitBytes: BLOB_LIMIT_BYTES })
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
