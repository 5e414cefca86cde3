// From a key to a node at work: its file, its network, its first receipts. What could not be done at once, or was cut off by a
// crash, is taken up again whenever the key opens.
import type { ReceiptId } from '#core/contract/index.ts'
import type { NodeKey } from '#core/identity/index.ts'
import { listReceipts } from '#core/ledger/index.ts'
import { admittedCount, defaultPolicy, genesisDraft, profileDraft, profileOf } from '#core/network/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { capsuleAnchorDraft } from './capsule-seed.ts'
import type { NodeDeps } from './deps.ts'
import type { HomeAdapter } from './home-adapter.ts'
import { defaultSettings, readNodeFile, writeNodeFile, type NodeFile } from './node-file.ts'
import type { Session } from './session.ts'

export interface NewNode {
  readonly name: string
  /** A restored node signs nothing before its own head is known. */
  readonly restored: boolean
  readonly setup: NonNullable<NodeFile['setup']>
}

/** @throws StewardError NODE_EXISTS, NODE_FILE_MISSING: a data folder holds one node, and no command overwrites it. */
export function refuseSecondNode(home: HomeAdapter): void {
  if (readNodeFile(home) !== null) throw nodeExists()
  // The ledger is made after node.json: a ledger alone is what is left of a node, not of a crash.
  if (home.read('ledger.sqlite') !== null) throw nodeFileMissing()
}

export function writeNewNode(deps: NodeDeps, key: NodeKey, { name, restored, setup }: NewNode): void {
  writeNodeFile(deps.home, {
    format: 'steward-node/1',
    node: key.node,
    name,
    createdAt: deps.clock(),
    network: null,
    exchange: null,
    phraseConfirmed: restored,
    headKnown: !restored,
    signedSeq: 0,
    setup,
    settings: defaultSettings,
  })
}

/** Does what is left of the steward's wish. Needs the key where something is to be signed; without it nothing happens. */
export async function finishSetup(session: Session): Promise<void> {
  const { setup } = session.file()
  await session.ownHeadLook()
  // Locked again in the meantime: what is left is done when it is unlocked.
  if (session.phase() === 'locked') return
  if (setup === null) {
    if (session.canSign()) introduce(session, null)
    return
  }
  try {
    await settleNetwork(session, setup.exchange, setup.networkName)
  } catch (thrown) {
    // The folder went away in between: the exchange says that none is chosen, and choosing one takes it up from there.
    if (!(thrown instanceof StewardError)) throw thrown
  }
}

/**
 * Joins the network of the folder, or founds one where the folder has none; then signs the profile if the feed is empty.
 * @throws StewardError EXCHANGE_UNUSABLE; OTHER_NETWORK where the folder belongs to another network and this node already shares one.
 */
export async function settleNetwork(
  session: Session,
  folder: string | null,
  networkName: string | null,
): Promise<void> {
  const found = folder === null ? null : networkIn(folder, await session.exchange.probe(folder))
  const current = session.file().network
  if (found !== null && found !== current) {
    if (current !== null && admittedCount(session.ledger.read) > 1) throw otherNetwork()
    session.joinNetwork(found)
  }
  if (session.canSign()) introduce(session, networkName)
  if (folder !== null) await session.exchange.setFolder(folder)
  session.update({ exchange: folder ?? session.file().exchange, setup: null })
}

type Probe = Awaited<ReturnType<Session['exchange']['probe']>>

/** @throws StewardError EXCHANGE_UNUSABLE. */
export function networkIn(folder: string, { problem, hint, network }: Probe): ReceiptId | null {
  if (problem === null) return network?.id ?? null
  throw new StewardError({
    code: 'EXCHANGE_UNUSABLE',
    happened: `The folder ${folder} cannot be the exchange. ${problem}`,
    kept: 'Nothing was changed.',
    remedy: hint ?? 'Choose a folder that is there and that you may write to.',
  })
}

/** Signs what a new feed begins with: the network if there is none yet, then the profile. Once only, whatever crashed in between. */
function introduce(session: Session, networkName: string | null): void {
  const { name, network } = session.file()
  const wished = networkName ?? session.file().setup?.networkName ?? null
  if (network === null) session.joinNetwork(ownGenesis(session) ?? signGenesis(session, wished ?? `${name}’s network`))
  if (profileOf(session.ledger.read, session.node) === null) session.sign(profileDraft({ name }))
  const capsule = session.file().setup?.capsule ?? null
  if (capsule !== null && !hasSigned(session, 'governance/anchor')) session.sign(capsuleAnchorDraft(capsule))
}

function signGenesis(session: Session, networkName: string): ReceiptId {
  return session.sign(genesisDraft(networkName, [session.node], defaultPolicy)).id
}

/** Signed, but the crash came before the node's file said so. */
function ownGenesis(session: Session): ReceiptId | null {
  return firstOwn(session, 'network/genesis')
}

function hasSigned(session: Session, kind: string): boolean {
  return firstOwn(session, kind) !== null
}

function firstOwn({ ledger, node }: Session, kind: string): ReceiptId | null {
  const query = { filter: { node, kind }, sort: 'oldest', after: null, limit: 1 } as const
  return listReceipts(ledger.read, query).rows[0]?.id ?? null
}

function nodeExists(): StewardError {
  return new StewardError({
    code: 'NODE_EXISTS',
    happened: 'This data folder already holds a node.',
    kept: 'It was not touched.',
    remedy: 'Use it, or choose another data folder for another node.',
  })
}

function nodeFileMissing(): StewardError {
  return new StewardError({
    code: 'NODE_FILE_MISSING',
    happened: 'This data folder holds a ledger, but node.json is not beside it.',
    kept: 'It was not touched.',
    remedy: 'Put node.json back from a backup, or use another data folder.',
  })
}

function otherNetwork(): StewardError {
  return new StewardError({
    code: 'OTHER_NETWORK',
    happened: 'This folder belongs to another network than this node.',
    kept: 'Nothing was written there; the node stays in its network.',
    remedy: 'Choose the folder of this node’s network, or make another node for the other network.',
  })
}
