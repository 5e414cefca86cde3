// Receipts of one task out of the ledger: those that name it, those that speak of the plan of that name, and imported files of it.
import type { ContentHash, Instant, Json } from '#core/contract/index.ts'
import { namedTasks, receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { createNames, MergedFeeds } from '#core/network/index.ts'
import { claimStandings, importedBody, importedOfPlan, importedPlans, openConflictOf } from '#core/reconcile/index.ts'
import { parseStoredLine } from '#core/receipts/index.ts'
import { factsOf, PLAN_PROPOSED, PLAN_STEP, ProposedBody, StepBody } from './kinds.ts'
import type { PlanStated, ReadReceipt } from './task-types.ts'

/** A receipt of a task before its plan file, if it is about one, was read. */
export interface FoundReceipt extends ReadReceipt {
  readonly subjectKey: number
  /** The content that it names; plan files and proposals are read from there. */
  readonly content: ContentHash | null
}

interface FoundTask {
  readonly receipts: readonly FoundReceipt[]
  /** Merged receipts that were left out because there are too many. */
  readonly more: number
}

/** At most `limit` merged receipts, the newest; in the order of their time, the newest first. */
export function findTask(db: ReadDb, task: string, now: Instant, limit: number): FoundTask {
  const feeds = new MergedFeeds(db)
  const names = createNames(db)
  const standings = claimStandings(db, now)
  const steps = Map.groupBy(importedOfPlan(db, task), ({ arrival }) => arrival)
  const merged = rowsOf(db, task).filter((row) => feeds.isMerged(row))
  const receipts = merged.slice(0, limit).map((row): FoundReceipt => {
    const { receipt } = parseStoredLine(row.line)
    const origin = receipt.kind === 'evidence/observed' ? (importedBody(receipt.body)?.origin ?? null) : null
    const id = receiptIdFromBytes(row.idBytes)
    const { node, seq, time, kind, body, subject } = receipt
    return {
      ref: { id, node, nodeName: names.of(node), seq, time, kind },
      subject,
      subjectKey: row.subjectKey,
      claimant: origin ?? names.of(node),
      superseded: standings.superseded({ ...row, isClaim: CLAIMS.has(kind) }),
      conflict: openConflictOf(db, row.subjectKey, row.arrival),
      links: [...(steps.get(row.arrival) ?? []).map(({ step }) => ({ plan: task, step })), ...linksOf(body, task)],
      step: stepOf(kind, body),
      plan: planOf(kind, body),
      content: contentOf(body),
    }
  })
  return { receipts, more: merged.length - receipts.length }
}

/** Every task that a receipt names, every plan that one speaks of, and every plan with imported files; at most `limit`. */
export function taskNames(db: ReadDb, limit: number): string[] {
  const named = namedTasks(db, limit)
  const planned = db.prepare<[number], string>('SELECT DISTINCT plan FROM tasks_said LIMIT ?').pluck().all(limit)
  return [...new Set([...named, ...planned, ...importedPlans(db)])].sort().slice(0, limit)
}

/** A claim that a file of plans makes: what it lies under, and the content to read. */
interface PlanFile {
  readonly task: string
  readonly content: ContentHash
}

/** Claims about plan files that any node has signed, at most `limit`. */
export function planFiles(db: ReadDb, limit: number): PlanFile[] {
  return db
    .prepare<[number], { task: string; line: string }>(`
      SELECT subject.task, receipt.line
      FROM subject JOIN receipt ON receipt.subject_key = subject.key
      WHERE subject.subject >= '_plans/' AND subject.subject < '_plans0' LIMIT ?
    `)
    .all(limit)
    .flatMap(({ task, line }) => {
      const content = contentOf(parseStoredLine(line).receipt.body)
      return content === null ? [] : [{ task, content }]
    })
}

/** What merged plan/proposed receipts say about their plans. */
export function proposedFacts(db: ReadDb): { readonly plan: string; readonly facts: string }[] {
  const feeds = new MergedFeeds(db)
  return db
    .prepare<[], { plan: string; facts: string; nodeKey: number; seq: number; arrival: number }>(`
      SELECT plan, facts, node_key AS nodeKey, seq, arrival FROM tasks_said WHERE facts <> '[]'
    `)
    .all()
    .filter((row) => feeds.isMerged(row))
}

/** True for a path that a plan lies at. */
export function isPlanPath(subject: string): boolean {
  return subject.startsWith('_plans/') && subject.endsWith('.plan.json')
}

/** True for a path that a proposal lies at: a document with its metadata in front. */
export function isProposalPath(subject: string): boolean {
  return subject.endsWith('.md') && subject.split('/').includes('proposals')
}

const CLAIMS: ReadonlySet<string> = new Set(['evidence/observed', 'evidence/produced', PLAN_STEP, PLAN_PROPOSED])

interface FoundRow {
  readonly arrival: number
  readonly idBytes: Buffer
  readonly nodeKey: number
  readonly seq: number
  readonly subjectKey: number
  readonly line: string
}

function rowsOf(db: ReadDb, task: string): FoundRow[] {
  return db
    .prepare<{ task: string; limit: number }, FoundRow>(`
      WITH mine (arrival) AS (
        SELECT receipt.arrival FROM subject JOIN receipt ON receipt.subject_key = subject.key WHERE subject.task = @task AND subject.task > ''
        UNION SELECT arrival FROM reconcile_plan WHERE plan = @task
        UNION SELECT arrival FROM tasks_said WHERE plan = @task
      )
      SELECT receipt.arrival, receipt.id AS idBytes, receipt.node_key AS nodeKey, receipt.seq,
             receipt.subject_key AS subjectKey, receipt.line
      FROM mine JOIN receipt ON receipt.arrival = mine.arrival
      ORDER BY receipt.time_ms DESC, receipt.id LIMIT @limit
    `)
    .all({ task, limit: READ_ROWS })
}

/** More than these are not read for one page; the receipts list has them all. */
const READ_ROWS = 20_000

type Body = { readonly [key: string]: Json }

/** Evidence may name its step itself, a decision its plan step. */
function linksOf(body: Body, task: string): { readonly plan: string; readonly step: string }[] {
  const step = textAt(body, 'plan_step_id') ?? textAt(body, 'planStep')
  return step === null ? [] : [{ plan: textAt(body, 'plan_id') ?? task, step }]
}

function textAt(body: Body, key: string): string | null {
  const value = body[key]
  return typeof value === 'string' && value !== '' ? value : null
}

function stepOf(kind: string, body: Body): ReadReceipt['step'] {
  const said = kind === PLAN_STEP ? StepBody.safeParse(body).data : undefined
  if (said === undefined) return null
  const { plan, step, status, note = null, receipts: names = [] } = said
  return { plan, step, status, note, names }
}

function planOf(kind: string, body: Body): PlanStated | null {
  const said = kind === PLAN_PROPOSED ? ProposedBody.safeParse(body).data : undefined
  if (said === undefined) return null
  return {
    plan: said.plan,
    summary: said.title ?? null,
    facts: factsOf(body),
    steps: said.steps.map(({ id, title = null }) => ({ id, title, status: null, note: null, paths: [] })),
    paths: [],
  }
}

function contentOf(body: Body): ContentHash | null {
  const content = body['content']
  if (typeof content !== 'object' || content === null || !('hash' in content)) return null
  const { hash } = content
  // The pattern is the whole rule of a ContentHash.
  return typeof hash === 'string' && /^sha256:[0-9a-f]{64}$/.test(hash) ? (hash as ContentHash) : null
}
