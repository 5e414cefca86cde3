// One walk over every receipt of every admitted node, page by page in the order of node, seq and id: it yields the entries of
// ledger.json with their receipts, and gathers what the summary counts.
import type { Instant, LedgerEntry, NodeId, ReceiptId } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { admittedNodes, DECISION, type MergedFeeds } from '#core/network/index.ts'
import { contentHashOf, parseStoredLine, type Receipt } from '#core/receipts/index.ts'
import { AutomationTally, type AutomationFigures } from './automation.ts'
import { DAY_MS, HISTORY_DAYS, OBSERVED_DAYS } from './facts.ts'
import { BRIEF, BriefBody, OVERRIDE, OverrideBody } from './kinds.ts'

export interface NodeTally {
  readonly node: NodeId
  readonly nodeKey: number | null
  readonly blocked: boolean
  readonly receipts: number
  readonly merged: number
  readonly head: { readonly seq: number; readonly id: ReceiptId; readonly time: Instant } | null
  readonly forkedAt: number | null
  readonly brief: { readonly receipt: ReceiptId; readonly time: Instant } | null
}

export interface SignedOverride {
  readonly receipt: ReceiptId
  readonly node: NodeId
  readonly time: Instant
  readonly body: OverrideBody
}

export interface WalkedReceipt {
  readonly entry: LedgerEntry
  readonly receipt: Receipt
}

export interface PlanFigures {
  readonly steps: number
  readonly withoutReceipts: number
  readonly tagged: number
}

export interface ReceiptTally {
  readonly nodes: readonly NodeTally[]
  readonly receipts: number
  readonly merged: number
  readonly decisions: number
  /** In the order of their names. */
  readonly kinds: readonly { readonly kind: string; readonly receipts: number }[]
  /** Merged receipts in the 24 hours before each of the day ends. */
  readonly byDay: readonly number[]
  readonly lastDays: number
  readonly overrides: readonly SignedOverride[]
  readonly plans: PlanFigures
  readonly automation: AutomationFigures
}

const PAGE_RECEIPTS = 1024

/** How many receipts the walk will meet. */
export function receiptsToWalk(db: ReadDb): number {
  const count = db.prepare<[string], number>(`
    SELECT count(*) FROM receipt JOIN node ON node.key = node_key WHERE node.id IN (SELECT value FROM json_each(?))
  `)
  return count.pluck().get(JSON.stringify([...admittedNodes(db)])) ?? 0
}

/** Yields page by page; the answer is there once all pages were taken. */
export function* walkReceipts(
  db: ReadDb,
  feeds: MergedFeeds,
  dayEndsMs: readonly number[],
): Generator<readonly WalkedReceipt[], ReceiptTally, void> {
  const gathering = new Gathering(dayEndsMs)
  const nodes: NodeTally[] = []
  for (const node of [...admittedNodes(db)].sort()) {
    const nodeKey = db.prepare<[NodeId], number>('SELECT key FROM node WHERE id = ?').pluck().get(node) ?? null
    const tally = new NodeGathering(node, nodeKey, feeds)
    for (const rows of nodeKey === null ? [] : pagesOf(db, nodeKey)) {
      yield rows.map((row) => {
        const { receipt } = parseStoredLine(row.line)
        const entry = entryOf(row, receipt, feeds)
        tally.add(entry, receipt)
        gathering.add(entry, receipt)
        return { entry, receipt }
      })
    }
    nodes.push(tally.answer())
  }
  return gathering.answer(nodes)
}

interface StoredRow {
  readonly arrival: number
  readonly id: Buffer
  readonly nodeKey: number
  readonly seq: number
  readonly line: string
}

function* pagesOf(db: ReadDb, nodeKey: number): Generator<readonly StoredRow[], void, void> {
  const page = db.prepare<[number, number, Buffer, number], StoredRow>(`
    SELECT arrival, id, node_key AS nodeKey, seq, line FROM receipt
    WHERE node_key = ? AND (seq, id) > (?, ?) ORDER BY seq, id LIMIT ?
  `)
  let last: { readonly seq: number; readonly id: Buffer } = { seq: 0, id: Buffer.alloc(0) }
  for (;;) {
    const rows = page.all(nodeKey, last.seq, last.id, PAGE_RECEIPTS)
    const end = rows.at(-1)
    if (end === undefined) return
    yield rows
    last = end
  }
}

