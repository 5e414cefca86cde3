import { ConflictKind, type CountName, type Instant } from '#core/contract/index.ts'
import { counters, feedTailOf, receiptsOfNode } from '#core/ledger/index.ts'
import { admittedCount, createNames, fingerprint, policyReceipts } from '#core/network/index.ts'
import { anchorsView, conflictCounts, overdueCount } from '#core/reconcile/index.ts'
import { PLAN_STEP, taskNames } from '#core/tasks/index.ts'
import { overviewOf } from './overview.ts'
import type { Session } from './session.ts'
import { MOST_TASKS } from './task-pages.ts'
import { foundingOf } from './why-network.ts'
import { link, refs, type Why } from './why-parts.ts'
import { conflictWord, COUNT_RULES } from './why-words.ts'

/** Each number of the window: by which rule it was counted, and where its list is. */
export function whyCount(session: Session, name: CountName, now: Instant): Why {
  const { read } = session.ledger
  const counts = conflictCounts(read)
  const rule = COUNT_RULES[name]
  const byKind = ConflictKind.options.flatMap((kind) => {
    const count = counts.openByKind[kind] ?? 0
    return count === 0 ? [] : [{ kind, word: conflictWord(kind), count: n(count) }]
  })
  switch (name) {
    case 'open-conflicts':
      return counted(`${n(counts.open)} open`, rule, {
        facts: byKind.map(({ word, count }) => ({ label: word, value: count })),
        links: byKind.map(({ kind, word, count }) => link(`${word}: ${count}`, 'conflicts', null, { kind })),
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
    case 'tasks': {
      const tasks = taskNames(read, MOST_TASKS).length
      return counted(`${n(tasks)} ${tasks === 1 ? 'task' : 'tasks'}`, rule, {
        links: [
          link('See them', 'tasks', null),
          link('Those that lack receipts', 'tasks', null, { lacking: '1' }),
          link('Plan steps', 'receipts', null, { kind: PLAN_STEP }),
        ],
      })
    }
    case 'anchors':
      return whyAnchors(session, rule, now)
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

function whyAnchors(session: Session, rule: string, now: Instant): Why {
  const { read } = session.ledger
  const { anchors, more, unknown, superseded } = anchorsView(read, now)
  const newest = anchors.filter(({ state }) => state === 'newest')
  const signedBy = newest.flatMap((anchor) => anchor.signedBy.map(({ id }) => id))
  const count = anchors.length + more
  return counted(`${n(count)} ${count === 1 ? 'anchor' : 'anchors'}`, rule, {
    facts: [
      { label: 'Newest', value: newest.map(({ label }) => label).join(', ') || 'none' },
      { label: 'Named, and signed by nobody', value: n(unknown.length) },
      { label: 'Claims put aside', value: n(superseded.length) },
    ],
    receipts: refs(session, createNames(read), signedBy, 'signs the newest anchor'),
    links: [
      link('Signed anchors', 'receipts', null, { kind: 'governance/anchor' }),
      link('The chain', 'network', 'anchors'),
    ],
  })
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

function n(count: number): string {
  return count.toLocaleString('en')
}
