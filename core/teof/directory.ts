// How a node directory is read: a small interface, so that a folder of this machine, an opened zip and a test's plain object are
// all the same here. Paths are relative, with forward slashes; the directory itself is ''.

export type EntryKind = 'file' | 'folder' | 'link' | 'other'

export interface DirectoryEntry {
  readonly name: string
  readonly kind: EntryKind
  /** Where a link points, as written in it; null for everything else. */
  readonly linkTarget: string | null
}

export type DirectoryListing =
  | {
      readonly outcome: 'listed'
      readonly entries: readonly DirectoryEntry[]
      /** Entries beyond the limit. */
      readonly notRead: number
    }
  /** There is no such folder, or a link stands in its place. */
  | { readonly outcome: 'missing' }
  /** The system would not let us; `why` continues "could not be read: …". */
  | { readonly outcome: 'failed'; readonly why: string }

export type FileRead =
  | {
      readonly outcome: 'read'
      readonly bytes: Uint8Array
      /** When the file was last written, as far as the reader knows: the time of a copy, and never evidence. */
      readonly modifiedMs?: number
    }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'too-large'; readonly sizeBytes: number }
  | { readonly outcome: 'failed'; readonly why: string }

/** Reads below one directory and nowhere else; never follows a link, never opens what is no plain file. */
export interface DirectoryReader {
  list(path: string, limit: number): Promise<DirectoryListing>
  read(path: string, limitBytes: number): Promise<FileRead>
}

/** The same reader, seen from a folder below. */
export function readerBelow(reader: DirectoryReader, folder: string): DirectoryReader {
  if (folder === '') return reader
  return {
    list: (path, limit) => reader.list(joined(folder, path), limit),
    read: (path, limitBytes) => reader.read(joined(folder, path), limitBytes),
  }
}

/** A directory in memory: paths to bytes, and links to their targets. For files out of a bundle, and for tests. */
export function directoryOfFiles(
  files: ReadonlyMap<string, Uint8Array>,
  links: ReadonlyMap<string, string> = new Map(),
): DirectoryReader {
  return {
    list(path, limit) {
      const entries = new Map<string, DirectoryEntry>()
      const prefix = path === '' ? '' : `${path}/`
      for (const file of files.keys()) {
        if (!file.startsWith(prefix)) continue
        const [name = '', ...below] = file.slice(prefix.length).split('/')
        entries.set(name, { name, kind: below.length > 0 ? 'folder' : 'file', linkTarget: null })
      }
      for (const [link, target] of links) {
        if (!link.startsWith(prefix) || link.slice(prefix.length).includes('/')) continue
        const name = link.slice(prefix.length)
        entries.set(name, { name, kind: 'link', linkTarget: target })
      }
      if (entries.size === 0) return Promise.resolve({ outcome: 'missing' })
      const all = [...entries.values()]
      return Promise.resolve({
        outcome: 'listed',
        entries: all.slice(0, limit),
        notRead: Math.max(0, all.length - limit),
      })
    },
    read(path, limitBytes) {
      const bytes = files.get(path)
      if (bytes === undefined) return Promise.resolve({ outcome: 'missing' })
      if (bytes.length > limitBytes) return Promise.resolve({ outcome: 'too-large', sizeBytes: bytes.length })
      return Promise.resolve({ outcome: 'read', bytes })
    },
  }
}

export function joined(folder: string, name: string): string {
  if (folder === '') return name
  return name === '' ? folder : `${folder}/${name}`
}

/**
 * A path of a file's content, made relative to the directory: `..` and `.` resolved, backslashes refused. Null where it is empty,
 * absolute, or leads out of the directory.
 */
export function pathWithin(folder: string, written: string): string | null {
  if (written === '' || written.length > 4096 || written.includes('\\') || written.includes('\0')) return null
  if (written.startsWith('/') || /^[A-Za-z]:/.test(written)) return null
  const parts = folder === '' ? [] : folder.split('/')
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.length === 0 ? null : parts.join('/')
}
