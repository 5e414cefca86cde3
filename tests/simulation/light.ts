// Light nodes: a thousand and more in one process. A light node is a model and says so: of core it has the real feed rules (`admit`) and
// real signed receipts; its ledger is a map in memory, its folder a list of what was published, and nothing is checked twice. What it
// shows is that the rules come together over any order, loss and repetition at that size, not that files or SQL do.
import { createHash } from 'node:crypto'
import type { Instant, ReceiptId } from '#core/contract/index.ts'
import { admit, type VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { EventQueue } from './machinery/event-queue.ts'
import { HOUR, MINUTE, SECOND } from './machinery/family.ts'
import { Random } from './machinery/random.ts'

export interface LightOutcome {
  readonly events: number
  readonly virtualMs: number
  readonly receipts: number
  /** How many states there are in the end: 1 is convergence. */
  readonly states: number
  readonly digest: string
}

export interface LightWish {
  readonly seed: string
  readonly nodes: number
  readonly hours: number
}

const RESCAN_MS = 20 * MINUTE

class LightFeed {
  readonly ids: ReceiptId[][] = [[]]
  get seq(): number {
    return this.ids.length - 1
  }

  idsAt(seq: number): readonly ReceiptId[] {
    return this.ids[seq] ?? []
  }
}

class LightNode {
  readonly signer: TestNode
  /** By author's index. */
  readonly feeds = new Map<number, LightFeed>()
  /** Receipts that came too early, by author. */
  readonly waiting = new Map<number, Map<ReceiptId, VerifiedReceipt>>()

  constructor(name: string) {
    this.signer = new TestNode(name)
  }

  take(author: number, receipt: VerifiedReceipt, now: Instant): void {
    const feed = this.feeds.get(author) ?? new LightFeed()
    this.feeds.set(author, feed)
    if (!this.#takeOne(author, feed, receipt, now)) return
    const waiting = this.waiting.get(author)
    if (waiting === undefined) return
    // A closed gap may free others, in whatever order they came.
    for (let moved = true; moved;) {
      moved = false
      // What is still too early is put back while this goes on.
      const early = [...waiting.values()]
      waiting.clear()
      for (const one of early) if (this.#takeOne(author, feed, one, now)) moved = true
    }
  }

  #takeOne(author: number, feed: LightFeed, receipt: VerifiedReceipt, now: Instant): boolean {
    const { outcome } = admit(feed, receipt, now)
    if (outcome === 'waiting' || outcome === 'held') {
      const waiting = this.waiting.get(author) ?? new Map<ReceiptId, VerifiedReceipt>()
      this.waiting.set(author, waiting.set(receipt.id, receipt))
      return false
    }
    if (outcome !== 'appended' && outcome !== 'forked') return false
    const { seq } = receipt.receipt
    feed.ids[seq] = [...feed.idsAt(seq), receipt.id]
    return true
  }

  digest(nodes: number): string {
    const hash = createHash('sha256')
    for (let author = 0; author < nodes; author++) {
      const feed = this.feeds.get(author)
      for (const ids of feed?.ids.slice(1) ?? []) hash.update(`${author} ${[...ids].sort().join()}\n`)
    }
    return hash.digest('hex')
  }
}

/** Everybody signs, some tell two stories, messages are late, lost and doubled, nodes lose their memory; then all is calm. */
export function playLight({ seed, nodes, hours }: LightWish): LightOutcome {
  const random = new Random(`light ${seed}`)
  const queue = new EventQueue()
  queue.nowMs = START
  const all = Array.from({ length: nodes }, (_, index) => new LightNode(`${seed} ${index}`))
  const published: VerifiedReceipt[][] = all.map(() => [])
  const endMs = START + hours * HOUR
  const isCalm = () => queue.nowMs >= endMs
  const [loss, doubled, longestMs] = [0.3 * random.next(), 0.5 * random.next(), random.scale(SECOND, HOUR)]

  const deliver = (author: number, receipt: VerifiedReceipt, to: LightNode) => {
    queue.after(random.scale(50, Math.max(51, longestMs)), () => to.take(author, receipt, instantAt(queue.nowMs)))
  }
  const publish = (author: number, receipt: VerifiedReceipt) => {
    published[author]?.push(receipt)
    for (const to of all) {
      if (!isCalm() && random.chance(loss)) continue
      deliver(author, receipt, to)
      if (random.chance(doubled / 10)) deliver(author, receipt, to)
    }
  }
  const speak = (author: number) => {
    const node = all[author]
    if (node === undefined || isCalm()) return
    const { signer } = node
    // One in fifty is a liar, who goes back and tells another story.
    if (author % 50 === 7 && random.chance(0.3)) signer.forkAfter(random.pick([null, ...signer.signed]))
    const atMs = queue.nowMs - START
    publish(author, signer.observe('report.json', { value: random.below(1_000_000) }, { atMs }))
    queue.after(random.scale(20 * MINUTE, 3 * HOUR), () => speak(author))
  }
  const rescan = (node: LightNode) => {
    for (const [author, receipts] of published.entries()) {
      for (const receipt of receipts) {
        const known = node.feeds.get(author)?.idsAt(receipt.receipt.seq) ?? []
        if (!known.includes(receipt.id)) node.take(author, receipt, instantAt(queue.nowMs))
      }
    }
    if (!isCalm()) queue.after(RESCAN_MS, () => rescan(node))
  }
  for (const [author, node] of all.entries()) {
    queue.after(random.below(HOUR), () => speak(author))
    queue.after(random.below(RESCAN_MS), () => rescan(node))
  }
  // Memory lost, files kept: the folder brings all of it back.
  for (const node of random.some(all, Math.ceil(nodes / 20))) {
    queue.after(random.below(hours * HOUR), () => {
      node.feeds.clear()
      node.waiting.clear()
    })
  }
  while (queue.length > 0) queue.runNext()
  for (const node of all) rescan(node)
  const digests = new Set(all.map((node) => node.digest(nodes)))
  return {
    events: queue.count,
    virtualMs: queue.nowMs - START,
    receipts: published.flat().length,
    states: digests.size,
    digest: [...digests].join(),
  }
}
