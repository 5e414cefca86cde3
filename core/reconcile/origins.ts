// Imported directories as a steward sees them: where each one's anchors and capsule stand, and what that comes to for all of them.
import type {
  ContentHash,
  NodeId,
  OriginAgreement,
  OriginAnchors,
  OriginView,
  ReceiptId,
} from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { createNames, MergedFeeds, type ReceiptPlace } from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import { parseStoredLine } from '#core/receipts/index.ts'
import { instantFromMs } from './conflict-reading.ts'
import { OriginBody } from './imported.ts'
import { goesOnFrom, originStates, type OriginState } from './origin-anchors.ts'

export interface OriginsAnswer {
  readonly items: OriginView[]
  readonly anchors: Agreement
  readonly capsule: Agreement
}

interface Agreement {
  readonly state: OriginAgreement
  /** One sentence. */
  readonly why: string
}

/** All imported directories, in the order of their labels. */
export function listOrigins(db: ReadDb, feeds = new MergedFeeds(db)): OriginsAnswer {
  const names = createNames(db)
  const origins = lastImportsOfOrigins(db, feeds)
  const states = originStates(db, feeds)
  const items = origins.map(({ label, imports }): OriginView => {
    const [first] = imports
    invariant(first !== undefined, 'an origin has an import')
    const { body } = first
    const { hash = null, pointer = null, ...capsule } = body.capsule
    return {
      label,
      imports: imports.map(({ node, id, timeMs, round }) => ({
        node,
        nodeName: names.of(node),
        receipt: id,
        time: instantFromMs(timeMs),
        round,
      })),
      files: body.files,
      listing: body.listing,
      anchors: anchorsOf(body, label, origins, states),
      capsule: { ...capsule, hash, pointer },
      signatures: body.signatures,
    }
  })
  return { items, anchors: anchorAgreement(items), capsule: capsuleAgreement(items) }
}

export interface ImportOfOrigin extends ReceiptPlace {
  readonly id: ReceiptId
  readonly node: NodeId
  readonly timeMs: number
  readonly round: number
  readonly body: OriginBody
}

/** Of every directory the merged imports of its highest round; the same nodes' newest, in the order of their ids. */
function lastImportsOfOrigins(
  db: ReadDb,
  feeds: MergedFeeds,
): { readonly label: string; readonly imports: readonly ImportOfOrigin[] }[] {
  const rows = db
    .prepare<[], OriginRow>(
      'SELECT node_key AS nodeKey, seq, arrival, time_ms AS timeMs, origin, round FROM reconcile_origin',
    )
    .all()
    .filter((row) => feeds.isMerged(row))
  return [...Map.groupBy(rows, (row) => row.origin)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([label, all]) => {
      const last = Math.max(...all.map(({ round }) => round))
      const newestOfNode = new Map<number, OriginRow>()
      for (const row of all) {
        const other = newestOfNode.get(row.nodeKey)
        if (row.round === last && (other === undefined || row.seq > other.seq)) newestOfNode.set(row.nodeKey, row)
      }
      const imports = [...newestOfNode.values()].map((row) => readImport(db, feeds, row))
      return { label, imports: imports.sort((one, other) => (one.node < other.node ? -1 : 1)) }
    })
}

interface OriginRow extends ReceiptPlace {
  readonly timeMs: number
  readonly origin: string
  readonly round: number
}

function readImport(db: ReadDb, feeds: MergedFeeds, row: OriginRow): ImportOfOrigin {
  const held = db
    .prepare<[number], { id: Buffer; line: string }>('SELECT id, line FROM receipt WHERE arrival = ?')
    .get(row.arrival)
  invariant(held !== undefined, 'what was kept is of a receipt in the ledger')
  const body = OriginBody.parse(parseStoredLine(held.line).receipt.body)
  return { ...row, id: receiptIdFromBytes(held.id), node: feeds.nodeOf(row.nodeKey), body }
}

