// What comes of a segment: its receipts into the ledger, its faults into quarantine, and a note whether to open it again.
import { join } from 'node:path'
import type { NodeId } from '#core/contract/index.ts'
import { feedTailOf, treeOf, type Tx } from '#core/ledger/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import { forgetFile, isSameFile, rememberFile, STABLE_RESCANS, type InboxFile } from './inbox-files.ts'
import { ingest } from './ingest.ts'
import type { Pass } from './pass.ts'
import { headOf, recordLastSeen } from './peer-records.ts'
import type { SegmentFile } from './plan-feed.ts'
import { clearRefusals } from './quarantine.ts'
import { standsAfter } from './segment.ts'
import type { SegmentReading } from './verification.ts'

/** Opens a segment. Reading may run ahead of taking: the answer holds nothing but what the file says. */
export function openSegment(pass: Pass, file: SegmentFile): Promise<SegmentReading> {
  return pass.verification.readSegment({
    path: join(pass.folder, file.path),
    node: file.node,
    first: file.range.first,
    last: file.range.last,
    stat: file.stat,
    settled: file.settled,
  })
}

/** Takes what a segment gave. True where it was news. */
export async function takeSegment(pass: Pass, file: SegmentFile, reading: SegmentReading): Promise<boolean> {
  const common = {
    path: file.path,
    node: file.node,
    sizeBytes: file.stat.sizeBytes,
    mtimeNs: file.stat.mtimeNs,
    deferred: 0,
    lastSeen: file.lookedAt,
  }
  const write = (work: (tx: Tx) => void) => pass.ledger.write(pass.now(), work)
  switch (reading.result) {
    case 'gone':
      write((tx) => forgetFile(tx, file.path))
      return false
    case 'changing':
      write((tx) => rememberFile(tx, { ...common, sha256: null, state: 'half', stable: 0 }))
      return false
    case 'failed':
      write((tx) => rememberFile(tx, { ...common, sha256: null, state: 'unreadable', stable: 0 }))
      return false
    case 'settled':
      write((tx) => {
        const standing = standingOf(file, reading.sha256)
        rememberFile(tx, { ...common, sha256: reading.sha256, ...standing })
        if (standing.state === 'done') clearRefusals(tx, { path: file.path, stands: () => false })
      })
      return false
    case 'too-large':
      write((tx) => {
        rememberFile(tx, { ...common, sha256: null, state: 'bad', stable: 0 })
        pass.tally.refuseFile(
          tx,
          badSegment(file, `It has ${reading.sizeBytes} bytes; at most ${LIMITS.segmentBytes} are taken.`),
        )
      })
      return false
    case 'unfinished':
      write((tx) => takeUnfinished(tx, pass, file, reading))
      return false
    case 'read':
      return takeWhole(pass, file, reading)
  }
}

/** What is settled by its own content stands as it stood; what is the same as a file that was taken is taken. */
function standingOf({ before }: SegmentFile, sha256: string): Pick<InboxFile, 'state' | 'stable' | 'deferred'> {
  if (before === undefined || before.sha256 !== sha256) return { state: 'done', stable: 0, deferred: 0 }
  const { state, stable, deferred } = before
  return { state, stable, deferred }
}

function takeUnfinished(
  tx: Tx,
  pass: Pass,
  file: SegmentFile,
  reading: Extract<SegmentReading, { result: 'unfinished' }>,
): void {
  const unchanged = file.before !== undefined && file.before.state === 'half' && isSameFile(file.before, file.stat)
  const stable = unchanged ? file.before.stable + Number(pass.isFull) : 0
  const isBad = stable >= STABLE_RESCANS
  const { sizeBytes, mtimeNs } = file.stat
  rememberFile(tx, {
    path: file.path,
    node: file.node,
    sizeBytes,
    mtimeNs,
    sha256: reading.sha256,
    state: isBad ? 'bad' : 'half',
    stable,
    deferred: 0,
    lastSeen: file.lookedAt,
  })
  if (!isBad) return
  const { first, last } = file.range
  const detail = `Its name promises ${last - first + 1} receipts, but it is cut off or holds gaps, and it does not change any more.`
  pass.tally.refuseFile(tx, { ...badSegment(file, detail), bytes: reading.bytes })
}

function badSegment(file: SegmentFile, detail: string) {
  return {
    source: file.path,
    refusal: { reason: 'bad-segment', detail, node: file.node },
    bytes: new Uint8Array(),
    sizeBytes: file.stat.sizeBytes,
  } as const
}

async function takeWhole(
  pass: Pass,
  file: SegmentFile,
  reading: Extract<SegmentReading, { result: 'read' }>,
): Promise<boolean> {
  const { tally } = pass
  const { sizeBytes, mtimeNs } = file.stat
  const { complete } = await ingest(pass, reading.verified, file.path, (tx, noRoom) => {
    for (const { refusal, lineNumber, bytes } of reading.refused) {
      tally.refuse(tx, { source: `${file.path}:${lineNumber}`, refusal, bytes, sizeBytes: bytes.length })
    }
    clearRefusals(tx, { path: file.path, stands: standsAfter(reading) })
    const state = stateAfter(reading, noRoom)
    rememberFile(tx, {
      path: file.path,
      node: file.node,
      sizeBytes,
      mtimeNs,
      sha256: reading.sha256,
      state,
      stable: 0,
      deferred: reading.deferred + noRoom,
      lastSeen: file.lookedAt,
    })
    if (reading.verified.count > 0) recordLastSeen(tx, file.node, 'folder')
    growTree(tx, file.node)
  })
  if (complete) {
    tally.read += reading.known + reading.refused.length + reading.deferred
    tally.known += reading.known
    tally.waiting += reading.deferred
  }
  tally.verified += reading.checked
  return reading.verified.count > 0
}

function stateAfter(reading: Extract<SegmentReading, { result: 'read' }>, noRoom: number): InboxFile['state'] {
  if (reading.stopped === 'ration' || noRoom > 0) return 'deferred'
  if (reading.stopped === 'bad-signature') return 'stopped'
  return reading.refused.length > 0 ? 'refused' : 'done'
}

// With each segment a little, so that comparing a head after a long read has nothing left to hash.
function growTree(tx: Tx, node: NodeId): void {
  const head = headOf(tx, node)
  const { seq } = feedTailOf(tx, node)
  if (head !== null) treeOf(tx, node, Math.min(seq, head.seq))
}
