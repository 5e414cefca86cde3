// Light nodes: a thousand and ten thousand in one process. A light node is a model and says so: of core it has the real feed rules (`admit`)
// and real signed receipts; its ledger is a bit for each receipt and a number for each feed, its folder a list of what was published, and
// nothing is checked twice. What it shows is that the rules come together over any order, loss and repetition at that size, not that files
// or SQL do.
import { createHash } from 'node:crypto'
import type { Instant, ReceiptId } from '#core/contract/index.ts'
import { admit, type FeedTail, type VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { EventQueue } from './machinery/event-queue.ts'
import { HOUR, MINUTE, SECOND } from './machinery/family.ts'
import { Random } from './machinery/random.ts'

export interface LightOutcome {
  /** Deliveries, looks at the folder and receipts signed. */
  readonly events: number
  readonly virtualMs: number
  readonly receipts: number
  /** Places of feeds at which several stories were told. */
  readonly forks: number
  /** How many states there are in the end: 1 is convergence. */
  readonly states: number
  /** How often a receipt that was published is missing on a node in the end. */
  readonly missing: number
  readonly digest: string
}

export interface LightWish {
  readonly seed: string
  readonly nodes: number
  readonly hours: number
}

const RESCAN_MS = 20 * MINUTE
/** A receipt reaches the others in so many groups, each at a time of its own. */
const WAVES = 64

/** What was published once, by whomever; known by its place among all that was. */
interface Post {
  readonly place: number
  readonly author: Author
  readonly receipt: VerifiedReceipt
  /** Its id alone: what a node has at its seq that has no other. */
  readonly ids: readonly ReceiptId[]
}

interface Author {
  readonly index: number
  readonly signer: TestNode
  readonly posts: Post[]
  readonly bySeq: Post[][]
}

/** A set of small numbers: a bit for each. */
class Bits {
  words = new Uint32Array(8)

  has(place: number): boolean {
    return (((this.words[place >> 5] ?? 0) >>> (place & 31)) & 1) === 1
  }

  add(place: number): void {
    const at = place >> 5
    if (at >= this.words.length) {
      const larger = new Uint32Array(Math.max(at + 1, 2 * this.words.length))
      larger.set(this.words)
      this.words = larger
    }
    this.words[at] = (this.words[at] ?? 0) | (1 << (place & 31))
  }

  remove(place: number): void {
    if (this.has(place)) this.words[place >> 5] = (this.words[place >> 5] ?? 0) & ~(1 << (place & 31))
  }

  /** Those below `end`, and none beyond. */
  upTo(end: number): Uint32Array {
    const words = new Uint32Array((end + 31) >> 5)
    words.set(this.words.subarray(0, words.length))
    return words
  }

  /** Those below `end` that are not in it. */
  *missing(end: number): Generator<number> {
    for (let at = 0; at << 5 < end; at++) {
      for (let left = ~(this.words[at] ?? 0); left !== 0; left &= left - 1) {
        const place = (at << 5) + 31 - Math.clz32(left & -left)
        if (place < end) yield place
      }
    }
  }
}

class LightNode implements FeedTail {
  readonly known = new Bits()
  /** Receipts that came too early. */
  readonly #waiting = new Bits()
  #early = 0
  /** Up to where each feed goes here. */
  readonly #tails: Uint16Array
  /** The feed that is asked about. */
  #asked: Author | null = null

  constructor(nodes: number) {
    this.#tails = new Uint16Array(nodes)
  }

  get seq(): number {
    return this.#tails[this.#asked?.index ?? 0] ?? 0
  }

  idsAt(seq: number): readonly ReceiptId[] {
    const posts = this.#asked?.bySeq[seq] ?? []
    const [only] = posts
    if (only !== undefined && posts.length === 1) return this.known.has(only.place) ? only.ids : NONE
    return posts.filter(({ place }) => this.known.has(place)).map(({ receipt }) => receipt.id)
  }

  take(post: Post, now: Instant): void {
    if (!this.#takeOne(post, now) || this.#early === 0) return
    // A closed gap may free others, in whatever order they came.
    for (let moved = true; moved;) {
      moved = false
      for (const early of post.author.posts) {
        if (this.#waiting.has(early.place) && this.#takeOne(early, now)) moved = true
      }
    }
  }

  #takeOne(post: Post, now: Instant): boolean {
    const { place, author, receipt } = post
    this.#asked = author
    const { outcome } = admit(this, receipt, now)
    const waits = outcome === 'waiting' || outcome === 'held'
    if (waits !== this.#waiting.has(place)) {
      if (waits) this.#waiting.add(place)
      else this.#waiting.remove(place)
      this.#early += waits ? 1 : -1
    }
    if (outcome !== 'appended' && outcome !== 'forked') return false
    const { seq } = receipt.receipt
    if (seq > 1 && this.idsAt(seq - 1).length === 0) throw new Error(`Taken across a gap: ${receipt.id} at seq ${seq}.`)
    this.known.add(place)
    this.#tails[author.index] = Math.max(this.seq, seq)
    return true
  }

  forget(): void {
    this.known.words.fill(0)
    this.#waiting.words.fill(0)
    this.#early = 0
    this.#tails.fill(0)
  }

  digest(posts: number): string {
    return createHash('sha256').update(this.#tails).update(this.known.upTo(posts)).digest('hex')
  }
}

const NONE: readonly ReceiptId[] = []

/** Everybody signs, some tell two stories, messages are late, lost and doubled, nodes lose their memory; then all is calm. */
export function playLight({ seed, nodes, hours }: LightWish): LightOutcome {
  const random = new Random(`light ${seed}`)
  const queue = new EventQueue()
  queue.nowMs = START
  const all = Array.from({ length: nodes }, () => new LightNode(nodes))
  const authors = all.map((_, index): Author => {
    return { index, signer: new TestNode(`${seed} ${index}`), posts: [], bySeq: [] }
  })
  const posts: Post[] = []
  let events = 0
  const endMs = START + hours * HOUR
  const isCalm = () => queue.nowMs >= endMs
  const [loss, doubled, longestMs] = [0.3 * random.next(), 0.5 * random.next(), random.scale(SECOND, HOUR)]

  /** One wave after the other: what is on its way takes as little room as it can. */
  const carry = (post: Post, waves: readonly Wave[], next = 0) => {
    const wave = waves[next]
    if (wave === undefined) return
    queue.after(wave.afterMs, () => {
      const now = instantAt(queue.nowMs)
      for (const to of wave.to) all[to]?.take(post, now)
      events += wave.to.length
      carry(post, waves, next + 1)
    })
  }
  const publish = (author: Author, receipt: VerifiedReceipt) => {
    const post = { place: posts.length, author, receipt, ids: [receipt.id] }
    posts.push(post)
    author.posts.push(post)
    ;(author.bySeq[receipt.receipt.seq] ??= []).push(post)
    carry(post, wavesOf(random, { nodes, loss, doubled: doubled / 10, longestMs }))
  }
  const speak = (author: Author) => {
    if (isCalm()) return
    events++
    const { signer } = author
    // One in fifty is a liar, who goes back and tells another story.
    if (author.index % 50 === 7 && random.chance(0.5)) signer.forkAfter(random.pick([null, ...signer.signed]))
    const atMs = queue.nowMs - START
    publish(author, signer.observe('report.json', { value: random.below(1_000_000) }, { atMs }))
    queue.after(random.scale(20 * MINUTE, 3 * HOUR), () => speak(author))
  }
  const look = (node: LightNode) => {
    events++
    const now = instantAt(queue.nowMs)
    for (const place of node.known.missing(posts.length)) {
      const post = posts[place]
      // One that was taken may have freed it meanwhile.
      if (post !== undefined && !node.known.has(place)) node.take(post, now)
    }
  }
  const rescan = (node: LightNode) => {
    look(node)
    if (!isCalm()) queue.after(RESCAN_MS, () => rescan(node))
  }
  for (const author of authors) queue.after(random.below(HOUR), () => speak(author))
  for (const node of all) queue.after(random.below(RESCAN_MS), () => rescan(node))
  // Memory lost, files kept: the folder brings all of it back.
  for (const node of random.some(all, Math.ceil(nodes / 20)))
    queue.after(random.below(hours * HOUR), () => node.forget())
  while (queue.length > 0) queue.runNext()
  for (const node of all) look(node)
  const published = createHash('sha256')
  for (const { receipt } of posts) published.update(receipt.leaf)
  const digests = new Set(all.map((node) => node.digest(posts.length)))
  return {
    events,
    virtualMs: queue.nowMs - START,
    receipts: posts.length,
    forks: authors.reduce((sum, { bySeq }) => sum + bySeq.filter((told) => told.length > 1).length, 0),
    states: digests.size,
    missing: all.reduce((sum, { known }) => sum + [...known.missing(posts.length)].length, 0),
    digest: [published.digest('hex'), ...digests].join(),
  }
}

interface Wave {
  /** After the wave before it. */
  readonly afterMs: number
  readonly to: Uint32Array
}

interface Way {
  readonly nodes: number
  readonly loss: number
  readonly doubled: number
  readonly longestMs: number
}

/** Who gets it when: each node in a wave that is drawn for it, or in none, and some in two. */
function wavesOf(random: Random, { nodes, loss, doubled, longestMs }: Way): readonly Wave[] {
  const to: number[][] = Array.from({ length: WAVES }, () => [])
  for (let node = 0; node < nodes; node++) {
    const drawn = random.next()
    if (drawn >= loss) to[Math.floor(((drawn - loss) / (1 - loss)) * WAVES)]?.push(node)
  }
  for (let again = 0; again < doubled * nodes; again++) to[random.below(WAVES)]?.push(random.below(nodes))
  const atMs = to.map(() => random.scale(50, Math.max(51, longestMs))).toSorted((one, other) => one - other)
  return to.map((each, at) => ({ afterMs: (atMs[at] ?? 0) - (atMs[at - 1] ?? 0), to: Uint32Array.from(each) }))
}
