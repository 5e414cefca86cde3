// What is shown of the exchange: its state with since-when, reason and remedy, and the figures of both directions.
import type { ExchangeState, ExchangeView, Instant, Topic } from '#core/contract/index.ts'
import { feedTailOf, knownIds } from '#core/ledger/index.ts'
import { isAdmitted } from '#core/network/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { causeOfProblem, causes, type Cause } from './causes.ts'
import { earlyTotals } from './early-receipts.ts'
import { countNotes } from './folder-notes.ts'
import { folderRecord } from './folder-records.ts'
import { deferredLines, halfSyncedFiles } from './inbox-files.ts'
import type { FolderFacts } from './pass.ts'
import { quarantineSize } from './quarantine.ts'
import type { NodesFacts } from './read-others.ts'
import type { ExchangeDeps } from './types.ts'

/** What hinders one direction; the worst is shown. */
interface Hindrances {
  readonly folder: Cause | null
  readonly reading: Cause | null
  readonly writing: Cause | null
  /** The folder was asked for the own head long ago, and says nothing. */
  readonly silence: Cause | null
}

const NONE: Hindrances = { folder: null, reading: null, writing: null, silence: null }
const NO_FACTS: NodesFacts = { ignored: 0, notRead: 0, strangersNotRead: 0 }

export class ExchangeStatus {
  /** By name of the node's folder; replaced whenever it is listed. */
  readonly facts = new Map<string, FolderFacts>()
  nodesFacts = NO_FACTS
  progress: ExchangeView['progress'] = null
  lastRescan: Instant | null = null
  /** The folder was asked how it is, without being read: who is admitted is what the last pass left, in whichever core it was. */
  isLookedAt = false
  readonly #deps: ExchangeDeps
  #hindrances = NONE
  #shown: { readonly state: ExchangeState; readonly reason: string | null; readonly since: Instant }

  constructor(deps: ExchangeDeps) {
    this.#deps = deps
    this.#shown = { state: this.folder === null ? 'none' : 'idle', reason: null, since: deps.clock() }
  }

  get folder(): string | null {
    return folderRecord(this.#deps.ledger.read)?.folder ?? null
  }

  /** True where the folder itself cannot be used. */
  get isStopped(): boolean {
    return this.folder === null || this.#hindrances.folder !== null
  }

  /** Another folder: nothing is known of it. */
  reset(): void {
    this.facts.clear()
    this.nodesFacts = NO_FACTS
    this.lastRescan = null
    this.isLookedAt = false
    this.#hindrances = NONE
    this.changed('exchange')
  }

  /** Only what is named changes; told only where it shows. */
  hinder(hindrances: Partial<Hindrances>): void {
    this.#hindrances = { ...this.#hindrances, ...hindrances }
    const cause = this.#cause()
    const { state, reason } = this.#shown
    if (state !== (cause?.state ?? 'idle') || reason !== (cause?.reason ?? null)) this.changed('exchange')
  }

  changed(...topics: Topic[]): void {
    const cause = this.#cause()
    const state = cause?.state ?? 'idle'
    const reason = cause?.reason ?? null
    if (state !== this.#shown.state || reason !== this.#shown.reason) {
      this.#shown = { state, reason, since: this.#deps.clock() }
    }
    this.#deps.onChange(topics)
  }

  view(): ExchangeView {
    const { read } = this.#deps.ledger
    const facts = [...this.facts.values()]
    const noted = this.facts.size === 0 ? countNotes(read) : null
    const sum = (of: (fact: FolderFacts) => number) => facts.reduce((total, fact) => total + of(fact), 0)
    const cause = this.#cause()
    const state = cause?.state ?? 'idle'
    const { entries, beyond } = quarantineSize(read)
    return {
      folder: this.folder,
      state: state === 'idle' && this.progress !== null ? 'syncing' : state,
      since: this.#shown.since,
      reason: cause?.reason ?? null,
      remedy: cause?.remedy ?? null,
      cause: cause?.code ?? null,
      progress: this.progress,
      lastRescan: this.lastRescan,
      unpublished: this.#unpublished(),
      ...this.early(),
      refused: entries + beyond,
      ignored: this.nodesFacts.ignored + sum(({ ignored }) => ignored),
      placeholders: noted?.placeholders ?? sum(({ placeholders }) => placeholders),
      conflictCopies: noted?.conflictCopies ?? sum(({ conflictCopies }) => conflictCopies),
      notRead: this.nodesFacts.notRead + sum(({ notRead }) => notRead),
    }
  }

  /** What is right but early: receipts, lines that could not be judged yet, and files that are not whole. */
  early(): { readonly waiting: number; readonly held: number } {
    const { read } = this.#deps.ledger
    const { waiting, held } = earlyTotals(read)
    return { waiting: waiting + deferredLines(read) + halfSyncedFiles(read), held }
  }

  #unpublished(): number {
    const { ledger, node } = this.#deps
    const published = folderRecord(ledger.read)?.publishedSeq ?? 0
    return Math.max(0, feedTailOf(ledger.read, node).seq - published)
  }

  #cause(): Cause | null {
    const { folder, reading, writing, silence } = this.#hindrances
    try {
      if (this.folder === null) return causes.noFolder
      return folder ?? reading ?? writing ?? silence ?? this.#notAdmitted() ?? this.#overfull()
    } catch (thrown) {
      // The ledger does not answer: whoever tells of that must not fail at it a second time.
      if (!(thrown instanceof StewardError)) throw thrown
      return causeOfProblem(thrown)
    }
  }

  #overfull(): Cause | null {
    return this.nodesFacts.strangersNotRead > 0 ? causes.overfull : null
  }

  #notAdmitted(): Cause | null {
    const { ledger, node } = this.#deps
    const network = this.#deps.network()
    if (network === null || (this.lastRescan === null && !this.isLookedAt)) return null
    if (!knownIds(ledger.read, [network.id]).has(network.id)) return causes.genesisNotHere
    return isAdmitted(ledger.read, node) ? null : causes.notAdmitted
  }
}
