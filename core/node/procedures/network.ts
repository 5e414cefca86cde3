import { isSamePolicy, type Instant, type NodeId, type Policy } from '#core/contract/index.ts'
import { feedTailOf } from '#core/ledger/index.ts'
import {
  admitDraft,
  admittedNodes,
  createNames,
  isAdmitted,
  networkView,
  peer,
  peersPage,
  policyDraft,
  policyHashInForce,
  setBlocked,
} from '#core/network/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { AppCore } from '../app-core.ts'
import { compareWith, statesOf } from '../compare.ts'
import { peersContext } from '../peers-context.ts'
import type { Session } from '../session.ts'
import type { Implementer } from './base.ts'

export function networkProcedures(os: Implementer, app: AppCore) {
  return {
    get: os.network.get.handler(() => networkView(app.session().ledger.read, peersContext(app.session()))),
    peers: os.network.peers.handler(({ input }) => {
      const session = app.session()
      return peersPage(session.ledger.read, peersContext(session), input)
    }),
    peer: os.network.peer.handler(({ input }) => {
      const session = app.session()
      return peer(session.ledger.read, peersContext(session), input.node)
    }),
    map: os.network.map.handler(() => mapOf(app.session())),
    compare: os.network.compare.handler(({ input }) => app.during((session) => compareWith(session, input.node))),
    states: os.network.states.handler(() => ({ items: [...statesOf(app.session())] })),
    admit: os.network.admit.handler(({ input }) => {
      const session = app.session()
      const { state, admittedBy, admissionsNeeded } = peer(session.ledger.read, peersContext(session), input.node)
      if (state !== 'pending') throw notPending(state)
      mustCount(session)
      if (admittedBy.some(({ node }) => node === session.node)) throw admittedHere(admissionsNeeded - admittedBy.length)
      return { id: session.sign(admitDraft(input.node, policyHashInForce(session.ledger.read))).id }
    }),
    block: os.network.block.handler(({ input }) => {
      block(app.session(), input.node, true)
      return {}
    }),
    unblock: os.network.unblock.handler(({ input }) => {
      block(app.session(), input.node, false)
      return {}
    }),
    signPolicy: os.network.signPolicy.handler(({ input }) => {
      const session = app.session()
      mustCount(session)
      mustSayMore(session, input.policy)
      const before = policyHashInForce(session.ledger.read)
      const { id } = session.sign(policyDraft(input.policy, before))
      return { id, inForce: policyHashInForce(session.ledger.read) !== before }
    }),
  }

  function block(session: Session, node: NodeId, blocked: boolean): void {
    if (node === session.node) throw ownNode()
    session.ledger.write(app.deps.clock(), (tx) => setBlocked(tx, node, blocked))
    session.exchange.admissionsChanged()
  }
}

/** One row a holder, one column a feed; this node's own row is what its ledger holds. */
function mapOf(session: Session) {
  const { read } = session.ledger
  const names = createNames(read)
  const nodes = [...admittedNodes(read)]
    .map((node) => ({ node, name: names.of(node), headSeq: headSeqOf(session, node) }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const said = Map.groupBy(session.exchange.knownState(), ({ holder }) => holder)
  const rows = nodes.map(({ node: holder }) => {
    if (holder === session.node) {
      return { holder, said: null, upTo: nodes.map(({ node }) => feedTailOf(read, node).seq) }
    }
    const states = new Map((said.get(holder) ?? []).map((state) => [state.node, state]))
    const newest = [...states.values()].reduce<Instant | null>(
      (latest, state) => (latest === null || state.said > latest ? state.said : latest),
      null,
    )
    // A node holds what it signed, whether it says so or not.
    const upTo = nodes.map(({ node, headSeq }) => (node === holder ? headSeq : (states.get(node)?.seq ?? null)))
    return { holder, said: newest, upTo }
  })
  return { nodes, rows }
}

function headSeqOf(session: Session, node: NodeId): number {
  const { seq } = feedTailOf(session.ledger.read, node)
  return Math.max(seq, session.exchange.peer(node).head?.seq ?? 0)
}

function notPending(state: string): StewardError {
  const already = state === 'admitted' || state === 'this-node'
  return new StewardError({
    code: 'NOT_PENDING',
    happened: already ? 'This node is admitted already.' : 'This node is blocked on this installation.',
    kept: 'Nothing was signed.',
    remedy: already ? 'There is nothing to do.' : 'Lift the block first, compare its words, then admit it.',
  })
}

/** @throws StewardError NOT_ADMITTED: what a node outside the network signs about it counts for nobody. */
function mustCount({ ledger, node }: Session): void {
  if (isAdmitted(ledger.read, node)) return
  throw new StewardError({
    code: 'NOT_ADMITTED',
    happened: 'This node is not admitted to the network yet, so its signature would not count.',
    kept: 'Nothing was signed.',
    remedy: 'Ask a steward of the network to compare the six words of this node and to admit it.',
  })
}

/** @throws StewardError NOTHING_TO_SIGN, PROPOSED_BY_YOU: a signature that would change nothing. */
function mustSayMore(session: Session, wanted: Policy): void {
  const { policy, proposed } = networkView(session.ledger.read, peersContext(session))
  if (isSamePolicy(policy, wanted)) {
    throw new StewardError({
      code: 'NOTHING_TO_SIGN',
      happened: 'These are the rules in force already.',
      kept: 'Nothing was signed.',
      remedy: 'Change what is to be different, then sign it.',
    })
  }
  const own = proposed.find((proposal) => proposal.mine && isSamePolicy(proposal.policy, wanted))
  if (own === undefined) return
  throw new StewardError({
    code: 'PROPOSED_BY_YOU',
    happened: `This node has signed these rules already; ${moreStewards(own.needed - own.signedBy.length)} must do so.`,
    kept: 'Nothing was signed.',
    remedy: 'Ask another steward to look at the proposal and to sign it too.',
  })
}

function moreStewards(missing: number): string {
  return `${missing} more ${missing === 1 ? 'steward' : 'stewards'}`
}

function admittedHere(missing: number): StewardError {
  return new StewardError({
    code: 'ADMITTED_BY_YOU',
    happened: `This node has signed that admission already; ${moreStewards(missing)} must do so.`,
    kept: 'Nothing was signed.',
    remedy: 'Ask another steward to compare the words and to admit it too.',
  })
}

function ownNode(): StewardError {
  return new StewardError({
    code: 'OWN_NODE',
    happened: 'A node cannot block itself.',
    kept: 'Nothing was changed.',
    remedy: 'Choose another node.',
  })
}
