// One receipt as a person reads it.
import type { AnchorView, Check, ContentView, ReceiptDetail, ReceiptRef, UsageView } from '#core/contract/index.ts'
import { columns, plain, shortId, shortTime } from '../layout.ts'

const STANDS = {
  merged: 'merged: it counts',
  'not-admitted': 'not merged: its node is not admitted',
  forked: 'not merged: its node told several stories here, and another one goes on, or none yet',
  'behind-fork': 'not merged: it lies behind a fork of its node’s feed',
  blocked: 'not merged: its node is blocked on this installation',
} as const

export function receiptText(detail: ReceiptDetail, checks: readonly Check[], usage: UsageView | null): string {
  const { summary, previous, next, arrived, heldBy, conflicts } = detail
  const holders = heldBy.filter(({ holds }) => holds).map(({ nodeName }) => plain(nodeName))
  const without = heldBy.filter(({ holds }) => !holds).map(({ nodeName }) => plain(nodeName))
  const head = columns([
    ['Receipt', summary.id],
    ['Node', `${plain(summary.nodeName)} (${shortId(summary.node)}), receipt ${summary.seq} of its feed`],
    ['Signed', shortTime(summary.time) + (detail.timeRunsBackwards ? ', which is before the receipt before it' : '')],
    ['Kind', plain(summary.kind) + (summary.kindKnown ? '' : ' (not known to this version: kept and passed on)')],
    ['Subject', plain(summary.task === null ? summary.subject : `${summary.subject} (${summary.task})`)],
    ['Anchor', anchorText(detail.anchor)],
    ['Stands', STANDS[summary.state]],
    ['Came', `${shortTime(arrived.at)} by ${arrived.way}${arrived.source === '' ? '' : `, ${plain(arrived.source)}`}`],
    ['Held by', holders.length === 0 ? 'nobody has said so' : holders.join(', ')],
    ...(without.length === 0 ? [] : [['Not yet by', without.join(', ')]]),
    ['Before it', previous === null ? 'nothing: it is the first here' : refText(previous)],
    ['After it', next.length === 0 ? 'nothing yet' : next.map(refText).join('; ')],
    ...conflicts.map((id) => ['Conflict', shortId(id)]),
  ])
  const checked = columns(checks.map((check) => [check.ok ? 'ok' : 'FAULT', plain(check.name), plain(check.detail)]))
  const read = usage === null ? '' : `\n${usageText(usage)}`
  return `${head}\nChecked now:\n${checked}${read}\nSays:\n${saysText(detail)}`
}

function anchorText(anchor: AnchorView): string {
  switch (anchor.state) {
    case 'missing':
      return 'none named'
    case 'unknown':
      return `${shortId(anchor.hash)}, signed by nobody that counts`
    case 'verified':
      return `${plain(anchor.label)} (${shortId(anchor.hash)})`
    case 'stale':
      return `${plain(anchor.label)} (${shortId(anchor.hash)}), followed by ${plain(anchor.by.label)}`
  }
}

function refText({ id, seq, kind }: ReceiptRef): string {
  return `#${seq} ${shortId(id)} ${plain(kind)}`
}

/** Text of others keeps its lines and nothing else that could move the cursor. */
function saysText({ body, content }: ReceiptDetail): string {
  return `${lines(JSON.stringify(body, null, 2))}${content === null ? '' : `\nContent:\n${contentText(content)}`}`
}

function contentText(content: ContentView): string {
  switch (content.type) {
    case 'binary':
      return `${content.sizeBytes} bytes that are no text\n`
    case 'missing':
      return `${content.why}\n${content.remedy}\n`
    case 'json':
    case 'text':
      return `${lines(content.text)}${content.cut ? `Cut: ${content.sizeBytes} bytes in all.\n` : ''}`
  }
}

function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => `${plain(line)}\n`)
    .join('')
}

function usageText(usage: UsageView): string {
  if (usage.type === 'receipts-hygiene') {
    const { plansTotal, plansMissingReceipts, missingPlanIds, slowPlans } = usage
    return columns([
      ['Plans', `${plansTotal ?? '?'}, of these ${plansMissingReceipts ?? '?'} without receipts`],
      ...(missingPlanIds ?? []).map((plan) => ['Without', plain(plan)]),
      ...slowPlans.map(({ plan, seconds }) => ['Slow', `${plain(plan)}, ${seconds ?? '?'} seconds`]),
    ])
  }
  const rows = usage.feeds.map((feed) => [
    plain(feed.id),
    String(feed.receipts ?? '?'),
    String(feed.invalidSignatures ?? '?'),
    feed.freshness,
    feed.ageHours === null ? '?' : `${feed.ageHours} h`,
  ])
  const invalid = usage.invalidReceipts.map((one) => ['Invalid', plain(`${one.path ?? '?'}: ${one.error ?? '?'}`)])
  return `${columns([['FEED', 'RECEIPTS', 'BAD SIGNATURES', 'FRESHNESS', 'AGE'], ...rows])}${columns(invalid)}`
}
