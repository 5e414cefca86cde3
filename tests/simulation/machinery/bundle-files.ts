// Bundles on the disk of a simulated machine: one file each, as a zip is, that comes into being in one write.
import type { BundleFiles } from '#core/bundles/index.ts'
import { fileTree } from '#core/bundles/file-tree.ts'
import { refuseEntry, RefusalList } from '#core/bundles/refusals.ts'
import type { BundleFile, BundleReader, FileContent } from '#core/bundles/types.ts'
import type { FolderAdapter } from '#core/exchange/index.ts'
import { StewardError } from '#core/problem/index.ts'

/** Where people keep bundles: what is below it no tool carries anywhere. */
export const BUNDLES = '/bundles'

export type BundleEntries = ReadonlyMap<string, Uint8Array>

/** Every access goes through the machine's folder: it takes its time, may fail, and the power may go with it. */
export function simulatedBundles(folders: FolderAdapter): BundleFiles {
  return {
    async open({ paths, name }) {
      const [path = ''] = paths
      const bytes = await folders.read(path, Number.MAX_SAFE_INTEGER).catch((thrown: unknown) => {
        throw problem('BUNDLE_UNREADABLE', `${path} cannot be read.`, thrown)
      })
      if (bytes === null) throw problem('BUNDLE_UNREADABLE', `${path} is not there.`, null)
      const title = name ?? path.slice(path.lastIndexOf('/') + 1)
      return { ok: true, reader: readerOf(folders, path, title, unpacked(bytes)) }
    },
    create(to) {
      const entries = new Map<string, Uint8Array>()
      return Promise.resolve({
        add: (name, bytes) => Promise.resolve(void entries.set(name, Uint8Array.from(bytes))),
        async addFile(name, path) {
          const bytes = await folders.read(path, Number.MAX_SAFE_INTEGER)
          if (bytes !== null) entries.set(name, bytes)
          return bytes !== null
        },
        async finish() {
          const bytes = packed(entries)
          await folders.write(to, bytes)
          return bytes.length
        },
        abandon: () => Promise.resolve(),
      })
    },
    exportFailed: (to, thrown) =>
      thrown instanceof Error && 'code' in thrown && !(thrown instanceof StewardError)
        ? problem('EXPORT_UNUSABLE', `${to} cannot be written.`, thrown)
        : thrown,
  }
}

export function packed(entries: BundleEntries): Uint8Array {
  return Buffer.from(JSON.stringify([...entries].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])))
}

function unpacked(bytes: Uint8Array): BundleEntries {
  // Nobody but `packed` writes there.
  const entries = JSON.parse(Buffer.from(bytes).toString('utf8')) as readonly (readonly [string, string])[]
  return new Map(entries.map(([name, text]) => [name, Buffer.from(text, 'base64')]))
}

function readerOf(folders: FolderAdapter, path: string, title: string, entries: BundleEntries): BundleReader {
  const files = [...entries]
    .map(([name, bytes]) => ({ name, sizeBytes: bytes.length }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))

  async function read(file: BundleFile, limitBytes: number): Promise<FileContent> {
    const { name, sizeBytes } = file
    if (sizeBytes > limitBytes)
      return { ok: false, refusal: refuseEntry(name, 'too-large', `It has ${sizeBytes} bytes.`) }
    const isThere = await folders.stat(path).catch(() => null)
    const bytes = isThere === null ? undefined : entries.get(name)
    return bytes === undefined
      ? { ok: false, refusal: refuseEntry(name, 'unreadable', 'The disk did not let it be read.') }
      : { ok: true, bytes: Uint8Array.from(bytes) }
  }
  return {
    name: title,
    files,
    refused: new RefusalList(0),
    ignored: 0,
    read,
    async pour(file, sink) {
      const content = await read(file, Number.MAX_SAFE_INTEGER)
      if (!content.ok) return content.refusal
      await sink(content.bytes)
      return null
    },
    folderOf: () => '',
    directory: () => fileTree(files, read),
    close: () => Promise.resolve(),
  }
}

function problem(code: string, happened: string, cause: unknown): StewardError {
  return new StewardError({ code, happened, kept: 'Nothing was changed.', remedy: 'Try again.', cause })
}
