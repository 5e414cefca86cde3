// Answers "why do I believe this?" from the same rules and receipts that made the answer in the first place.
import type {
  CountName,
  AnchorView,
  Instant,
  NodeId,
  ReceiptId,
  ReceiptRef,
  WhyAbout,
  WhyLink,
  WhyView,
} from '#core/contract/index.ts'
import { arrivalOf, counters, feedTailOf, receiptById, receiptsOfNode } from '#core/ledger/index.ts'
import {
  admittedCount,
  createNames,
  fingerprint,
  MergedFeeds,
  networkView,
  peer,
  policyReceipts,
  type Names,
} from '#core/network/index.ts'
import { claimStandings, conflictCounts, conflictsOfReceipt, overdueCount } from '#core/reconcile/index.ts'
import { ruleNamed } from '#core/rules/index.ts'
import { detailOf } from './receipt-detail.ts'
import { notFound } from './not-found.ts'
import { overviewOf } from './overview.ts'
import { peersContext } from './peers-context.ts'
import { reviewOf } from './review.ts'
import type { Session } from './session.ts'
import { readStored } from './stored-receipt.ts'
import {
  conflictRule,
  conflictWord,
  COUNT_RULES,
  HOLDING_RULE,
  PEER_RULES,
  policyRule,
  stateRule,
} from './why-words.ts'

const SHOWN_RECEIPTS = 100

/** @throws StewardError NOT_FOUND for what is not here. */
export async function whyOf(session: Session, about: WhyAbout, now: Instant): Promise<WhyView> {
  switch (about.type) {
    case 'conflict':
      return capped(await whyConflict(session, about.id, now))
    case 'receipt':
      return capped(await whyReceipt(session, about.id, now))
    case 'peer':
      return capped(whyPeer(session, about.node))
    case 'holding':
      return capped(whyHolding(session, about.holder, about.node))
    case 'policy':
      return capped(whyPolicy(session))
    case 'count':
      return capped(whyCount(session, about.name, now))
  }
}

type Why = Omit<WhyView, 'more'>
type Behind = WhyView['receipts'][number]

function capped(why: Why): WhyView {
  return {
    ...why,
    receipts: why.receipts.slice(0, SHOWN_RECEIPTS),
    more: Math.max(0, why.receipts.length - SHOWN_RECEIPTS),
  }
}

async function whyConflict(session: Session, id: Parameters<typeof reviewOf>[1], now: Instant): Promise<Why> {
  const review = await reviewOf(session, id, now)
  const { summary, members, superseded, decisions, quorum } = review
  const { read } = session.ledger
  const names = createNames(read)
  const rules = decisions.flatMap(({ rule }) => (rule === null ? [] : [ruleNamed(read, rule, session.node, now)]))
  const counting = decisions.filter((decision) => decision.counts)
  const [first] = counting
  return {
    title: summary.title,
    answer:
      summary.status === 'settled' && first !== undefined
        ? `Settled: ${first.sentence}`
        : `${review.why} ${summary.escalated ?? ''}`.trim(),
    rule: conflictRule(summary.kind),
    facts: [
      { label: 'Kind', value: conflictWord(summary.kind) },
      {
        label: 'Severity',
        value: `${summary.severity} of 3${summary.escalated === null ? '' : ', raised because it is overdue'}`,
      },
      { label: 'Since', value: summary.since },
      { label: 'Stewards who agree', value: `${quorum.have} of ${quorum.needed} that the policy asks for` },
    ],
    receipts: [
      ...members.map((member) => behind(member, member.kind, `claim of ${member.nodeName}: ${member.gist}`)),
      ...superseded.flatMap(({ member, rule }) => refs(session, names, [member.receipt], `put aside. ${rule}`)),
      ...decisions.flatMap((decision) =>
        refs(
          session,
          names,
          [decision.id],
          decision.counts ? 'decision that counts' : 'decision that no longer counts',
        ),
      ),
      ...rules.flatMap((rule) => (rule === null ? [] : refs(session, names, [rule.id], 'standing rule that decided'))),
      ...refs(session, names, policyReceipts(read), 'policy in force'),
    ],
    links: [
      link('Review it', 'conflicts', id),
      link('All receipts on this subject', 'receipts', null, { subject: summary.subject }),
    ],
  }
}

function behind(
  {
    receipt,
    node,
    nodeName,
    seq,
    time,
  }: { receipt: ReceiptId; node: NodeId; nodeName: string; seq: number; time: Instant },
  kind: string,
  role: string,
): Behind {
  return { receipt: { id: receipt, node, nodeName, seq, time, kind }, role }
}

