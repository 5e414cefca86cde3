import { saidBy, type ConflictId, type Instant, type NodeId, type ReceiptId } from '#core/contract/index.ts'
import { createNames, policyReceipts } from '#core/network/index.ts'
import { ruleNamed } from '#core/rules/index.ts'
import { reviewOf } from './review.ts'
import type { Session } from './session.ts'
import { link, refs, type Behind, type Why } from './why-parts.ts'
import { conflictRule, conflictWord } from './why-words.ts'

/** @throws StewardError NOT_FOUND. */
export async function whyConflict(session: Session, id: ConflictId, now: Instant): Promise<Why> {
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
      ...members.map((member) => behind(member, member.kind, `claim of ${member.nodeName}: ${saidBy(member)}`)),
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
