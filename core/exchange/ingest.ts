// Verified receipts -> ledger, waiting or held. In batches, so that one write stays short and everything else goes on between.
import type { ContentHash, NodeId } from '#core/contract/index.ts'
import { append, feedTailOf, type Tx } from '#core/ledger/index.ts'
import type { Receipt, VerifiedReceipt } from '#core/receipts/index.ts'
import { dropEarly, heldUntil, keepEarly, latestTaken, nodesWithWaiting, waitingAfter } from './early-receipts.ts'
import type { EarlyReceipt } from './early-receipts.ts'
import { forgetFile } from './inbox-files.ts'
import type { Pass } from './pass.ts'
import type { VerifiedBatch } from './verification.ts'
import { wantBlob } from './wanted-blobs.ts'

/** Receipts in one write: some 70 ms with all projections. A quarter of it took twice as long in all, since ids are in random order
 * and each commit writes most pages of their index; more would hold up what the window asks meanwhile. */
const BATCH = 2048

/** Few enough that none of them is still in memory when the next ones come. */
const UNPACKED_TOGETHER = 256

export interface Ingested {
  /** Early receipts for which there was no room: to be read again from the folder. */
  readonly noRoom: number
  /** False where the pass was cancelled before all were taken. */
  readonly complete: boolean
}

/** Appends a file's receipts. `finish` runs in the last write, so that the file counts as read only with all of it. */
export async function ingest(
  pass: Pass,
  batch: VerifiedBatch,
  source: string,
  finish: (tx: Tx, noRoom: number) => void,
): Promise<Ingested> {
  let noRoom = 0
  for (let from = 0; ; from += BATCH) {
    if (pass.isCancelled()) return { noRoom, complete: false }
    const isLast = from + BATCH >= batch.count
    const end = Math.min(from + BATCH, batch.count)
    pass.ledger.write(pass.now(), (tx) => {
      for (let at = from; at < end; at += UNPACKED_TOGETHER) {
        const receipts = batch.slice(at, Math.min(at + UNPACKED_TOGETHER, end))
        for (const receipt of receipts) if (!take(tx, pass, receipt, source)) noRoom++
      }
      if (isLast) finish(tx, noRoom)
    })
    pass.tally.read += end - from
    if (isLast) return { noRoom, complete: true }
    await pass.rest()
  }
}

/** False where it is early and there is no room to keep it. Each receipt is counted in exactly one outcome. */
export function take(tx: Tx, pass: Pass, receipt: VerifiedReceipt, source: string): boolean {
  const { tally } = pass
  const admission = append(tx, receipt, { way: pass.way, source })
  switch (admission.outcome) {
    case 'appended':
    case 'forked':
      tally.admitted++
      dropEarly(tx, pass.shares, receipt.id)
      wantContent(tx, receipt.receipt)
      return true
    case 'known':
      tally.known++
      dropEarly(tx, pass.shares, receipt.id)
      return true
    case 'waiting':
    case 'held':
      tally[admission.outcome]++
      return keepEarly(tx, pass.shares, admission.outcome, receipt, source)
    case 'refused':
      dropEarly(tx, pass.shares, receipt.id)
      tally.refuse(tx, {
        source,
        refusal: admission.refusal,
        bytes: Buffer.from(receipt.line),
        sizeBytes: Buffer.byteLength(receipt.line),
      })
      return true
  }
}

/** The content that a receipt names, where it names some. */
export function namedContent({ body }: Receipt): ContentHash | null {
  const content = body['content']
  if (typeof content !== 'object' || content === null || !('hash' in content)) return null
  const { hash } = content
  // The pattern is the whole rule of a ContentHash.
  return typeof hash === 'string' && /^sha256:[0-9a-f]{64}$/.test(hash) ? (hash as ContentHash) : null
}

function wantContent(tx: Tx, receipt: Receipt): void {
  const content = namedContent(receipt)
  if (content !== null) wantBlob(tx, content, receipt.node)
}

/** Takes up again what was early, as often as that closes further gaps. */
export async function releaseEarly(pass: Pass): Promise<void> {
  for (let released = true; released && !pass.isCancelled();) {
    released = false
    const due = heldUntil(pass.ledger.read, latestTaken(pass.now()), BATCH)
    for (const [node, rows] of Map.groupBy(due, (row) => row.node))
      released = (await release(pass, node, rows)) || released
    for (const node of nodesWithWaiting(pass.ledger.read)) {
      if (pass.isCancelled()) return
      const rows = waitingAfter(pass.ledger.read, node, feedTailOf(pass.ledger.read, node).seq, BATCH)
      if (rows.length > 0) released = (await release(pass, node, rows)) || released
    }
  }
}

/** True where at least one of them moved on. */
async function release(pass: Pass, node: NodeId, rows: readonly EarlyReceipt[]): Promise<boolean> {
  const { verified, failed } = await pass.verification.verifyLines(
    rows.map(({ line }) => line),
    node,
  )
  const sourceById = new Map(rows.map((row) => [row.id, row.source]))
  const before = pass.tally.waiting + pass.tally.held
  pass.ledger.write(pass.now(), (tx) => {
    for (const receipt of verified.slice(0, verified.count)) {
      take(tx, pass, receipt, sourceById.get(receipt.id) ?? node)
    }
    for (const index of failed) {
      const row = rows[index]
      if (row !== undefined) refuseStored(tx, pass, row)
    }
  })
  pass.tally.released += verified.count + failed.length
  pass.tally.verified += verified.count
  await pass.rest()
  const stillEarly = pass.tally.waiting + pass.tally.held - before
  return verified.count + failed.length > stillEarly
}

// It was verified before it was stored: the disk has changed it since. The folder still has the original, which is read again.
function refuseStored(tx: Tx, pass: Pass, row: EarlyReceipt): void {
  dropEarly(tx, pass.shares, row.id)
  forgetFile(tx, row.source)
  pass.tally.refuse(tx, {
    source: row.source,
    refusal: {
      reason: 'bad-signature',
      detail: 'What was stored of it has changed on this disk since.',
      node: row.node,
    },
    bytes: Buffer.from(row.line),
    sizeBytes: Buffer.byteLength(row.line),
  })
}
