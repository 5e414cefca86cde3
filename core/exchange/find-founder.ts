// Before the genesis receipt is here nobody is admitted. Its id is the network's, so it is found by hashing alone: the few lines that
// could be it, not all signatures of the first segments of every node.
import { join } from 'node:path'
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { knownIds } from '#core/ledger/index.ts'
import { GENESIS } from '#core/network/index.ts'
import { LIMITS, parseLine } from '#core/receipts/index.ts'
import { FEED } from './exchange-paths.ts'
import { inTurn, type NodeFolders } from './node-folders.ts'
import { unlessFolderFails, type Pass } from './pass.ts'
import { planFeed } from './plan-feed.ts'

/** Folders with a feed that are looked through in one pass; a name is no reason to leave out the founder's. */
const MOST_FEEDS = 10_000

/** The node that signed the genesis receipt, to be read first; null where it is known already, or not in the folder. */
export async function findFounder(pass: Pass, network: ReceiptId, folders: NodeFolders): Promise<NodeId | null> {
  if (knownIds(pass.ledger.read, [network]).has(network)) return null
  const withFeed = await folders.holding(folders.others([pass.self]), FEED, 'folder')
  for (const folder of inTurn(withFeed, MOST_FEEDS, pass.now())) {
    if (pass.isCancelled()) return null
    const node = await folders.nodeOf(folder)
    if (node === null) continue
    const files = (await unlessFolderFails(() => planFeed(pass, node, folder.name))) ?? []
    for (const { path, range } of files) {
      if (range.first !== 1) continue
      const bytes = await unlessFolderFails(() => pass.files.read(join(pass.folder, path), LIMITS.segmentBytes))
      if (bytes !== null && holdsGenesis(bytes, node, network)) return node
    }
  }
  return null
}

const MARK = Buffer.from(`"kind":${JSON.stringify(GENESIS)}`)
const NEWLINE = 0x0a

/** The id commits to the signer; whether the signature holds is asked when the file is read like any other. */
function holdsGenesis(file: Uint8Array, node: NodeId, network: ReceiptId): boolean {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  for (let at = bytes.indexOf(MARK); at >= 0;) {
    const end = bytes.indexOf(NEWLINE, at)
    if (end < 0) return false
    const parsed = parseLine(bytes.subarray(bytes.lastIndexOf(NEWLINE, at) + 1, end))
    if (parsed.ok && parsed.value.id === network && parsed.value.receipt.node === node) return true
    at = bytes.indexOf(MARK, end)
  }
  return false
}
