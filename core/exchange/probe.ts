// What choosing a folder would mean, before it is chosen. Looks, and writes nothing.
import { basename, join } from 'node:path'
import { causeOf, isHindrance } from './causes.ts'
import { isFoldedNodeName, nodeOfFolderName, NODES } from './exchange-paths.ts'
import type { FolderAdapter, FolderEntry } from './folder-adapter.ts'
import { isFolder, readMarker } from './marker.ts'
import type { FolderProbe } from './types.ts'

const LOOKED_AT = 1_000
const MOST_NODES = 10_000

/** What the folder lacks is in the answer, not an error. */
export async function probeFolder(files: FolderAdapter, folder: string): Promise<FolderProbe> {
  const nothing = { exists: false, writable: false, empty: true, network: null, hint: null, problem: null } as const
  try {
    if (!(await isFolder(files, folder))) {
      const isThere = (await files.stat(folder)) !== null
      return {
        ...nothing,
        problem: isThere ? 'It is a file, not a folder.' : 'There is no such folder, or the drive is not connected.',
      }
    }
    const entries = (await files.list(folder, LOOKED_AT))?.entries ?? []
    const writable = await files.mayWrite(folder)
    const common = { exists: true, writable, empty: entries.length === 0, hint: hintFor(folder, entries) }
    const reading = await readMarker(files, folder)
    if (reading.found === 'unfinished') {
      return {
        ...common,
        network: null,
        problem: 'steward-exchange.json is there but not whole yet, or of a newer version.',
      }
    }
    if (reading.found !== 'marker') {
      return { ...common, network: null, problem: writable ? null : 'You may not write to this folder.' }
    }
    const { network: id, name } = reading.marker
    return { ...common, network: { id, name, nodes: await countNodes(files, folder) }, problem: null }
  } catch (error) {
    if (!isHindrance(error)) throw error
    return { ...nothing, exists: true, problem: causeOf(error, 'reading').reason }
  }
}

async function countNodes(files: FolderAdapter, folder: string): Promise<number> {
  const listing = await files.list(join(folder, NODES), MOST_NODES)
  const isNode = ({ name, kind }: FolderEntry) =>
    kind === 'folder' && (nodeOfFolderName(name) !== null || isFoldedNodeName(name))
  return listing?.entries.filter(isNode).length ?? 0
}

// What sync tools leave in the folders they look after, or call them.
const SIGNS: readonly { readonly entry: RegExp; readonly path: RegExp; readonly hint: string }[] = [
  { entry: /^\.stfolder$|^\.stignore$/, path: /$^/, hint: 'Syncthing looks after this folder.' },
  {
    entry: /^\.dropbox(\.cache)?$/,
    path: /[\\/]Dropbox([\\/]|$)/,
    hint: 'Dropbox looks after this folder: set it to “available offline”.',
  },
  {
    entry: /$^/,
    path: /[\\/]OneDrive[^\\/]*([\\/]|$)/,
    hint: 'OneDrive looks after this folder: set it to “always keep on this device”.',
  },
  {
    entry: /$^/,
    path: /[\\/](Mobile Documents|com~apple~CloudDocs)([\\/]|$)/,
    hint: 'iCloud looks after this folder: keep it downloaded.',
  },
  { entry: /^\.sync$/, path: /$^/, hint: 'Resilio Sync looks after this folder.' },
]

function hintFor(folder: string, entries: readonly FolderEntry[]): string | null {
  const sign = SIGNS.find(({ entry, path }) => path.test(folder) || entries.some(({ name }) => entry.test(name)))
  if (sign !== undefined) return sign.hint
  if (basename(folder) === NODES) return 'This looks like the inside of an exchange: choose the folder above it.'
  return entries.length > 0 && !entries.some(({ name }) => name === NODES)
    ? 'The folder holds other files; the exchange adds its own beside them.'
    : null
}
