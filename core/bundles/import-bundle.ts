// A bundle into the ledger, or into a draft of it that can still be undone, piece by piece.
import type { ContentHash, NodeId } from '#core/contract/index.ts'
import type { Intake } from '#core/exchange/index.ts'
import type { Ledger } from '#core/ledger/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import { founderIn } from './founder.ts'
import type { BundleDeps, Work } from './job-types.ts'
import { judgeLineFiles, judgeSegments, type JudgedFile, type ReadLines } from './judged.ts'
import type { Layout } from './layout.ts'
import type { BundleFile, BundleReader } from './types.ts'

export interface ImportWork extends Work {
  /** The ledger, or a draft of it. */
  readonly into: Ledger
  /** Where `into` is the ledger itself: said once, when the first write is about to happen. What is in from here on stays. */
  readonly committing: (() => void) | null
  /** Content that was not here before; grows, so that it can be taken back. */
  readonly taken: Set<ContentHash>
}

export interface Imported {
  readonly added: number
  readonly known: number
  readonly refused: number
  readonly withheld: number
  readonly held: number
  readonly contents: number
}

/** @throws the signal's reason where it was aborted; what went into a draft until then is its owner's to undo. */
export function importBundle(
  deps: BundleDeps,
  reader: BundleReader,
  layout: Layout,
  total: number,
  work: ImportWork,
  intake: Intake,
): Promise<Imported> {
  return new Import(deps, reader, layout, total, work, intake).run()
}

/** Receipts in one write, between which others are answered. */
const PIECE = 2048

interface PendingFile {
  readonly file: BundleFile
  readonly judged: ReadLines
}

class Import {
  readonly #deps: BundleDeps
  readonly #reader: BundleReader
  readonly #layout: Layout
  readonly #total: number
  readonly #work: ImportWork
  readonly #intake: Intake
  #pending: PendingFile[] = []
  #pendingCount = 0
  /** Files that are refused as a whole. */
  #refusals: { readonly file: BundleFile; readonly detail: string }[] = []
  #committed = false
  #taken = 0

  constructor(deps: BundleDeps, reader: BundleReader, layout: Layout, total: number, work: ImportWork, intake: Intake) {
    this.#deps = deps
    this.#reader = reader
    this.#layout = layout
    this.#total = total
    this.#work = work
    this.#intake = intake
  }

