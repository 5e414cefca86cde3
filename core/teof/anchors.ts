// `governance/anchors.json`: an append-only list of events. The rule: one append per change, the prefix unchanged, no time earlier
// than the one before, and `prev_content_hash` the SHA-256 of the whole file as it was before. Real files break it in places: that
// is told, and never stops anything.
import type { ContentHash } from '#core/contract/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { confirmedLinks } from './anchor-links.ts'
import { arrayMember, membersOf, readJson, stringMember } from './canonical-text.ts'
import type { Member } from './canonical-text.ts'
import { finding, FindingList } from './finding.ts'
import type { Finding } from './finding.ts'
import { TEOF_LIMITS } from './limits.ts'
import { parseTeofTime } from './time.ts'
import type { TeofTime } from './time.ts'

export const ANCHORS_PATH = 'governance/anchors.json'

export interface AnchorEvent {
  /** SHA-256 of its canonical form: equal events of two files are one. */
  readonly hash: ContentHash
  /** As written; null where it has none. */
  readonly ts: string | null
  readonly time: TeofTime | null
  readonly type: string | null
  readonly by: string | null
  readonly note: string | null
  readonly prevContentHash: string | null
  /**
   * `confirmed`: the file as it was before this event, built again from what stands in front of it, has that hash. `unconfirmed`: it
   * has not, which also happens where something else was changed in one go. `none`: the event names no hash.
   */
  readonly link: 'confirmed' | 'unconfirmed' | 'none'
}

export interface AnchorsFile {
  readonly rawHash: ContentHash
  readonly policy: string | null
  readonly events: readonly AnchorEvent[]
  /** Hashes of the items of the other lists, each of which may only grow. */
  readonly anchors: readonly ContentHash[]
  readonly releases: readonly ContentHash[]
  readonly immutableScope: readonly ContentHash[]
  /** The latest time of any event; null without one. */
  readonly newest: TeofTime | null
  readonly findings: readonly Finding[]
}

export type ParsedAnchors =
  | { readonly ok: true; readonly anchors: AnchorsFile }
  | { readonly ok: false; readonly finding: Finding }

/** Reads one anchors file and checks its chain by itself. */
export function parseAnchors(bytes: Uint8Array): ParsedAnchors {
  if (bytes.length > TEOF_LIMITS.anchorsBytes)
    return unreadable(`${ANCHORS_PATH} has ${bytes.length} bytes; at most ${TEOF_LIMITS.anchorsBytes} are read.`)
  const read = readJson(bytes)
  if (!read.ok) return unreadable(`${ANCHORS_PATH} cannot be read as JSON: ${read.why}.`)
  const { members } = read.json
  if (members === null) return unreadable(`${ANCHORS_PATH} is no JSON object.`)
  const items = arrayMember(members, 'events') ?? []
  if (items.length > TEOF_LIMITS.anchorEvents)
    return unreadable(`${ANCHORS_PATH} has ${items.length} events; at most ${TEOF_LIMITS.anchorEvents} are read.`)
  const events = withLinks(items.map(parseEvent), bytes)
  const findings = new FindingList(TEOF_LIMITS.findingsPerKind)
  findings.push(...shapeFindings(members))
  chainFindings(events, findings)
  return {
    ok: true,
    anchors: {
      rawHash: sha256Id(bytes),
      policy: stringMember(members, 'policy'),
      events,
      anchors: hashesOf(members, 'anchors'),
      releases: hashesOf(members, 'releases'),
      immutableScope: hashesOf(members, 'immutable_scope'),
      newest: newestOf(events),
      findings: findings.all(),
    },
  }
}

const SHA256_HEX = /^[0-9a-f]{64}$/

function parseEvent(item: string): AnchorEvent {
  const members = membersOf(item)
  const ts = stringMember(members, 'ts')
  return {
    hash: sha256Id(item),
    ts,
    time: ts === null ? null : parseTeofTime(ts),
    type: stringMember(members, 'type'),
    by: stringMember(members, 'by'),
    note: stringMember(members, 'note'),
    prevContentHash: stringMember(members, 'prev_content_hash'),
    link: 'none',
  }
}

function withLinks(events: readonly AnchorEvent[], bytes: Uint8Array): readonly AnchorEvent[] {
  const stated = new Map<number, string>()
  for (const [index, { prevContentHash }] of events.entries())
    if (prevContentHash !== null && SHA256_HEX.test(prevContentHash)) stated.set(index, prevContentHash)
  const confirmed = confirmedLinks(bytes, stated)
  return events.map((event, index) =>
    event.prevContentHash === null ? event : { ...event, link: confirmed.has(index) ? 'confirmed' : 'unconfirmed' },
  )
}

