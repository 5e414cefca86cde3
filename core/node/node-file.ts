// node.json: what a node is, without its secret. Also the steward's settings, which are local and never signed.
import * as z from 'zod'
import { ContentHash, Instant, NodeId, ReceiptId, Settings } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { HomeAdapter } from './home-adapter.ts'

const FILE = 'node.json'
/** Many times what it holds. */
const LIMIT_BYTES = 256 * 1024

const NodeFile = z.object({
  format: z.literal('steward-node/1'),
  node: NodeId,
  name: z.string().min(1).max(64),
  createdAt: Instant,
  /** Genesis receipt of the network this node belongs to or asks to join. */
  network: ReceiptId.nullable(),
  exchange: z.string().max(4096).nullable(),
  phraseConfirmed: z.boolean(),
  /** False from a restore until the own head was read back or declared lost: nothing is signed meanwhile. */
  headKnown: z.boolean(),
  /** At least so many own receipts were signed: a ledger that holds fewer is an older copy. Written now and then, not with each receipt. */
  signedSeq: z.int().min(0).default(0),
  /** What the steward wished for when the node was made, until all of it is done: taken up again after a crash. */
  setup: z
    .object({
      exchange: z.string().max(4096).nullable(),
      networkName: z.string().min(1).max(64).nullable(),
      /** The capsule that the node was started from. */
      capsule: z
        .object({ hash: ContentHash, label: z.string().min(1).max(256) })
        .nullable()
        .default(null),
    })
    .nullable()
    .default(null),
  settings: Settings,
})
export type NodeFile = z.infer<typeof NodeFile>

export const defaultSettings: Settings = {
  appearance: 'system',
  rescanSeconds: 60,
  notifications: { conflicts: true, pendingNodes: true, exchange: true },
  quietHours: null,
  undoSeconds: 10,
}

/** @throws StewardError NODE_FILE_DAMAGED where the file is there but cannot be read. */
export function readNodeFile(home: HomeAdapter): NodeFile | null {
  const bytes = home.read(FILE)
  if (bytes === null) return null
  try {
    if (bytes.length > LIMIT_BYTES) throw new RangeError(`It has ${bytes.length} bytes.`)
    return NodeFile.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (cause) {
    throw new StewardError({
      code: 'NODE_FILE_DAMAGED',
      happened: `${FILE} in the data folder cannot be read.`,
      kept: 'Ledger and key are untouched beside it.',
      remedy: `Put back ${FILE} from a backup, or restore the node from its recovery phrase in another folder.`,
      cause,
    })
  }
}

export function writeNodeFile(home: HomeAdapter, file: NodeFile): void {
  home.write(FILE, new TextEncoder().encode(`${JSON.stringify(NodeFile.parse(file), null, 2)}\n`))
}
