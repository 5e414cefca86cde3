// Sub-folders of a folder, for a host without a folder dialog of its own. Hidden ones are left out.
import { basename, dirname, isAbsolute, join, normalize } from 'node:path'
import type { FolderAdapter } from '#core/exchange/index.ts'
import { StewardError } from '#core/problem/index.ts'

const SHOWN_FOLDERS = 1000

export interface Browsed {
  readonly folder: string
  readonly parent: string | null
  readonly folders: string[]
  readonly more: number
}

/** @throws StewardError FOLDER_UNREADABLE. */
export async function browse(folders: FolderAdapter, start: string, asked: string | null): Promise<Browsed> {
  const folder = wholePath(start, asked ?? start)
  const listing = await folders.list(folder, SHOWN_FOLDERS * 10).catch((cause: unknown) => unreadable(folder, cause))
  if (listing === null) return unreadable(folder, null)
  const names = listing.entries
    .filter(({ kind, name }) => kind === 'folder' && !name.startsWith('.'))
    .map(({ name }) => name)
    .toSorted((one, other) => one.localeCompare(other, 'en'))
  const parent = dirname(folder)
  return {
    folder,
    parent: parent === folder ? null : parent,
    folders: names.slice(0, SHOWN_FOLDERS).map((name) => join(folder, name)),
    more: Math.max(0, names.length - SHOWN_FOLDERS),
  }
}

/** Where the app was started from is nobody's affair: what is no whole path is read below the person's own folder. */
function wholePath(start: string, asked: string): string {
  const path = isAbsolute(asked) ? normalize(asked) : join(start, asked)
  // Without a slash at the end, except of the root.
  return join(dirname(path), basename(path))
}

function unreadable(folder: string, cause: unknown): never {
  throw new StewardError({
    code: 'FOLDER_UNREADABLE',
    happened: `The folder ${folder} is not there or may not be read.`,
    kept: 'Nothing was changed.',
    remedy: 'Go up one folder, or type the path of another one.',
    cause,
  })
}
