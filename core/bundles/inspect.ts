// What a bundle holds and what would become of it, before anything is written. Every signature is checked here; the import checks
// again, since between the two lies a disk.
import { createHash } from 'node:crypto'
import * as z from 'zod'
import {
  type BundleNode,
  type BundleOrigin,
  type BundlePreview,
  type BundleProof,
  type NodeId,
} from '#core/contract/index.ts'
import { BLOB_LIMIT_BYTES, judgeHead, judgeProfile, parseMarker } from '#core/exchange/index.ts'
import { feedTailOf, knownIds } from '#core/ledger/index.ts'
import { admittedNodes, blockedNodes, createNames, policyInForce } from '#core/network/index.ts'
import {
  createVerifier,
  LIMITS,
  shortId,
  type Verdict,
  type VerifiedHead,
  type VerifiedReceipt,
} from '#core/receipts/index.ts'
import { FeedSketch } from './feed-sketch.ts'
import type { BundleDeps, Work } from './job-types.ts'
import { judgeLineFiles, judgeSegments, type JudgedFile } from './judged.ts'
import type { ContentEntry, Layout, NodeFiles } from './layout.ts'
import { BUNDLE_LIMITS } from './limits.ts'
import { RefusalList, refuseEntry } from './refusals.ts'
import type { BundleFile, BundleReader } from './types.ts'

/** What importing would do with the directories; their refusals go into the list. */
type ShownOrigins = (refused: RefusalList) => { readonly origins: BundleOrigin[]; readonly receipts: number }

/** @throws the signal's reason where it was aborted. */
export async function inspectBundle(
  deps: BundleDeps,
  reader: BundleReader,
  layout: Layout,
  work: Work,
  origins: ShownOrigins,
): Promise<BundlePreview> {
  return new Inspection(deps, reader, layout, work).run(origins)
}

const MARKER_BYTES = 4096

