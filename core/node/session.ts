// One opened node: its file, its ledger, its exchange and, once unlocked, its key. Signing has one road: `sign`.
import type { AppPhase, Instant, NodeId, ReceiptId, Topic } from '#core/contract/index.ts'
import { createBlobStore, createExchange, type BlobStore, type Exchange } from '#core/exchange/index.ts'
import type { BundleDesk } from '#core/bundles/index.ts'
import { features } from '#core/features.ts'
import { signerOf, type NodeKey } from '#core/identity/index.ts'
import { append, feedTailOf, ledgerExists, openLedger, receiptById, type Ledger, type Tx } from '#core/ledger/index.ts'
import { networkName, setNetwork } from '#core/network/index.ts'
import { setObservations } from '#core/reconcile/index.ts'
import { decisionsByRule } from '#core/rules/index.ts'
import { invariant, StewardError } from '#core/problem/index.ts'
import {
  LIMITS,
  parseStoredLine,
  signReceipt,
  type Draft,
  type Signer,
  type VerifiedReceipt,
} from '#core/receipts/index.ts'
import type { ReportStore } from '#core/report/index.ts'
import { openBundleDesk } from './bundle-desk.ts'
import type { NodeDeps } from './deps.ts'
import type { HomeAdapter } from './home-adapter.ts'
import { writeNodeFile, type NodeFile } from './node-file.ts'
import { createRuleKeeper } from './rule-keeper.ts'

export interface Session {
  readonly home: HomeAdapter
  readonly reports: ReportStore
  readonly node: NodeId
  readonly ledger: Ledger
  readonly exchange: Exchange
  readonly blobs: BlobStore
  /** Bundles in and out. */
  readonly bundles: BundleDesk
  file(): NodeFile
  /** Durable before it returns. */
  update(change: Partial<NodeFile>): void
  phase(): Exclude<AppPhase, 'no-node'>
  unlock(key: NodeKey): void
  lock(): void
  /** Null while locked. */
  key(): NodeKey | null
  /** Null while locked. */
  signer(): Signer | null
  /** @throws StewardError LOCKED, HEAD_NOT_READ or HEAD_UNKNOWN where `sign` would. */
  mustSign(): Signer
  /**
   * Signs the next receipt of the own feed and appends it durably; the outbox publishes it.
   * @throws StewardError LOCKED, HEAD_NOT_READ, HEAD_UNKNOWN, OWN_FEED_FORKED, or DRAFT_REFUSED for a draft that nobody would accept.
   */
  sign(draft: Draft): VerifiedReceipt
  /** The same for many, in their order, in one durable write: all of them or none. */
  signAll(drafts: readonly Draft[]): readonly VerifiedReceipt[]
  /** The steward gives up what is known of the own feed and is nowhere to be had: signing goes on after what is here. */
  declareHeadLost(): void
  /** Belongs to this network from now on, or asks to join it. */
  joinNetwork(network: ReceiptId): void
  /** Signs what this node's own standing rules decide now; answers how many decisions. */
  applyRules(): number
  /** Time has passed: what was due in the projections is settled. */
  tick(): void
  /** The key is open, and the folder has said what this node signed last: `sign` does not refuse for their sake. */
  canSign(): boolean
  /** Resolves once the folder has said what this node signed last, or has been silent for so long that nobody waits for it. */
  ownHeadLook(): Promise<void>
  /** Work that waits for files: `close` lets it end before the ledger goes. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Ends what runs, then lets go of ledger and folder. */
  close(): Promise<void>
}

const TICK_MS = 30_000
/** A command that was given the key has nothing else to do than to wait for the folder; a window has. */
const COMMAND_WAITS_MS = 30_000

