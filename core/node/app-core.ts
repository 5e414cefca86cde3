// The app around the node: which node is open, first run, restore, the sample network. Procedures ask here.
import type { AppPhase, AppState, ChangeEvent, Counters, ExchangeView, Instant } from '#core/contract/index.ts'
import { Topic as Topics } from '#core/contract/index.ts'
import { probeFolder, type FolderProbe } from '#core/exchange/index.ts'
import { invariant, StewardError } from '#core/problem/index.ts'
import { fingerprintWords } from '#core/receipts/index.ts'
import { createChanges, type Changes } from './changes.ts'
import { countersOf } from './counters.ts'
import type { NodeDeps, SampleNetwork } from './deps.ts'
import type { NodeKey } from '#core/identity/index.ts'
import { isUnderPassphrase, keyInKeychain, keyUnderPassphrase } from './key-file.ts'
import { idFrom } from './new-id.ts'
import { readNodeFile } from './node-file.ts'
import { openSession, type Session } from './session.ts'
import { finishSetup } from './setup.ts'
import { createUploads, type Uploads } from './uploads.ts'

export interface AppCore {
  readonly deps: NodeDeps
  readonly changes: Changes
  readonly uploads: Uploads
  /** Opens the node of the data folder, if there is one, and lets it work in the background where the host wants that. */
  start(): Promise<void>
  stop(): Promise<void>
  /** @throws StewardError NO_NODE before the first run is done. */
  session(): Session
  sessionOrNull(): Session | null
  /** One after the other: making, restoring, unlocking and changing nodes never run into each other. */
  alone<T>(work: () => Promise<T>): Promise<T>
  /** Work of the open node that waits for files; closing the node lets it end first. */
  during<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** The key of the open node, by whichever way it is kept. @throws StewardError WRONG_PASSPHRASE and the like. */
  openKey(session: Session, passphrase: string): Promise<NodeKey>
  /** The node file is written: opens the node with its key. */
  open(key: NodeKey): Promise<Session>
  state(): AppState
  /** What choosing a folder would mean; also before there is a node. */
  probe(folder: string): Promise<FolderProbe>
  enterSample(): Promise<readonly string[]>
  leaveSample(): Promise<void>
}

const NOTHING: Counters = { openConflicts: 0, overdueConflicts: 0, receipts: 0, pendingNodes: 0, troubles: 0 }

