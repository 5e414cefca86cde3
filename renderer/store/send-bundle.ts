// Files on their way to the core of a browser host: a zip as it is, everything else packed into one on the way, uncompressed and piece
// by piece, so that the core judges one kind of thing and no copy of a folder lies in memory.
import type { Api } from './api.ts'
import type { DroppedFile } from './dropped-files.ts'
import { PIECE_BYTES, toBase64, UploadCancelledError, uploadFile } from './upload.ts'

interface Sent {
  readonly upload: string
  readonly name: string
}

/** What a bundle may have at most. */
const BUNDLE_BYTES = 2 * 1024 ** 3

/** @param onProgress bytes of content that the core has confirmed, and of all */
export async function sendBundle(
  api: Api,
  name: string,
  files: readonly DroppedFile[],
  onProgress: (sentBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
): Promise<Sent> {
  const [first] = files
  if (first !== undefined && files.length === 1 && /\.zip$/i.test(first.name)) {
    const { file } = first
    const progress = (sentBytes: number) => onProgress(sentBytes, file.size)
    return { upload: await uploadFile(api, file, progress, signal, 'bundle'), name: file.name }
  }
  return { upload: await sendPacked(api, files, onProgress, signal), name }
}

async function sendPacked(
  api: Api,
  files: readonly DroppedFile[],
  onProgress: (sentBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const { Zip, ZipPassThrough } = await import('fflate')
  const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0)
  const { upload } = await api.uploads.begin({ sizeBytes: BUNDLE_BYTES, for: 'bundle' })
  const outbox = new Outbox(api, upload)
  try {
    const zip = new Zip((error, bytes) => {
      if (error) throw error
      outbox.put(bytes)
    })
    let sentBytes = 0
    for (const { name, file } of files) {
      const entry = new ZipPassThrough(name)
      zip.add(entry)
      for (let at = 0; at < file.size || at === 0; at += PIECE_BYTES) {
        if (signal.aborted) throw new UploadCancelledError('the steward cancelled')
        const piece = new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer())
        entry.push(piece, at + PIECE_BYTES >= file.size)
        sentBytes += piece.length
        await outbox.send(false)
      }
      onProgress(sentBytes, totalBytes)
    }
    zip.end()
    await outbox.send(true)
    await api.uploads.end({ upload })
    return upload
  } catch (thrown) {
    // The first failure is what the steward should hear of; the core drops what nobody names by itself.
    await api.uploads.cancel({ upload }).catch(() => undefined)
    throw thrown
  }
}

/** Gathers small writes until they fill a message. */
class Outbox {
  readonly #api: Api
  readonly #upload: string
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #offset = 0

  constructor(api: Api, upload: string) {
    this.#api = api
    this.#upload = upload
  }

  put(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
  }

  async send(all: boolean): Promise<void> {
    if (this.#waitingBytes < PIECE_BYTES && !all) return
    const bytes = new Uint8Array(this.#waitingBytes)
    let at = 0
    for (const each of this.#waiting) {
      bytes.set(each, at)
      at += each.length
    }
    let done = 0
    for (; bytes.length - done >= PIECE_BYTES || (all && done < bytes.length); done += PIECE_BYTES) {
      const piece = bytes.subarray(done, done + PIECE_BYTES)
      await this.#api.uploads.piece({ upload: this.#upload, offset: this.#offset, base64: toBase64(piece) })
      this.#offset += piece.length
    }
    this.#waiting = done < bytes.length ? [bytes.subarray(done)] : []
    this.#waitingBytes = Math.max(0, bytes.length - done)
  }
}
