// Everything of a node directory but its receipts: keys, anchors, capsules, plans, tasks, hash-ledgers. Small, so it is read as a whole.
import { ANCHORS_PATH, parseAnchors } from './anchors.ts'
import type { AnchorsFile } from './anchors.ts'
import { readCapsules } from './capsule.ts'
import type { Capsules } from './capsule.ts'
import { compareCodePoints } from './code-points.ts'
import { joined } from './directory.ts'
import type { DirectoryReader, FileRead } from './directory.ts'
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'
import { LEDGER_INDEX, LEDGER_STATE, parseHashLedger } from './hash-ledger.ts'
import type { HashLedger } from './hash-ledger.ts'
import { KEYS_FOLDER, parseKeyFile } from './keys.ts'
import type { TeofKey } from './keys.ts'
import { TEOF_LIMITS } from './limits.ts'
import { CLAIMS_FOLDER, parseTaskClaim } from './plan-links.ts'
import type { TaskClaim } from './plan-links.ts'
import { parsePlan, PLANS_FOLDER } from './plan.ts'
import type { Plan } from './plan.ts'

export interface NodeFacts {
  /** In order of key id. */
  readonly keys: readonly TeofKey[]
  /** Null where there is none that can be read; a finding says so. */
  readonly anchors: AnchorsFile | null
  readonly capsules: Capsules
  /** In order of path. */
  readonly plans: readonly Plan[]
  readonly claims: readonly TaskClaim[]
  /** All of the above, in the order in which they were read. */
  readonly findings: readonly Finding[]
}

/** Reads the facts of one node directory. What cannot be read is a finding; nothing is thrown for what the files hold. */
export async function readNodeFacts(reader: DirectoryReader): Promise<NodeFacts> {
  const findings: Finding[] = []
  const keys = await readKeys(reader, findings)
  const anchors = await readAnchors(reader, findings)
  const capsules = await readCapsules(reader)
  findings.push(...capsules.findings, ...capsules.versions.flatMap((version) => version.findings))
  const plans = await readPlans(reader, findings)
  const claims = await readClaims(reader)
  findings.push(...plans.flatMap((plan) => plan.findings))
  return { keys, anchors, capsules, plans, claims, findings }
}

/** Reads one hash-ledger, found by `walkReceipts`; null where its index cannot be read, and `onFinding` is told why. */
export async function readHashLedger(
  reader: DirectoryReader,
  folder: string,
  onFinding: (found: Finding) => void,
): Promise<HashLedger | null> {
  const path = joined(folder, LEDGER_INDEX)
  const index = await reader.read(path, TEOF_LIMITS.ledgerBytes)
  if (index.outcome !== 'read') {
    if (index.outcome !== 'missing') onFinding(notReadFile(path, index))
    return null
  }
  const state = await reader.read(joined(folder, LEDGER_STATE), TEOF_LIMITS.jsonBytes)
  return parseHashLedger(folder, index.bytes, state.outcome === 'read' ? state.bytes : null)
}

async function readKeys(reader: DirectoryReader, findings: Finding[]): Promise<readonly TeofKey[]> {
  const keys: TeofKey[] = []
  for (const name of await filesIn(reader, KEYS_FOLDER, '.pub', TEOF_LIMITS.keyFiles, findings)) {
    const path = joined(KEYS_FOLDER, name)
    const read = await reader.read(path, TEOF_LIMITS.keyFileBytes)
    if (read.outcome !== 'read') {
      if (read.outcome !== 'missing') findings.push(notReadFile(path, read))
      continue
    }
    const parsed = parseKeyFile(name, read.bytes)
    if (parsed.ok) keys.push(parsed.key)
    else findings.push(parsed.finding)
  }
  return keys
}

async function readAnchors(reader: DirectoryReader, findings: Finding[]): Promise<AnchorsFile | null> {
  const read = await reader.read(ANCHORS_PATH, TEOF_LIMITS.jsonBytes)
  if (read.outcome === 'missing') {
    findings.push(
      finding(
        'anchors-missing',
        ANCHORS_PATH,
        `There is no ${ANCHORS_PATH}.`,
        'Ask the node for it; without an anchor its claims never win over another’s.',
      ),
    )
    return null
  }
  if (read.outcome !== 'read') {
    findings.push(notReadFile(ANCHORS_PATH, read))
    return null
  }
  const parsed = parseAnchors(read.bytes)
  if (!parsed.ok) {
    findings.push(parsed.finding)
    return null
  }
  findings.push(...parsed.anchors.findings)
  return parsed.anchors
}

async function readPlans(reader: DirectoryReader, findings: Finding[]): Promise<readonly Plan[]> {
  const plans: Plan[] = []
  for (const name of await filesIn(reader, PLANS_FOLDER, '.plan.json', PLAN_FILES, findings)) {
    const path = joined(PLANS_FOLDER, name)
    const read = await reader.read(path, TEOF_LIMITS.jsonBytes)
    if (read.outcome !== 'read') {
      if (read.outcome !== 'missing') findings.push(notReadFile(path, read))
      continue
    }
    const parsed = parsePlan(path, read.bytes)
    if (parsed.ok) plans.push(parsed.plan)
    else findings.push(parsed.finding)
  }
  return plans
}

/** The bus is talk, not evidence: what does not fit is passed over. */
async function readClaims(reader: DirectoryReader): Promise<readonly TaskClaim[]> {
  const claims: TaskClaim[] = []
  for (const name of await filesIn(reader, CLAIMS_FOLDER, '.json', PLAN_FILES, [])) {
    const read = await reader.read(joined(CLAIMS_FOLDER, name), TEOF_LIMITS.jsonBytes)
    const claim = read.outcome === 'read' ? parseTaskClaim(read.bytes) : null
    if (claim !== null) claims.push(claim)
  }
  return claims
}

const PLAN_FILES = 10_000

async function filesIn(
  reader: DirectoryReader,
  folder: string,
  ending: string,
  limit: number,
  findings: Finding[],
): Promise<readonly string[]> {
  const listing = await reader.list(folder, limit)
  if (listing.outcome === 'failed') findings.push(notReadFile(folder, listing))
  if (listing.outcome !== 'listed') return []
  if (listing.notRead > 0)
    findings.push(notReadFile(folder, { outcome: 'failed', why: `it has ${listing.notRead} entries too many` }))
  return listing.entries
    .filter(({ name, kind }) => kind === 'file' && name.endsWith(ending))
    .map(({ name }) => name)
    .toSorted(compareCodePoints)
}

function notReadFile(path: string, read: Exclude<FileRead, { readonly outcome: 'read' | 'missing' }>): Finding {
  if (read.outcome === 'too-large')
    return finding(
      'too-large',
      path,
      `${path} has ${read.sizeBytes} bytes, more than are read.`,
      'Everything else goes on; ask the node why it is so large.',
    )
  return finding(
    'not-read',
    path,
    `${path} could not be read: ${read.why}.`,
    'Make it readable, and read the node again.',
  )
}