function entryOf(row: StoredRow, receipt: Receipt, feeds: MergedFeeds): LedgerEntry {
  const { node, seq, time, kind, subject, task, anchor, body } = receipt
  return {
    id: receiptIdFromBytes(row.id),
    node,
    seq,
    time,
    kind,
    subject,
    task,
    anchor: anchor?.hash ?? null,
    content: contentHashOf(body),
    state: feeds.stateOf(row),
  }
}

class NodeGathering {
  readonly #node: NodeId
  readonly #nodeKey: number | null
  readonly #feeds: MergedFeeds
  #receipts = 0
  #merged = 0
  #head: NodeTally['head'] = null
  #brief: NodeTally['brief'] = null

  constructor(node: NodeId, nodeKey: number | null, feeds: MergedFeeds) {
    this.#node = node
    this.#nodeKey = nodeKey
    this.#feeds = feeds
  }

  add({ id, seq, time, kind, state }: LedgerEntry, { body }: Receipt): void {
    this.#receipts++
    if (state !== 'merged') return
    this.#merged++
    this.#head = { seq, id, time }
    if (kind === BRIEF && BriefBody.safeParse(body).success) this.#brief = { receipt: id, time }
  }

  answer(): NodeTally {
    const feed = this.#nodeKey === null ? null : this.#feeds.feed(this.#nodeKey)
    return {
      node: this.#node,
      nodeKey: this.#nodeKey,
      blocked: feed?.blocked ?? false,
      receipts: this.#receipts,
      merged: this.#merged,
      head: this.#head,
      forkedAt: feed?.forked === true ? feed.baseSeq + 1 : null,
      brief: this.#brief,
    }
  }
}

class Gathering {
  readonly #dayEndsMs: readonly number[]
  readonly #byDay: number[]
  readonly #kinds = new Map<string, number>()
  readonly #overrides: SignedOverride[] = []
  /** Of each node the newest word on a step; the walk comes by in the order of seq. */
  readonly #steps = new Map<string, Receipt>()
  readonly #automation: AutomationTally
  #receipts = 0
  #merged = 0
  #lastDays = 0

  constructor(dayEndsMs: readonly number[]) {
    const endMs = dayEndsMs.at(-1) ?? 0
    this.#dayEndsMs = dayEndsMs
    this.#byDay = dayEndsMs.map(() => 0)
    this.#automation = new AutomationTally(endMs - HISTORY_DAYS * DAY_MS, endMs)
  }

  add(entry: LedgerEntry, receipt: Receipt): void {
    this.#receipts++
    if (entry.state !== 'merged') return
    this.#merged++
    const { id, node, time, kind, subject, task } = entry
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1)
    this.#countDay(Date.parse(time))
    this.#automation.add(entry, receipt)
    if (kind === 'plan/step') this.#steps.set(JSON.stringify([node, subject, task]), receipt)
    if (kind !== OVERRIDE) return
    const body = OverrideBody.safeParse(receipt.body)
    if (body.success) this.#overrides.push({ receipt: id, node, time, body: body.data })
  }

  answer(nodes: readonly NodeTally[]): ReceiptTally {
    const kinds = [...this.#kinds].map(([kind, receipts]) => ({ kind, receipts }))
    return {
      nodes,
      receipts: this.#receipts,
      merged: this.#merged,
      decisions: this.#kinds.get(DECISION) ?? 0,
      kinds: kinds.sort((a, b) => (a.kind < b.kind ? -1 : 1)),
      byDay: this.#byDay,
      lastDays: this.#lastDays,
      overrides: this.#overrides,
      plans: planFigures([...this.#steps.values()]),
      automation: this.#automation.answer(),
    }
  }

  #countDay(timeMs: number): void {
    const endMs = this.#dayEndsMs.at(-1) ?? 0
    if (timeMs <= endMs && timeMs > endMs - OBSERVED_DAYS * DAY_MS) this.#lastDays++
    const day = this.#dayEndsMs.findIndex((end) => timeMs <= end && timeMs > end - DAY_MS)
    if (day >= 0) this.#byDay[day] = (this.#byDay[day] ?? 0) + 1
  }
}

/** TEOF's plans name the commandment that a step serves, as CMD-1. */
const TAG = /\bCMD-\d+\b/

function planFigures(steps: readonly Receipt[]): PlanFigures {
  return {
    steps: steps.length,
    withoutReceipts: steps.filter(({ body }) => !Array.isArray(body['receipts']) || body['receipts'].length === 0)
      .length,
    tagged: steps.filter(({ body }) => typeof body['note'] === 'string' && TAG.test(body['note'])).length,
  }
}