  async run(): Promise<Imported> {
    const { nodes, lines } = this.#layout
    const left = new Map(nodes)
    let founder = await this.#founder()
    // Who is admitted may follow from what was just read, so it is asked again until nobody is new.
    for (;;) {
      const readable = this.#intake.readable()
      const next = [...left].filter(([node]) => readable.has(node) || node === founder)
      if (next.length === 0) break
      founder = null
      for (const [node, { segments }] of next) {
        left.delete(node)
        const files = judgeSegments(this.#reader, this.#deps.verification, node, segments)
        for await (const judged of files) await this.#take(judged, null)
      }
      await this.#flush()
    }
    const readable = this.#intake.readable()
    for await (const judged of judgeLineFiles(this.#reader, this.#deps.verification, lines))
      await this.#take(judged, readable)
    await this.#flush()
    this.#commit()
    this.#intake.write({
      receipts: [],
      refused: this.#refusals.map((each) => this.#refusedFile(each)),
      known: 0,
      judged: [],
    })
    await this.#notes(left)
    const contents = await this.#contents()
    const { admitted: added, known, refused, waiting: withheld, held } = this.#intake.counts()
    return { added, known, refused, withheld, held, contents }
  }

  async #founder(): Promise<NodeId | null> {
    const network = this.#deps.network()
    if (network === null || !this.#intake.lacks(network.id)) return null
    return founderIn(this.#reader, this.#layout, this.#deps.verification, network.id)
  }

  async #take({ file, judged }: JudgedFile, readable: ReadonlySet<NodeId> | null): Promise<void> {
    this.#heed()
    if (judged.result === 'refused') this.#refusals.push({ file, detail: judged.refusal.detail })
    if (judged.result !== 'read') return
    this.#pending.push({ file, judged: readable === null ? judged : ofNodes(judged, readable) })
    this.#pendingCount += judged.verified.count
    this.#tell()
    await this.#deps.pause()
    if (this.#pendingCount >= PIECE) await this.#flush()
  }

  async #flush(): Promise<void> {
    if (this.#pending.length === 0) return
    this.#heed()
    this.#commit()
    const files = this.#pending
    const isOneWrite = this.#pendingCount <= PIECE
    this.#pending = []
    this.#pendingCount = 0
    if (isOneWrite) {
      this.#write(files, 0, PIECE)
      await this.#rest()
      return
    }
    for (const file of files) {
      for (let from = 0; from === 0 || from < file.judged.verified.count; from += PIECE) {
        this.#write([file], from, from + PIECE)
        await this.#rest()
      }
    }
  }

  async #rest(): Promise<void> {
    await this.#intake.rest()
    // Cancelled; or the app is closing, and then what is in stays, and the rest comes with the next import.
    this.#work.signal.throwIfAborted()
  }

  #write(files: readonly PendingFile[], from: number, to: number): void {
    const before = this.#intake.counts().read
    const isFirst = from === 0
    this.#intake.write({
      receipts: files.flatMap(({ file, judged }) =>
        judged.verified.slice(from, to).map((receipt) => ({ receipt, source: this.#sourceOf(file) })),
      ),
      refused: isFirst
        ? files.flatMap(({ file, judged }) =>
            judged.refused.map(({ refusal, lineNumber, bytes }) => ({
              source: `${this.#sourceOf(file)}:${lineNumber}`,
              refusal,
              bytes,
              sizeBytes: bytes.length,
            })),
          )
        : [],
      known: isFirst ? files.reduce((sum, { judged }) => sum + judged.known, 0) : 0,
      judged: files.flatMap(({ file, judged }) =>
        judged.verified.count <= to ? [{ source: this.#sourceOf(file), judgement: judged }] : [],
      ),
    })
    this.#taken += this.#intake.counts().read - before
    this.#tell()
  }

  /** What is named like the exchange's own folder of nodes is not to pass for what lies there. */
  #sourceOf(file: BundleFile): string {
    const { name } = this.#reader
    return `${/^nodes(?:\/|$)/.test(name) ? './' : ''}${name}/${file.name}`
  }

  #refusedFile({ file, detail }: { readonly file: BundleFile; readonly detail: string }) {
    return {
      source: this.#sourceOf(file),
      refusal: { reason: 'bad-segment', detail, node: null },
      bytes: Buffer.from(file.name),
      sizeBytes: file.sizeBytes,
    } as const
  }

  /** Heads and what nodes say they hold; of who is not admitted, that they ask to join. */
  async #notes(asking: ReadonlyMap<NodeId, unknown>): Promise<void> {
    const read: NodeId[] = []
    for (const [node, { heads, profiles, seens }] of this.#layout.nodes) {
      if (asking.has(node)) {
        this.#intake.asks(
          node,
          await this.#small(heads[0], LIMITS.headBytes),
          await this.#small(profiles[0], LIMITS.profileBytes),
        )
        continue
      }
      read.push(node)
      for (const file of heads) {
        const bytes = await this.#small(file, LIMITS.headBytes)
        if (bytes !== null) this.#intake.head(node, bytes, this.#sourceOf(file))
      }
      for (const file of seens) {
        const bytes = await this.#small(file, LIMITS.seenBytes)
        if (bytes !== null) this.#intake.seen(node, bytes, this.#sourceOf(file))
      }
    }
    await this.#intake.settle(read)
  }

  async #small(file: BundleFile | undefined, limitBytes: number): Promise<Uint8Array | null> {
    const content = file === undefined ? null : await this.#reader.read(file, limitBytes)
    return content?.ok === true ? content.bytes : null
  }

  /** Only content that a receipt here names; the rest is nobody's. */
  async #contents(): Promise<number> {
    let taken = 0
    const { contents } = this.#layout
    for (const [index, { file, sha256 }] of contents.entries()) {
      // The name of an entry of this kind is 64 hex digits.
      const hash = `sha256:${sha256}` as ContentHash
      if (!this.#intake.wants(hash)) continue
      this.#heed()
      const wasHere = await this.#deps.blobs.has(hash)
      const staged = this.#deps.stage()
      try {
        const refusal = await this.#reader.pour(file, (piece) => staged.write(piece))
        if (refusal === null && !wasHere) this.#work.taken.add(hash)
        if (refusal === null && (await this.#intake.content(hash, staged.path)).outcome === 'copied') taken++
      } finally {
        staged.remove()
      }
      this.#work.progress({ what: 'Copying content', done: index + 1, total: contents.length, unit: 'files' })
      await this.#deps.pause()
    }
    return taken
  }

  /** What is in the ledger itself stays, so from there on it goes on to its end. */
  #heed(): void {
    if (!this.#committed || this.#work.committing === null) this.#work.signal.throwIfAborted()
  }

  #commit(): void {
    if (this.#committed) return
    this.#heed()
    this.#committed = true
    this.#work.committing?.()
  }

  #tell(): void {
    const done = this.#taken + this.#pendingCount
    const what = this.#committed ? 'Writing receipts' : 'Checking signatures once more'
    this.#work.progress({ what, done, total: Math.max(done, this.#total), unit: 'receipts' })
  }
}

/** Of lines of anybody, those of nodes that may be read. */
function ofNodes(judged: ReadLines, readable: ReadonlySet<NodeId>): ReadLines {
  const verified = judged.verified.slice(0, judged.verified.count).filter(({ receipt }) => readable.has(receipt.node))
  return { ...judged, verified: { count: verified.length, slice: (from, to) => verified.slice(from, to) } }
}
