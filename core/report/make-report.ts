// A report, written file by file while the ledger is walked page by page. Everything in it follows from the receipts, the policy, the
// facts and the as-of time: not from the order of arrival, the machine, its paths or who runs it.
import type { SummaryFile } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import {
  admittedNodes,
  createNames,
  fingerprint,
  MergedFeeds,
  networkName,
  policyHashInForce,
  policyInForce,
} from '#core/network/index.ts'
import { listOrigins } from '#core/reconcile/index.ts'
import { auditOfConflict, auditOfReceipt } from './audit.ts'
import { walkConflicts } from './conflicts-pass.ts'
import { alertLine } from './events.ts'
import { dayEnds, type ReportFacts } from './facts.ts'
import { ListFile, ReportFile, type FileSink, type WrittenFile } from './file-text.ts'
import { markdownOf } from './markdown.ts'
import { receiptsToWalk, walkReceipts, type ReceiptTally } from './receipts-pass.ts'
import { walkSubjects, type SubjectTally } from './subjects-pass.ts'
import { summaryFile } from './summary.ts'

/** Where the files go. */
export interface ReportSink {
  open(name: string): Promise<FileSink>
}

export interface Making {
  /** Told between pages; may wait, to let others be answered, and throws to cancel. */
  step(what: string, done: number, total: number): Promise<void>
}

/**
 * Writes ledger.json, conflicts.json, events.jsonl, audit.json, summary.json and summary.md in this order and answers the summary. `db` must not
 * change meanwhile: a snapshot, settled at `facts.asOf`.
 */
export async function makeReport(
  db: ReadDb,
  facts: ReportFacts,
  sink: ReportSink,
  making: Making,
): Promise<SummaryFile> {
  const feeds = new MergedFeeds(db)
  const names = createNames(db)
  const shown = fingerprint(db)
  const policy = policyInForce(db)
  const network: SummaryFile['network'] = {
    id: facts.network,
    name: facts.network === null ? '' : networkName(db, facts.network),
    policyHash: policyHashInForce(db),
    // The fingerprint is a hash in the form that all of them have.
    fingerprint: shown.fingerprint as SummaryFile['network']['fingerprint'],
    fingerprintWords: shown.words,
  }
  const run = new Run(db, facts, sink, making, feeds, network)
  const audit = await run.list('audit.json', 'steward-network-audit/1', {}, 'entries')
  const receipts = await run.ledger(audit)
  const subjects = await run.subjects({
    feeds,
    dayEndsMs: dayEnds(facts.asOf),
    nodes: receipts.nodes.filter((node) => !node.blocked).map(({ node }) => node),
  })
  const conflicts = await run.conflicts(subjects.openedMs, audit)
  const tallies = { facts, receipts, subjects, conflicts, origins: listOrigins(db, feeds) }
  const summary = summaryFile({ tallies, names, policy, network, files: run.written })
  await run.text('summary.json', `${JSON.stringify(summary, null, 2)}\n`)
  await run.text('summary.md', markdownOf(summary))
  return summary
}

class Run {
  readonly written: WrittenFile[] = []
  readonly #db: ReadDb
  readonly #facts: ReportFacts
  readonly #sink: ReportSink
  readonly #making: Making
  readonly #feeds: MergedFeeds
  readonly #network: SummaryFile['network']

  constructor(
    db: ReadDb,
    facts: ReportFacts,
    sink: ReportSink,
    making: Making,
    feeds: MergedFeeds,
    network: SummaryFile['network'],
  ) {
    this.#db = db
    this.#facts = facts
    this.#sink = sink
    this.#making = making
    this.#feeds = feeds
    this.#network = network
  }

  /** Begins a file with a list. */
  async list(name: string, format: string, more: object, list: string): Promise<ListFile> {
    const file = new ListFile(await this.#open(name))
    await file.begin({ format, network: this.#network, asOf: this.#facts.asOf, ...more }, list)
    return file
  }

  async ledger(audit: ListFile): Promise<ReceiptTally> {
    const total = receiptsToWalk(this.#db)
    const names = createNames(this.#db)
    const walk = walkReceipts(this.#db, this.#feeds, dayEnds(this.#facts.asOf))
    const nodes = [...admittedNodes(this.#db)].sort().map((node) => ({ node, name: names.of(node) }))
    const file = await this.list('ledger.json', 'steward-network-ledger/1', { nodes }, 'receipts')
    let done = 0
    let page = walk.next()
    while (page.done !== true) {
      for (const { entry, receipt } of page.value) {
        await file.entry(entry)
        for (const told of auditOfReceipt(entry, receipt, this.#facts.network, names)) await audit.entry(told)
      }
      done += page.value.length
      await this.#making.step('Reading receipts', done, total)
      page = walk.next()
    }
    this.written.push(await file.end())
    return page.value
  }

  async subjects(context: Parameters<typeof walkSubjects>[1]): Promise<SubjectTally> {
    const walk = walkSubjects(this.#db, context)
    let step = walk.next()
    while (step.done !== true) {
      await this.#making.step('Comparing subjects', step.value, 0)
      step = walk.next()
    }
    return step.value
  }

  async conflicts(openedMs: ReadonlyMap<number, number>, audit: ListFile) {
    const walk = walkConflicts(this.#db, this.#feeds, openedMs)
    const file = await this.list('conflicts.json', 'steward-network-conflicts/1', {}, 'conflicts')
    const alerts = await this.#open('events.jsonl')
    let done = 0
    let next = walk.next()
    while (next.done !== true) {
      await file.entry(next.value)
      await audit.entry(auditOfConflict(next.value))
      const alert = alertLine(next.value, this.#facts.asOf)
      if (alert !== null) await alerts.add(alert)
      if (++done % CONFLICTS_A_STEP === 0) await this.#making.step('Listing conflicts', done, 0)
      next = walk.next()
    }
    this.written.push(await file.end(), await alerts.end(), await audit.end())
    return next.value
  }

  async text(name: string, text: string): Promise<void> {
    const file = await this.#open(name)
    await file.add(text)
    await file.end()
  }

  async #open(name: string): Promise<ReportFile> {
    return new ReportFile(name, await this.#sink.open(name))
  }
}

const CONFLICTS_A_STEP = 64