function hashesOf(members: readonly Member[], key: string): readonly ContentHash[] {
  return (arrayMember(members, key) ?? []).map((item) => sha256Id(item))
}

function newestOf(events: readonly AnchorEvent[]): TeofTime | null {
  let newest: TeofTime | null = null
  for (const { time } of events)
    if (time !== null && (newest === null || time.epochMicros > newest.epochMicros)) newest = time
  return newest
}

function shapeFindings(members: readonly Member[]): readonly Finding[] {
  const findings: Finding[] = []
  const policy = stringMember(members, 'policy')
  if (policy !== null && policy !== 'append-only')
    findings.push(
      finding(
        'anchors-not-append-only',
        ANCHORS_PATH,
        `${ANCHORS_PATH} states the policy “${policy.slice(0, 80)}” instead of “append-only”.`,
        'Ask the node why; without that policy nothing speaks against its events being rewritten.',
      ),
    )
  for (const key of ['events', 'anchors', 'releases', 'immutable_scope'])
    if (members.some((member) => member.key === key && !member.text.startsWith('[')))
      findings.push(
        finding(
          'anchors-shape',
          ANCHORS_PATH,
          `“${key}” in ${ANCHORS_PATH} is no list; it was read as an empty one.`,
          'Ask the node to write it as a list.',
        ),
      )
  return findings
}

function chainFindings(events: readonly AnchorEvent[], findings: FindingList): void {
  let latest: AnchorEvent | null = null
  for (const [index, event] of events.entries()) {
    if (event.prevContentHash === null) {
      // The first has nothing before it.
      if (index > 0) findings.push(withoutHash(index, event))
    } else if (!SHA256_HEX.test(event.prevContentHash)) findings.push(badHash(index, event))
    else if (event.link === 'unconfirmed') findings.push(notConfirmed(index, event))
    if (event.time === null) findings.push(withoutTime(index, event))
    else if (latest?.time !== undefined && latest.time !== null && event.time.epochMicros < latest.time.epochMicros)
      findings.push(outOfOrder(index, event, latest))
    else latest = event
  }
}

function withoutHash(index: number, event: AnchorEvent): Finding {
  return finding(
    'anchors-event-without-hash',
    ANCHORS_PATH,
    `${named(index, event)} names no prev_content_hash, so nothing shows what stood before it.`,
    'Compare the file with another node’s: where one chain extends the other, the events in front are confirmed by both.',
  )
}

function badHash(index: number, event: AnchorEvent): Finding {
  return finding(
    'anchors-bad-hash',
    ANCHORS_PATH,
    `${named(index, event)} has “${(event.prevContentHash ?? '').slice(0, 80)}” as prev_content_hash, which is no SHA-256.`,
    'Ask the node for the hash of the file as it was before that event.',
  )
}

function notConfirmed(index: number, event: AnchorEvent): Finding {
  return finding(
    'anchors-link-unconfirmed',
    ANCHORS_PATH,
    `${named(index, event)} says that the file before it hashed to ${event.prevContentHash}, which the events before it do not give.`,
    'Either something else was changed in the same go, or an earlier event was: compare with an older copy of the file.',
  )
}

function withoutTime(index: number, event: AnchorEvent): Finding {
  const found = event.ts === null ? 'has no ts' : `has the ts “${written(event)}”, which is no time`
  return finding(
    'bad-time',
    ANCHORS_PATH,
    `${named(index, event)} ${found}.`,
    'Its place in the list says when; ask the node to write times as 2025-09-22T01:45:00Z.',
  )
}

function outOfOrder(index: number, event: AnchorEvent, before: AnchorEvent): Finding {
  return finding(
    'anchors-out-of-order',
    ANCHORS_PATH,
    `${named(index, event)} is of ${written(event)}, earlier than an event before it (${written(before)}).`,
    'An append-only file grows in the order of time: ask the node whether the event was put in later or its clock was wrong.',
  )
}

function written({ ts }: AnchorEvent): string {
  return (ts ?? '').slice(0, 80)
}

function named(index: number, { note, type }: AnchorEvent): string {
  const about = note ?? type
  const short = about === null ? '' : ` (“${about.length > 60 ? `${about.slice(0, 60)}…` : about}”)`
  return `Event ${index + 1} of ${ANCHORS_PATH}${short}`
}

function unreadable(happened: string): ParsedAnchors {
  return {
    ok: false,
    finding: finding(
      'anchors-unreadable',
      ANCHORS_PATH,
      happened,
      'This node has no anchor until the file is whole again; ask it for the file.',
    ),
  }
}
