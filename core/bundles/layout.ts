// What the files of a bundle are, by their names alone: the exchange's own layout, node directories of TEOF, or lines of receipts.
import type { NodeId } from '#core/contract/index.ts'
import { NodeId as NodeIdSchema } from '#core/contract/index.ts'
import { parseSegmentName, type SegmentRange } from '#core/receipts/index.ts'
import type { NodeDirectory } from '#core/teof/index.ts'
import type { BundleFile } from './types.ts'

export interface SegmentEntry {
  readonly file: BundleFile
  readonly range: SegmentRange
}

/** The files of one node, in the exchange's layout. Several of a kind where copies lie beside each other. */
export interface NodeFiles {
  readonly heads: BundleFile[]
  readonly profiles: BundleFile[]
  readonly seens: BundleFile[]
  /** In the order of their first seq. */
  readonly segments: SegmentEntry[]
}

export interface ContentEntry {
  readonly file: BundleFile
  /** 64 hex digits, as its name says. */
  readonly sha256: string
}

export interface Layout {
  readonly markers: readonly BundleFile[]
  readonly nodes: ReadonlyMap<NodeId, NodeFiles>
  readonly contents: readonly ContentEntry[]
  /** May hold single receipts or a proof; their content tells. */
  readonly lines: readonly BundleFile[]
  /** Files in a feed's folder that are named like nothing there. */
  readonly misnamed: readonly BundleFile[]
  /** Of no kind that Steward knows. */
  readonly foreign: number
}

const NODE_FILE =
  /(?:^|\/)(z6Mk[1-9A-HJ-NP-Za-km-z]{44})\/(?:(head|profile\.json|seen)|feed\/([^/]+)|blobs\/[0-9a-f]{2}\/([0-9a-f]{64}))$/
const MARKER = /(?:^|\/)steward-exchange\.json$/
const LINES = /\.(jsonl?|ndjson|html?|proof)$/i
/** A sync tool that thought two writers met put this into the name, into that of a copy once more; the receipts in it count like any. */
const COPY_MARK = /\.sync-conflict-\d{8}-\d{6}-[A-Z0-9]{7}| \([^)]*\)/g

/** Sorts the files. What lies in a node directory of TEOF belongs to that directory. */
export function layOut(files: readonly BundleFile[], origins: readonly NodeDirectory[]): Layout {
  const nodes = new Map<NodeId, NodeFiles>()
  const markers: BundleFile[] = []
  const contents: ContentEntry[] = []
  const lines: BundleFile[] = []
  const misnamed: BundleFile[] = []
  let foreign = 0
  for (const file of files) {
    if (origins.some(({ folder }) => folder === '' || file.name.startsWith(`${folder}/`))) continue
    const [, folderName, small, segment, sha256] = NODE_FILE.exec(file.name) ?? []
    const node = folderName === undefined ? null : NodeIdSchema.safeParse(`did:key:${folderName}`)
    if (node === null || !node.success) {
      if (MARKER.test(file.name)) markers.push(file)
      else if (LINES.test(file.name)) lines.push(file)
      else foreign++
      continue
    }
    const ofNode = nodes.get(node.data) ?? { heads: [], profiles: [], seens: [], segments: [] }
    nodes.set(node.data, ofNode)
    if (sha256 !== undefined) contents.push({ file, sha256 })
    else if (segment !== undefined) {
      const range = parseSegmentName(segment.replace(COPY_MARK, ''))
      if (range === null) misnamed.push(file)
      else ofNode.segments.push({ file, range })
    } else if (small === 'head') ofNode.heads.push(file)
    else if (small === 'seen') ofNode.seens.push(file)
    else ofNode.profiles.push(file)
  }
  for (const { segments } of nodes.values())
    segments.sort((a, b) => a.range.first - b.range.first || b.range.last - a.range.last)
  return { markers, nodes, contents, lines, misnamed, foreign }
}