/** Opens ledger and exchange of the node that `file` describes. The key stays locked until `unlock`. */
export function openSession(
  deps: NodeDeps,
  home: HomeAdapter,
  opened: NodeFile,
  onChange: (topics: readonly Topic[]) => void,
): Session {
  let file = opened
  let key: NodeKey | null = null
  let signer: Signer | null = null
  const rules = createRuleKeeper({
    ...deps,
    decisions: (now, limit) => (canSign() ? decisionsByRule(ledger.read, node, Date.parse(now), limit) : []),
    sign,
  })
  const { node } = file

  const ledgerFile = home.path('ledger.sqlite')
  // A node that is in a network has a ledger, and has signed: a new one in its place knows nothing of that.
  if (file.network !== null && !ledgerExists(ledgerFile)) update({ headKnown: false })
  const ledger = openLedger({
    file: ledgerFile,
    features,
    now: deps.clock(),
    backupDir: home.path('backups'),
    onCommitted: (topics) => {
      if (topics.includes('conflicts')) rules.due()
      onChange(topics)
    },
  })
  ledger.write(deps.clock(), (tx) => setNetwork(tx, file.network))
  if (signedHere() < file.signedSeq) update({ headKnown: false })
  const blobs = createBlobStore(home.path('blobs'), deps.folders)
  const verification = deps.verification(ledgerFile)

  const exchange = createExchange({
    node,
    ledger,
    blobs,
    folders: deps.folders,
    verification,
    clock: deps.clock,
    timers: deps.timers,
    folder: file.exchange,
    signer: () => signer,
    mayPublish: () => file.headKnown,
    network: networkHere,
    rescanSeconds: () => file.settings.rescanSeconds,
    onBug: deps.onBug,
    onChange: (topics) => {
      orBug(noteOwnHead)
      orBug(observe)
      onChange(topics)
    },
  })

  const bundles = openBundleDesk({
    deps,
    home,
    node,
    ledger,
    exchange,
    blobs,
    verification,
    signer: () => signer,
    signInto,
    onSigned,
    network: networkHere,
    onChange,
  })

  let named: { readonly id: ReceiptId; readonly name: string } | null = null
  function networkHere() {
    const id = file.network
    if (id === null) return null
    // What the founding receipt says stays as it is, once it is here.
    if (named === null || named.id !== id || named.name === '') named = { id, name: networkName(ledger.read, id) }
    return named
  }

  // In the background nobody waits for an answer: a full disk, say, must not end the core, and the next pass tries again.
  function orBug(work: () => void): void {
    try {
      work()
    } catch (thrown) {
      deps.onBug(thrown)
    }
  }

  function update(change: Partial<NodeFile>): void {
    const changed = { ...file, ...change }
    writeNodeFile(home, changed)
    file = changed
  }

  function signedHere(): number {
    return feedTailOf(ledger.read, node).seq
  }

  // In between a crash may lose the last of them from here; what is lost then is known to nobody but the ledger itself.
  function noteSigned(): void {
    const seq = signedHere()
    if (file.headKnown && seq > file.signedSeq) update({ signedSeq: seq })
  }

  let wasHeadRead = exchange.ownHeadState().isRead
  // After a restore: once everything that anybody holds of the own feed is here, and all that is known to have been signed, signing
  // cannot fork it any more. And a ledger put back from an old copy shows in the own head, which only the own key can have signed: the
  // node is as good as restored then.
  function noteOwnHead(): void {
    const own = exchange.ownHeadState()
    if (own.isRead !== wasHeadRead) {
      wasHeadRead = own.isRead
      rules.due()
      onChange(['app'])
    }
    const isKnown = own.complete && own.seqHere >= file.signedSeq
    if (file.headKnown ? !own.isOutrun : !isKnown) return
    update({ headKnown: !file.headKnown })
    onChange(['app'])
  }

  let observed = ''
  function observe(): void {
    const observations = exchange.observations()
    const now = JSON.stringify(observations)
    if (now === observed) return
    observed = now
    ledger.write(deps.clock(), (tx) => setObservations(tx, observations))
  }

  function phase(): Exclude<AppPhase, 'no-node'> {
    if (key === null) return 'locked'
    return file.headKnown ? 'ready' : 'head-unknown'
  }

  function canSign(): boolean {
    return phase() === 'ready' && exchange.ownHeadState().isRead
  }

  function mustSign(): Signer {
    if (signer === null) throw locked()
    noteOwnHead()
    const own = exchange.ownHeadState()
    if (!own.isRead) throw headNotRead()
    if (!file.headKnown)
      throw headUnknown(own.seqHere < file.signedSeq ? missing(file.signedSeq, own.seqHere) : own.reason)
    return signer
  }

  function signAll(drafts: readonly Draft[]): readonly VerifiedReceipt[] {
    const receipts = signInto(ledger, drafts)
    onSigned()
    return receipts
  }

  function onSigned(): void {
    publishSoon()
    // Whom it admits is read at once; the answer does not wait for it.
    exchange.admissionsChanged()
  }

  /** Into the ledger or a draft of it; `onSigned` follows once it is there for good. */
  function signInto(into: Ledger, drafts: readonly Draft[]): readonly VerifiedReceipt[] {
    const signing = mustSign()
    if (drafts.length === 0) return []
    return into.write(deps.clock(), (tx) => {
      const tail = feedTailOf(tx, node)
      let { seq } = tail
      let prev = seq === 0 ? null : newestOf(tail.idsAt(seq))
      const time = timeAfter(tx, prev)
      return drafts.map((draft) => {
        const made = signReceipt(draft, { seq: ++seq, prev, time }, signing)
        const { outcome } = append(tx, made, { way: 'own', source: 'this node' })
        invariant(outcome === 'appended', `an own receipt is always the next of the own feed, not ${outcome}`)
        prev = made.id
        return made
      })
    })
  }

  function sign(draft: Draft): VerifiedReceipt {
    const [receipt] = signAll([draft])
    invariant(receipt !== undefined, 'what was signed is answered')
    return receipt
  }

  function newestOf(ids: readonly ReceiptId[]): ReceiptId {
    const [id] = ids
    // Two stories in the own feed mean that the key signs somewhere else too: going on would make it worse.
    if (id === undefined || ids.length > 1) throw ownFeedForked()
    return id
  }

  function publishSoon(): void {
    if (deps.background) exchange.signed()
  }

  // The own clock may have been set back a little; the feed's time still does not fall. Far back, one of the two was wrong: a time
  // ahead of the clock would hold the receipt back here and everywhere, so this one says what the clock says now.
  function timeAfter(tx: Tx, before: ReceiptId | null): Instant {
    const { now } = tx
    if (before === null) return now
    const row = receiptById(tx, before)
    invariant(row !== null, 'the tail of the own feed is in the ledger')
    const { time } = parseStoredLine(row.line).receipt
    const aheadMs = Date.parse(time) - Date.parse(now)
    return aheadMs > 0 && aheadMs <= LIMITS.aheadMs ? time : now
  }

  const tick = () => {
    noteSigned()
    // An import is being written: it settles what time brought, and writing now would make it begin again.
    if (ledger.isDrafted) return
    ledger.write(deps.clock(), () => undefined)
    ledger.checkpoint()
  }
  const ticking = deps.background ? deps.timers.setInterval(() => orBug(tick), TICK_MS) : null
  const running = new Set<Promise<unknown>>()
  const firstLook = exchange.lookAtOwnHead()

  return {
    home,
    reports: deps.openReports(home.folder),
    node,
    ledger,
    exchange,
    blobs,
    bundles,
    file: () => file,
    update,
    phase,
    key: () => key,
    unlock(opening) {
      invariant(opening.node === node, 'the key belongs to this node')
      key = opening
      signer = signerOf(opening)
      rules.due()
      publishSoon()
    },
    lock() {
      key = null
      signer = null
    },
    signer: () => signer,
    mustSign,
    sign,
    signAll,
    declareHeadLost() {
      exchange.declareOwnHeadLost()
      update({ headKnown: true, signedSeq: signedHere() })
    },
    joinNetwork(network) {
      update({ network })
      ledger.write(deps.clock(), (tx) => setNetwork(tx, network))
    },
    applyRules: () => rules.apply(),
    tick,
    canSign,
    ownHeadLook: () => (deps.background ? firstLook : exchange.lookAtOwnHead(COMMAND_WAITS_MS)),
    during(work) {
      const started = work()
      running.add(started)
      const ended = () => void running.delete(started)
      started.then(ended, ended)
      return started
    },
    async close() {
      if (ticking !== null) deps.timers.clearInterval(ticking)
      rules.close()
      await bundles.close()
      await exchange.stop()
      await Promise.allSettled(running)
      await verification.close()
      orBug(noteSigned)
      ledger.close()
    },
  }
}

