// The steps of a task, put together from what all nodes said: who calls a step done, by which receipts, what is missing, and where
// they disagree. Pure: the same receipts, the same page.
import type { ReceiptId, StepSaid, TaskReceipt, TaskStep } from '#core/contract/index.ts'
import { isDone } from './kinds.ts'
import type { PlannedStep, ReadReceipt, StepStated } from './task-types.ts'

interface StepsAndRest {
  readonly steps: TaskStep[]
  readonly others: TaskReceipt[]
}

/** `held`: whether a receipt that is not of the task is in the ledger. */
export function stepsOf(receipts: readonly ReadReceipt[], held: (id: ReceiptId) => boolean): StepsAndRest {
  const byPath = Map.groupBy(receipts, (receipt) => receipt.subject)
  const steps = new Map<string, Gathered>()
  const gathered = (plan: string, step: string): Gathered => {
    const key = JSON.stringify([plan, step])
    const found = steps.get(key) ?? { plan, step, titles: [], said: [], receipts: new Map() }
    steps.set(key, found)
    return found
  }
  const placed = new Set<ReceiptId>()
  const place = (into: Gathered, receipt: ReadReceipt) => {
    into.receipts.set(receipt.ref.id, receipt)
    placed.add(receipt.ref.id)
  }

  // Plans first: they know the order of their steps.
  for (const receipt of receipts) {
    const { plan } = receipt
    if (plan === null) continue
    placed.add(receipt.ref.id)
    for (const planned of plan.steps) {
      const into = gathered(plan.plan, planned.id)
      if (planned.title !== null && receipt.superseded === null) into.titles.push(planned.title)
      if (planned.status !== null) into.said.push(saidByPlan(receipt, planned, planned.status, byPath))
      for (const path of planned.paths) for (const named of byPath.get(path) ?? []) place(into, named)
    }
  }
  for (const receipt of receipts) {
    const { step, links } = receipt
    if (step !== null) {
      placed.add(receipt.ref.id)
      gathered(step.plan, step.step).said.push(saidByReceipt(receipt, step, receipts, held))
    }
    for (const link of links) if (link.step !== '') place(gathered(link.plan, link.step), receipt)
  }
  return {
    steps: [...steps.values()].map(stepFrom),
    others: receipts.filter((receipt) => !placed.has(receipt.ref.id)).map(toTaskReceipt),
  }
}

interface Gathered {
  readonly plan: string
  readonly step: string
  readonly titles: string[]
  readonly said: StepSaid[]
  readonly receipts: Map<ReceiptId, ReadReceipt>
}

function stepFrom({ plan, step, titles, said, receipts }: Gathered): TaskStep {
  const standing = said.filter((one) => one.superseded === null)
  const linked = [...receipts.values()].map(toTaskReceipt)
  return {
    plan,
    step,
    title: titles[0] ?? null,
    state: stateOf(standing),
    said: said.toSorted((a, b) => (a.claimant === b.claimant ? newerFirst(a, b) : a.claimant < b.claimant ? -1 : 1)),
    receipts: linked,
    missing: missingOf(step, standing, linked.length),
  }
}

function stateOf(standing: readonly StepSaid[]): TaskStep['state'] {
  const last = lastWords(standing)
  const done = last.filter((one) => one.done)
  if (done.length > 0 && done.length < last.length) return 'disagrees'
  if (done.length === 0) return last.some((one) => isDone(one.status)) ? 'unproven' : 'open'
  return 'done'
}

/** A node may speak by a plan file and by a receipt: its later word counts. */
function lastWords(standing: readonly StepSaid[]): StepSaid[] {
  const byClaimant = new Map<string, StepSaid>()
  for (const one of standing) {
    const other = byClaimant.get(one.claimant)
    if (other === undefined || newerFirst(one, other) < 0) byClaimant.set(one.claimant, one)
  }
  return [...byClaimant.values()]
}

function newerFirst({ receipt: a }: StepSaid, { receipt: b }: StepSaid): number {
  if (a.time !== b.time) return a.time > b.time ? -1 : 1
  // Several receipts are signed within a millisecond: their feed knows the order.
  return a.node === b.node ? b.seq - a.seq : a.node < b.node ? -1 : 1
}

function missingOf(step: string, standing: readonly StepSaid[], linked: number): string[] {
  const missing = lastWords(standing).flatMap((one) => [
    ...(isDone(one.status) && !one.done
      ? [`${one.claimant} calls ${step} ${one.status} and names no receipt for it.`]
      : []),
    ...one.names
      .filter((name) => name.receipt === null)
      .map((name) => `${one.claimant} names ${name.text}, which is not here.`),
  ])
  const named = standing.some((one) => one.names.some((name) => name.receipt !== null))
  return linked === 0 && !named && missing.length === 0 ? [`Nobody has signed a receipt for ${step}.`] : missing
}

function saidByPlan(
  receipt: ReadReceipt,
  planned: PlannedStep,
  status: string,
  byPath: ReadonlyMap<string, readonly ReadReceipt[]>,
): StepSaid {
  return {
    receipt: receipt.ref,
    claimant: receipt.claimant,
    by: 'plan',
    status,
    // A step is done only by naming what shows it.
    done: isDone(status) && planned.paths.length > 0,
    note: planned.note,
    superseded: receipt.superseded,
    names: planned.paths.map((path) => ({ text: path, receipt: byPath.get(path)?.[0]?.ref.id ?? null })),
  }
}

function saidByReceipt(
  { ref, claimant, superseded }: ReadReceipt,
  { status, note, names }: StepStated,
  receipts: readonly ReadReceipt[],
  held: (id: ReceiptId) => boolean,
): StepSaid {
  const here = new Set(receipts.map((other) => other.ref.id))
  return {
    receipt: ref,
    claimant,
    by: 'receipt',
    status,
    done: isDone(status) && names.length > 0,
    note,
    superseded,
    names: names.map((id) => ({ text: id, receipt: here.has(id) || held(id) ? id : null })),
  }
}

function toTaskReceipt({ ref, subject, claimant, superseded, conflict }: ReadReceipt): TaskReceipt {
  return { ...ref, subject, claimant, superseded, conflict }
}
