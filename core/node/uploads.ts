// Content on its way in, in pieces of at most 512 KiB: kept in the data folder until a receipt names it, dropped otherwise.
import type { Instant } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { HomeAdapter } from './home-adapter.ts'

const PIECE_BYTES = 512 * 1024
const CONTENT_BYTES = 64 * 1024 * 1024
const OPEN_UPLOADS = 8
const FOLDER = 'uploads'
/** A window that was closed in the middle sends nothing more: after this its place is free for another. */
const ABANDONED_MS = 10 * 60_000

interface Upload {
  /** At most; what has arrived once it has ended. */
  sizeBytes: number
  received: number
  lastMs: number
}

export interface Uploads {
  /** @throws StewardError CONTENT_TOO_LARGE or UPLOADS_FULL. */
  begin(sizeBytes: number, purpose: 'content' | 'bundle'): string
  piece(upload: string, offset: number, bytes: Uint8Array): number
  /** No more pieces come: what arrived is all. Answers how much that is. */
  end(upload: string): number
  cancel(upload: string): void
  sizeBytes(upload: string): number
  /** Path of the whole file; the caller takes its content and then cancels. @throws StewardError UPLOAD_INCOMPLETE. */
  path(upload: string): string
  /** As `path`, but the file is the caller's from now on, to be removed by `remove`. @throws StewardError UPLOAD_INCOMPLETE. */
  take(upload: string): { readonly path: string; readonly remove: () => void }
  /** Nothing survives the session: what no receipt named is nobody's. */
  clear(): void
}

export function createUploads(home: HomeAdapter, clock: () => Instant, newId: () => string): Uploads {
  const open = new Map<string, Upload>()
  home.remove(FOLDER)

  const nameOf = (upload: string) => `${FOLDER}/${upload}`
  function find(upload: string): Upload {
    const found = open.get(upload)
    if (found !== undefined) return found
    throw new StewardError({
      code: 'UPLOAD_UNKNOWN',
      happened: 'This upload is not open any more.',
      kept: 'Nothing was signed.',
      remedy: 'Choose the file again.',
    })
  }

  function drop(upload: string): void {
    if (open.delete(upload)) home.remove(nameOf(upload))
  }

  return {
    begin(sizeBytes, purpose) {
      if (purpose === 'content' && sizeBytes > CONTENT_BYTES) throw contentTooLarge(sizeBytes)
      const nowMs = Date.parse(clock())
      for (const [upload, { lastMs }] of open) if (nowMs - lastMs > ABANDONED_MS) drop(upload)
      if (open.size >= OPEN_UPLOADS) {
        throw new StewardError({
          code: 'UPLOADS_FULL',
          happened: `${OPEN_UPLOADS} files are being taken in already.`,
          kept: 'The files already chosen go on.',
          remedy: 'Wait for one of them, or cancel one.',
        })
      }
      const upload = newId()
      home.writeAt(nameOf(upload), 0, new Uint8Array())
      open.set(upload, { sizeBytes, received: 0, lastMs: nowMs })
      return upload
    },
    piece(upload, offset, bytes) {
      const found = find(upload)
      if (offset !== found.received || bytes.length > PIECE_BYTES || offset + bytes.length > found.sizeBytes) {
        throw new StewardError({
          code: 'UPLOAD_OUT_OF_STEP',
          happened: `A piece of the file came at ${offset} where ${found.received} was expected.`,
          kept: 'Nothing was signed.',
          remedy: 'Choose the file again.',
        })
      }
      if (bytes.length > 0) home.writeAt(nameOf(upload), offset, bytes)
      found.received += bytes.length
      found.lastMs = Date.parse(clock())
      return found.received
    },
    end(upload) {
      const found = find(upload)
      found.sizeBytes = found.received
      return found.received
    },
    cancel: drop,
    sizeBytes: (upload) => find(upload).sizeBytes,
    path: pathOf,
    take(upload) {
      const path = pathOf(upload)
      open.delete(upload)
      return { path, remove: () => home.remove(nameOf(upload)) }
    },
    clear() {
      open.clear()
      home.remove(FOLDER)
    },
  }

  function pathOf(upload: string): string {
    const found = find(upload)
    if (found.received === found.sizeBytes) return home.path(nameOf(upload))
    throw new StewardError({
      code: 'UPLOAD_INCOMPLETE',
      happened: `Only ${found.received} of ${found.sizeBytes} bytes of the file have arrived.`,
      kept: 'Nothing was signed.',
      remedy: 'Wait for the file, or choose it again.',
    })
  }
}

function contentTooLarge(sizeBytes: number): StewardError {
  return new StewardError({
    code: 'CONTENT_TOO_LARGE',
    happened: `The file has ${sizeBytes} bytes; at most ${CONTENT_BYTES} (64 MiB) can be content of a receipt.`,
    kept: 'Nothing was stored or signed.',
    remedy: 'Split it, or sign its hash and keep it elsewhere.',
  })
}
