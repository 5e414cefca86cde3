// A hash-ledger: `index.jsonl`, one entry a line, each naming the hash of the one before, and `state.json` with the tip and the count
// beside it. An entry's hash is the SHA-256 of the sorted compact JSON without hash and signature, non-ASCII escaped.
import { hash } from 'node:crypto'
import { asciiOnly } from './anchor-links.ts'
import { canonicalWithout, readJson, stringMember } from './canonical-text.ts'
import type { Member } from './canonical-text.ts'
import type { ChainRelation } from './anchor-comparison.ts'
import { Fields } from './fields.ts'
import { finding, FindingList } from './finding.ts'
import type { Finding } from './finding.ts'
import { TEOF_LIMITS } from './limits.ts'
import { parseTeofTime } from './time.ts'
import type { TeofTime } from './time.ts'

export const LEDGER_INDEX = 'index.jsonl'
export const LEDGER_STATE = 'state.json'

export interface HashLedgerEntry {
  /** Computed from the entry, 64 hex digits; what it states itself may differ, and then that is told. */
  readonly hash: string
  readonly planId: string | null
  readonly planStepId: string | null
  readonly receiptPath: string | null
  readonly agentId: string | null
  readonly time: TeofTime | null
}

export interface HashLedger {
  /** Relative to the node directory. */
  readonly folder: string
  readonly entries: readonly HashLedgerEntry[]
  /** True where every line is an entry, every hash fits, and each names the one before. */
  readonly isWhole: boolean
  readonly findings: readonly Finding[]
}

/** Reads a hash-ledger and checks its chain; `state` null where there is no `state.json`. Never throws. */
export function parseHashLedger(folder: string, index: Uint8Array, state: Uint8Array | null): HashLedger {
  const path = `${folder}/${LEDGER_INDEX}`
  if (index.length > TEOF_LIMITS.ledgerBytes)
    return { folder, entries: [], isWhole: false, findings: [tooLarge(path, index)] }
  const findings = new FindingList(TEOF_LIMITS.findingsPerKind)
  const entries: HashLedgerEntry[] = []
  let before = NOTHING_BEFORE
  let number = -1
  let bad = 0
  for (const line of linesOf(index)) {
    // Lines, whatever is in them: rubbish costs as much to read as entries do.
    if (++number >= TEOF_LIMITS.ledgerEntries) {
      findings.push(tooManyEntries(path))
      break
    }
    const read = readJson(line.bytes)
    if (!read.ok || read.json.members === null) {
      findings.push(badLine(path, number + 1, read.ok ? 'it is no JSON object' : read.why, line.ended))
      // What has so many lines that are no entries is no ledger; the rest of it is not worth the time.
      if (++bad > TEOF_LIMITS.ledgerBadLines) break
      continue
    }
    const { members } = read.json
    const computed = ledgerEntryHash(members)
    const place = `Entry ${number + 1} of ${path}`
    checkEntry(place, path, members, computed, before, findings)
    entries.push(entryFrom(members, computed))
    before = computed
  }
  const isWhole = findings.isEmpty
  if (state !== null) checkState(folder, state, entries, findings)
  return { folder, entries, isWhole, findings: findings.all() }
}

/** How the first ledger stands to the second. Where one extends the other its node is merely ahead: no conflict. */
export function compareHashLedgers(
  first: HashLedger,
  second: HashLedger,
): { readonly relation: ChainRelation; readonly sharedEntries: number } {
  let sharedEntries = 0
  const shorter = Math.min(first.entries.length, second.entries.length)
  while (sharedEntries < shorter && first.entries[sharedEntries]?.hash === second.entries[sharedEntries]?.hash)
    sharedEntries++
  return { relation: relationOf(sharedEntries, first.entries.length, second.entries.length), sharedEntries }
}

/** The hash that an entry with these outermost members should state. */
export function ledgerEntryHash(members: readonly Member[]): string {
  return hash('sha256', asciiOnly(canonicalWithout(members, LEFT_OUT)), 'hex')
}

const LEFT_OUT: ReadonlySet<string> = new Set(['hash', 'signature'])
const NOTHING_BEFORE = '0'.repeat(64)