function anchorsOf(
  body: OriginBody,
  label: string,
  origins: ReturnType<typeof lastImportsOfOrigins>,
  states: ReadonlyMap<ContentHash, OriginState>,
): OriginAnchors {
  const { anchors } = body
  const here = anchors.head === undefined ? undefined : states.get(anchors.head)
  const others = origins
    .filter((other) => other.label !== label)
    .flatMap(({ label: name, imports }) => {
      const head = imports[0]?.body.anchors.head
      const state = head === undefined ? undefined : states.get(head)
      return state === undefined || here === undefined ? [] : [{ name, state }]
    })
  const isAhead = (other: OriginState) => here !== undefined && goesOnFrom(other, here)
  const isBehind = (other: OriginState) => here !== undefined && (other.head === here.head || goesOnFrom(here, other))
  const ahead = others.filter(({ state }) => isAhead(state)).map(({ name }) => name)
  const diverging = others.filter(({ state }) => !isAhead(state) && !isBehind(state)).map(({ name }) => name)
  const standing = diverging.length > 0 ? 'diverges' : ahead.length > 0 ? 'behind' : 'newest'
  return {
    state: anchors.state === 'ok' ? standing : anchors.state,
    hash: anchors.hash ?? null,
    anchor: anchors.head ?? null,
    events: anchors.events,
    last: anchors.last ?? null,
    ahead,
    diverging,
    warnings: anchors.warnings,
  }
}

function anchorAgreement(items: readonly OriginView[]): Agreement {
  const lacking = items.filter(({ anchors }) => anchors.state === 'missing' || anchors.state === 'unreadable')
  const apart = items.filter(({ anchors }) => anchors.state === 'diverges')
  if (items.length === 0) return { state: 'missing', why: 'No node directory was imported yet.' }
  if (apart.length > 0) {
    return {
      state: 'conflict',
      why: `The anchors of ${labels(apart)} do not follow each other; a person has to say which hold.`,
    }
  }
  if (lacking.length === items.length) return { state: 'missing', why: 'No directory has readable anchors.' }
  if (lacking.length > 0) return { state: 'partial', why: `${labels(lacking)} ${has(lacking)} no readable anchors.` }
  const behind = items.filter(({ anchors }) => anchors.state === 'behind')
  const newest = items.filter(({ anchors }) => anchors.state === 'newest')
  return {
    state: 'ok',
    why:
      behind.length === 0
        ? 'All directories stand at the same anchors.'
        : `One chain: ${labels(newest)} ${newest.length === 1 ? 'is' : 'are'} newest, ${labels(behind)} ${behind.length === 1 ? 'is' : 'are'} behind on it.`,
  }
}

function capsuleAgreement(items: readonly OriginView[]): Agreement {
  const lacking = items.filter(({ capsule }) => capsule.hash === null || capsule.state === 'unreadable')
  const wrong = items.filter(({ capsule }) => capsule.state === 'mismatch')
  const hashes = new Set(items.flatMap(({ capsule }) => (capsule.hash === null ? [] : [capsule.hash])))
  if (items.length === 0) return { state: 'missing', why: 'No node directory was imported yet.' }
  if (wrong.length > 0) {
    return {
      state: 'conflict',
      why: `Files in the capsule of ${labels(wrong)} do not have the hashes that its hashes.json states.`,
    }
  }
  if (hashes.size > 1) return { state: 'conflict', why: `The directories have ${hashes.size} different capsules.` }
  if (lacking.length === items.length) return { state: 'missing', why: 'No directory has a readable capsule.' }
  if (lacking.length > 0) return { state: 'partial', why: `${labels(lacking)} ${has(lacking)} no readable capsule.` }
  return { state: 'ok', why: 'All directories have the same capsule.' }
}

function labels(items: readonly OriginView[]): string {
  const names = items.map(({ label }) => label)
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function has(items: readonly OriginView[]): string {
  return items.length === 1 ? 'has' : 'have'
}
