// Takes the content of planned files in and signs for them. Content first: a receipt never names what is not here. Cancelling takes
// back what was taken in, unless something was signed for it: then that is undone first, by whoever gave the draft.
import type { ContentHash, Json } from '#core/contract/index.ts'
import { nextRound, ORIGIN } from '#core/reconcile/index.ts'
import { sha256Id, type Anchor, type Draft } from '#core/receipts/index.ts'
import { goneBody } from './describe-file.ts'
import { compareAll, type OriginNews } from './compare-origins.ts'
import type { ReadFile, ReadOrigin } from './read-origin.ts'
import type { ImportingNode, ImportOptions, ImportReport, RefusedFile } from './types.ts'

/** Drafts signed in one transaction: large enough to be quick, small enough that nobody waits for long. */
const SIGNED_AT_ONCE = 512
/** Files taken in side by side: each waits for the disk. */
const KEPT_AT_ONCE = 16

/**
 * @param taken what this plan took in, by hash; grows.
 * @throws what `signAll` throws, and the signal's reason when it is cancelled. What was signed in a draft before is its owner's to undo.
 */
export async function writeImport(
  node: ImportingNode,
  origins: readonly ReadOrigin[],
  options: ImportOptions,
  taken: Set<ContentHash>,
): Promise<ImportReport> {
  // Whoever cannot sign now is told before anything is taken in.
  node.signAll([])
  const news = await compareAll(node, origins, options)
  const kept = new Keeping(node, options, taken)
  try {
    await kept.take(news)
    options.signal?.throwIfAborted()
  } catch (thrown) {
    await takeBack(node, taken)
    throw thrown
  }
  const drafts = news.flatMap((one) => draftsOf(node, one, kept.left))
  await signInGroups(node, drafts, taken, options)
  return {
    signed: drafts.length,
    known: news.reduce((sum, { known }) => sum + known, 0),
    refused: [
      ...origins.flatMap(({ label, refused }) => refused.map((one) => ({ label, ...one }))),
      ...kept.left.values(),
    ],
  }
}

async function signInGroups(
  node: ImportingNode,
  drafts: readonly Draft[],
  taken: Set<ContentHash>,
  { onProgress, signal }: ImportOptions,
): Promise<void> {
  const total = drafts.length
  for (let done = 0; done < total;) {
    const group = drafts.slice(done, done + SIGNED_AT_ONCE)
    try {
      node.signAll(group)
    } catch (thrown) {
      // What was signed before names its content; the rest is signed by the next import.
      if (done === 0) await takeBack(node, taken)
      throw thrown
    }
    done += group.length
    onProgress?.({ phase: 'signing', done, total })
    await node.pause()
    signal?.throwIfAborted()
  }
}

/** What was here before stays. */
export async function takeBack({ blobs }: ImportingNode, taken: Set<ContentHash>): Promise<void> {
  for (const hash of taken) await blobs.drop(hash)
  taken.clear()
}

/** The directory as a whole first: whoever has a file's receipt knows the anchors that it stands under. */
function draftsOf(
  { ledger, clock }: ImportingNode,
  { origin: { label }, isSaidAnew, statement, files, gone }: OriginNews,
  left: ReadonlyMap<string, RefusedFile>,
): Draft[] {
  if (!isSaidAnew) return []
  const round = nextRound(ledger.read, label)
  const { head } = statement.anchors
  const anchor: Anchor | null = head === undefined ? null : { hash: head, time: statement.anchors.last ?? clock() }
  const draft = (kind: string, subject: string, task: string | null, body: object): Draft => ({
    kind,
    subject,
    task,
    anchor: kind === ORIGIN ? null : anchor,
    // Bodies of schema types are JSON.
    body: { ...(body as { readonly [key: string]: Json }), round },
  })
  return [
    draft(ORIGIN, label, null, statement),
    ...files
      .filter(({ subject }) => !left.has(keyOf(label, subject)))
      .map(({ subject, task, body }) => draft(OBSERVED, subject, task, body)),
    ...gone.map((subject) => draft(OBSERVED, subject, null, goneBody(label, subject))),
  ]
}

const OBSERVED = 'evidence/observed'

class Keeping {
  /** Files that changed between reading and taking in, by origin and subject. */
  readonly left = new Map<string, RefusedFile & { readonly label: string }>()
  readonly #node: ImportingNode
  readonly #options: ImportOptions
  readonly #taken: Set<ContentHash>

  constructor(node: ImportingNode, options: ImportOptions, taken: Set<ContentHash>) {
    this.#node = node
    this.#options = options
    this.#taken = taken
  }

  async take(news: readonly OriginNews[]): Promise<void> {
    const waiting = news.flatMap(({ origin, files }) => files.map((file) => ({ origin, file })))
    const total = waiting.length
    let done = 0
    for (let from = 0; from < total; from += KEPT_AT_ONCE) {
      this.#options.signal?.throwIfAborted()
      const together = waiting.slice(from, from + KEPT_AT_ONCE)
      const taking = together.map(({ origin, file }) => this.#takeOne(origin, file))
      // Where one fails the others end first, so that nothing comes in behind what is taken back.
      await Promise.allSettled(taking)
      await Promise.all(taking)
      done += together.length
      this.#options.onProgress?.({ phase: 'keeping', done, total })
    }
  }

  async #takeOne({ label, reader }: ReadOrigin, { subject, body }: ReadFile): Promise<void> {
    const { blobs } = this.#node
    const { hash, size } = body.content
    if (await blobs.keeps(hash)) return
    const read = await reader.read(body.path, size)
    if (read.outcome === 'read' && sha256Id(read.bytes) === hash) {
      this.#taken.add(hash)
      await blobs.put(read.bytes)
    } else this.left.set(keyOf(label, subject), { label, ...changedMeanwhile(body.path) })
  }
}

function keyOf(label: string, subject: string): string {
  return `${label}\n${subject}`
}

function changedMeanwhile(path: string): RefusedFile {
  return {
    path,
    reason: 'changed-meanwhile',
    happened: `${path} was changed or taken away while it was imported.`,
    remedy: 'Import again when nobody writes to the directory: what is known is not signed twice.',
  }
}
