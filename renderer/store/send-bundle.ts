// Files on their way to the core of a browser host: a zip as it is, everything else packed into one on the way, uncompressed and piece
// by piece, so that the core judges one kind of thing and no copy of a folder lies in memory.
import type { Api } from './api.ts'
import type { DroppedFile } from './dropped-files.ts'
import { Turns } from './turns.ts'
import { PIECE_BYTES, toBase64, UploadCancelledError, uploadFile } from './upload.ts'
import { ZipDirectory } from './zip-directory.ts'

interface Sent {
  readonly upload: string
  readonly name: string
}

/** What a bundle may have at most. */
const BUNDLE_BYTES = 2 * 1024 ** 3

/** How far it is: bytes of one file, or files where they are many. */
export interface SendProgress {
  readonly done: number
  /** 0 while nobody knows. */
  readonly total: number
  readonly unit: 'bytes' | 'files'
}

export async function sendBundle(
  api: Api,
  name: string,
  files: AsyncIterable<DroppedFile>,
  onProgress: (progress: SendProgress) => void,
  signal: AbortSignal,
): Promise<Sent> {
  const queue = files[Symbol.asyncIterator]()
  const two = await taken(queue, 2)
  const [first] = two
  if (first !== undefined && two.length === 1 && /\.zip$/i.test(first.name)) {
    const { file } = first
    const progress = (done: number) => onProgress({ done, total: file.size, unit: 'bytes' })
    return { upload: await uploadFile(api, file, progress, signal, 'bundle'), name: file.name }
  }
  return { upload: await sendPacked(api, two, queue, onProgress, signal), name }
}

async function sendPacked(
  api: Api,
  first: readonly DroppedFile[],
  queue: AsyncIterator<DroppedFile>,
  onProgress: (progress: SendProgress) => void,
  signal: AbortSignal,
): Promise<string> {
  const { Zip, ZipPassThrough } = await import('fflate')
  const { upload } = await api.uploads.begin({ sizeBytes: BUNDLE_BYTES, for: 'bundle' })
  const outbox = new Outbox(api, upload)
  const turns = new Turns()
  try {
    const directory = new ZipDirectory()
    let shownAt = 0
    let waiting = first
    while (waiting.length > 0) {
      const group = await readSome(waiting)
      // It keeps what it is given, for a list that is not written by it.
      const zip = new Zip((error, bytes) => {
        if (error) throw error
        outbox.put(bytes)
      })
      for (const { name, file, beginning } of group) {
        if (signal.aborted) throw new UploadCancelledError('the steward cancelled')
        const entry = new ZipPassThrough(name)
        const offset = outbox.offset
        zip.add(entry)
        let piece = beginning
        let at = piece.length
        // A piece that is not full is the last one.
        for (; piece.length === PIECE_BYTES; at += piece.length) {
          entry.push(piece)
          await outbox.send(false)
          if (signal.aborted) throw new UploadCancelledError('the steward cancelled')
          piece = await pieceOf(file, at)
        }
        entry.push(piece, true)
        directory.add({ name: new TextEncoder().encode(name), crc: entry.crc, sizeBytes: entry.size, offset })
        await outbox.send(false)
      }
      const left = waiting.slice(group.length)
      waiting = [...left, ...(await taken(queue, READ_AT_ONCE - left.length))]
      await turns.next()
      const now = performance.now()
      if (now - shownAt < SHOWN_EVERY_MS) continue
      shownAt = now
      onProgress({ done: directory.count, total: 0, unit: 'files' })
    }
    await endZip(outbox, directory, turns)
    await api.uploads.end({ upload })
    return upload
  } catch (thrown) {
    // The first failure is what the steward should hear of; the core drops what nobody names by itself.
    await api.uploads.cancel({ upload }).catch(() => undefined)
    throw thrown
  } finally {
    turns.end()
  }
}

/** The next files, fewer where there are no more. */
async function taken(queue: AsyncIterator<DroppedFile>, count: number): Promise<DroppedFile[]> {
  const files: DroppedFile[] = []
  while (files.length < count) {
    const next = await queue.next()
    if (next.done === true) break
    files.push(next.value)
  }
  return files
}

/** The beginnings of the next files, of as many as can be begun without holding up the window: each is looked up on the disk first. */
async function readSome(files: readonly DroppedFile[]): Promise<(DroppedFile & { readonly beginning: Uint8Array })[]> {
  const until = performance.now() + HELD_UP_MS
  const reading: Promise<Uint8Array>[] = []
  for (const { file } of files) {
    if (reading.length > 0 && performance.now() >= until) break
    reading.push(pieceOf(file, 0))
  }
  const beginnings = await Promise.all(reading)
  return files.flatMap((each, index) => {
    const beginning = beginnings[index]
    return beginning === undefined ? [] : [{ ...each, beginning }]
  })
}

async function endZip(outbox: Outbox, directory: ZipDirectory, turns: Turns): Promise<void> {
  for (const piece of directory.pieces(outbox.offset)) {
    outbox.put(piece)
    await outbox.send(false)
    await turns.next()
  }
  await outbox.send(true)
}

/** A slice is one more object that the browser has to put away in a pause of the page, so a small file is read as it is. */
async function pieceOf(file: File, at: number): Promise<Uint8Array> {
  const piece = at === 0 && file.size <= PIECE_BYTES ? file : file.slice(at, at + PIECE_BYTES)
  return new Uint8Array(await piece.arrayBuffer())
}

const SHOWN_EVERY_MS = 100
const HELD_UP_MS = 4
/** Small files wait for the disk more than for anything else. */
const READ_AT_ONCE = 16

/** Gathers small writes until they fill a message. */
class Outbox {
  readonly #api: Api
  readonly #upload: string
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #sentBytes = 0

  constructor(api: Api, upload: string) {
    this.#api = api
    this.#upload = upload
  }

  /** Where the next byte will stand. */
  get offset(): number {
    return this.#sentBytes + this.#waitingBytes
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
      await this.#api.uploads.piece({ upload: this.#upload, offset: this.#sentBytes, base64: toBase64(piece) })
      this.#sentBytes += piece.length
    }
    this.#waiting = done < bytes.length ? [bytes.subarray(done)] : []
    this.#waitingBytes = Math.max(0, bytes.length - done)
  }
}