async function whyReceipt(session: Session, id: ReceiptId, now: Instant): Promise<Why> {
  const { read } = session.ledger
  const detail = await detailOf(session, id)
  const row = receiptById(read, id)
  if (detail === null || row === null) return notFound('receipt', id)
  const { summary, anchor, marks } = detail
  const names = createNames(read)
  const superseded =
    summary.state === 'merged' ? claimStandings(read, now).superseded({ ...row, isClaim: isClaim(summary.kind) }) : null
  const arrived = arrivalOf(read, id)
  const conflicts = conflictsOfReceipt(read, id)
  const node = peer(read, peersContext(session), summary.node)
  return {
    title: `${summary.nodeName}’s receipt #${summary.seq}`,
    answer: `${stateRule(summary.state).answer} ${superseded ?? ''}`.trim(),
    rule: stateRule(summary.state).rule,
    facts: [
      {
        label: 'Signature',
        value: marks.signatureValid ? 'valid: checked when it came, and again when you open it' : 'does not hold',
      },
      { label: 'Node', value: marks.nodeAdmitted ? 'admitted' : 'not admitted' },
      { label: 'Anchor', value: anchorFact(anchor) },
      {
        label: 'Arrived',
        value:
          arrived === null ? 'unknown' : `${ARRIVED[arrived.way]}, ${arrived.at.slice(0, 16).replace('T', ' ')} UTC`,
      },
      { label: 'Conflicts it is part of', value: String(conflicts.length) },
    ],
    receipts: [
      { receipt: refOf(summary), role: 'the receipt itself' },
      ...(detail.previous === null ? [] : [{ receipt: detail.previous, role: 'the one before in its feed' }]),
      ...refs(
        session,
        names,
        node.admittedBy.map((one) => one.receipt),
        'admits its node',
      ),
      ...(anchor.state === 'verified' || anchor.state === 'stale'
        ? refs(session, names, [anchor.receipt], 'signs the anchor that it names')
        : []),
      ...(anchor.state === 'stale' ? refs(session, names, [anchor.by.receipt], 'signs the anchor that follows') : []),
    ],
    links: [
      link('Open the receipt', 'receipts', id),
      ...conflicts.map((conflict) => link('A conflict it is part of', 'conflicts', conflict)),
    ],
  }
}

const ARRIVED = { own: 'signed here', folder: 'by the folder', lan: 'over the LAN', bundle: 'in a bundle' } as const

function isClaim(kind: string): boolean {
  return kind.startsWith('evidence/') || kind.startsWith('plan/')
}

function anchorFact(anchor: AnchorView): string {
  switch (anchor.state) {
    case 'verified':
      return `${anchor.label}: an admitted node signed it, and nothing follows it`
    case 'stale':
      return `${anchor.label}: an admitted node signed it, and ${anchor.by.label} follows it by now`
    case 'unknown':
      return 'names one that no admitted node has signed'
    case 'missing':
      return 'names none'
  }
}