function locked(): StewardError {
  return new StewardError({
    code: 'LOCKED',
    happened: 'The key of this node is locked.',
    kept: 'Reading and merging go on; nothing was signed.',
    remedy: 'Unlock it with the passphrase, then sign again.',
  })
}

function headUnknown(reason: string): StewardError {
  return new StewardError({
    code: 'HEAD_UNKNOWN',
    happened: `This node does not know yet all that it signed before: it was restored, or its ledger was lost or is an older copy. ${reason}`,
    kept: 'Nothing was signed, so the feed cannot fork.',
    remedy: 'Connect the exchange folder that holds its feed, or declare the old head lost in Settings.',
  })
}

function missing(signed: number, here: number): string {
  return `It signed ${signed} ${signed === 1 ? 'receipt' : 'receipts'}; ${here} of them ${here === 1 ? 'is' : 'are'} here.`
}

function headNotRead(): StewardError {
  return new StewardError({
    code: 'HEAD_NOT_READ',
    happened: 'The exchange folder has not said yet what this node signed last.',
    kept: 'Nothing was signed, so the feed cannot fork.',
    remedy:
      'It takes a moment after the start: try again. If the folder stays silent, look at the drive or its connection; unplugged, it keeps nobody from signing.',
  })
}

function ownFeedForked(): StewardError {
  return new StewardError({
    code: 'OWN_FEED_FORKED',
    happened: 'This node’s own feed holds two different receipts at its end: the key was used in two places.',
    kept: 'Both are kept as they are; nothing was signed.',
    remedy: 'Stop the other place that uses this key, and let another steward decide the fork in Conflicts.',
  })
}
