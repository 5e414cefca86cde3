// Which node directories somebody meant: folders with labels, folders that are nodes, folders that hold several.
import { StewardError } from '#core/problem/index.ts'
import { recogniseNodes, uniqueLabels } from '#core/teof/index.ts'
import type { NodeFolders } from './node-folders-adapter.ts'
import type { NamedFolder } from './read-nodes.ts'

export interface MeantFolder {
  /** Null where the folder's own name is to be the label. */
  readonly label: string | null
  /** Absolute. */
  readonly folder: string
}

/**
 * The nodes in these folders, each once, with labels of which none is equal to another: neither the order nor a repetition shows.
 * Throws NO_NODE where a folder holds none.
 */
export async function nameNodes(
  meant: readonly MeantFolder[],
  machine: Pick<NodeFolders, 'open' | 'join'>,
): Promise<readonly NamedFolder[]> {
  const found = new Map<string, { readonly label: string; readonly place: string }>()
  for (const { label, folder } of meant)
    for (const one of await nodesIn(label, folder, machine)) found.set(JSON.stringify([one.label, one.place]), one)
  const wanted = [...found.values()]
  const labels = uniqueLabels(wanted)
  return wanted.map(({ label, place }, at) => ({ label: labels[at] ?? label, folder: place }))
}

async function nodesIn(
  label: string | null,
  folder: string,
  { open, join }: Pick<NodeFolders, 'open' | 'join'>,
): Promise<readonly { readonly label: string; readonly place: string }[]> {
  const reader = open(folder)
  const name = label ?? lastPart(folder)
  const recognised = await recogniseNodes(reader, name)
  if (recognised.outcome === 'nodes')
    return recognised.nodes.map((node) => ({
      label: node.folder === '' || label === null ? node.label : `${label}/${node.label}`,
      place: node.folder === '' ? folder : join(folder, node.folder),
    }))
  const listing = await reader.list('', 1_000)
  // A node that shows no receipts at all is one that withholds them.
  if (listing.outcome === 'listed' && listing.entries.some(({ name: entry }) => OF_A_NODE.has(entry)))
    return [{ label: name, place: folder }]
  throw new StewardError({
    code: 'NO_NODE',
    happened: listing.outcome === 'missing' ? `There is no folder for “${name}”.` : recognised.happened,
    kept: 'Nothing was written.',
    remedy: recognised.remedy,
  })
}

const OF_A_NODE: ReadonlySet<string> = new Set(['governance', 'capsule', '_plans'])

function lastPart(folder: string): string {
  return folder.split(/[/\\]/).findLast((part) => part !== '') ?? 'node'
}