function relationOf(shared: number, first: number, second: number): ChainRelation {
  if (shared === first && shared === second) return 'same'
  if (shared === second) return 'extends'
  return shared === first ? 'extended-by' : 'diverged'
}

interface Line {
  readonly bytes: Uint8Array
  /** False for a last line without newline. */
  readonly ended: boolean
}

/** Lines that hold something; a byte-order mark and carriage returns belong to none. */
function* linesOf(bytes: Uint8Array): Generator<Line> {
  let from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (from < bytes.length) {
    const newline = bytes.indexOf(0x0a, from)
    const ended = newline >= 0
    const to = ended ? newline : bytes.length
    const line = bytes.subarray(from, bytes[to - 1] === 0x0d ? to - 1 : to)
    if (line.length > 0) yield { bytes: line, ended }
    from = to + 1
  }
}

function entryFrom(members: readonly Member[], computed: string): HashLedgerEntry {
  const ts = stringMember(members, 'ts')
  return {
    hash: computed,
    planId: stringMember(members, 'plan_id'),
    planStepId: stringMember(members, 'plan_step_id'),
    receiptPath: stringMember(members, 'receipt_path'),
    agentId: stringMember(members, 'agent_id'),
    time: ts === null ? null : parseTeofTime(ts),
  }
}

function checkEntry(
  place: string,
  path: string,
  members: readonly Member[],
  computed: string,
  before: string,
  findings: FindingList,
): void {
  const stated = stringMember(members, 'hash')
  if (stated !== computed)
    findings.push(
      finding(
        'ledger-hash-differs',
        path,
        `${place} says its hash is ${(stated ?? 'nothing').slice(0, 64)}, but it is ${computed}.`,
        'The entry was changed after it was written: ask the node for the ledger as it was.',
      ),
    )
  const prev = stringMember(members, 'prev_hash')
  if (prev !== before)
    findings.push(
      finding(
        'ledger-chain-broken',
        path,
        `${place} says ${(prev ?? 'nothing').slice(0, 64)} stands before it, but ${before} does.`,
        'An entry was left out, put in or changed before it: ask the node for the whole ledger.',
      ),
    )
}

function checkState(
  folder: string,
  bytes: Uint8Array,
  entries: readonly HashLedgerEntry[],
  findings: FindingList,
): void {
  const path = `${folder}/${LEDGER_STATE}`
  const read = readJson(bytes)
  const state = read.ok && read.json.members !== null ? new Fields(read.json.members) : null
  const tip = entries.at(-1)?.hash ?? NOTHING_BEFORE
  if (state === null) findings.push(stateDiffers(path, `${path} cannot be read as JSON.`))
  else if (state.string('tip_hash') !== tip && !(entries.length === 0 && state.string('tip_hash') === null))
    findings.push(
      stateDiffers(
        path,
        `${path} names the tip ${(state.string('tip_hash') ?? 'nothing').slice(0, 64)}, but it is ${tip}.`,
      ),
    )
  else if (state.figure('entry_count')?.value !== entries.length)
    findings.push(
      stateDiffers(
        path,
        `${path} counts ${state.figure('entry_count')?.text ?? 'no'} entries, but the ledger has ${entries.length}.`,
      ),
    )
}

function stateDiffers(path: string, happened: string): Finding {
  return finding(
    'ledger-state-differs',
    path,
    happened,
    'The entries themselves were checked; a tip that they do not reach means that entries are missing: ask the node for them.',
  )
}

function badLine(path: string, number: number, why: string, ended: boolean): Finding {
  return finding(
    'ledger-line',
    path,
    `Line ${number} of ${path} is no entry: ${why}.`,
    ended
      ? 'The other lines were read; ask the node for the ledger again.'
      : 'It is the last line and has no end, as when a copy was interrupted: copy the file again.',
  )
}

function tooManyEntries(path: string): Finding {
  return finding(
    'too-large',
    path,
    `${path} has more than ${TEOF_LIMITS.ledgerEntries} entries; the others were not read.`,
    'What was read was checked; split the ledger to have the rest checked.',
  )
}

function tooLarge(path: string, { length }: Uint8Array): Finding {
  return finding(
    'too-large',
    path,
    `${path} has ${length} bytes, and at most ${TEOF_LIMITS.ledgerBytes} are read.`,
    'Its entries were not checked; split the ledger to have that done.',
  )
}
