// Files with names as a tree of folders, for those who read folder by folder.
import type { DirectoryEntry, DirectoryListing, DirectoryReader } from '#core/teof/index.ts'
import type { BundleFile, FileContent } from './types.ts'

/** The files as a directory that holds nothing else: no links, no empty folders. */
export function fileTree(
  files: readonly BundleFile[],
  read: (file: BundleFile, limitBytes: number) => Promise<FileContent>,
): DirectoryReader {
  const byName = new Map(files.map((file) => [file.name, file]))
  let folders: ReadonlyMap<string, ReadonlyMap<string, DirectoryEntry>> | null = null
  return {
    list(path, limit): Promise<DirectoryListing> {
      folders ??= foldersOf(files)
      const entries = folders.get(path)
      if (entries === undefined) return Promise.resolve({ outcome: 'missing' })
      const all = [...entries.values()]
      return Promise.resolve({
        outcome: 'listed',
        entries: all.slice(0, limit),
        notRead: Math.max(0, all.length - limit),
      })
    },
    async read(path, limitBytes) {
      const file = byName.get(path)
      if (file === undefined) return { outcome: 'missing' }
      if (file.sizeBytes > limitBytes) return { outcome: 'too-large', sizeBytes: file.sizeBytes }
      const content = await read(file, limitBytes)
      return content.ok ? { outcome: 'read', bytes: content.bytes } : { outcome: 'failed', why: content.refusal.detail }
    },
  }
}

function foldersOf(files: readonly BundleFile[]): ReadonlyMap<string, ReadonlyMap<string, DirectoryEntry>> {
  const folders = new Map<string, Map<string, DirectoryEntry>>([['', new Map()]])
  const put = (folder: string, entry: DirectoryEntry) => {
    const entries = folders.get(folder) ?? new Map<string, DirectoryEntry>()
    folders.set(folder, entries)
    entries.set(entry.name, entry)
  }
  for (const { name } of files) {
    let end = name.length
    for (
      let slash = name.lastIndexOf('/'), kind: 'file' | 'folder' = 'file';
      ;
      slash = name.lastIndexOf('/', end - 1), kind = 'folder'
    ) {
      const folder = slash < 0 ? '' : name.slice(0, slash)
      const isThere = kind === 'folder' && folders.get(folder)?.has(name.slice(slash + 1, end)) === true
      if (!isThere) put(folder, { name: name.slice(slash + 1, end), kind, linkTarget: null })
      if (isThere || slash < 0) break
      end = slash
    }
  }
  return folders
}
