// I3 of what was read: whatever lies in the folder is in the ledger, is early, or was refused, and never in two of these.
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { sha256Of } from '#core/exchange/segment.ts'
import { feedTailOf, receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { blockedNodes, isAdmitted } from '#core/network/index.ts'
import { parseLine, parseSegmentName } from '#core/receipts/index.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import type { World } from '../machinery/world.ts'

export const onePlace: Invariant = {
  id: 'I3 one place',
  holds: 'Every line of every file is in exactly one of ledger, waiting, held and quarantine, and the counts add up.',
  atRest(world) {
    for (const machine of world.connected) {
      const { ledger } = machine
      if (ledger === null) continue
      const places = placesIn(ledger)
      for (const file of segmentsAt(machine, ledger)) inOnePlace(world, machine, ledger, places, file)
      notOver(machine, ledger, places)
      mustHold(
        places.early.isDisjointFrom(places.ledger),
        'I3',
        () => `${machine.name} holds receipts that wait for it as well.`,
      )
      countsAddUp(machine, ledger)
    }
  },
}

interface LyingFile {
  /** As the tables name it. */
  readonly path: string
  readonly count: number
  readonly bytes: Uint8Array
}

/** Marks of copies, as sync tools and people make them here. */
const COPY_MARKS = / \(\d{1,3}\)|\.sync-conflict-\d{8}-\d{6}-[A-Z0-9]{7}/g

/** The segments of others who may be read, as they lie in this machine's folder. */
function segmentsAt(machine: Machine, ledger: ReadDb): readonly LyingFile[] {
  const blocked = blockedNodes(ledger)
  const nodes = ledger
    .prepare<[], NodeId>('SELECT id FROM node')
    .pluck()
    .all()
    .filter((node) => node !== machine.id && isAdmitted(ledger, node) && !blocked.has(node))
  return nodes.flatMap((node) => {
    const folder = `${EXCHANGE}/${feedFolder(node)}/`
    return machine.disk.files(folder.slice(0, -1)).flatMap((path) => {
      const range = parseSegmentName(path.slice(folder.length).replace(COPY_MARKS, ''))
      const bytes = machine.disk.file(path)?.bytes ?? new Uint8Array()
      if (range === null || bytes.length === 0) return []
      return [{ path: path.slice(EXCHANGE.length + 1), count: range.last - range.first + 1, bytes }]
    })
  })
}

function feedFolder(node: NodeId): string {
  return `nodes/${node.slice('did:key:'.length)}/feed`
}

function inOnePlace(world: World, { name }: Machine, ledger: ReadDb, places: Places, file: LyingFile): void {
  const { path, bytes, count } = file
  const row = ledger
    .prepare<[string], { state: string; deferred: number; sha256: string | null }>(
      'SELECT state, deferred, sha256 FROM exchange_inbox_file WHERE path = ?',
    )
    .get(path)
  mustHold(row !== undefined, 'I3', () => `${name} was never shown ${path}.`)
  const { state, deferred } = row
  const sha256 = sha256Of(bytes)
  mustHold(row.sha256 === sha256, 'I3', () => `${name} has judged ${path} as it was, and calls it ${state}.`)
  world.seen(`file-${state}`)
  const whole = (places.refusals.get(path) ?? []).filter(({ reason }) => reason !== 'fork-flood')
  if (state === 'half' || state === 'bad') {
    // It waits or is refused, as a whole; of what it was before, lines may have been refused that did not come right since.
    const isRefused = whole.some((refusal) => state === 'bad' || refusal.sha256 === sha256)
    mustHold(
      isRefused === (state === 'bad'),
      'I3',
      () => `${name} calls ${path} ${state}; refused: ${String(isRefused)}.`,
    )
    return
  }
  mustHold(whole.length === 0, 'I3', () => `${name} refuses ${path} as a whole for ever, and calls it ${state}.`)
  let nowhere = 0
  let isBehind = false
  for (const [at, line] of linesOf(bytes)
    .slice(0, count + 1)
    .entries()) {
    const text = Buffer.from(line).toString('utf8').slice(0, 200)
    const said = () => `line ${at + 1} of ${path} (${state}): ${text}`
    const here = places.refusals.get(`${path}:${at + 1}`) ?? []
    const refusals = here.filter((refusal) => refusal.sha256 === sha256Of(line))
    mustHold(refusals.length <= 1, 'I3', () => `${name} refuses twice ${said()}`)
    const [refusal] = refusals
    mustHold(
      refusal !== undefined || here.length === 0 || isBehind,
      'I3',
      () => `${name} still refuses what stood in the place of ${said()}`,
    )
    const isTaken = isKnown(places, line)
    if (refusal === undefined && !isTaken) nowhere++
    if (refusal !== undefined && isTaken) {
      // What stands where it does not belong is refused there, and has come into the ledger from where it does.
      world.seen('replay-of-known')
      mustHold(
        ['wrong-node', 'bad-segment'].includes(refusal.reason),
        'I3',
        () => `${name} has taken and refused ${said()}`,
      )
    }
    isBehind ||= refusal?.reason === 'bad-signature'
    mustHold(nowhere === 0 || deferred > 0, 'I3', () => `${name} has nowhere ${said()}`)
  }
  // What is put off in this file may have come from another.
  mustHold(
    nowhere <= deferred,
    'I3',
    () => `${name} has ${nowhere} lines of ${path} (${state}) nowhere; put off: ${deferred}.`,
  )
}

/** In the ledger or early; by its id, which says nothing of a signature that fell over. */
function isKnown({ ledger, early, floods }: Places, line: Uint8Array): boolean {
  const parsed = parseLine(line)
  if (!parsed.ok) return false
  const { id } = parsed.value
  return ledger.has(id) || early.has(id) || floods.has(sha256Of(line))
}

/** Nobody is asked to look after a file that gave way to another, once all that it should have held is here. */
function notOver(machine: Machine, ledger: ReadDb, places: Places): void {
  for (const source of places.refusals.keys()) {
    const [, folder, name] = /^(nodes\/[^/]+)\/feed\/([^:]+)(?::\d+)?$/.exec(source) ?? []
    const range = name === undefined ? null : parseSegmentName(name)
    if (folder === undefined || range === null || machine.disk.file(`${EXCHANGE}/${folder}/feed/${name}`) !== null)
      continue
    // The tables name it as the folder does.
    const node = `did:key:${folder.slice('nodes/'.length)}` as NodeId
    const isOver =
      isAdmitted(ledger, node) && !blockedNodes(ledger).has(node) && feedTailOf(ledger, node).seq >= range.last
    mustHold(!isOver, 'I3', () => `${machine.name} still refuses ${source}, which gave way to what it has.`)
  }
}

interface Refusal {
  readonly source: string
  readonly sha256: string
  readonly reason: string
}

/** What a ledger's tables hold. */
interface Places {
  readonly ledger: ReadonlySet<ReceiptId>
  readonly early: ReadonlySet<ReceiptId>
  /** By source: a file, or a line of one. */
  readonly refusals: ReadonlyMap<string, readonly Refusal[]>
  /** Hashes of lines that are one story too many. */
  readonly floods: ReadonlySet<string>
}

function placesIn(ledger: ReadDb): Places {
  const refusals = ledger.prepare<[], Refusal>('SELECT source, sha256, reason FROM exchange_refusal').all()
  const floods = refusals.filter(({ reason }) => reason === 'fork-flood')
  return {
    ledger: new Set(ledger.prepare<[], Uint8Array>('SELECT id FROM receipt').pluck().all().map(receiptIdFromBytes)),
    early: new Set(ledger.prepare<[], ReceiptId>('SELECT id FROM exchange_early').pluck().all()),
    refusals: Map.groupBy(refusals, ({ source }) => source),
    floods: new Set(floods.map(({ sha256 }) => sha256)),
  }
}

/** Whole lines. */
function linesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(0x0a, from)
    if (end < 0) break
    lines.push(bytes.slice(from, end))
    from = end + 1
  }
  return lines
}

/** What is kept instead of being counted, counted. */
function countsAddUp({ name }: Machine, ledger: ReadDb): void {
  const kept = ledger
    .prepare<[], { entries: number; bytes: number; beyond: number }>(
      'SELECT entries, bytes, beyond FROM exchange_quarantine_size',
    )
    .get()
  const counted = ledger
    .prepare<[], { entries: number; bytes: number }>(
      'SELECT count(*) AS entries, coalesce(sum(length(bytes)), 0) AS bytes FROM exchange_refusal',
    )
    .get()
  mustHold(
    kept?.entries === counted?.entries && kept?.bytes === counted?.bytes && kept?.beyond === 0,
    'I3',
    () => `The quarantine of ${name} says ${JSON.stringify(kept)} and holds ${JSON.stringify(counted)}.`,
  )
}
