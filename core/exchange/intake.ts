// What comes in by another way than the shared folder: out of a bundle. The same judging, the same ledger, the same quarantine; only
// that nothing lies there to be read again, so what is early is kept as it is and what is unfinished is refused.
import type { ContentHash, Instant, NodeId, ReceiptId } from '#core/contract/index.ts'
import { knownIds, type Tx } from '#core/ledger/index.ts'
import { admittedNodes, blockedNodes } from '#core/network/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import type { BlobStore } from './blob-store.ts'
import { clearBundleRefusals, noteKey } from './bundle-refusals.ts'
import { compareWithHead } from './compare-head.ts'
import { HEAD, SEEN } from './exchange-paths.ts'
import type { CopyOutcome } from './folder-adapter.ts'
import { releaseEarly, take } from './ingest.ts'
import type { Pass } from './pass.ts'
import { judgeHead, judgeProfile, judgeSeen } from './peer-files.ts'
import {
  nodesBehind,
  pendingOf,
  recordHead,
  recordLastSeen,
  recordPending,
  recordSeen,
  saysMore,
} from './peer-records.ts'
import { clearRefusals, type Refused } from './quarantine.ts'
import { standsAfter, type SegmentJudgement } from './segment.ts'
import type { PassCounts } from './types.ts'
import { isAwaited } from './wanted-blobs.ts'

/** One write: what of it is new goes into the ledger, the rest into waiting, held or quarantine. */
interface IntakeWrite {
  readonly receipts: Iterable<{ readonly receipt: VerifiedReceipt; readonly source: string }>
  readonly refused: readonly Refused[]
  /** Already in the ledger, found so before: they only count. */
  readonly known: number
  /** Files that are in with all of their receipts. */
  readonly judged: readonly {
    readonly source: string
    readonly judgement: Pick<SegmentJudgement, 'refused' | 'stopped'>
  }[]
}

export interface Intake {
  /** Whose receipts may be read now: admitted, or this node itself, and not blocked here. */
  readable(): ReadonlySet<NodeId>
  /** True while the founding receipt of this node's network is still to come: whoever signed it may be read. */
  lacks(receipt: ReceiptId): boolean
  write(work: IntakeWrite): void
  /** Signed notes and profile of one node; false where the file does not hold. */
  head(node: NodeId, bytes: Uint8Array, source: string): boolean
  seen(node: NodeId, bytes: Uint8Array, source: string): boolean
  /** Somebody who is not admitted: they ask to join, and only this is kept of them. */
  asks(node: NodeId, head: Uint8Array | null, profile: Uint8Array | null): void
  /** Takes up again what was early, holds the feeds of these nodes against their heads, and lets go of what was refused and came right. */
  settle(nodes: Iterable<NodeId>): Promise<void>
  /** True where a receipt that is here names this content and it has not arrived yet. */
  wants(hash: ContentHash): boolean
  /** Copies a file in as content that is wanted. */
  content(hash: ContentHash, path: string): Promise<CopyOutcome>
  counts(): PassCounts
  /** Lets others be answered. */
  rest(): Promise<void>
}

/** @param pass one made for this intake; its tally is what `counts` answers. */
export function createIntake(pass: Pass, blobs: BlobStore): Intake {
  const { ledger, tally } = pass
  const opened = pass.now()
  const held = new Map<string, Instant>()
  const write = (work: (tx: Tx) => void) => ledger.write(pass.now(), work)
  const refuse = (source: string, refusal: Refused['refusal'], bytes: Uint8Array) =>
    write((tx) => tally.refuseFile(tx, { source, refusal, bytes, sizeBytes: bytes.length }))
  // What this node itself says is read in its own folder only.
  const holds = (node: NodeId, name: typeof HEAD | typeof SEEN, source: string, record: (tx: Tx) => void) => {
    held.set(noteKey(node, name), opened)
    write((tx) => {
      clearRefusals(tx, { path: source, stands: () => false })
      if (node !== pass.self) record(tx)
    })
  }

  return {
    readable() {
      const blocked = blockedNodes(ledger.read)
      const nodes = new Set([...admittedNodes(ledger.read)].filter((node) => !blocked.has(node)))
      return nodes.add(pass.self)
    },
    lacks: (receipt) => !knownIds(ledger.read, [receipt]).has(receipt),
    write({ receipts, refused, known, judged }) {
      write((tx) => {
        const nodes = new Set<NodeId>()
        for (const { receipt, source } of receipts) {
          take(tx, pass, receipt, source)
          tally.read++
          nodes.add(receipt.receipt.node)
        }
        for (const each of refused) tally.refuse(tx, each)
        for (const { source, judgement } of judged) clearRefusals(tx, { path: source, stands: standsAfter(judgement) })
        for (const node of nodes) if (node !== pass.self) recordLastSeen(tx, node, pass.way)
      })
      tally.read += refused.length + known
      tally.known += known
    },
    head(node, bytes, source) {
      const verdict = judgeHead(pass, node, bytes)
      if (verdict.ok === false) refuse(source, verdict.refusal, bytes)
      if (verdict.ok !== true) return false
      holds(node, HEAD, source, (tx) => {
        recordHead(tx, verdict.value, bytes)
        tx.touched('network')
      })
      return true
    },
    seen(node, bytes, source) {
      const verdict = judgeSeen(pass, node, bytes)
      if (verdict.ok === false) refuse(source, verdict.refusal, bytes)
      if (verdict.ok !== true) return false
      holds(node, SEEN, source, (tx) => {
        // A bundle may have been made long ago.
        if (!saysMore(tx, verdict.value)) return
        recordSeen(tx, verdict.value)
        tx.touched('network')
      })
      return true
    },
    asks(node, headBytes, profileBytes) {
      const head = headBytes === null ? null : judgeHead(pass, node, headBytes)
      const profile = profileBytes === null ? null : judgeProfile(pass, node, profileBytes)
      if (head?.ok !== true || headBytes === null || profile?.ok !== true) return
      const { name, org = null, region = null } = profile.value
      write((tx) => {
        recordHead(tx, head.value, headBytes)
        recordPending(tx, { node, name: pendingOf(tx, node)?.name ?? name, org, region }, head.value.seq)
        recordLastSeen(tx, node, pass.way)
        tx.touched('network')
      })
    },
    async settle(nodes) {
      await releaseEarly(pass)
      for (const node of new Set([...nodes, ...nodesBehind(ledger.read)])) compareWithHead(pass, node)
      clearBundleRefusals(pass, held)
    },
    wants: (hash) => isAwaited(ledger.read, hash),
    async content(hash, path) {
      const copied = await blobs.putFile(path, hash)
      if (copied.outcome === 'copied') {
        write((tx) => {
          tx.prepare<[ContentHash], never>('DELETE FROM exchange_wanted_blob WHERE hash = ?').run(hash)
          tx.touched('receipts')
        })
      }
      return copied
    },
    counts: () => tally.counts(),
    rest: () => pass.rest(),
  }
}
