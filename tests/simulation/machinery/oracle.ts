// What somebody outside the nodes knows: every receipt that a command acknowledged, and where; every receipt and every note that a liar
// published; and which ledgers have held what.
import type { ContentHash, NodeId, ReceiptId } from '#core/contract/index.ts'
import type { PublishedRow, SeenRow, VerifiedReceipt } from '#core/receipts/index.ts'

export interface Acknowledged {
  readonly id: ReceiptId
  readonly machine: number
  readonly node: NodeId
  readonly atMs: number
}

/** More than one receipt in one place of a feed. */
export interface HeldFork {
  readonly node: NodeId
  readonly seq: number
  readonly ids: readonly ReceiptId[]
}

export class Oracle {
  readonly #acknowledged: Acknowledged[] = []
  /** Receipts of feeds by node and seq, and the machines in whose ledgers they were seen. */
  readonly #feeds = new Map<string, Map<ReceiptId, Set<number>>>()
  /** What liars put into the folder, by line: whether any node keeps it or not. */
  readonly #published = new Map<string, VerifiedReceipt>()
  /** What liars signed beside receipts. */
  readonly #words = new Map<NodeId, Set<string>>()
  /** Latest time that was ever signed, so that in the end nobody's clock is before it. */
  latestSignedMs = 0

  acknowledge(receipt: Acknowledged): void {
    this.#acknowledged.push(receipt)
  }

  /** What this machine's ledger must hold. */
  acknowledgedOn(machine: number): readonly Acknowledged[] {
    return this.#acknowledged.filter((receipt) => receipt.machine === machine)
  }

  get acknowledged(): readonly Acknowledged[] {
    return this.#acknowledged
  }

  /** A receipt was seen in a machine's ledger. Answers all that anybody ever held in this place of this feed. */
  hold(machine: number, node: NodeId, seq: number, id: ReceiptId): readonly ReceiptId[] {
    const place = `${node} ${seq}`
    const stories = this.#feeds.get(place) ?? new Map<ReceiptId, Set<number>>()
    this.#feeds.set(place, stories)
    stories.set(id, (stories.get(id) ?? new Set()).add(machine))
    return [...stories.keys()]
  }

  /** True where some ledger held this receipt in this place of this feed. */
  wasHeld(node: NodeId, seq: number, id: ReceiptId): boolean {
    return this.#feeds.get(`${node} ${seq}`)?.has(id) === true
  }

  /** Places of feeds of which these machines held more than one receipt between them. */
  forksOn(machines: readonly number[]): readonly HeldFork[] {
    return [...this.#feeds].flatMap(([place, stories]) => {
      const held = [...stories].filter(([, holders]) => machines.some((machine) => holders.has(machine)))
      const [node, seq] = place.split(' ')
      // Written so by `hold`.
      return held.length < 2 ? [] : [{ node: node as NodeId, seq: Number(seq), ids: held.map(([id]) => id) }]
    })
  }

  publish(receipts: readonly VerifiedReceipt[]): void {
    for (const receipt of receipts) this.#published.set(receipt.line, receipt)
  }

  say(node: NodeId, words: string): void {
    this.#words.set(node, (this.#words.get(node) ?? new Set()).add(words))
  }

  /** True where it signed just this and nothing beside it, whenever that was. */
  hasSaid(node: NodeId, words: string): boolean {
    return this.#words.get(node)?.has(words) === true
  }

  /** Which of the lines of a file are receipts that a liar published. */
  publishedIn(text: string): readonly VerifiedReceipt[] {
    return text.split('\n').flatMap((line) => this.#published.get(line) ?? [])
  }

  /** The machine's disk went back to how it was: what was acknowledged since is nobody's promise any more, unless others hold it. */
  forgetSince(machine: number, atMs: number): void {
    const kept = this.#acknowledged.filter((receipt) => receipt.machine !== machine || receipt.atMs <= atMs)
    this.#acknowledged.splice(0, this.#acknowledged.length, ...kept)
    // What its ledger holds now is seen when it is next looked at.
    for (const stories of this.#feeds.values()) for (const holders of stories.values()) holders.delete(machine)
  }
}

/** What a note says, for comparing: rows of a table or of a file, in whatever order. */
export function seenWords(rows: readonly SeenRow[]): string {
  return `seen\n${sortedLines(rows.map(({ node, seq, id }) => `${node} ${seq} ${id}`))}`
}

export function stateWords(policy: ContentHash, rows: readonly PublishedRow[]): string {
  return `state ${policy}\n${sortedLines(rows.map(({ node, seq, id, aside, root }) => `${node} ${seq} ${id} ${aside} ${root}`))}`
}

export function headWords({
  seq,
  id,
  root,
}: {
  readonly seq: number
  readonly id: ReceiptId
  readonly root: Uint8Array
}) {
  return `head ${seq} ${id} ${Buffer.from(root).toString('hex')}`
}

function sortedLines(lines: readonly string[]): string {
  return lines.toSorted().join('\n')
}
