// A node directory as a whole, as the body of the receipt that stands in front of those for its files.
import type { ContentHash } from '#core/contract/index.ts'
import { originHead, type OriginBody, type OriginLists } from '#core/reconcile/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import {
  ANCHORS_PATH,
  type AnchorsFile,
  type Capsules,
  type Envelope,
  type Finding,
  type NodeFacts,
} from '#core/teof/index.ts'
import { shortened } from './describe-file.ts'

export interface OriginFacts {
  readonly origin: string
  readonly facts: NodeFacts
  /** Every file that is imported: its path and the hash of its bytes. */
  readonly files: readonly { readonly path: string; readonly hash: ContentHash }[]
  readonly signatures: Readonly<Record<Envelope['state'], number>>
}

export type OriginStatement = Pick<OriginBody, 'origin' | 'files' | 'listing' | 'anchors' | 'capsule' | 'signatures'>

const LISTED_WARNINGS = 20
const LISTED_EVENTS = 300
const LISTED_ITEMS = 100

export function originBody({ origin, facts, files, signatures }: OriginFacts): OriginStatement {
  return {
    origin,
    files: files.length,
    listing: listingHash(files),
    anchors: anchorsBody(facts),
    capsule: capsuleBody(facts.capsules),
    signatures: { ...signatures },
  }
}

/** SHA-256 over the lines `<raw hash> <path>`, each with a newline, in the order of their bytes. */
function listingHash(files: OriginFacts['files']): ContentHash {
  const lines = files.map(({ path, hash }) => Buffer.from(`${hash} ${path}\n`))
  return sha256Id<ContentHash>(Buffer.concat(lines.sort((one, other) => one.compare(other))))
}

function anchorsBody({ anchors, findings }: NodeFacts): OriginStatement['anchors'] {
  const about = findings.filter(({ path }) => path === ANCHORS_PATH)
  const warnings = sentences(about)
  const empty = { events: [], anchors: [], releases: [], scope: [] }
  if (anchors === null) {
    const isMissing = about.some(({ code }) => code === 'anchors-missing')
    return { state: isMissing ? 'missing' : 'unreadable', events: 0, lists: empty, warnings }
  }
  const lists = lastOf(anchorLists(anchors))
  const head = originHead(lists)
  return {
    state: 'ok',
    hash: anchors.rawHash,
    events: anchors.events.length,
    ...(anchors.newest === null ? {} : { last: anchors.newest.instant }),
    ...(head === null ? {} : { head }),
    lists,
    warnings,
  }
}

/** The chain of each of the lists, from its first item on. */
export function anchorLists(anchors: AnchorsFile): OriginLists {
  return {
    events: chained(anchors.events.map(({ hash }) => hash)),
    anchors: chained(anchors.anchors),
    releases: chained(anchors.releases),
    scope: chained(anchors.immutableScope),
  }
}

/** As many as a receipt names. */
function lastOf({ events, anchors, releases, scope }: OriginLists): OriginLists {
  return {
    events: events.slice(-LISTED_EVENTS),
    anchors: anchors.slice(-LISTED_ITEMS),
    releases: releases.slice(-LISTED_ITEMS),
    scope: scope.slice(-LISTED_ITEMS),
  }
}

/** Each hash over the one before and the item, so that one hash stands for everything in front of it. */
function chained(items: readonly ContentHash[]): ContentHash[] {
  const chain: ContentHash[] = []
  let before = ''
  for (const item of items) {
    const next = sha256Id<ContentHash>(`${before}\n${item}`)
    chain.push(next)
    before = next
  }
  return chain
}

function capsuleBody({ current, findings }: Capsules): OriginStatement['capsule'] {
  if (current === null) return { state: 'missing', listed: 0, checked: 0, warnings: sentences(findings) }
  return {
    state: current.state,
    hash: current.rawHash,
    pointer: (current.hashes?.root ?? current.folder).slice(0, 256),
    listed: current.hashes?.entries.length ?? 0,
    checked: current.matched + current.mismatched.length,
    warnings: sentences(current.findings),
  }
}

function sentences(findings: readonly Finding[]): string[] {
  return findings.slice(0, LISTED_WARNINGS).map(({ happened }) => shortened(happened).slice(0, 400))
}
