// I3 of what was read: whatever lies in the folder is in the ledger, is early, or was refused, and never in two of these.
import { createHash } from 'node:crypto'
import type { ReadDb } from '#core/ledger/index.ts'
import { isAdmitted } from '#core/network/index.ts'
import { parseSegmentName, type SegmentRange } from '#core/receipts/index.ts'
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
  readonly node: string
  readonly range: SegmentRange
  readonly lines: readonly string[]
}

/** One mark of a copy, as sync tools and people make them here. */
const COPY_MARK = / \(\d{1,3}\)|\.sync-conflict-\d{8}-\d{6}-[A-Z0-9]{7}/

/** The segments of others who are admitted, as they lie in this machine's folder. */
function segmentsAt(machine: Machine, ledger: ReadDb): readonly LyingFile[] {
  const nodes = ledger
    .prepare<[], { id: Parameters<typeof isAdmitted>[1] }>('SELECT id FROM node')
    .all()
    .map(({ id }) => id)
    .filter((node) => node !== machine.id && isAdmitted(ledger, node))
  return nodes.flatMap((node) => {
    const folder = `${EXCHANGE}/nodes/${node.slice('did:key:'.length)}/feed/`
    return machine.disk.files(folder.slice(0, -1)).flatMap((path) => {
      const range = parseSegmentName(path.slice(folder.length).replace(COPY_MARK, ''))
      const text = Buffer.from(machine.disk.file(path)?.bytes ?? []).toString('latin1')
      if (range === null || text === '') return []
      const lines = text.split('\n')
      return [{ path: path.slice(EXCHANGE.length + 1), node, range, lines }]
    })
  })
}

function inOnePlace(world: World, machine: Machine, ledger: ReadDb, places: Places, file: LyingFile): void {
  const row = ledger
    .prepare<[string], { state: string; deferred: number }>(
      'SELECT state, deferred FROM exchange_inbox_file WHERE path = ?',
    )
    .get(file.path)
  mustHold(row !== undefined, 'I3', () => `${machine.name} was never shown ${file.path}.`)
  if (row.state === 'half' || row.state === 'bad') {
    world.seen(`file-${row.state}`)
    // Refused as a whole, once it was the same for long enough.
    mustHold(
      row.state === 'half' || places.refused.has(file.path),
      'I3',
      () => `${machine.name} calls ${file.path} bad and has nothing of it in quarantine.`,
    )
    return
  }
  const count = file.range.last - file.range.first + 1
  let nowhere = 0
  for (const [at, line] of file.lines.slice(0, count).entries()) {
    const found = placesOf(places, file.path, line, at + 1)
    if (found.length === 0) nowhere++
    // What stands where it does not belong is refused there, and may have come into the ledger from where it does.
    const most = isInItsPlace(line, file.node, file.range.first + at) ? 1 : 2
    mustHold(
      found.length <= most,
      'I3',
      () => `${machine.name} has line ${at + 1} of ${file.path} in ${found.join(' and ')}: ${line.slice(0, 200)}`,
    )
  }
  // What was put off here may have come from elsewhere.
  mustHold(
    nowhere <= row.deferred,
    'I3',
    () =>
      `${machine.name} has ${nowhere} lines of ${file.path} (${row.state}) nowhere, and says that ${row.deferred} are put off.`,
  )
}

function isInItsPlace(line: string, node: string, seq: number): boolean {
  return line.includes(`"node":"${node}"`) && line.includes(`"seq":${seq},`)
}

/** What a ledger's tables hold, by the bytes that came. */
interface Places {
  readonly ledger: ReadonlySet<string>
  /** The ledger's lines without their signatures: a receipt is known by its id, which says nothing of a signature that fell over. */
  readonly known: ReadonlySet<string>
  readonly early: ReadonlySet<string>
  /** Source and hash of what was refused, and the source alone. */
  readonly refused: ReadonlySet<string>
}

function placesIn(ledger: ReadDb): Places {
  const refusals = ledger
    .prepare<[], { source: string; sha256: string }>('SELECT source, sha256 FROM exchange_refusal')
    .all()
  const lines = ledger.prepare<[], string>('SELECT line FROM receipt').pluck().all()
  return {
    ledger: new Set(lines),
    known: new Set(lines.map(unsigned)),
    early: new Set(ledger.prepare<[], string>('SELECT line FROM exchange_early').pluck().all()),
    refused: new Set(refusals.flatMap(({ source, sha256 }) => [source, `${source} ${sha256}`])),
  }
}

/** Where these very bytes of this file are. */
function placesOf(places: Places, path: string, line: string, lineNumber: number): readonly string[] {
  const bytes = Buffer.from(line, 'latin1')
  const text = bytes.toString('utf8')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const isRefused = places.refused.has(`${path}:${lineNumber} ${sha256}`) || places.refused.has(`${path} ${sha256}`)
  const found = [
    ...(places.ledger.has(text) ? ['ledger'] : []),
    ...(places.early.has(text) ? ['early'] : []),
    ...(isRefused ? ['quarantine'] : []),
  ]
  return found.length === 0 && places.known.has(unsigned(text)) ? ['ledger'] : found
}

function unsigned(line: string): string {
  return line.replace(/"sig":"[\w-]{86}"/, '')
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
