// audit.json: who may take part, who decided what, and what became of each conflict. Everything in it follows from merged receipts.
import * as z from 'zod'
import {
  ReceiptId,
  StandingRule,
  type AuditEntry,
  type LedgerEntry,
  type ReportedConflict,
} from '#core/contract/index.ts'
import {
  AdmitBody,
  ADMIT,
  DECISION,
  DecisionBody,
  GENESIS,
  GenesisBody,
  POLICY,
  WITHDRAWAL,
  WithdrawalBody,
  type Names,
} from '#core/network/index.ts'
import type { Receipt } from '#core/receipts/index.ts'
import { OVERRIDE, OverrideBody } from './kinds.ts'

type Access = Extract<AuditEntry, { type: 'access' }>
type Decision = Extract<AuditEntry, { type: 'decision' }>

/** Entries that this receipt makes; none for most. `network`: the genesis receipt that counts. */
export function auditOfReceipt(
  entry: LedgerEntry,
  { body }: Receipt,
  network: ReceiptId | null,
  names: Names,
): readonly AuditEntry[] {
  if (entry.state !== 'merged') return []
  const { id: receipt, time, node } = entry
  const signed = { receipt, time, node, nodeName: names.of(node) }
  const access = (act: Access['act'], about: Access['about']): Access => ({
    type: 'access',
    act,
    ...signed,
    about,
    aboutName: about === null ? null : names.of(about),
  })
  const decision = (act: Decision['act'], told: Partial<Decision>): Decision => ({
    type: 'decision',
    act,
    ...signed,
    conflict: null,
    verdict: null,
    reason: '',
    rule: null,
    of: null,
    ...told,
  })
  switch (entry.kind) {
    case GENESIS:
      return receipt === network ? GenesisBody.parse(body).founders.map((founder) => access('founded', founder)) : []
    case ADMIT:
      return fitting(AdmitBody.safeParse(body), (admitted) => access('admitted', admitted.node))
    case POLICY:
      return [access('rules', null)]
    case DECISION:
      return fitting(DecisionBody.safeParse(body), ({ conflict, verdict, reason, rule }) =>
        decision('decided', { conflict, verdict: verdict.type, reason, rule: rule ?? null }),
      )
    case WITHDRAWAL:
      return fitting(WithdrawalBody.safeParse(body), (taken) =>
        decision('withdrawn', { reason: taken.reason, of: taken.decision }),
      )
    case OVERRIDE:
      return fitting(OverrideBody.safeParse(body), ({ verdict, reason }) => decision('override', { verdict, reason }))
    case 'rule/standing':
      return fitting(StandingRule.safeParse(body), ({ reason }) => decision('rule', { reason }))
    case 'rule/revoked':
      return fitting(Revocation.safeParse(body), ({ rule, reason }) => decision('rule-revoked', { reason, of: rule }))
    default:
      return []
  }
}

/** A body that does not fit its kind says nothing. */
function fitting<Body>(read: z.ZodSafeParseResult<Body>, entry: (body: Body) => AuditEntry): readonly AuditEntry[] {
  return read.success ? [entry(read.data)] : []
}

/** As core/rules signs it, which stands above this module. */
const Revocation = z.object({ rule: ReceiptId, reason: z.string() })

export function auditOfConflict(conflict: ReportedConflict): AuditEntry {
  const { id, kind, subject, task, opened, settled, decisions, evidenceConflictRecord } = conflict
  return {
    type: 'disposition',
    conflict: id,
    kind,
    subject,
    task,
    opened,
    disposition: evidenceConflictRecord.resolution_status,
    time: settled,
    decisions: settled === null ? [] : decisions.filter(({ counts }) => counts).map((one) => one.id),
  }
}
