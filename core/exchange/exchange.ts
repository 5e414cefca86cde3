// The exchange of one node: the outbox and the inbox on one folder, when they run, and what the folder's state is.
import type { NodeId, SyncReport, Way } from '#core/contract/index.ts'
import { counters, type Ledger } from '#core/ledger/index.ts'
import { admittedNodes, blockedNodes } from '#core/network/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { createVerifier, fingerprintWords, LIMITS, type Verifier } from '#core/receipts/index.ts'
import { causeOf, causeOfProblem, causes, isHindrance, type Cause } from './causes.ts'
import { EarlyShares } from './early-receipts.ts'
import type { FileStat } from './folder-adapter.ts'
import { nodeFolder, nodeFolderName } from './exchange-paths.ts'
import { exchangeAnswers, type ExchangeAnswers } from './exchange-answers.ts'
import { ExchangeStatus } from './exchange-status.ts'
import { beginFolder, folderRecord, recordMarked } from './folder-records.ts'
import { createIntake, type Intake } from './intake.ts'
import { unreadFiles } from './inbox-files.ts'
import { Lane } from './lane.ts'
import { isStillReady, prepareFolder, whyNotUse } from './marker.ts'
import { checkOwnFolder, ownForkSeq, readOwnHead, removeLeftovers, whyNotPublish } from './own-folder.ts'
import { Tally, type Pass } from './pass.ts'
import { ownHeadStateOf } from './peer-knowledge.ts'
import { pendingRecords } from './peer-records.ts'
import { publishFork } from './publish-fork.ts'
import { flush, publishAll, publishFeed, writtenBefore, type Thoroughness, type Written } from './publish.ts'
import { readOthers } from './read-others.ts'
import { Rivals } from './rivals.ts'
import type { Exchange, ExchangeDeps, PassCounts } from './types.ts'
import { slowCheckRation } from './verification.ts'
import { fetchBlobs } from './wanted-blobs.ts'
import { startWatching, type Watching } from './watching.ts'
import { WhenQuiet, within } from './when-quiet.ts'

/** What follows from a receipt that was signed or read is published a little later, for many at once. */
const FOLLOWS_QUIET_MS = 100
const FOLLOWS_LONGEST_MS = 1_000
/** Nobody waits longer for the own head. The look itself goes on, and nothing is signed before it has ended. */
const LONGEST_WAIT_MS = 5_000

/** Opens the exchange on `deps.folder`. Nothing is read or written before it is asked to, or started. */
export function createExchange(deps: ExchangeDeps): Exchange {
  const { ledger, clock, folder } = deps
  if ((folderRecord(ledger.read)?.folder ?? null) !== folder) ledger.write(clock(), (tx) => beginFolder(tx, folder))
  const status = new ExchangeStatus(deps)
  return Object.assign(new FolderExchange(deps, status), exchangeAnswers(deps, status))
}

class FolderExchange implements Omit<Exchange, keyof ExchangeAnswers> {
  readonly #deps: ExchangeDeps
  readonly #inbox = new Lane()
  readonly #outbox = new Lane()
  readonly #everRead = new Set<NodeId>()
  readonly #shares = new EarlyShares()
  readonly #status: ExchangeStatus
  #verifier: Verifier | null = null
  #reportsBlocks = false
  /** Of the folder that was last found ready. */
  #ready: { readonly folder: string; readonly marker: FileStat } | null = null
  #ownChecked = false
  /** A pass has asked the folder whether it can be used, and what it found is known. */
  #isPrepared = false
  /** The folder said what the own head in it is, or its system that there is none to be had. */
  #isHeadRead = false
  /** Asks the folder of now; null while nobody does. */
  #looking: Promise<unknown> | null = null
  #isStopped = false
  #readCompletely = false
  #nextBlob = ''
  #publishQueued: Promise<number> | null = null
  #publishedReceipts = 0
  #feedQueued = false
  readonly #follows: WhenQuiet
  /** Known between two looks at the own folder. */
  #written: Written | null = null
  #rivals: Rivals
  /** Raised to stop what runs: by `cancel`, by another folder, by `stop`. */
  #epoch = 0
  #watching: Watching | null = null