export function createAppCore(deps: NodeDeps): AppCore {
  let session: Session | null = null
  let sample: SampleNetwork | null = null

  const changes = createChanges(deps.timers, describe, Topics.options)
  const uploads = createUploads(deps.home, deps.clock, () => idFrom(deps.randomBytes(16)))
  let last: Promise<unknown> = Promise.resolve()

  function describe(): Omit<ChangeEvent, 'topics'> {
    if (session === null) return { counters: NOTHING, exchange: noExchange(deps.clock()) }
    return { counters: countersOf(session), exchange: session.exchange.view() }
  }

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const running = last.then(work)
    last = running.catch(() => undefined)
    return running
  }

  /** Opens the node of a data folder. A key that is at hand need not be asked for: of a new node, of the sample's. */
  async function openFrom(home: NodeDeps['home'], key: NodeKey | null): Promise<Session | null> {
    const file = readNodeFile(home)
    if (file === null) return null
    home.moveIn()
    const opened = openSession(deps, home, file, (topics) => changes.tell(topics))
    session = opened
    if (key !== null) opened.unlock(key)
    else if (deps.keychain !== null && !isUnderPassphrase(home)) await unlockFromKeychain(opened)
    if (deps.background) opened.exchange.start()
    // A command signs right away; in a window nobody is that quick.
    else await opened.exchange.lookAtOwnHead()
    changes.tell(Topics.options)
    return opened
  }

  async function unlockFromKeychain(opened: Session): Promise<void> {
    try {
      opened.unlock(await keyInKeychain(opened.home, opened.node, deps.keychain))
    } catch (thrown) {
      // A keychain that changed or refuses leaves the node locked: reading and merging go on, and the phrase still restores it.
      deps.onBug(thrown)
      return
    }
    await finishSetup(opened)
  }

  async function closeSession(): Promise<void> {
    const closing = session
    session = null
    await closing?.close()
  }

  async function enterSample(): Promise<readonly string[]> {
    if (deps.sample === null) throw noSampleHere()
    if (sample !== null) return sample.nodes
    const built = await deps.sample.build()
    try {
      await closeSession()
      sample = built
      await openFrom(deps.openHome(built.home), built.key)
      return built.nodes
    } catch (thrown) {
      await leaveSample()
      throw thrown
    }
  }

  async function leaveSample(): Promise<void> {
    const leaving = sample
    if (leaving === null) return
    await closeSession()
    sample = null
    // The own node is back whatever becomes of the sample's files.
    try {
      await openFrom(deps.home, null)
    } finally {
      await leaving.remove()
    }
    changes.tell(Topics.options)
  }

  return {
    deps,
    changes,
    uploads,
    async start() {
      await openFrom(deps.home, null)
    },
    async stop() {
      changes.close()
      uploads.clear()
      try {
        // What is being read stops after its current batch; what is being made is finished.
        session?.exchange.cancel()
        await last
        await closeSession()
      } finally {
        const left = sample
        sample = null
        await left?.remove()
      }
    },
    session: openSessionOrRefuse,
    alone,
    during: (work) => {
      const opened = openSessionOrRefuse()
      return opened.during(() => work(opened))
    },
    openKey(opened, passphrase) {
      if (sample !== null) return Promise.resolve(sample.key)
      return isUnderPassphrase(opened.home)
        ? keyUnderPassphrase(opened.home, opened.node, passphrase)
        : keyInKeychain(opened.home, opened.node, deps.keychain)
    },
    sessionOrNull: () => session,
    async open(key) {
      const opened = await openFrom(deps.home, key)
      invariant(opened !== null, 'a node is opened after its file was written')
      return opened
    },
    state() {
      return {
        phase: phaseOf(session),
        version: deps.version,
        host: deps.host,
        sample: sample !== null,
        keychain: deps.keychain !== null,
        node: session === null ? null : nodeOf(session),
        home: session?.home.folder ?? deps.home.folder,
      }
    },
    probe: (folder) => session?.exchange.probe(folder) ?? probeFolder(deps.folders, folder),
    enterSample: () => alone(enterSample),
    leaveSample: () => alone(leaveSample),
  }

  function openSessionOrRefuse(): Session {
    if (session !== null) return session
    throw new StewardError({
      code: 'NO_NODE',
      happened: 'There is no node in this data folder yet.',
      kept: 'Nothing was changed.',
      remedy: 'Create a node or restore one first.',
    })
  }
}

function phaseOf(session: Session | null): AppPhase {
  return session === null ? 'no-node' : session.phase()
}

function nodeOf(session: Session): NonNullable<AppState['node']> {
  const { name, createdAt, phraseConfirmed } = session.file()
  return { id: session.node, name, words: [...fingerprintWords(session.node)], createdAt, phraseConfirmed }
}

/** What there is to say of an exchange where there is none. */
export function noExchange(since: Instant): ExchangeView {
  return {
    folder: null,
    state: 'none',
    since,
    reason: null,
    remedy: null,
    cause: null,
    progress: null,
    lastRescan: null,
    unpublished: 0,
    waiting: 0,
    held: 0,
    refused: 0,
    ignored: 0,
    placeholders: 0,
    conflictCopies: 0,
    notRead: 0,
  }
}

function noSampleHere(): StewardError {
  return new StewardError({
    code: 'NO_SAMPLE_HERE',
    happened: 'This host has no sample network.',
    kept: 'Nothing was changed.',
    remedy: 'Start the window with `npm start` and choose “Try a sample network” there.',
  })
}
