// One receipt as a person reads it.
import {
  wayWords,
  type AnchorView,
  type Check,
  type ContentView,
  type ReceiptDetail,
  type ReceiptRef,
  type UsageView,
} from '#core/contract/index.ts'
import { columns, counted, plain, shortId, shortTime } from '../layout.ts'

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
    ['Came', cameText(arrived)],
    ['Held by', holders.length === 0 ? 'no node of the network has said so' : holders.join(', ')],
    ...(without.length === 0 ? [] : [['Not yet by', without.join(', ')]]),
    ['Before it', previous === null ? 'nothing: it is the first here' : refText(previous)],
    ['After it', next.length === 0 ? 'nothing yet' : next.map(refText).join('; ')],
    ...conflicts.map((id) => ['Conflict', shortId(id)]),
  ])
  const checked = columns(checks.map((check) => [check.ok ? 'ok' : 'FAULT', plain(check.name), plain(check.detail)]))
  const read = usage === null ? '' : `\n${usageText(usage)}`
  return `${head}\nChecked now:\n${checked}${read}\nSays:\n${saysText(detail)}`
}

function cameText({ at, way, source }: ReceiptDetail['arrived']): string {
  return `${shortTime(at)}, ${wayWords(way)}${way === 'own' ? '' : `: ${plain(source)}`}`
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
      return `${counted(content.sizeBytes, 'byte')} that ${content.sizeBytes === 1 ? 'is' : 'are'} no text\n`
    case 'missing':
      return `${content.why}\n${content.remedy}\n`
    case 'json':
    case 'text':
      return `${lines(content.text)}${content.cut ? `Cut: ${content.sizeBytes} bytes in all.\n` : ''}`
  }
}

function lines(text: string): string {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${plain(line)}\n`)
    .join('')
}

function usageText(usage: UsageView): string {
  if (usage.type === 'receipts-hygiene') {
    const { plansTotal, plansMissingReceipts, missingPlanIds, slowPlans } = usage
    return columns([
      ['Plans', stated(plansTotal)],
      ['Without receipts', stated(plansMissingReceipts)],
      ...(missingPlanIds ?? []).map((plan) => ['', plain(plan)]),
      ...slowPlans.map(({ plan, seconds }) => [
        'Slow',
        `${plain(plan)}, ${seconds === null ? 'time not stated' : counted(seconds, 'second')}`,
      ]),
    ])
  }
  const rows = usage.feeds.map((feed) => [
    plain(feed.id),
    stated(feed.receipts),
    stated(feed.invalidSignatures),
    feed.freshness,
    feed.ageHours === null ? stated(null) : `${Math.round(feed.ageHours * 10) / 10} h`,
  ])
  const invalid = usage.invalidReceipts.map(({ path, error }) => [
    'Invalid',
    `${plain(path ?? 'path not stated')}: ${plain(error ?? 'no reason stated')}`,
  ])
  const feeds = columns([['FEED', 'RECEIPTS', 'BAD SIGNATURES', 'FRESHNESS', 'AGE'], ...rows])
  return `${rows.length === 0 ? 'No feeds are stated.\n' : feeds}${columns(invalid)}`
}

function stated(figure: number | null): string {
  return figure === null ? 'not stated' : String(figure)
}
