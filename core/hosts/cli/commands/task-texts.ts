// One task as a person reads it.
import type { StepSaid, TaskReceipt, TaskStep, TaskView } from '#core/contract/index.ts'
import { columns, counted, plain, shortId, shortTime } from '../layout.ts'

const STATES = {
  done: 'done',
  unproven: 'called done without a receipt, so not done',
  disagrees: 'some call it done and some do not',
  open: 'open',
} as const

export function taskText({
  task,
  title,
  plans,
  steps,
  others,
  more,
  conflicts,
  receipts,
  claimants,
}: TaskView): string {
  const done = steps.filter(({ state }) => state === 'done').length
  const head = columns([
    ['Task', plain(task)],
    ...(title === null ? [] : [['Title', plain(title)]]),
    ['Steps', steps.length === 0 ? 'no plan names any' : `${done} of ${steps.length} done`],
    ['Receipts', `${receipts} by ${claimants.map((one) => `${plain(one.name)} (${one.receipts})`).join(', ')}`],
    ...plans.map((plan) => [
      'Plan',
      `${plain(plan.plan)} of ${plain(plan.claimant)}, receipt ${shortId(plan.receipt.id)}${aside(plan.superseded)}${plan.facts.map(({ key, text }) => `; ${plain(key)}: ${plain(text)}`).join('')}`,
    ]),
    ...conflicts.map((one) => ['Conflict', `${shortId(one.id)} ${plain(one.title)}`]),
  ])
  const rest = others.map(receiptLine)
  return [
    head,
    ...steps.map(stepText),
    rest.length === 0 ? '' : `\nReceipts of no step:\n${rest.join('')}`,
    more === 0 ? '' : `and ${counted(more, 'older receipt')}\n`,
  ].join('')
}

function stepText({ plan, step, title, state, said, receipts, missing }: TaskStep): string {
  const name = `${plain(plan)} ${plain(step)}${title === null ? '' : ` ${plain(title)}`}`
  const lacking = missing.map((sentence) => `  Missing: ${plain(sentence)}\n`)
  return `\n${name}: ${STATES[state]}\n${said.map(saidLine).join('')}${receipts.map(receiptLine).join('')}${lacking.join('')}`
}

function saidLine({ claimant, receipt, by, status, note, names, superseded }: StepSaid): string {
  const named = names.map((one) => `${plain(one.text)}${one.receipt === null ? ' (not here)' : ''}`)
  const what = by === 'plan' ? 'in a plan' : `by receipt ${shortId(receipt.id)}`
  const words = note === null ? '' : `: ${plain(note)}`
  return `  ${plain(claimant)} says ${plain(status)} ${what}${words}${named.length === 0 ? '' : `, naming ${named.join(', ')}`}${aside(superseded)}\n`
}

function receiptLine({ id, claimant, time, kind, subject, superseded, conflict }: TaskReceipt): string {
  const disputed = conflict === null ? '' : `, in conflict ${shortId(conflict)}`
  return `  ${shortId(id)}  ${shortTime(time)}  ${plain(claimant)}  ${plain(kind)}  ${plain(subject)}${disputed}${aside(superseded)}\n`
}

function aside(superseded: string | null): string {
  return superseded === null ? '' : ` (no longer counts: ${plain(superseded)})`
}
