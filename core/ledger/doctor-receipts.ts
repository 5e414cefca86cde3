// Every receipt again from its stored bytes, as if it had just come in, and every feed from its first receipt on.
import type { Check, NodeId, ReceiptId } from '#core/contract/index.ts'
import { createTree, createVerifier, parseLine } from '#core/receipts/index.ts'
import type { Raw } from './database-adapter.ts'
import { receiptIdFromBytes } from './receipt-id-bytes.ts'
import type { Pause } from './types.ts'

export async function checkFeedsAndReceipts(raw: Raw, pause: Pause): Promise<readonly Check[]> {
  const verifier = createVerifier({ native: 'sodium', slowChecksAllowed: () => true })
  const receiptFaults: string[] = []
  const feedFaults: string[] = []
  let receipts = 0
  const nodes = raw.prepare<[], { key: number; id: NodeId }>('SELECT key, id FROM node ORDER BY key').all()
  for (const node of nodes) {
    const course = new FeedCourse(node.id)
    let from: StoredReceipt | undefined
    let page = pageOf(raw, node.key, from)
    while (page.length > 0 && receiptFaults.length < ENOUGH_FAULTS) {
      for (const row of page) {
        const fault = receiptFault(row, node.id)
        if (fault !== null) receiptFaults.push(`${receiptIdFromBytes(row.id)}: ${fault}`)
        course.add(row)
      }
      receipts += page.length
      from = page.at(-1)
      await pause()
      page = pageOf(raw, node.key, from)
    }
    if (page.length === 0) feedFaults.push(...course.faults(raw, node.key))
  }
  return [
    checkOf('receipts', `${receipts} receipts read again: identity, signature and stored columns hold.`, receiptFaults),
    checkOf('feeds', `Every feed follows without a gap (${nodes.length}), and every fork is known.`, feedFaults),
  ]

  function receiptFault(row: StoredReceipt, node: NodeId): string | null {
    const parsed = parseLine(Buffer.from(row.line))
    if (!parsed.ok) return parsed.refusal.detail
    const { id, leaf, receipt } = parsed.value
    if (id !== receiptIdFromBytes(row.id)) return `its bytes have the id ${id}`
    if (Buffer.compare(leaf, row.leaf) !== 0) return 'its leaf hash is not that of its bytes'
    const columns: readonly [string, unknown, unknown][] = [
      ['node', node, receipt.node],
      ['seq', row.seq, receipt.seq],
      ['kind', row.kind, receipt.kind],
      ['subject', row.subject, receipt.subject],
      ['task', row.task, receipt.task ?? ''],
      ['time', row.timeMs, Date.parse(receipt.time)],
    ]
    const wrong = columns.find(([, stored, signed]) => stored !== signed)
    if (wrong !== undefined) return `its ${wrong[0]} is stored as ${String(wrong[1])} but signed as ${String(wrong[2])}`
    const verdict = verifier.verify(parsed.value, 'ledger')
    return verdict.ok === true ? null : 'its signature is not its node’s'
  }
}

/** A damaged ledger needs no list of everything; bad signatures are dear to check. */
const ENOUGH_FAULTS = 100
const SHOWN_FAULTS = 5
const PAGE_RECEIPTS = 256

/** What a feed should look like in the ledger's own words, worked out receipt by receipt in the order of seq. */
class FeedCourse {
  readonly #node: NodeId
  readonly #faults: string[] = []
  readonly #tree = createTree()
  #seq = 0
  #idsAtSeq: ReceiptId[] = []
  #idsBefore: readonly ReceiptId[] = []
  #forkSeq: number | null = null
  #leaf: Uint8Array | null = null

  constructor(node: NodeId) {
    this.#node = node
  }

  add({ id, seq, leaf, prev }: StoredReceipt): void {
    if (seq > this.#seq) {
      if (seq !== this.#seq + 1) this.#faults.push(`${this.#node} has ${seq} but not ${this.#seq + 1}`)
      this.#endSeq()
      this.#idsBefore = this.#idsAtSeq
      this.#idsAtSeq = []
      this.#seq = seq
    }
    this.#idsAtSeq.push(receiptIdFromBytes(id))
    // The `prev` of a line that is no receipt was a fault already; here it follows nothing.
    const follows = seq === 1 ? prev === null : this.#idsBefore.some((before) => before === prev)
    if (this.#idsAtSeq.length > 1 || !follows) this.#forkSeq ??= seq
    this.#leaf = leaf
  }

  // Only now is it sure that there is no other story at this seq.
  #endSeq(): void {
    if (this.#forkSeq === null && this.#leaf !== null) this.#tree.append(this.#leaf)
    this.#leaf = null
  }

  faults(raw: Raw, nodeKey: number): readonly string[] {
    this.#endSeq()
    const known = raw.prepare<[number], number>('SELECT seq FROM feed_fork WHERE node_key = ?').pluck().get(nodeKey)
    if ((known ?? null) !== this.#forkSeq) {
      this.#faults.push(`${this.#node} forks at ${this.#forkSeq ?? 'no seq'}, kept is ${known ?? 'no seq'}`)
    }
    const kept = raw
      .prepare<[number], { size: number; peaks: Buffer }>('SELECT size, peaks FROM feed_tree WHERE node_key = ?')
      .get(nodeKey)
    const { size, peaks } = this.#tree.state()
    // A tree kept before a fork or before more receipts is shorter or longer; only one of this size can be compared.
    if (kept?.size === size && Buffer.compare(kept.peaks, peaks) !== 0) {
      this.#faults.push(`${this.#node} has another tree over its first ${size} receipts than the one kept`)
    }
    return this.#faults
  }
}

interface StoredReceipt {
  readonly id: Buffer
  readonly seq: number
  readonly kind: string
  readonly subject: string
  readonly task: string
  readonly timeMs: number
  readonly leaf: Buffer
  readonly line: string
  readonly prev: string | null
}

function pageOf(raw: Raw, nodeKey: number, after: StoredReceipt | undefined): readonly StoredReceipt[] {
  return raw
    .prepare<[object], StoredReceipt>(`
      SELECT id, seq, kind, subject.subject, subject.task, time_ms AS timeMs, leaf, line,
        CASE WHEN json_valid(line) THEN line ->> '$.prev' END AS prev
      FROM receipt JOIN subject ON subject.key = subject_key
      WHERE node_key = @nodeKey AND seq >= @seq AND (seq, id) > (@seq, @id)
      ORDER BY seq, id LIMIT @limit
    `)
    .all({ nodeKey, seq: after?.seq ?? 0, id: after?.id ?? Buffer.alloc(0), limit: PAGE_RECEIPTS })
}

function checkOf(name: string, fine: string, faults: readonly string[]): Check {
  if (faults.length === 0) return { name, ok: true, detail: fine }
  const count = faults.length >= ENOUGH_FAULTS ? `${ENOUGH_FAULTS} or more` : String(faults.length)
  return {
    name,
    ok: false,
    detail: `Faults: ${count}. Restore the newest backup and sync; the exchange holds what others signed.`,
    expected: 'none',
    found: faults.slice(0, SHOWN_FAULTS).join('; '),
  }
}
