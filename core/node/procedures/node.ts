import { confirmPhrase, generateIdentity, identityFromPhrase, phraseOf, type NodeKey } from '#core/identity/index.ts'
import { probeFolder } from '#core/exchange/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { fingerprintWords } from '#core/receipts/index.ts'
import type { AppCore } from '../app-core.ts'
import { readCapsuleSeed } from '../capsule-seed.ts'
import { isUnderPassphrase, keepKey, keyUnderPassphrase, setKeysAside } from '../key-file.ts'
import { readNodeFile } from '../node-file.ts'
import { refuseUnreadable } from '../readable-name.ts'
import { finishSetup, networkIn, refuseSecondNode, settleNetwork, writeNewNode, type NewNode } from '../setup.ts'
import type { Session } from '../session.ts'
import type { Implementer } from './base.ts'

export function nodeProcedures(os: Implementer, app: AppCore) {
  const { deps } = app

  /** Nothing is written before it is sure that the wish can be fulfilled; from the node's file on, it is taken up after a crash. */
  async function makeNode(key: NodeKey, passphrase: string | null, wish: NewNode): Promise<Session> {
    const { exchange } = wish.setup
    if (exchange !== null) networkIn(exchange, await probeFolder(deps.folders, exchange))
    deps.home.moveIn()
    setKeysAside(deps.home, deps.clock())
    await keepKey(deps.home, key, passphrase, deps)
    writeNewNode(deps, key, wish)
    const session = await app.open(key)
    await finishSetup(session)
    // The folder says at once whose exchange it is: who chooses it next joins instead of founding a second network.
    await session.exchange.publish()
    return session
  }

  /**
   * The node is here and only its key could not be opened: the phrase brings it back under a new passphrase, with the name that it has. Another
   * exchange folder is taken where one was named.
   */
  async function rescueKey(key: NodeKey, passphrase: string | null, exchange: string | null): Promise<boolean> {
    const session = app.sessionOrNull()
    if (session === null || readNodeFile(deps.home)?.node !== key.node) return false
    if (exchange !== null) networkIn(exchange, await session.exchange.probe(exchange))
    await keepKey(deps.home, key, passphrase, deps)
    session.unlock(key)
    await finishSetup(session)
    if (exchange !== null && exchange !== session.file().exchange) {
      await settleNetwork(session, exchange, null)
      await session.exchange.rescan()
    }
    app.changes.tell(['app', 'exchange'])
    return true
  }

  return {
    create: os.node.create.handler(({ input }) =>
      app.alone(async () => {
        refuseInSample(app)
        refuseSecondNode(deps.home)
        const { name, exchange, networkName } = input
        refuseUnreadable(name, 'The name of the node')
        if (networkName !== null) refuseUnreadable(networkName, 'The name of the network')
        const capsule =
          input.capsule === undefined || input.capsule === null
            ? null
            : await readCapsuleSeed(input.capsule, deps.openDirectory)
        const key = generateIdentity(deps.randomBytes)
        await makeNode(key, input.passphrase, { name, restored: false, setup: { exchange, networkName, capsule } })
        return { node: key.node, words: [...fingerprintWords(key.node)], phrase: phraseOf(key) }
      }),
    ),
    restore: os.node.restore.handler(({ input }) =>
      app.alone(async () => {
        refuseInSample(app)
        const { name, exchange } = input
        const key = identityFromPhrase(input.phrase)
        const answer = { node: key.node, words: [...fingerprintWords(key.node)] }
        if (await rescueKey(key, input.passphrase, exchange)) return answer
        refuseSecondNode(deps.home)
        refuseUnreadable(name, 'The name of the node')
        const setup = { exchange, networkName: null, capsule: null }
        const session = await makeNode(key, input.passphrase, { name, restored: true, setup })
        if (exchange !== null) await session.exchange.rescan()
        return answer
      }),
    ),
    unlock: os.node.unlock.handler(({ input }) =>
      app.alone(async () => {
        const session = app.session()
        session.unlock(await app.openKey(session, input.passphrase))
        await finishSetup(session)
        app.changes.tell(['app'])
        return {}
      }),
    ),
    lock: os.node.lock.handler(() => {
      app.session().lock()
      app.changes.tell(['app'])
      return {}
    }),
    phrase: os.node.phrase.handler(async ({ input }) => {
      const session = app.session()
      return { phrase: phraseOf(await keyAsked(app, session, input.passphrase)) }
    }),
    confirmPhrase: os.node.confirmPhrase.handler(({ input }) => {
      const session = app.session()
      const ok = confirmPhrase(phraseOf(unlockedKey(session)), input.words)
      if (ok) session.update({ phraseConfirmed: true })
      if (ok) app.changes.tell(['app'])
      return { ok }
    }),
    declareHeadLost: os.node.declareHeadLost.handler(() =>
      app.alone(async () => {
        const session = app.session()
        unlockedKey(session)
        session.declareHeadLost()
        await finishSetup(session)
        app.changes.tell(['app', 'exchange'])
        return {}
      }),
    ),
    changePassphrase: os.node.changePassphrase.handler(({ input }) =>
      app.alone(async () => {
        const session = app.session()
        if (!isUnderPassphrase(session.home)) throw noPassphrase()
        const key = await keyUnderPassphrase(session.home, session.node, input.from)
        await keepKey(session.home, key, input.to, deps)
        return {}
      }),
    ),
  }
}

// Showing the phrase asks for the passphrase again, also while unlocked: somebody may have left the desk.
async function keyAsked(app: AppCore, session: Session, passphrase: string | null): Promise<NodeKey> {
  if (app.state().sample || !isUnderPassphrase(session.home)) return unlockedKey(session)
  return keyUnderPassphrase(session.home, session.node, passphrase ?? '')
}

function unlockedKey(session: Session): NodeKey {
  const key = session.key()
  if (key !== null) return key
  throw new StewardError({
    code: 'LOCKED',
    happened: 'The key of this node is locked.',
    kept: 'Nothing was changed.',
    remedy: 'Unlock it with the passphrase first.',
  })
}

function refuseInSample(app: AppCore): void {
  if (!app.state().sample) return
  throw new StewardError({
    code: 'SAMPLE_OPEN',
    happened: 'The sample network is open in this window.',
    kept: 'Nothing was changed.',
    remedy: 'Remove the sample first; it leaves nothing behind.',
  })
}

function noPassphrase(): StewardError {
  return new StewardError({
    code: 'NO_PASSPHRASE',
    happened: 'The key of this node is not kept under a passphrase.',
    kept: 'Nothing was changed.',
    remedy: 'There is nothing to do: the system’s keychain opens it.',
  })
}