class Inspection {
  readonly #deps: BundleDeps
  readonly #reader: BundleReader
  readonly #layout: Layout
  readonly #work: Work
  readonly #refused: RefusalList
  readonly #feeds = new Map<NodeId, NodeTally>()
  readonly #proofs: BundleProof[] = []
  #proofCount = 0
  /** Who is admitted by receipts of the bundle: by whom. */
  readonly #admissions = new Map<NodeId, Set<NodeId>>()
  readonly #totalBytes: number
  #doneBytes = 0
  #receipts = 0
  #foreign: number
  #slowChecks = 0
  readonly #verifier = createVerifier({
    native: 'node',
    // A bundle of nothing but forged notes must not hold up the app.
    slowChecksAllowed: () => this.#slowChecks++ < LIMITS.slowChecksPerMinute,
  })

  constructor(deps: BundleDeps, reader: BundleReader, layout: Layout, work: Work) {
    this.#deps = deps
    this.#reader = reader
    this.#layout = layout
    this.#work = work
    this.#refused = new RefusalList(BUNDLE_LIMITS.listedRefusals)
    for (const refusal of reader.refused.items) this.#refused.add(refusal)
    this.#refused.count = reader.refused.count
    this.#foreign = layout.foreign
    this.#totalBytes = reader.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  async run(originsOf: ShownOrigins): Promise<BundlePreview> {
    const { misnamed, nodes, lines, contents } = this.#layout
    for (const { name } of misnamed)
      this.#refused.add(refuseEntry(name, 'bad-segment-name', 'Its name says no range of receipts.'))
    const network = await this.#network()
    const left = new Set(nodes.keys())
    for (let next = await this.#nextReadable(left); next !== null; next = await this.#nextReadable(left)) {
      left.delete(next)
      const files = nodes.get(next)
      if (files !== undefined) await this.#feed(next, files)
    }
    // Of who is not admitted nothing is read but who they are; how many receipts there would be stands in the names.
    for (const node of left) {
      const tally = this.#tally(node)
      for (const { file, range } of nodes.get(node)?.segments ?? []) {
        tally.notRead += Math.min(range.last - range.first + 1, LIMITS.segmentLines)
        this.#done(file)
      }
    }
    await this.#lines(lines)
    await this.#heads()
    const content = await this.#contents(contents)
    const shown = await this.#nodes()
    const { origins, receipts: signed } = originsOf(this.#refused)
    return {
      kinds: [
        ...(nodes.size > 0 ? (['steward'] as const) : []),
        ...(origins.length > 0 ? (['teof'] as const) : []),
        ...(shown.some(({ node }) => !nodes.has(node)) ? (['receipts'] as const) : []),
        ...(this.#proofCount > 0 ? (['proof'] as const) : []),
      ],
      files: this.#reader.files.length,
      sizeBytes: this.#totalBytes,
      network,
      nodes: shown,
      origins,
      proofs: this.#proofs,
      proofCount: this.#proofCount,
      contents: content,
      refusals: [...this.#refused.items],
      refusalCount: this.#refused.count,
      foreign: this.#foreign,
      ignored: this.#reader.ignored,
      adds: shown.reduce((sum, node) => sum + node.new + node.withheld + node.held, 0) + signed,
    }
  }

  async #network(): Promise<BundlePreview['network']> {
    for (const file of this.#layout.markers) {
      const content = await this.#reader.read(file, MARKER_BYTES)
      this.#done(file)
      if (!content.ok) {
        this.#refused.add(content.refusal)
        continue
      }
      const marker = parseMarker(content.bytes)
      const ours = this.#deps.network()
      if (marker !== null) return { id: marker.network, name: marker.name, isOurs: marker.network === ours?.id }
    }
    return null
  }

  /** Admitted by what is here or by what was read of the bundle; who founded the network, where that is not known yet. */
  async #nextReadable(left: ReadonlySet<NodeId>): Promise<NodeId | null> {
    const { ledger, node: self } = this.#deps
    const admitted = admittedNodes(ledger.read)
    const blocked = blockedNodes(ledger.read)
    const needed = policyInForce(ledger.read).admissionsNeeded
    for (const node of left) {
      if (blocked.has(node)) continue
      if (node === self || admitted.has(node) || (this.#admissions.get(node)?.size ?? 0) >= needed) return node
      if (await this.#isFounder(node)) return node
    }
    return null
  }

  async #isFounder(node: NodeId): Promise<boolean> {
    const network = this.#deps.network()
    if (network === null || knownIds(this.#deps.ledger.read, [network.id]).has(network.id)) return false
    const firsts = (this.#layout.nodes.get(node)?.segments ?? []).filter(({ range }) => range.first === 1)
    for await (const { judged } of judgeSegments(this.#reader, this.#deps.verification, node, firsts)) {
      if (judged.result !== 'read') continue
      if (judged.verified.slice(0, judged.verified.count).some(({ id }) => id === network.id)) return true
    }
    return false
  }

  async #feed(node: NodeId, { segments }: NodeFiles): Promise<void> {
    for await (const judged of judgeSegments(this.#reader, this.#deps.verification, node, segments)) {
      this.#take(judged, node)
      await this.#rest()
    }
  }

  async #lines(files: readonly BundleFile[]): Promise<void> {
    const readable = new Set(admittedNodes(this.#deps.ledger.read)).add(this.#deps.node)
    for (const node of blockedNodes(this.#deps.ledger.read)) readable.delete(node)
    for await (const judged of judgeLineFiles(this.#reader, this.#deps.verification, files)) {
      if (judged.judged.result === 'foreign') {
        this.#foreign++
        this.#done(judged.file)
      } else if (judged.judged.result === 'proof') {
        await this.#proof(judged.file, judged.judged.text)
      } else {
        this.#take(judged, null, readable)
      }
      await this.#rest()
    }
  }

  async #proof(file: BundleFile, text: string): Promise<void> {
    this.#done(file)
    this.#proofCount++
    if (this.#proofs.length === LISTED_PROOFS) return
    const proof = await this.#deps.readProof(text, () => this.#rest())
    this.#proofs.push({ entry: file.name, ...(proof ?? ILLEGIBLE_PROOF) })
  }

  /** Each line in exactly one figure of its node. Lines that could not be told a node belong to the file's. */
  #take({ file, judged }: JudgedFile, owner: NodeId | null, readable: ReadonlySet<NodeId> | null = null): void {
    this.#done(file)
    if (judged.result === 'foreign' || judged.result === 'proof') return
    if (judged.result === 'refused') {
      this.#refused.add(judged.refusal)
      return
    }
    const now = this.#deps.clock()
    for (const { refusal, lineNumber } of judged.refused) {
      const { reason, detail } = refusal
      const node = owner ?? refusal.node
      if (node !== null && node !== undefined) this.#tally(node).refused++
      this.#refused.add({ entry: `${file.name}:${lineNumber}`, reason, detail, remedy: LINE_REMEDY })
    }
    if (owner !== null) {
      this.#tally(owner).known += judged.known
      this.#tally(owner).notRead += judged.deferred
    }
    if (judged.stopped === 'refusals') {
      const detail = `After ${judged.refused.length} lines that are no receipts its other ${judged.deferred} were not looked at.`
      this.#refused.add({ entry: file.name, reason: 'too-many', detail, remedy: LINE_REMEDY })
    }
    this.#receipts += judged.known + judged.refused.length + judged.verified.count
    for (let from = 0; from < judged.verified.count; from += SLICE) {
      for (const receipt of judged.verified.slice(from, from + SLICE)) {
        const tally = this.#tally(receipt.receipt.node)
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

  async #heads(): Promise<void> {
    for (const [node, { heads, profiles, seens }] of this.#layout.nodes) {
      for (const file of heads) {
        const content = await this.#reader.read(file, LIMITS.headBytes)
        this.#done(file)
        if (!content.ok) this.#refused.add(content.refusal)
        else this.#head(node, file, content.bytes)
      }
      for (const file of [...profiles, ...seens]) this.#done(file)
    }
  }

  #head(node: NodeId, file: BundleFile, bytes: Uint8Array): void {
    const head = this.#held(file, judgeHead({ verifier: () => this.#verifier }, node, bytes))
    if (head === null) return
    const tally = this.#tally(node)
    if (tally.head === null || tally.head.seq < head.seq) tally.head = head
  }

  /** What a small signed file says, where its signature holds; what does not hold is refused. */
  #held<T>({ name }: BundleFile, verdict: Verdict<T>): T | null {
    if (verdict.ok === true) return verdict.value
    const { reason, detail } = verdict.ok === 'deferred' ? NOT_CHECKED : verdict.refusal
    this.#refused.add({ entry: name, reason, detail, remedy: LINE_REMEDY })
    return null
  }

  async #contents(contents: readonly ContentEntry[]): Promise<BundlePreview['contents']> {
    let count = 0
    let sizeBytes = 0
    for (const { file, sha256 } of contents) {
      if (file.sizeBytes > BLOB_LIMIT_BYTES) {
        const detail = `It has ${file.sizeBytes} bytes; at most ${BLOB_LIMIT_BYTES} are taken.`
        this.#refused.add(refuseEntry(file.name, 'too-large', detail))
        this.#done(file)
        continue
      }
      const hash = createHash('sha256')
      const refusal = await this.#reader.pour(file, (piece) => {
        hash.update(piece)
        this.#work.signal.throwIfAborted()
      })
      this.#done(file)
      const found = hash.digest('hex')
      if (refusal !== null) this.#refused.add(refusal)
      else if (found !== sha256)
        this.#refused.add(refuseEntry(file.name, 'content-mismatch', `Its content has the hash sha256:${found}.`))
      else {
        count++
        sizeBytes += file.sizeBytes
      }
      await this.#rest()
    }
    return { count, sizeBytes }
  }

  async #nodes(): Promise<BundleNode[]> {
    const { ledger, node: self, clock } = this.#deps
    const names = createNames(ledger.read)
    const admitted = admittedNodes(ledger.read)
    const blocked = blockedNodes(ledger.read)
    const shown: BundleNode[] = []
    for (const [node, { sketch, head, ...counts }] of this.#feeds) {
      const sketched = sketch.counts(clock())
      const known = counts.known + sketched.known
      const refused = counts.refused + sketched.refused
      const { notRead } = counts
      const { withheld, held, forks } = sketched
      const isRead = node === self || admitted.has(node) || sketched.new > 0
      shown.push({
        node,
        name: admitted.has(node) || node === self ? names.of(node) : await this.#profileName(node),
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

  /** What somebody who is not admitted calls themselves: only what they signed, since anybody can pack a name into a bundle. */
  async #profileName(node: NodeId): Promise<string> {
    for (const file of this.#layout.nodes.get(node)?.profiles ?? []) {
      const content = await this.#reader.read(file, LIMITS.profileBytes)
      if (!content.ok) {
        this.#refused.add(content.refusal)
        continue
      }
      const profile = this.#held(file, judgeProfile({ verifier: () => this.#verifier }, node, content.bytes))
      if (profile !== null) return profile.name
    }
    return shortId(node)
  }

  #tally(node: NodeId): NodeTally {
    const known = this.#feeds.get(node)
    if (known !== undefined) return known
    const sketch = new FeedSketch(feedTailOf(this.#deps.ledger.read, node))
    const made: NodeTally = { sketch, known: 0, refused: 0, notRead: 0, head: null }
    this.#feeds.set(node, made)
    return made
  }

  #done({ sizeBytes }: BundleFile): void {
    this.#work.signal.throwIfAborted()
    this.#doneBytes += sizeBytes
    const what =
      this.#receipts === 0
        ? 'Reading the bundle'
        : `Checking signatures: ${this.#receipts.toLocaleString('en')} receipts`
    this.#work.progress({
      what,
      done: Math.min(this.#doneBytes, this.#totalBytes),
      total: this.#totalBytes,
      unit: 'bytes',
    })
  }

  async #rest(): Promise<void> {
    await this.#deps.pause()
    this.#work.signal.throwIfAborted()
  }
}

interface NodeTally {
  readonly sketch: FeedSketch
  known: number
  refused: number
  notRead: number
  head: VerifiedHead | null
}

/** Proofs that are checked and shown; checking one takes as long as it has signatures. */
const LISTED_PROOFS = 20

const ILLEGIBLE_PROOF = {
  holds: false,
  sentence: 'This file calls itself a proof, and cannot be read as one.',
  beside: [],
  held: 0,
  faults: ['It is cut off, changed, or made by another version. Ask whoever gave it to you to export it again.'],
  receipts: 0,
  here: 0,
}

const NOT_CHECKED = {
  reason: 'not-checked',
  detail: `It was not checked: the signatures of ${LIMITS.slowChecksPerMinute} other notes of the bundle do not hold.`,
}

/** Receipts unpacked at once. */
const SLICE = 512

const LINE_REMEDY = 'Ask who made the bundle; if its steward did not change it, look at who may have.'

const AdmitBody = z.looseObject({ node: z.string() })

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
