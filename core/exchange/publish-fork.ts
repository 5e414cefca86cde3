// A forked own feed: this key has signed in another place too. Nothing new is published, but every story that is held is, so that all
// others see the same proof and a decision on it can be carried out everywhere. A head can name one story only, so it stays as it was.
import { join } from 'node:path'
import { receiptsOfNode, type ReceiptRow } from '#core/ledger/index.ts'
import { LIMITS, segmentName } from '#core/receipts/index.ts'
import { FEED, nodeFolder } from './exchange-paths.ts'
import { flush, publishUpTo, record, type Outbox } from './publish.ts'
import { sha256Of } from './segment.ts'

/** Publishes the feed up to its fork as always, and all stories from there on. Answers how many receipts were written. */
export async function publishFork(outbox: Outbox, forkSeq: number): Promise<number> {
  try {
    let written = await publishUpTo(outbox, forkSeq - 1)
    for (const layer of layersOf(receiptsOfNode(outbox.ledger.read, outbox.self, forkSeq, Number.MAX_SAFE_INTEGER))) {
      if (await writeLayer(outbox, layer)) written += layer.lines.length
      await outbox.rest()
    }
    return written
  } finally {
    flush(outbox)
  }
}

/** Receipts of one seq after the other without a gap: the first stories of these seqs, or the second ones, and so on. */
interface Layer {
  /** 1 for the story with the smallest id at its seq. */
  readonly place: number
  readonly first: number
  readonly lines: string[]
}

/** Which file a receipt is in depends on nothing but the receipts held, so that two places with one key write the same bytes. */
function* layersOf(rows: Iterable<ReceiptRow>): Generator<Layer> {
  const open = new Map<number, { readonly layer: Layer; bytes: number }>()
  let seq = 0
  let place = 0
  for (const row of rows) {
    place = row.seq === seq ? place + 1 : 1
    seq = row.seq
    const bytes = Buffer.byteLength(row.line) + 1
    const current = open.get(place)
    const goesOn =
      current !== undefined &&
      current.layer.first + current.layer.lines.length === seq &&
      current.layer.lines.length < LIMITS.segmentLines &&
      current.bytes + bytes <= LIMITS.segmentBytes
    if (goesOn) {
      current.layer.lines.push(row.line)
      current.bytes += bytes
    } else {
      if (current !== undefined) yield current.layer
      open.set(place, { layer: { place, first: seq, lines: [row.line] }, bytes })
    }
  }
  for (const { layer } of open.values()) yield layer
}

/** True where the folder did not hold it as it is. */
async function writeLayer(outbox: Outbox, layer: Layer): Promise<boolean> {
  const path = `${FEED}/${layerName(layer)}`
  const bytes = Buffer.from(`${layer.lines.join('\n')}\n`)
  const sha256 = sha256Of(bytes)
  if (outbox.written.files.get(path)?.sha256 === sha256) return false
  const to = join(nodeFolder(outbox.folder, outbox.self), ...path.split('/'))
  // The other place that has this key may have written it: once more would only change its time, and never end.
  const there = await outbox.files.read(to, LIMITS.segmentBytes)
  const isThere = there !== null && sha256Of(there) === sha256
  if (!isThere) await outbox.files.write(to, bytes)
  const stat = await outbox.files.stat(to)
  // No range: it covers nothing of the one story that segments tell.
  if (stat !== null) record(outbox, path, stat, sha256, null)
  return !isThere
}

/** Named as a copy is, since a segment of that name may be there: readers take both, and go by what is signed. */
function layerName({ place, first, lines }: Layer): string {
  return segmentName(first, first + lines.length - 1).replace(/\.jsonl$/, ` (${place}).jsonl`)
}
