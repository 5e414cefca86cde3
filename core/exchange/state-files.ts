// The state note in the folder, and beside it the leaves of those feeds of which somebody else has merged another story: only there
// do hashes of whole feeds travel, so that both sides can go down to the first receipt at which they part.
import { join } from 'node:path'
import type { NodeId } from '#core/contract/index.ts'
import { mergedIdAt, mergedLeaves, mergedState } from '#core/network/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import {
  feedLeavesText,
  LIMITS,
  parseFeedLeaves,
  parseState,
  rootOf,
  signState,
  verifyState,
  type FeedLeaf,
  type PublishedRow,
  type Signer,
  type StateRow,
  type Verdict,
  type VerifiedState,
} from '#core/receipts/index.ts'
import { LEAVES, nodeFolder, nodeFolderName } from './exchange-paths.ts'
import type { FolderAdapter } from './folder-adapter.ts'
import type { Pass } from './pass.ts'
import { stateSaidBy, statesOfFeed } from './state-records.ts'

/** More receipts than this are not published as leaves: the file would be read by nobody. */
const MOST_LEAVES = 200_000

export interface StateFiles {
  readonly note: string
  /** By the name of the file in the folder of leaves. */
  readonly leaves: ReadonlyMap<string, string>
}

/** What this node says that it has merged, ready to be written. */
export function stateFiles(db: ReadDb, signer: Signer): StateFiles {
  const { policy, rows } = mergedState(db)
  const leaves = new Map<string, string>()
  const published = rows.map((row): PublishedRow => {
    if (row.seq === 0 || row.seq > MOST_LEAVES || !isContested(db, row)) return { ...row, root: null }
    const merged = mergedLeaves(db, row.node)
    leaves.set(nodeFolderName(row.node), feedLeavesText(merged))
    return { ...row, root: rootOf(merged) }
  })
  return { note: signState(policy, published, signer), leaves }
}

/**
 * Somebody else has merged another receipt at a seq that is merged here too. Where they have merged more than is here only they can see
 * it; that they publish their leaves says so.
 */
function isContested(db: ReadDb, ours: StateRow): boolean {
  return statesOfFeed(db, ours.node).some((theirs) =>
    theirs.seq > ours.seq
      ? theirs.root !== null
      : theirs.id !== null && mergedIdAt(db, ours.node, theirs.seq) !== theirs.id,
  )
}

export function judgeState(pass: Pick<Pass, 'verifier'>, node: NodeId, bytes: Uint8Array): Verdict<VerifiedState> {
  const parsed = parseState(bytes)
  if (!parsed.ok) return parsed
  if (parsed.value.node !== node) {
    const detail = `It is signed by ${parsed.value.node}, in the folder of ${node}.`
    return { ok: false, refusal: { reason: 'wrong-node', detail, node } }
  }
  return verifyState(parsed.value, pass.verifier(), node)
}

/** The leaves of a feed as `holder` publishes them now; null where it does not, or where they are not those that it signed. */
export async function readLeaves(
  files: FolderAdapter,
  folder: string,
  db: ReadDb,
  holder: NodeId,
  node: NodeId,
): Promise<readonly FeedLeaf[] | null> {
  const row = stateSaidBy(db, holder)?.rows.find((said) => said.node === node)
  if (row === undefined || row.root === null) return null
  const path = join(nodeFolder(folder, holder), LEAVES, nodeFolderName(node))
  // An unplugged folder says no more than one without the file.
  const bytes = await files.read(path, LIMITS.leavesBytes).catch(() => null)
  return bytes === null ? null : parseFeedLeaves(Buffer.from(bytes).toString('utf8'), row.seq, row.root)
}
