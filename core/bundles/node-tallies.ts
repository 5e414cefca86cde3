// Whose receipts a bundle holds, and in which figure of its node each of them is counted.
import type { BundleNode, NodeId } from '#core/contract/index.ts'
import { feedTailOf } from '#core/ledger/index.ts'
import { admittedNodes, blockedNodes, createNames } from '#core/network/index.ts'
import type { VerifiedHead, VerifiedReceipt } from '#core/receipts/index.ts'
import * as z from 'zod'
import { FeedSketch } from './feed-sketch.ts'
import type { Inspection } from './inspection.ts'
import type { JudgedFile, ReadLines } from './judged.ts'
import { LINE_REMEDY } from './refusals.ts'
import type { BundleFile } from './types.ts'

interface NodeTally {
  readonly sketch: FeedSketch
  known: number
  refused: number
  notRead: number
  /** The newest one of the bundle. */
  head: VerifiedHead | null
}

export class NodeTallies {
  readonly #inspection: Inspection
  readonly #tallies = new Map<NodeId, NodeTally>()
  /** Who is admitted by receipts of the bundle: by whom. */
  readonly #admissions = new Map<NodeId, Set<NodeId>>()

  constructor(inspection: Inspection) {
    this.#inspection = inspection
  }

  of(node: NodeId): NodeTally {
    const known = this.#tallies.get(node)
    if (known !== undefined) return known
    const sketch = new FeedSketch(feedTailOf(this.#inspection.deps.ledger.read, node))
    const made: NodeTally = { sketch, known: 0, refused: 0, notRead: 0, head: null }
    this.#tallies.set(node, made)
    return made
  }

  /** How many nodes admit this one by receipts of the bundle. */
  admissionsOf(node: NodeId): number {
    return this.#admissions.get(node)?.size ?? 0
  }

  /** Of one node's feed: what cannot be told a node is its owner's. */
  takeFeed(judged: JudgedFile, owner: NodeId): void {
    const read = this.#read(judged)
    if (read === null) return
    this.of(owner).known += read.known
    this.of(owner).notRead += read.deferred
    this.#lines(judged.file, read, owner, null)
  }

  /** Of anybody: only what `readable` nodes signed is read. */
  takeLines(judged: JudgedFile, readable: ReadonlySet<NodeId>): void {
    const read = this.#read(judged)
    if (read !== null) this.#lines(judged.file, read, null, readable)
  }

  /** @param nameOf what somebody who is not admitted calls themselves. */
  async shown(nameOf: (node: NodeId) => Promise<string>): Promise<BundleNode[]> {
    const { ledger, node: self, clock } = this.#inspection.deps
    const names = createNames(ledger.read)
    const admitted = admittedNodes(ledger.read)
    const blocked = blockedNodes(ledger.read)
    const shown: BundleNode[] = []
    for (const [node, { sketch, head, ...counts }] of this.#tallies) {
      const sketched = sketch.counts(clock())
      const known = counts.known + sketched.known
      const refused = counts.refused + sketched.refused
      const { notRead } = counts
      const { withheld, held, forks } = sketched
      const isRead = node === self || admitted.has(node) || sketched.new > 0
      shown.push({
        node,
        name: admitted.has(node) || node === self ? names.of(node) : await nameOf(node),
        state: stateOf(node, self, admitted, blocked),
        receipts: sketched.new + known + refused + withheld + held + notRead,
        new: sketched.new,
        known,
        refused,
        withheld,
        held,
        notRead,
        forks,
        missing: isRead && head !== null && head.seq > sketch.reach ? { from: sketch.reach + 1, to: head.seq } : null,
      })
    }
    return shown.toSorted((a, b) => b.new - a.new || (a.name < b.name ? -1 : 1))
  }

  #read({ file, judged }: JudgedFile): ReadLines | null {
    this.#inspection.done(file)
    if (judged.result === 'refused') this.#inspection.refused.add(judged.refusal)
    return judged.result === 'read' ? judged : null
  }

  /** Each line in exactly one figure of its node. */
  #lines(
    { name }: BundleFile,
    { refused, known, deferred, stopped, verified }: ReadLines,
    owner: NodeId | null,
    readable: ReadonlySet<NodeId> | null,
  ): void {
    const { deps, refused: refusals } = this.#inspection
    const now = deps.clock()
    for (const { refusal, lineNumber } of refused) {
      const { reason, detail } = refusal
      const node = owner ?? refusal.node
      if (node !== null && node !== undefined) this.of(node).refused++
      refusals.add({ entry: `${name}:${lineNumber}`, reason, detail, remedy: LINE_REMEDY })
    }
    if (stopped === 'refusals') {
      const detail = `After ${refused.length} lines that are no receipts its other ${deferred} were not looked at.`
      refusals.add({ entry: name, reason: 'too-many', detail, remedy: LINE_REMEDY })
    }
    this.#inspection.checked(known + refused.length + verified.count)
    for (let from = 0; from < verified.count; from += SLICE) {
      for (const receipt of verified.slice(from, from + SLICE)) {
        const tally = this.of(receipt.receipt.node)
        if (readable !== null && !readable.has(receipt.receipt.node)) tally.notRead++
        else tally.sketch.take(receipt, now)
        this.#noteAdmission(receipt)
      }
    }
  }

  #noteAdmission({ receipt: { kind, node, body } }: VerifiedReceipt): void {
    if (kind !== 'network/admit') return
    const admitted = AdmitBody.safeParse(body)
    if (!admitted.success) return
    const by = this.#admissions.get(admitted.data.node as NodeId) ?? new Set<NodeId>()
    this.#admissions.set(admitted.data.node as NodeId, by.add(node))
  }
}

const AdmitBody = z.looseObject({ node: z.string() })

/** Receipts unpacked at once. */
const SLICE = 512

function stateOf(
  node: NodeId,
  self: NodeId,
  admitted: ReadonlySet<NodeId>,
  blocked: ReadonlySet<NodeId>,
): BundleNode['state'] {
  if (node === self) return 'this-node'
  if (blocked.has(node)) return 'blocked'
  return admitted.has(node) ? 'admitted' : 'not-admitted'
}
