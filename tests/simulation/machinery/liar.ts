// A node that nobody's core runs: it has a key, is admitted like any other, and writes into the exchange whatever serves it.
import type { Instant, Json, NodeId } from '#core/contract/index.ts'
import { createTree, segmentName, signHead, type VerifiedReceipt } from '#core/receipts/index.ts'
import { signerFromSeed, TestNode } from '#tests/kit/nodes.ts'
import type { Oracle } from './oracle.ts'
import { EXCHANGE } from './surroundings.ts'
import type { Machine } from './machine.ts'

export class Liar {
  readonly node: TestNode
  readonly #seed: string
  readonly #oracle: Oracle
  /** Signed and published so far, in the order of the first story. */
  #published = 0

  constructor(seed: string, oracle: Oracle) {
    this.#seed = seed
    this.#oracle = oracle
    this.node = new TestNode(seed)
    this.node.sign({ kind: 'node/profile', subject: 'profile', task: null, anchor: null, body: { name: 'liar' } })
  }

  get id(): NodeId {
    return this.node.id
  }

  get folder(): string {
    return `${EXCHANGE}/nodes/${this.id.slice('did:key:'.length)}`
  }

  observe(subject: string, body: { readonly [key: string]: Json }, atMs: number): VerifiedReceipt {
    return this.node.observe(subject, body, { atMs })
  }

  /** The same key, about to tell another story from after that receipt on. */
  otherStoryAfter(receipt: VerifiedReceipt | null): TestNode {
    return new TestNode(this.#seed).forkAfter(receipt)
  }

  /** What it has signed since, in one segment, and a head over all of it. */
  publish(machine: Machine, time: Instant): void {
    const fresh = this.node.signed.slice(this.#published)
    const [first] = fresh
    const last = fresh.at(-1)
    if (first !== undefined && last !== undefined) {
      this.writeReceipts(machine, segmentName(first.receipt.seq, last.receipt.seq), fresh)
    }
    this.#published = this.node.signed.length
    this.writeHead(machine, this.node.signed, time)
    const [profile] = this.node.signed
    if (profile !== undefined) this.write(machine, 'profile.json', linesOf([profile]))
  }

  writeHead(machine: Machine, feed: readonly VerifiedReceipt[], time: Instant): void {
    const last = feed.at(-1)
    if (last === undefined) return
    const tree = createTree()
    for (const { leaf } of feed) tree.append(leaf)
    const head = signHead({ seq: last.receipt.seq, id: last.id, root: tree.root(), time }, signerFromSeed(this.#seed))
    this.write(machine, 'head', head)
  }

  /** A file of its feed with receipts that hold. Who watches from outside knows of them from now on. */
  writeReceipts(machine: Machine, name: string, receipts: readonly VerifiedReceipt[]): void {
    this.#oracle.publish(receipts)
    this.write(machine, `feed/${name}`, linesOf(receipts))
  }

  write(machine: Machine, name: string, text: string | Uint8Array): void {
    const path = `${this.folder}/${name}`
    machine.disk.makeFolders(path.slice(0, path.lastIndexOf('/')))
    machine.disk.put(path, { bytes: Buffer.from(text), mtimeNs: machine.mtimeNs() }, 'stranger')
  }
}

function linesOf(receipts: readonly VerifiedReceipt[]): string {
  return receipts.map(({ line }) => `${line}\n`).join('')
}
