// steward-exchange.json: says that a folder is an exchange, and of which network. It alone is written outside a node's own folder,
// once, by the node that makes the exchange.
import { join } from 'node:path'
import * as z from 'zod'
import { ReceiptId } from '#core/contract/index.ts'
import { causeOf, causes, isHindrance, type Cause } from './causes.ts'
import { MARKER } from './exchange-paths.ts'
import type { FileStat, FolderAdapter } from './folder-adapter.ts'
import { isSameFile } from './inbox-files.ts'

const Marker = z.looseObject({
  format: z.string().regex(/^steward-exchange\/\d+$/),
  network: ReceiptId,
  name: z.string().max(256),
})
export type Marker = z.infer<typeof Marker>

const FORMAT = 'steward-exchange/1'
const LIMIT_BYTES = 4096

export type MarkerReading =
  | { readonly found: 'marker'; readonly marker: Marker; readonly stat: FileStat | null }
  /** Empty, cut off, or of a format that this version does not know. */
  | { readonly found: 'unfinished' }
  | { readonly found: 'nothing' }
  | { readonly found: 'no-folder' }

/** Throws the system's error where the folder cannot be read. */
export async function readMarker(files: FolderAdapter, folder: string): Promise<MarkerReading> {
  const path = join(folder, MARKER)
  const bytes = await files.read(path, LIMIT_BYTES)
  if (bytes === null) return { found: (await isFolder(files, folder)) ? 'nothing' : 'no-folder' }
  const marker = parseMarker(bytes)
  if (marker === null) return { found: 'unfinished' }
  const stat = await files.stat(path)
  return { found: 'marker', marker, stat }
}

/** Follows a link at the end of the chosen path: a steward may well choose one. Below it no link is followed. */
export async function isFolder(files: FolderAdapter, folder: string): Promise<boolean> {
  const stat = await files.stat(`${folder}/.`)
  return stat?.kind === 'folder'
}

async function writeMarker(
  files: FolderAdapter,
  folder: string,
  network: { readonly id: ReceiptId; readonly name: string },
): Promise<void> {
  const text = JSON.stringify({ format: FORMAT, network: network.id, name: network.name })
  await files.write(join(folder, MARKER), new TextEncoder().encode(`${text}\n`))
}

export type FolderReadiness =
  | {
      readonly ready: true
      /** False on drives that report no blocks, where an empty count says nothing. */
      readonly reportsBlocks: boolean
      /** The marker as it was read; null where it was just made. */
      readonly marker: FileStat | null
    }
  | { readonly ready: false; readonly cause: Cause }

interface Network {
  readonly id: ReceiptId
  readonly name: string
}

/** Whether the folder can be used now; makes the marker where this node begins the exchange. */
export async function prepareFolder(
  files: FolderAdapter,
  folder: string,
  network: Network | null,
  wasMarked: boolean,
): Promise<FolderReadiness> {
  const notReady = (cause: Cause) => ({ ready: false, cause }) as const
  try {
    const judged = await judgeFolder(files, folder, network, wasMarked)
    switch (judged.is) {
      case 'ready':
        return { ready: true, reportsBlocks: (judged.marker?.blocks ?? 0) > 0, marker: judged.marker }
      case 'to-begin':
        return await makeMarker(files, folder, judged.network)
      case 'not-ready':
        return notReady(judged.cause)
    }
  } catch (error) {
    if (!isHindrance(error)) throw error
    return notReady(causeOf(error, 'reading'))
  }
}

/** Why the folder cannot be used now, or null. Looks, and writes nothing. */
export async function whyNotUse(
  files: FolderAdapter,
  folder: string,
  network: Network | null,
  wasMarked: boolean,
): Promise<Cause | null> {
  try {
    const judged = await judgeFolder(files, folder, network, wasMarked)
    return judged.is === 'not-ready' ? judged.cause : null
  } catch (error) {
    if (!isHindrance(error)) throw error
    return causeOf(error, 'reading')
  }
}

type Judged =
  | { readonly is: 'ready'; readonly marker: FileStat | null }
  | { readonly is: 'to-begin'; readonly network: Network }
  | { readonly is: 'not-ready'; readonly cause: Cause }

/** Throws the system's error where the folder cannot be read. */
async function judgeFolder(
  files: FolderAdapter,
  folder: string,
  network: Network | null,
  wasMarked: boolean,
): Promise<Judged> {
  const notReady = (cause: Cause) => ({ is: 'not-ready', cause }) as const
  const reading = await readMarker(files, folder)
  switch (reading.found) {
    case 'no-folder':
      return notReady(causes.folderMissing)
    case 'unfinished':
      return notReady(causes.markerUnfinished)
    case 'marker':
      if (network !== null && reading.marker.network !== network.id) return notReady(causes.otherNetwork)
      return { is: 'ready', marker: reading.stat }
    case 'nothing':
      if (wasMarked) return notReady(causes.notMounted)
      return network === null || network.name === '' ? notReady(causes.noExchangeYet) : { is: 'to-begin', network }
  }
}

/** Whether the marker is still the very one that made the folder ready. */
export async function isStillReady(files: FolderAdapter, folder: string, marker: FileStat): Promise<boolean> {
  const stat = await files.stat(join(folder, MARKER)).catch(() => null)
  return stat?.kind === 'file' && isSameFile(marker, stat)
}

async function makeMarker(
  files: FolderAdapter,
  folder: string,
  network: { readonly id: ReceiptId; readonly name: string },
): Promise<FolderReadiness> {
  try {
    await writeMarker(files, folder, network)
    return { ready: true, reportsBlocks: false, marker: null }
  } catch (error) {
    if (!isHindrance(error)) throw error
    return { ready: false, cause: causeOf(error, 'writing') }
  }
}

/** Null where it is no marker, cut off, or of a format that this version does not know. */
export function parseMarker(bytes: Uint8Array): Marker | null {
  try {
    const marker = Marker.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
    return marker.success && marker.data.format === FORMAT ? marker.data : null
  } catch {
    return null
  }
}