  constructor(deps: ExchangeDeps, status: ExchangeStatus) {
    this.#deps = deps
    this.#rivals = new Rivals(deps.ledger.read)
    this.#status = status
    this.#follows = new WhenQuiet(deps.timers, FOLLOWS_LONGEST_MS, () => {
      this.#publishFollowing().catch(deps.onBug)
    })
  }

  async setFolder(folder: string | null): Promise<void> {
    this.#epoch++
    await Promise.all([this.#inbox.idle(), this.#outbox.idle()])
    const { ledger, clock } = this.#deps
    ledger.write(clock(), (tx) => beginFolder(tx, folder))
    this.#everRead.clear()
    this.#ownChecked = false
    this.#isHeadRead = false
    this.#looking = null
    this.#isPrepared = false
    this.#ready = null
    this.#written = null
    this.#rivals = new Rivals(ledger.read)
    this.#readCompletely = false
    this.#status.reset()
    this.#watching?.present(null)
    this.#watching?.soon(null)
    // While what is here is published, the threads start that check what is there.
    if (folder !== null && this.#watching !== null) this.#deps.verification.expect?.()
    await this.lookAtOwnHead()
  }

  /** Calls that come while one is waiting for its turn are answered by that one. */
  publish(): Promise<number> {
    this.#publishQueued ??= this.#outbox.run(async () => {
      this.#publishQueued = null
      const written = await this.#orBug(() => this.#publishNow(this.#newPass(false), 'quick'))
      // What was signed may be an admission.
      this.admissionsChanged()
      if (written !== null && written > 0) this.#status.changed('exchange')
      return written ?? 0
    })
    return this.#publishQueued
  }

  signed(): void {
    this.#follows.soon(FOLLOWS_QUIET_MS)
    if (this.#feedQueued) return
    this.#feedQueued = true
    const publishing = this.#outbox.run(async () => {
      this.#feedQueued = false
      await this.#orBug(() => this.#publishNow(this.#newPass(false), 'feed'))
      this.admissionsChanged()
    })
    publishing.catch(this.#deps.onBug)
  }

  async rescan(): Promise<PassCounts> {
    return (await this.#cycle(null, true)).counts()
  }

  async syncOnce(): Promise<SyncReport> {
    const before = this.#publishedReceipts
    const tally = await this.#cycle(null, true)
    const { ledger } = this.#deps
    const { state, reason } = this.#status.view()
    const early = this.#status.early()
    return {
      published: this.#publishedReceipts - before,
      admitted: tally.admitted,
      known: tally.known,
      waiting: early.waiting,
      held: early.held,
      refused: [...tally.refusals],
      pendingNodes: pendingRecords(ledger.read).map(({ node, name }) => ({
        node,
        name,
        words: [...fingerprintWords(node)],
      })),
      exchange: { state, reason },
    }
  }

  start(): void {
    if (this.#watching !== null) return
    this.#isStopped = false
    const { folders: files, timers, rescanSeconds, node } = this.#deps
    this.#watching = startWatching({
      files,
      timers,
      rescanSeconds,
      ownFolderName: nodeFolderName(node),
      look: async (touched, isRescan) => void (await this.#orBug(() => this.#cycle(touched, isRescan))),
    })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#epoch++
    await this.#watching?.stop()
    this.#watching = null
    await Promise.all([this.#inbox.idle(), this.#outbox.idle()])
    if (this.#follows.isDue) await this.#publishFollowing()
  }

  cancel(): void {
    this.#epoch++
  }

  async takeIn<T>(way: Way, into: Ledger, work: (intake: Intake) => Promise<T>): Promise<T> {
    try {
      // A draft may come to nothing, so what it counts as early is counted apart.
      const pass = () => ({ ...this.#newPass(false, way), ledger: into, shares: new EarlyShares() })
      return await this.#inbox.run(() => work(createIntake(pass(), this.#deps.blobs)))
    } finally {
      this.#shares.forget()
      this.#status.changed('exchange', 'network')
      this.admissionsChanged()
    }
  }

  admissionsChanged(): void {
    const { ledger, node } = this.#deps
    const blocked = blockedNodes(ledger.read)
    for (const each of blocked) this.#everRead.delete(each)
    const isUnread = (other: NodeId) => other !== node && !blocked.has(other) && !this.#everRead.has(other)
    if ([...admittedNodes(ledger.read)].some(isUnread)) this.#watching?.soon([])
  }

  ownHeadState() {
    const isRead = this.#isHeadRead || this.#status.folder === null
    return ownHeadStateOf(this.#deps.ledger.read, this.#deps.node, { isRead, readCompletely: this.#readCompletely })
  }

  async lookAtOwnHead(longestMs = LONGEST_WAIT_MS): Promise<void> {
    if (this.#isHeadRead || this.#status.folder === null) return
    const looking = (this.#looking ??= this.#startLook())
    await within(this.#deps.timers, looking, longestMs)
    const isSilent = this.#looking === looking && !this.#isHeadRead && !this.#isStopped
    if (isSilent) this.#status.hinder({ silence: causes.silent })
  }

  async look(longestMs = LONGEST_WAIT_MS): Promise<void> {
    const { folder, lastRescan, isLookedAt } = this.#status
    if (folder === null || lastRescan !== null || isLookedAt || this.#watching !== null) return
    // Of a folder that has not even said what the own head is, nothing more is to be had.
    if (!this.#isHeadRead) return
    await within(
      this.#deps.timers,
      this.#orBug(() => this.#judgeFolder()),
      longestMs,
    )
    if (!this.#status.isLookedAt) this.#status.hinder({ silence: causes.silent })
  }

  async #judgeFolder(): Promise<void> {
    const { folders, ledger, node } = this.#deps
    const record = folderRecord(ledger.read)
    if (record === null) return
    const { folder, marked } = record
    if (this.#isPrepared) return this.#lookedAt({})
    const cause = await whyNotUse(folders, folder, this.#deps.network(), marked)
    const writable = cause !== null || (await this.#mayWriteInto(folder))
    // The ledger may be closed by now, or another folder chosen.
    if (this.#isStopped || folder !== this.#status.folder) return
    if (this.#isPrepared) return this.#lookedAt({})
    this.#lookedAt({
      folder: cause,
      writing: whyNotPublish({ ledger, self: node }) ?? (writable ? null : causes.readOnly),
    })
  }

  #lookedAt(found: Parameters<ExchangeStatus['hinder']>[0]): void {
    this.#status.isLookedAt = true
    this.#status.hinder({ ...found, silence: null })
  }

  async #mayWriteInto(folder: string): Promise<boolean> {
    const { folders, node } = this.#deps
    const own = nodeFolder(folder, node)
    const stat = await folders.stat(own).catch(() => null)
    return folders.mayWrite(stat === null ? folder : own)
  }

  /** In no lane: who stops or chooses another folder does not wait for one that is silent. */
  #startLook(): Promise<unknown> {
    const looking: Promise<unknown> = this.#orBug(() => this.#askForOwnHead()).finally(() => {
      if (this.#looking !== looking) return
      this.#looking = null
      if (!this.#isStopped) this.#status.hinder({ silence: null })
    })
    return looking
  }

  async #askForOwnHead(): Promise<void> {
    const pass = this.#newPass(false)
    const read = async (path: string, limitBytes: number) => {
      const bytes = await pass.files.read(path, limitBytes)
      // The ledger may be closed by now.
      return this.#isStopped ? null : bytes
    }
    try {
      await readOwnHead({ ...pass, files: { ...pass.files, read } })
      this.#ownHeadAnswered(pass.folder)
    } catch (error) {
      // What the system says is an answer, and the pass says what is the matter with the folder. A ledger that takes nothing is none.
      if (!isHindrance(error)) throw error
      if (!(error instanceof StewardError)) this.#ownHeadAnswered(pass.folder)
    }
  }

  /** Publish, read, and publish again what followed from reading: what this node now holds. Never rejects for the folder's sake. */
  async #cycle(touched: ReadonlySet<string> | null, isRescan: boolean): Promise<Tally> {
    const pass = this.#newPass(isRescan)
    const before = this.#shown()
    const isRead = await this.#inbox.run(async () => {
      const changes = this.#changeMark()
      // What was signed here is published when it is signed: where an event asks for a look, what came is looked at first.
      if (touched === null || !this.#ownChecked)
        this.#publishedReceipts += await this.#outbox.run(() =>
          this.#publishNow(pass, touched === null ? 'whole' : 'quick'),
        )
      else await this.#outbox.run(() => this.#prepareAgain())
      if (this.#status.isStopped) return false
      await this.#readNow(pass, touched)
      if (this.#changeMark() === changes) return true
      if (touched !== null) this.#follows.soon(FOLLOWS_QUIET_MS)
      else this.#publishedReceipts += await this.#outbox.run(() => this.#publishNow(pass, 'quick'))
      return true
    })
    if (isRead && touched === null) this.#status.lastRescan = this.#deps.clock()
    const toldProgress = this.#status.progress !== null
    this.#status.progress = null
    // What was read has been told with it; every page would only ask for the same again.
    const isNews = touched === null || toldProgress || this.#shown() !== before
    this.#status.changed(...(isNews ? (['exchange', 'network'] as const) : []))
    return pass.tally
  }

  /** For work that nobody waits for: a bug is told, and stops the exchange visibly, not the program. */
  async #orBug<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (thrown) {
      this.#deps.onBug(thrown)
      this.#status.progress = null
      this.#status.hinder({ reading: causeOfProblem(thrown) })
      return null
    }
  }

  /** Of a folder that was chosen before, the answer says nothing about the one of now. */
  #ownHeadAnswered(folder: string): void {
    if (this.#isHeadRead || this.#isStopped || folder !== this.#status.folder) return
    this.#isHeadRead = true
    this.#status.hinder({ silence: null })
    this.#status.changed('exchange')
  }

  #changeMark(): number {
    return counters(this.#deps.ledger.read).receipts
  }

  async #publishFollowing(): Promise<void> {
    this.#follows.cancel()
    const before = this.#shown()
    await this.publish()
    if (this.#shown() !== before) this.#status.changed('exchange')
  }

  /** What the exchange and the peers show of it, beside what is told when it is written. */
  #shown(): string {
    return JSON.stringify([this.#status.view(), unreadFiles(this.#deps.ledger.read)])
  }

  #recordWritten(): void {
    if (this.#written !== null) flush({ ledger: this.#deps.ledger, now: this.#deps.clock, written: this.#written })
  }

  /** Answers how many receipts came to be in the folder. */
  async #publishNow(pass: Pass, wish: Thoroughness | 'feed'): Promise<number> {
    const folder = await (wish === 'feed' ? this.#prepareAgain() : this.#prepare())
    if (folder === null) return 0
    const how = this.#ownChecked ? wish : 'whole'
    let writing: Cause | null = null
    let written = 0
    try {
      if (how === 'whole') {
        this.#recordWritten()
        this.#written = null
        const { stop, nextBlob } = await checkOwnFolder(pass, this.#nextBlob)
        this.#nextBlob = nextBlob
        this.#ownChecked = !pass.isCancelled()
        this.#ownHeadAnswered(pass.folder)
        writing = stop
      } else {
        writing = whyNotPublish(pass)
      }
    } catch (error) {
      if (!isHindrance(error)) throw error
      this.#status.hinder({ writing: causeOf(error, 'reading') })
      return 0
    }
    const signer = this.#deps.signer()
    try {
      this.#written ??= writtenBefore(pass)
      const outbox = { ...pass, blobs: this.#deps.blobs, written: this.#written, rivals: this.#rivals }
      const forkSeq = ownForkSeq(pass)
      if (forkSeq !== null) {
        written = await publishFork(outbox, forkSeq)
      } else if (writing === null && signer !== null && this.#deps.mayPublish() && this.#deps.network() !== null) {
        if (how === 'whole') await removeLeftovers(pass)
        written = await (how === 'feed' ? publishFeed(outbox, signer) : publishAll(outbox, signer, how))
      }
    } catch (error) {
      if (!isHindrance(error)) throw error
      writing = causeOf(error, 'writing')
    }
    this.#status.hinder({ writing: writing ?? this.#rivals.cause() })
    return written
  }

  async #readNow(pass: Pass, touched: ReadonlySet<string> | null): Promise<void> {
    try {
      const network = this.#deps.network()?.id ?? null
      this.#status.nodesFacts = await readOthers(pass, { touched, network, everRead: this.#everRead })
      await fetchBlobs(
        pass,
        this.#deps.blobs,
        [...admittedNodes(pass.ledger.read)].filter((node) => node !== pass.self),
      )
      if (touched === null && !pass.isCancelled()) this.#readCompletely = true
      this.#status.hinder({ reading: null })
    } catch (error) {
      if (!isHindrance(error)) throw error
      this.#status.hinder({ reading: causeOf(error, 'reading') })
    }
  }

  /** As `prepare`; a folder whose marker is as it was is ready without being asked more. */
  async #prepareAgain(): Promise<string | null> {
    const ready = this.#status.isStopped ? null : this.#ready
    if (ready === null || ready.folder !== this.#status.folder) return this.#prepare()
    return (await isStillReady(this.#deps.folders, ready.folder, ready.marker)) ? ready.folder : this.#prepare()
  }

  /** The folder if it can be used now; otherwise the reason is shown. */
  async #prepare(): Promise<string | null> {
    const { folders, ledger, clock } = this.#deps
    const record = folderRecord(ledger.read)
    if (record === null) return null
    const network = this.#deps.network()
    const readiness = await prepareFolder(folders, record.folder, network, record.marked)
    this.#isPrepared = true
    this.#ready = null
    if (!readiness.ready) {
      this.#ownChecked = false
      this.#readCompletely = false
      this.#watching?.present(null)
      this.#status.hinder({ folder: readiness.cause, reading: null, writing: null })
      return null
    }
    this.#reportsBlocks = readiness.reportsBlocks
    if (readiness.marker !== null) this.#ready = { folder: record.folder, marker: readiness.marker }
    if (!record.marked) ledger.write(clock(), (tx) => recordMarked(tx))
    this.#watching?.present(record.folder)
    this.#status.hinder({ folder: null })
    return record.folder
  }

  #newPass(isFull: boolean, way: Way = 'folder'): Pass {
    const { node, folders, ledger, verification, clock, timers } = this.#deps
    const epoch = this.#epoch
    const reportsBlocks = () => this.#reportsBlocks
    return {
      self: node,
      folder: this.#status.folder ?? '',
      way,
      files: folders,
      ledger,
      verification,
      verifier: () => this.#madeVerifier(),
      now: clock,
      isFull,
      get reportsBlocks() {
        return reportsBlocks()
      },
      tally: new Tally(),
      shares: this.#shares,
      facts: this.#status.facts,
      isCancelled: () => this.#epoch !== epoch,
      rest: () => new Promise((resolve) => void timers.setTimeout(() => resolve(), 0)),
      progress: (done, total) => {
        this.#status.progress = { done, total, what: 'Reading receipts' }
        this.#status.changed('exchange')
      },
    }
  }

  // Made when the first head is read: loading the native library is not for a node that only looks something up.
  #madeVerifier(): Verifier {
    const { clock } = this.#deps
    this.#verifier ??= createVerifier({
      native: 'sodium',
      slowChecksAllowed: slowCheckRation(LIMITS.slowChecksPerMinute, () => Date.parse(clock())),
    })
    return this.#verifier
  }
}
