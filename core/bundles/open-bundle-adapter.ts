// Which kind of thing lies under a path: a zip is opened as one, everything else as folders and files.
import { open } from 'node:fs/promises'
import { invariant, StewardError } from '#core/problem/index.ts'
import { openPaths } from './folder-adapter.ts'
import { READ, systemCodeOf } from './plain-file-adapter.ts'
import type { BundleSource, OpenedBundle, Step } from './types.ts'
import { openZip } from './zip-adapter.ts'

/** @throws StewardError BUNDLE_UNREADABLE where what was named is not there or may not be read. */
export async function openBundle({ paths, name }: BundleSource, step: Step): Promise<OpenedBundle> {
  const [path, ...more] = paths
  invariant(path !== undefined, 'somebody named at least one path')
  try {
    if (more.length === 0 && (await isZip(path))) return await openZip(path, name, step)
    return await openPaths([path, ...more], step)
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === null) throw error
    throw new StewardError({
      code: 'BUNDLE_UNREADABLE',
      happened: `${name ?? path} cannot be read (${code}).`,
      kept: 'Nothing was imported.',
      remedy: 'Check its path and who may read it, then import again.',
      cause: error,
    })
  }
}

/** By its name, or by how it begins: a first entry, or the end of an empty one. */
async function isZip(path: string): Promise<boolean> {
  const handle = await open(path, READ)
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) return false
    if (/\.zip$/i.test(path)) return true
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    return bytesRead === 4 && ZIP_BEGINNINGS.includes(buffer.readUInt32LE(0))
  } finally {
    await handle.close()
  }
}

const ZIP_BEGINNINGS: readonly number[] = [0x04034b50, 0x06054b50]
