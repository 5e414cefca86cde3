// Reads one node directory: every file of interest judged, nothing of its content kept in memory.
import { hash } from 'node:crypto'
import type { ContentHash } from '#core/contract/index.ts'
import type { Pause } from '#core/ledger/index.ts'
import { LIMITS, sha256Id } from '#core/receipts/index.ts'
import {
  ANCHORS_PATH,
  judgeArtifact,
  judgeFile,
  linkPlans,
  pathWithin,
  readHashLedger,
  TEOF_LIMITS,
  walkReceipts,
  type DirectoryReader,
  type Envelope,
  type Finding,
  type HashLedger,
  type JudgedFile,
  type KeyRing,
  type NodeFacts,
  type SignatureChecker,
} from '#core/teof/index.ts'
import { fileBody, type FileBody } from './describe-file.ts'
import type { RefusedFile } from './types.ts'

export interface ReadOrigin {
  readonly label: string
  readonly reader: DirectoryReader
  readonly facts: NodeFacts
  readonly files: readonly ReadFile[]
  readonly refused: readonly RefusedFile[]
  readonly signatures: Readonly<Record<Envelope['state'], number>>
  readonly findings: readonly Finding[]
}

export interface ReadFile {
  /** The path as it becomes the subject: in the one form of Unicode that receipts take. */
  readonly subject: string
  /** Set for plans, whose file name says it, so that it is the same for every origin. */
  readonly task: string | null
  readonly body: FileBody
}

export interface ReadingTools {
  readonly checker: SignatureChecker
  readonly pause: Pause
  readonly signal: AbortSignal | undefined
  readonly onFile: () => void
}

/** After so many files others are answered. */
const FILES_AT_ONCE = 64

export async function readOrigin(
  label: string,
  reader: DirectoryReader,
  facts: NodeFacts,
  keys: KeyRing,
  tools: ReadingTools,
): Promise<ReadOrigin> {
  const reading = new Reading(reader, keys, tools)
  await reading.receipts()
  await reading.named(facts)
  const { judged, refused, findings, ledgers } = reading
  const plansOf = plansByPath(facts, judged, findings)
  const mismatches = await mismatchesByPath(reader, facts, judged, ledgers)
  const files = new Map<string, ReadFile>()
  for (const { file, modifiedMs } of judged) {
    const { path } = file
    const subject = path.normalize('NFC')
    const unfit = files.has(subject)
      ? 'another file of the directory has the same name to a reader'
      : unfitPath(subject)
    if (unfit !== null) {
      refused.push(unfitFile(path, unfit))
      continue
    }
    const body = fileBody({
      origin: label,
      judged: file,
      modifiedMs,
      plans: plansOf.get(path) ?? [],
      mismatches: mismatches.get(path) ?? [],
      ledger: ledgers.get(path) ?? null,
    })
    files.set(subject, { subject, task: planOfName(path), body })
  }
  return {
    label,
    reader,
    facts,
    files: [...files.values()],
    refused,
    signatures: countSignatures(judged.map(({ file }) => file)),
    findings: [...facts.findings, ...findings],
  }
}

interface JudgedEntry {
  readonly file: JudgedFile
  readonly modifiedMs: number | null
}

class Reading {
  readonly judged: JudgedEntry[] = []
  readonly refused: RefusedFile[] = []
  readonly findings: Finding[] = []
  /** By the path of their index and of their state. */
  readonly ledgers = new Map<string, HashLedger>()
  readonly #reader: DirectoryReader
  readonly #keys: KeyRing
  readonly #tools: ReadingTools

  constructor(reader: DirectoryReader, keys: KeyRing, tools: ReadingTools) {
    this.#reader = reader
    this.#keys = keys
    this.#tools = tools
  }

