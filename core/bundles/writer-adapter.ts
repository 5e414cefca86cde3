// A bundle on its way to the disk: written beside its place, synced, then given its name. It appears whole or not at all.
import { createReadStream, constants } from 'node:fs'
import { lstat, mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { syncFolder } from '#core/durable/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { systemCodeOf } from './plain-file-adapter.ts'
import type { BundleWriter } from './types.ts'

/**
 * Begins a bundle at `to`: a zip where the name ends so, otherwise a folder.
 * @throws StewardError EXPORT_UNUSABLE where something is there already or the place cannot be written.
 */
export async function createWriter(to: string, modified: Date): Promise<BundleWriter> {
  try {
    const isTaken = await lstat(to).then(
      () => true,
      () => false,
    )
    if (isTaken) throw unusable(to, 'is there already')
    const temporary = join(dirname(to), `.${basename(to)}.tmp`)
    await rm(temporary, { recursive: true, force: true })
    return /\.zip$/i.test(to) ? await zipWriter(to, temporary, modified) : await folderWriter(to, temporary)
  } catch (error) {
    throw exportFailed(to, error)
  }
}

/** What a failing write is told as. */
export function exportFailed(to: string, error: unknown): unknown {
  const code = systemCodeOf(error)
  return code === null ? error : unusable(to, `cannot be written (${code})`, error)
}

async function zipWriter(to: string, temporary: string, modified: Date): Promise<BundleWriter> {
  const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  const zip = new ZipFile()
  const failed = new Promise<never>((_resolve, reject) => zip.on('error', reject))
  const poured = pour(zip.outputStream, file)
  // Whoever waits hears of it; until somebody does it is no unhandled rejection.
  failed.catch(() => undefined)
  poured.catch(() => undefined)
  const orFailed = async (work: Promise<unknown>) => {
    await Promise.race([work, failed, poured.then(() => work)])
  }

  // One entry at a time: the next is asked for once this one has been read to its end.
  const add = (name: string, stream: Readable, compress: boolean) => {
    zip.addReadStreamLazy(name, { mtime: modified, mode: 0o100644, compress }, (give) => give(null, stream))
    return orFailed(finished(stream, { writable: false }))
  }
  return {
    add: (name, bytes) => add(name, Readable.from([Buffer.from(bytes)], { objectMode: false }), true),
    async addFile(name, path) {
      if (!(await isFile(path))) return false
      // As it is: content may be packed already, and what shrinks too well would be refused by who reads it.
      await add(name, createReadStream(path), false)
      return true
    },
    async finish() {
      zip.end()
      await orFailed(poured)
      await file.sync()
      const { size } = await file.stat()
      await file.close()
      await putInPlace(temporary, to)
      return size
    },
    async abandon() {
      await file.close().catch(() => undefined)
      await rm(temporary, { force: true })
    },
  }
}

async function pour(stream: NodeJS.ReadableStream, file: FileHandle): Promise<void> {
  for await (const piece of stream as AsyncIterable<Buffer>) {
    for (let done = 0; done < piece.length;) done += (await file.write(piece, done)).bytesWritten
  }
}

async function folderWriter(to: string, temporary: string): Promise<BundleWriter> {
  await mkdir(temporary)
  /** Each of them lists what was made in it. */
  const folders = new Set([temporary])
  let sizeBytes = 0
  async function write(name: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const path = join(temporary, ...name.split('/'))
    await mkdir(dirname(path), { recursive: true })
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder)
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644)
    try {
      for await (const piece of pieces) {
        await file.writeFile(piece)
        sizeBytes += piece.length
      }
      await file.sync()
    } finally {
      await file.close()
    }
  }
  return {
    add: (name, bytes) => write(name, [bytes]),
    async addFile(name, path) {
      if (!(await isFile(path))) return false
      await write(name, createReadStream(path) as AsyncIterable<Uint8Array>)
      return true
    },
    async finish() {
      for (const folder of folders) await syncFolder(folder)
      await putInPlace(temporary, to)
      return sizeBytes
    },
    abandon: () => rm(temporary, { recursive: true, force: true }),
  }
}

/** Where its name cannot be made durable it has none: who tries again finds the place free. */
async function putInPlace(temporary: string, to: string): Promise<void> {
  await rename(temporary, to)
  try {
    await syncFolder(dirname(to))
  } catch (error) {
    await rm(to, { recursive: true, force: true })
    throw error
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

function unusable(to: string, what: string, cause?: unknown): StewardError {
  return new StewardError({
    code: 'EXPORT_UNUSABLE',
    happened: `${to} ${what}.`,
    kept: 'Nothing was written there; what is in the ledger is untouched.',
    remedy: 'Name another file or folder, in a place that this account may write and that has room.',
    cause,
  })
}
