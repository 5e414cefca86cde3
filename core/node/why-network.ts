// Why a node belongs to the network, what a node says that it holds, and by which policy all follow.
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { feedTailOf, receiptsOfNode } from '#core/ledger/index.ts'
import { createNames, MergedFeeds, networkView, peer, policyReceipts } from '#core/network/index.ts'
import { peersContext } from './peers-context.ts'
import type { Session } from './session.ts'
import { link, refs, type Why } from './why-parts.ts'
import { HOLDING_RULE, PEER_RULES, policyRule } from './why-words.ts'

export function whyPeer(session: Session, node: NodeId): Why {
  const { read } = session.ledger
  const names = createNames(read)
  const view = peer(read, peersContext(session), node)
  const own = [...receiptsOfNode(read, node, Math.max(1, view.mergedSeq), Math.max(1, view.mergedSeq))]
  const bound = new MergedFeeds(read)
  const { answer, rule } = PEER_RULES[view.state]
  return {
    title: view.name,
    answer: view.trouble === null ? answer : `${answer} ${view.trouble.what}`,
    rule,
    facts: [
      { label: 'Admissions', value: `${view.admittedBy.length} signed, ${view.admissionsNeeded} needed by policy` },
      { label: 'Its head names', value: view.headSeq === null ? 'nothing yet' : `receipt #${view.headSeq}` },
      { label: 'In this ledger', value: `up to #${view.seq}` },
      { label: 'Merged', value: `up to #${view.mergedSeq}` },
      { label: 'Waiting behind a gap', value: String(view.waiting) },
      ...(view.state === 'this-node'
        ? []
        : [{ label: 'Has of ours', value: view.hasOfOurs === null ? 'never said' : `up to #${view.hasOfOurs}` }]),
    ],
    receipts: [
      ...refs(
        session,
        names,
        view.admittedBy.map((one) => one.receipt),
        'admits it',
      ),
      ...(view.admittedBy.length === 0
        ? refs(session, names, foundingOf(session), 'founds the network and names its first nodes')
        : []),
      ...own
        .filter((row) => bound.stateOf(row) === 'merged')
        .flatMap((row) => refs(session, names, [row.id], 'the newest of its feed that counts')),
    ],
    links: [
      link('All its receipts', 'receipts', null, { node }),
      link('Conflicts it is part of', 'conflicts', null, { node, status: 'all' }),
    ],
  }
}

export function whyHolding(session: Session, holder: NodeId, node: NodeId): Why {
  const { read } = session.ledger
  const names = createNames(read)
  const tail = feedTailOf(read, node)
  const isHere = holder === session.node
  const said = session.exchange.knownState().find((one) => one.holder === holder && one.node === node)
  const headSeq = Math.max(tail.seq, session.exchange.peer(node).head?.seq ?? 0)
  // A node holds what it signed, whether it says so or not.
  const isOwn = holder === node
  const upTo = isHere ? tail.seq : isOwn ? headSeq : (said?.seq ?? null)
  const here = isHere ? 'This ledger' : names.of(holder)
  const about = [upTo ?? 0, tail.seq].filter((seq, index, seqs) => seq > 0 && seqs.indexOf(seq) === index)
  return {
    title: `${here} and the feed of ${names.of(node)}`,
    answer:
      upTo === null
        ? `${here} has not said yet what it holds of it.`
        : isHere
          ? `${here} holds it up to #${upTo}.`
          : isOwn
            ? `${here} signs it, so it holds all of it, up to #${upTo}.`
            : `${here} says, signed, that it holds it up to #${upTo}.`,
    rule: HOLDING_RULE,
    facts: [
      { label: 'Holds up to', value: upTo === null ? 'never said' : `#${upTo}` },
      ...(said === undefined || isHere ? [] : [{ label: 'Said', value: said.said }]),
      { label: 'The feed goes up to', value: `#${headSeq}, as its node signed` },
      { label: 'In this ledger', value: `up to #${tail.seq}` },
      { label: 'Missing there', value: upTo === null ? 'unknown' : String(Math.max(0, headSeq - upTo)) },
    ],
    receipts: about.flatMap((seq) =>
      refs(session, names, tail.idsAt(seq), seq === upTo ? 'the last one that it holds' : 'the newest one here'),
    ),
    links: [
      link(`All receipts of ${names.of(node)}`, 'receipts', null, { node }),
      link(`The node ${names.of(holder)}`, 'network', holder),
    ],
  }
}

export function whyPolicy(session: Session): Why {
  const { read } = session.ledger
  const view = networkView(read, peersContext(session))
  return {
    title: 'Rules in force',
    answer: policyRule(view.policy),
    rule: 'The founding receipt sets the first policy. A later one takes its place once as many admitted stewards have signed the same text after it as the policy before asks for; of two that follow the same one, the one with the smaller hash.',
    facts: [
      { label: 'Hash of the policy', value: view.policyHash },
      { label: 'Proposed and not in force', value: String(view.proposed.length) },
    ],
    receipts: refs(session, createNames(read), policyReceipts(read), 'signs the policy in force'),
    links: [link('See the rules', 'network', null), link('Propose a change', 'settings', 'policy')],
  }
}

/** The receipt that founds the network, where one is known. */
export function foundingOf(session: Session): ReceiptId[] {
  const { id } = networkView(session.ledger.read, peersContext(session))
  return id === null ? [] : [id]
}
