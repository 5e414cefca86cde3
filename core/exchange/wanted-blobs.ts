// Content that receipts name and that is not here: fetched after the receipts, from whichever node's folder has it.
import { join } from 'node:path'
import type { ContentHash, NodeId } from '#core/contract/index.ts'
import type { ReadDb, Tx } from '#core/ledger/index.ts'
import { codeOf, StewardError } from '#core/problem/index.ts'
import { blobPath, BLOB_LIMIT_BYTES, type BlobStore } from './blob-store.ts'
import { BLOBS, nodeFolder, nodeFolderName, NODES } from './exchange-paths.ts'
import type { CopyOutcome } from './folder-adapter.ts'
import { unlessFolderFails, type Pass } from './pass.ts'

/** Looked for in one pass; the longest not looked for come first, so that all get their turn. */
const LOOKED_FOR = 1_000

/** Whether a receipt that is here names this content, which has not come yet. */
export function isAwaited(db: ReadDb, hash: ContentHash): boolean {
  const row = db.prepare<[ContentHash], { found: 1 }>('SELECT 1 AS found FROM exchange_wanted_blob WHERE hash = ?')
  return row.get(hash) !== undefined
}

export function wantBlob(tx: Tx, hash: ContentHash, node: NodeId): void {
  tx.prepare<[ContentHash, NodeId], never>(
    "INSERT OR IGNORE INTO exchange_wanted_blob (hash, node, tried_at) VALUES (?, ?, '')",
  ).run(hash, node)
}

function wantedBlobs(db: ReadDb): readonly { readonly hash: ContentHash; readonly node: NodeId }[] {
  return db
    .prepare<[number], { hash: ContentHash; node: NodeId }>(
      'SELECT hash, node FROM exchange_wanted_blob ORDER BY tried_at, hash LIMIT ?',
    )
    .all(LOOKED_FOR)
}

/** Fetches what is wanted and there. Missing content is looked for again at the next rescan. */
export async function fetchBlobs(pass: Pass, blobs: BlobStore, sharers: readonly NodeId[]): Promise<number> {
  let fetched = 0
  for (const { hash, node } of wantedBlobs(pass.ledger.read)) {
    if (pass.isCancelled()) break
    const isHere =
      (await blobs.keeps(hash)) ||
      (await fetchOne(pass, blobs, hash, [node, ...sharers.filter((other) => other !== node)]))
    if (isHere) fetched++
    pass.ledger.write(pass.now(), (tx) => {
      if (isHere) {
        tx.prepare<[ContentHash], never>('DELETE FROM exchange_wanted_blob WHERE hash = ?').run(hash)
        tx.touched('receipts')
      } else {
        tx.prepare<[string, ContentHash], never>('UPDATE exchange_wanted_blob SET tried_at = ? WHERE hash = ?').run(
          tx.now,
          hash,
        )
      }
    })
  }
  return fetched
}

async function fetchOne(pass: Pass, blobs: BlobStore, hash: ContentHash, sharers: readonly NodeId[]): Promise<boolean> {
  for (const node of sharers) {
    const [fan, name] = blobPath(hash)
    const path = join(nodeFolder(pass.folder, node), BLOBS, fan, name)
    const stat = await unlessFolderFails(() => pass.files.stat(path))
    if (stat?.kind !== 'file' || stat.sizeBytes === 0) continue
    const copied = await copyIn(blobs, path, hash)
    if (copied.outcome === 'copied') return true
    if (copied.outcome !== 'missing') refuseContent(pass, hash, node, copied)
  }
  return false
}

/** Content goes into the data folder: if that is full, it is not the exchange that must be looked after. */
async function copyIn(blobs: BlobStore, path: string, hash: ContentHash): Promise<CopyOutcome> {
  try {
    return await blobs.putFile(path, hash)
  } catch (cause) {
    const code = codeOf(cause)
    if (code === null) throw cause
    if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EROFS') return { outcome: 'missing' }
    throw new StewardError({
      code: 'DATA_FOLDER_FULL',
      happened: 'Content that receipts name cannot be stored: the data folder is full or cannot be written.',
      kept: 'The receipts are safe in the ledger, and the content stays in the exchange.',
      remedy: 'Free some space where Steward keeps its data; the content is fetched at the next rescan.',
      cause,
    })
  }
}

function refuseContent(
  pass: Pass,
  hash: ContentHash,
  node: NodeId,
  found: Exclude<CopyOutcome, { outcome: 'copied' | 'missing' }>,
): void {
  const detail =
    found.outcome === 'too-large'
      ? `It has ${found.sizeBytes} bytes; at most ${BLOB_LIMIT_BYTES} are taken.`
      : `Its content has the hash sha256:${found.sha256}, its name says ${hash}.`
  pass.ledger.write(pass.now(), (tx) =>
    pass.tally.refuseFile(tx, {
      source: [NODES, nodeFolderName(node), BLOBS, ...blobPath(hash)].join('/'),
      refusal: { reason: found.outcome === 'too-large' ? 'too-large' : 'content-mismatch', detail, node },
      // The content itself stays where it lies; what tells one wrong content from another is its hash.
      bytes: Buffer.from(found.outcome === 'mismatch' ? found.sha256 : String(found.sizeBytes)),
      sizeBytes: found.outcome === 'too-large' ? found.sizeBytes : 0,
    }),
  )
}
