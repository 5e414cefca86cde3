// A node that nobody's core runs: it has a key, is admitted like any other, and writes into the exchange whatever serves it.
import type { ContentHash, Instant, Json, NodeId } from '#core/contract/index.ts'
import {
  createTree,
  segmentName,
  signHead,
  signSeen,
  signState,
  type Draft,
  type PublishedRow,
  type SeenRow,
  type VerifiedReceipt,
} from '#core/receipts/index.ts'
import { signerFromSeed, TestNode } from '#tests/kit/nodes.ts'
import { headWords, seenWords, stateWords, type Oracle } from './oracle.ts'
import { EXCHANGE } from './surroundings.ts'
import type { Machine } from './machine.ts'

export class Liar {
  readonly node: TestNode
  readonly #seed: string
  readonly #oracle: Oracle
  /** Signed and published so far, in the order of the first story. */
  #published = 0
  /** Small files that it signed, each as it was. */
  readonly #notes: { readonly name: string; readonly text: string }[] = []

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

  sign(draft: Draft, atMs: number): VerifiedReceipt {
    return this.node.sign(draft, atMs)
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
    this.asksToJoin(machine, time)
  }

  /** Its head and its profile: all that is read of whom nobody has admitted. */
  asksToJoin(machine: Machine, time: Instant): void {
    this.writeHead(machine, this.node.signed, time)
    const [profile] = this.node.signed
    if (profile !== undefined) this.write(machine, 'profile.json', linesOf([profile]))
  }

  writeHead(machine: Machine, feed: readonly VerifiedReceipt[], time: Instant): void {
    const last = feed.at(-1)
    if (last === undefined) return
    const tree = createTree()
    for (const { leaf } of feed) tree.append(leaf)
    const claim = { seq: last.receipt.seq, id: last.id, root: tree.root(), time }
    this.#oracle.say(this.id, headWords(claim))
    this.#writeNote(machine, 'head', signHead(claim, signerFromSeed(this.#seed)))
  }

  /** What it says that it holds of others, true or not. */
  writeSeen(machine: Machine, rows: readonly SeenRow[]): void {
    this.#oracle.say(this.id, seenWords(rows))
    this.#writeNote(machine, 'seen', signSeen(rows, signerFromSeed(this.#seed)))
  }

  /** What it says that it has merged, true or not. */
  writeState(machine: Machine, policy: ContentHash, rows: readonly PublishedRow[]): void {
    this.#oracle.say(this.id, stateWords(policy, rows))
    this.#writeNote(machine, 'state', signState(policy, rows, signerFromSeed(this.#seed)))
  }

  /** Small files that it has signed since it began. */
  get notes(): readonly { readonly name: string; readonly text: string }[] {
    return this.#notes
  }

  #writeNote(machine: Machine, name: string, text: string): void {
    this.#notes.push({ name, text })
    this.write(machine, name, text)
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
