// What was refused of a bundle lies nowhere to be read again. It is over once that has come, by whatever way, which should have stood there.
import type { Instant, NodeId } from '#core/contract/index.ts'
import { nodeKeyOf, type ReadDb } from '#core/ledger/index.ts'
import { parseSegmentName } from '#core/receipts/index.ts'
import { FEED, HEAD, nodeOfFolderName, NODES, SEEN } from './exchange-paths.ts'
import { inTurn } from './node-folders.ts'
import type { Pass } from './pass.ts'
import { dropRefusal, isOfKnown } from './quarantine.ts'

/** Signed notes that came in a bundle and hold, by their `noteKey`, and when that bundle was opened. */
export type HeldNotes = ReadonlyMap<string, Instant>

export function noteKey(node: NodeId, name: typeof HEAD | typeof SEEN): string {
  return `${node} ${name}`
}

/**
 * Takes out of the quarantine what was refused of bundles and has come right since. What was here before a bundle said otherwise, or may be
 * another story beside it, puts nothing right.
 */
export function clearBundleRefusals({ ledger, now }: Pick<Pass, 'ledger' | 'now'>, held: HeldNotes): void {
  const refusals = refusalsOfBundles(ledger.read)
  if (refusals.length === 0) return
  const hasCome = whatHasCome(ledger.read, held)
  const over = new Set(refusals.filter(hasCome))
  const unsigned = refusals.filter((refusal) => refusal.reason === 'bad-signature' && !over.has(refusal))
  for (const refusal of inTurn(unsigned, MOST_PARSED, now()))
    if (isOfKnown(ledger.read, bytesOf(ledger.read, refusal.key))) over.add(refusal)
  if (over.size === 0) return
  ledger.write(now(), (tx) => {
    for (const { key } of over) dropRefusal(tx, key)
  })
}

/** Lines that are read again in one look; the others have their turn in the next ones. */
const MOST_PARSED = 1_000

interface BundleRefusal {
  readonly key: number
  readonly source: string
  readonly reason: string
  readonly lastSeen: Instant
}

/** What lies in the shared folder is named from there. */
function refusalsOfBundles(db: ReadDb): readonly BundleRefusal[] {
  return (
    db
      .prepare<[string, string], BundleRefusal>(`
        SELECT key, source, reason, last_seen AS lastSeen FROM exchange_refusal
        WHERE (source < ? OR source >= ?) AND reason <> 'fork-flood' ORDER BY key
      `)
      // A slash is followed by `0`.
      .all(`${NODES}/`, `${NODES}0`)
  )
}

function bytesOf(db: ReadDb, key: number): { readonly bytes: Uint8Array | null } {
  const row = db
    .prepare<[number], { bytes: Uint8Array | null }>('SELECT bytes FROM exchange_refusal WHERE key = ?')
    .get(key)
  return row ?? { bytes: null }
}

/** True where what the name of the refused promises, a note of a node or a place in its feed, came after it was refused. */
function whatHasCome(db: ReadDb, held: HeldNotes): (refusal: BundleRefusal) => boolean {
  return ({ source, lastSeen }) => {
    const [, folderName = '', note, segment = '', line] = IN_NODE_FOLDER.exec(source) ?? []
    const node = nodeOfFolderName(folderName)
    if (node === null) return false
    // The pattern knows no other notes.
    if (note !== undefined) return hasNote(db, node, note as typeof HEAD | typeof SEEN, held, lastSeen)
    const range = parseSegmentName(segment)
    if (range === null) return false
    const seq = line === undefined ? range.last : Math.min(range.first + Number(line) - 1, range.last)
    return hasReceipt(db, node, seq, lastSeen)
  }
}

const IN_NODE_FOLDER = new RegExp(`(?:^|/)([^/]+)/(?:(${HEAD}|${SEEN})|${FEED}/([^/:]+)(?::(\\d+))?)$`)

/** In a feed nothing is missing before what is here. */
function hasReceipt(db: ReadDb, node: NodeId, seq: number, since: Instant): boolean {
  const nodeKey = nodeKeyOf(db, node)
  if (nodeKey === null) return false
  const arrived = db
    .prepare<[number, number], number | null>('SELECT max(arrived_ms) FROM receipt WHERE node_key = ? AND seq = ?')
    .pluck()
    .get(nodeKey, seq)
  return (arrived ?? 0) > Date.parse(since)
}

/** It came in a bundle that was opened since, or lies in the folder since. */
function hasNote(db: ReadDb, node: NodeId, name: typeof HEAD | typeof SEEN, held: HeldNotes, since: Instant): boolean {
  const came = held.get(noteKey(node, name))
  if (came !== undefined && came > since) return true
  const found = db
    .prepare<[NodeId, string, Instant], 1>(`
      SELECT 1 FROM exchange_inbox_file WHERE node = ? AND path LIKE '%/' || ? AND state = 'done' AND first_seen > ?
    `)
    .pluck()
    .get(node, name, since)
  return found !== undefined
}