function whyPeer(session: Session, node: NodeId): Why {
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
      { label: 'Has of ours', value: view.hasOfOurs === null ? 'never said' : `up to #${view.hasOfOurs}` },
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

function whyHolding(session: Session, holder: NodeId, node: NodeId): Why {
  const { read } = session.ledger
  const names = createNames(read)
  const tail = feedTailOf(read, node)
  const isHere = holder === session.node
  const said = session.exchange.knownState().find((one) => one.holder === holder && one.node === node)
  const upTo = isHere ? tail.seq : (said?.seq ?? null)
  const headSeq = Math.max(tail.seq, session.exchange.peer(node).head?.seq ?? 0)
  const here = isHere ? 'This ledger' : names.of(holder)
  const about = [upTo ?? 0, tail.seq].filter((seq, index, seqs) => seq > 0 && seqs.indexOf(seq) === index)
  return {
    title: `${here} and the feed of ${names.of(node)}`,
    answer:
      upTo === null
        ? `${here} has not said yet what it holds of it.`
        : `${here} ${isHere ? 'holds' : 'says, signed, that it holds'} it up to #${upTo}.`,
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

function foundingOf(session: Session): ReceiptId[] {
  const { id } = networkView(session.ledger.read, peersContext(session))
  return id === null ? [] : [id]
}

function whyPolicy(session: Session): Why {
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

function whyCount(session: Session, name: CountName, now: Instant): Why {
  const { read } = session.ledger
  const counts = conflictCounts(read)
  const rule = COUNT_RULES[name]
  const byKind = Object.entries(counts.openByKind).filter(([, count]) => count > 0)
  switch (name) {
    case 'open-conflicts':
      return counted(`${n(counts.open)} open`, rule, {
        facts: byKind.map(([kind, count]) => ({ label: conflictWord(kind), value: n(count) })),
        links: byKind.map(([kind, count]) => link(`${conflictWord(kind)}: ${n(count)}`, 'conflicts', null, { kind })),
      })
    case 'overdue-conflicts':
      return counted(`${n(overdueCount(read))} overdue`, rule, {
        links: [
          link('See them', 'conflicts', null, { overdue: '1' }),
          link('The policy that says so', 'settings', 'policy'),
        ],
        receipts: refs(session, createNames(read), policyReceipts(read), 'policy in force'),
      })
    case 'settled-conflicts':
      return counted(`${n(counts.settled)} settled`, rule, {
        links: [
          link('See them', 'conflicts', null, { status: 'settled' }),
          link('All decisions', 'receipts', null, { kind: 'decision/made' }),
        ],
      })
    case 'receipts':
      return counted(`${n(counters(read).receipts)} receipts`, rule, {
        links: [link('See them all', 'receipts', null)],
      })
    case 'pending-nodes': {
      const asking = session.exchange.pendingNodes()
      return counted(`${n(asking.length)} asking`, rule, {
        links: asking.map((node) => link(node.name, 'network', node.node)),
      })
    }
    case 'not-merged': {
      const { waiting, held, refused } = session.exchange.view()
      return counted(`${n(session.exchange.troubleCount())} not merged`, rule, {
        facts: [
          { label: 'Refused', value: n(refused) },
          { label: 'Waiting for what is missing', value: n(waiting) },
          { label: 'Held until their time', value: n(held) },
        ],
        links: [link('See each with its reason', 'receipts', 'not-merged')],
      })
    }
    case 'nodes':
      return counted(`${n(admittedCount(read))} nodes`, rule, {
        links: [link('See them', 'network', null), link('Admissions', 'receipts', null, { kind: 'network/admit' })],
        receipts: refs(session, createNames(read), foundingOf(session), 'founds the network'),
      })
    case 'fingerprint': {
      const shown = fingerprint(read)
      return counted(shown.words.join(' · '), rule, {
        facts: [
          { label: 'SHA-256', value: shown.fingerprint },
          { label: 'Admitted nodes', value: n(admittedCount(read)) },
        ],
        links: [link('See each feed', 'network', null)],
      })
    }
    case 'safety':
      return whySafety(session, rule, now)
  }
}

function whySafety(session: Session, rule: string, now: Instant): Why {
  const { safety, nodes } = overviewOf(session, now)
  const { read } = session.ledger
  const ownSeq = feedTailOf(read, session.node).seq
  const newest = [...receiptsOfNode(read, session.node, ownSeq, ownSeq)].map((row) => row.id)
  return {
    title: safety.headline,
    answer: safety.detail,
    rule,
    facts: [
      { label: 'Your newest receipt', value: `#${n(ownSeq)}` },
      ...nodes
        .filter((node) => node.node !== session.node)
        .map((node) => ({
          label: node.name,
          value:
            node.hasOfOurs === null
              ? 'never said what it holds of yours'
              : `says that it holds yours up to #${n(node.hasOfOurs)}`,
        })),
    ],
    receipts: refs(session, createNames(read), newest, 'your newest receipt: who holds it holds all before it'),
    links: [link('Who has whose feed up to where', 'network', null)],
  }
}

function counted(title: string, rule: string, part: Partial<Pick<Why, 'facts' | 'links' | 'receipts'>>): Why {
  const { facts = [], links = [], receipts = [] } = part
  return { title, answer: '', rule, facts: [...facts], links: [...links], receipts: [...receipts] }
}

function link(
  text: string,
  section: WhyLink['section'],
  id: string | null,
  query: Readonly<Record<string, string>> = {},
): WhyLink {
  return { text, section, id, query: { ...query } }
}

function refs(session: Session, names: Names, ids: readonly ReceiptId[], role: string): Behind[] {
  return ids.flatMap((id) => {
    const row = receiptById(session.ledger.read, id)
    const stored = row === null ? null : readStored(row)
    if (stored === null) return []
    const { node, seq, time, kind } = stored.receipt
    return [{ receipt: { id, node, nodeName: names.of(node), seq, time, kind }, role }]
  })
}

function refOf({ id, node, nodeName, seq, time, kind }: ReceiptRef): ReceiptRef {
  return { id, node, nodeName, seq, time, kind }
}

function n(count: number): string {
  return count.toLocaleString('en')
}