  async receipts(): Promise<void> {
    for await (const walked of walkReceipts(this.#reader, { withArchive: false })) {
      this.#tools.signal?.throwIfAborted()
      if (walked.type === 'finding') this.findings.push(walked.finding)
      else if (walked.type === 'hash-ledger') await this.#hashLedger(walked.folder)
      else await this.#take(walked.path, TEOF_LIMITS.jsonBytes)
    }
  }

  /** What lies outside of `_report`: plans, anchors, keys, the lists of capsules. */
  async named({ plans, keys, capsules }: NodeFacts): Promise<void> {
    for (const { path } of plans) await this.#take(path, TEOF_LIMITS.jsonBytes)
    await this.#take(ANCHORS_PATH, TEOF_LIMITS.jsonBytes)
    for (const { keyId } of keys) await this.#take(`governance/keys/${keyId}.pub`, TEOF_LIMITS.keyFileBytes)
    for (const { folder } of capsules.versions) await this.#take(`${folder}/hashes.json`, TEOF_LIMITS.jsonBytes)
  }

  async #hashLedger(folder: string): Promise<void> {
    const ledger = await readHashLedger(this.#reader, folder, (found) => this.findings.push(found))
    if (ledger === null) return
    this.findings.push(...ledger.findings)
    for (const name of ['index.jsonl', 'state.json']) this.ledgers.set(`${folder}/${name}`, ledger)
    await this.#take(`${folder}/index.jsonl`, TEOF_LIMITS.ledgerBytes)
  }

  async #take(path: string, limitBytes: number): Promise<void> {
    this.#tools.signal?.throwIfAborted()
    const read = await this.#reader.read(path, limitBytes)
    switch (read.outcome) {
      case 'missing':
        return
      case 'too-large':
        this.refused.push({
          path,
          reason: 'too-large',
          happened: `${path} has ${read.sizeBytes.toLocaleString('en')} bytes; at most ${limitBytes.toLocaleString('en')} are read.`,
          remedy: 'Everything else goes on; ask the node why it is so large.',
        })
        return
      case 'failed':
        this.refused.push({
          path,
          reason: 'unreadable',
          happened: `${path} could not be read: ${read.why}.`,
          remedy: 'Make it readable, then import again: what is known is not signed twice.',
        })
        return
      case 'read': {
        const isJson = path.endsWith('.json')
        const file = isJson ? judgeFile(path, read.bytes, this.#keys, this.#tools.checker) : plainFile(path, read.bytes)
        this.findings.push(...file.findings)
        this.judged.push({ file, modifiedMs: read.modifiedMs ?? null })
        this.#tools.onFile()
        if (this.judged.length % FILES_AT_ONCE === 0) await this.#tools.pause()
      }
    }
  }
}

/** A key, or the lines of a hash-ledger: compared by its bytes, and not signed as a receipt is. */
function plainFile(path: string, bytes: Uint8Array): JudgedFile {
  const rawHash = sha256Id<ContentHash>(bytes)
  return {
    path,
    sizeBytes: bytes.length,
    rawHash,
    isJson: false,
    contentHash: rawHash,
    envelope: { state: 'missing' },
    stated: null,
    planId: null,
    planStepId: null,
    taskId: null,
    artifact: null,
    findings: [],
  }
}

function plansByPath(
  facts: NodeFacts,
  judged: readonly JudgedEntry[],
  findings: Finding[],
): ReadonlyMap<string, { readonly plan: string; readonly step: string | null }[]> {
  const byPath = new Map<string, { readonly plan: string; readonly step: string | null }[]>()
  const add = (path: string, plan: string, step: string | null) => {
    const known = byPath.get(path) ?? []
    if (!known.some((one) => one.plan === plan && one.step === step)) known.push({ plan, step })
    byPath.set(path, known)
  }
  const files = judged.map(({ file }) => file)
  for (const { plan, steps, unassigned, findings: about } of linkPlans(facts.plans, files, facts.claims)) {
    add(plan.path, plan.planId, null)
    for (const { step, present } of steps) for (const path of present) add(path, plan.planId, step.id)
    for (const path of unassigned) add(path, plan.planId, null)
    findings.push(...about)
  }
  // Of plans that are not here.
  const here = new Set(facts.plans.map(({ planId }) => planId))
  for (const { path, planId, planStepId } of files) {
    if (planId !== null && planId !== '' && !here.has(planId)) add(path, planId.slice(0, 1024), planStepId)
  }
  return byPath
}

/** Hashes that files state and that do not fit what is there, as sentences. */
async function mismatchesByPath(
  reader: DirectoryReader,
  { capsules }: NodeFacts,
  judged: readonly JudgedEntry[],
  ledgers: ReadonlyMap<string, HashLedger>,
): Promise<ReadonlyMap<string, string[]>> {
  const byPath = new Map<string, string[]>()
  const add = (path: string, sentence: string) => byPath.set(path, [...(byPath.get(path) ?? []), sentence])
  for (const { file } of judged) {
    for (const { code, happened } of file.findings) if (code === 'stated-hash-differs') add(file.path, happened)
    const wrong = await wrongArtifact(reader, file)
    if (wrong !== null) add(file.path, wrong)
  }
  for (const { folder, mismatched } of capsules.versions) {
    const list = `${folder}/hashes.json`
    for (const { path, stated, found } of mismatched) {
      add(list, `It says that ${path} hashes to ${stated}, but the file there hashes to ${found}.`)
    }
  }
  for (const ledger of new Set(ledgers.values())) {
    for (const { code, path, happened } of ledger.findings) if (BROKEN.has(code)) add(path, happened)
  }
  return byPath
}

const BROKEN: ReadonlySet<string> = new Set(['ledger-hash-differs', 'ledger-chain-broken', 'ledger-state-differs'])

/** A systemic receipt states the hash of another file; where that file is here, it is hashed. */
async function wrongArtifact(reader: DirectoryReader, { path, artifact }: JudgedFile): Promise<string | null> {
  const within = artifact === null ? null : pathWithin('', artifact.path)
  if (artifact === null || within === null) return null
  const read = await reader.read(within, TEOF_LIMITS.capsuleFileBytes)
  if (read.outcome !== 'read') return null
  const found = { outcome: 'hashed', sha256: hash('sha256', read.bytes, 'hex') } as const
  return judgeArtifact(path, artifact, found)?.happened ?? null
}

function countSignatures(files: readonly JudgedFile[]): Record<Envelope['state'], number> {
  const counts = { ok: 0, missing: 0, skipped: 0, unknown_key: 0, invalid: 0 }
  for (const { envelope } of files) counts[envelope.state]++
  return counts
}

/** `_plans/<plan id>.plan.json`. */
function planOfName(path: string): string | null {
  return /^_plans\/(.{1,200})\.plan\.json$/.exec(path)?.[1]?.normalize('NFC') ?? null
}

function unfitPath(subject: string): string | null {
  if (Buffer.byteLength(subject) > LIMITS.textBytes) return `its path is longer than ${LIMITS.textBytes} bytes`
  return /[\p{Cc}\p{Cs}]/u.test(subject) ? 'its path holds control characters' : null
}

function unfitFile(path: string, why: string): RefusedFile {
  return {
    path,
    reason: 'unfit-path',
    happened: `A file was left out, since ${why}.`,
    remedy: 'Rename it in the directory, then import again.',
  }
}
