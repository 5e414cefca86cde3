import { expect, test } from 'vitest'
import type { NodeId, ReceiptId, TaskStep } from '#core/contract/index.ts'
import { stepsOf } from '#core/tasks/index.ts'
import type { PlanStated, ReadReceipt, StepStated } from '#core/tasks/task-types.ts'
import { instantAt, START } from '#tests/kit/nodes.ts'

let place = 0

function receipt(claimant: string, part: Partial<ReadReceipt> & { readonly afterMs?: number } = {}): ReadReceipt {
  const seq = ++place
  return {
    ref: {
      id: `sha256:${String(seq).padStart(64, '0')}` as ReceiptId,
      node: `did:key:${claimant}` as NodeId,
      nodeName: claimant,
      seq,
      time: instantAt(START + (part.afterMs ?? seq)),
      kind: 'evidence/observed',
    },
    subject: `subject ${seq}`,
    claimant,
    superseded: null,
    conflict: null,
    links: [],
    step: null,
    plan: null,
    ...part,
  }
}

function step(status: string, names: readonly ReceiptId[] = []): StepStated {
  return { plan: 'pilot', step: 'S1', status, note: null, names }
}

function plan(
  ...steps: readonly { id: string; status: string; title?: string | null; paths?: readonly string[] }[]
): PlanStated {
  return {
    plan: 'pilot',
    summary: 'The pilot',
    facts: [],
    steps: steps.map(({ id, status, title = `Step ${id}`, paths = [] }) => ({ id, title, status, note: null, paths })),
    paths: [],
  }
}

const held = () => false
const only = (receipts: readonly ReadReceipt[]): TaskStep => {
  const [first] = stepsOf(receipts, held).steps
  if (first === undefined) throw new Error('there is no step')
  return first
}

test('a step is done by naming a receipt, and not by being called done', () => {
  const shown = receipt('ada')
  expect(only([shown, receipt('ada', { step: step('done', [shown.ref.id]) })])).toMatchObject({
    state: 'done',
    missing: [],
  })
  expect(only([receipt('ada', { step: step('done') })])).toMatchObject({
    state: 'unproven',
    missing: ['ada calls S1 done and names no receipt for it.'],
  })
  expect(only([receipt('ada', { plan: plan({ id: 'S1', status: 'done' }) })])).toMatchObject({ state: 'unproven' })
})

test('a named receipt that is not here is missing, by id and by path', () => {
  const away = `sha256:${'f'.repeat(64)}` as ReceiptId
  expect(only([receipt('ada', { step: step('done', [away]) })]).missing).toEqual([
    `ada names ${away}, which is not here.`,
  ])
  const file = receipt('ben', { subject: '_report/here.json' })
  const planned = receipt('ada', {
    plan: plan({ id: 'S1', status: 'done', paths: ['_report/here.json', '_report/away.json'] }),
  })
  const found = only([file, planned])
  expect(found.missing).toEqual(['ada names _report/away.json, which is not here.'])
  expect(found.receipts.map(({ id }) => id)).toEqual([file.ref.id])
})

test('nodes that do not agree whether a step is done are shown as disagreeing', () => {
  const shown = receipt('ada')
  const told = [
    shown,
    receipt('ada', { step: step('done', [shown.ref.id]) }),
    receipt('ben', { step: step('blocked') }),
  ]
  expect(only(told)).toMatchObject({ state: 'disagrees' })
  expect(only(told).said.map(({ claimant, status }) => [claimant, status])).toEqual([
    ['ada', 'done'],
    ['ben', 'blocked'],
  ])
})

test('what a node said before stays in sight and counts no more', () => {
  const shown = receipt('ada')
  const before = receipt('ada', { step: step('blocked'), superseded: 'Replaced by ada’s receipt #9.' })
  const now = receipt('ada', { step: step('done', [shown.ref.id]) })
  const found = only([shown, before, now])
  expect(found.state).toBe('done')
  expect(found.said.map(({ superseded }) => superseded !== null)).toEqual([false, true])
})

test('a later receipt of a node counts before its plan file', () => {
  const file = receipt('ada', { plan: plan({ id: 'S1', status: 'in progress' }), afterMs: 10 })
  const shown = receipt('ada', { afterMs: 20 })
  const later = receipt('ada', { step: step('done', [shown.ref.id]), afterMs: 30 })
  expect(only([file, shown, later])).toMatchObject({ state: 'done', title: 'Step S1' })
})

test('a step for which nobody signed anything is missing a receipt', () => {
  expect(only([receipt('ada', { plan: plan({ id: 'S2', status: 'queued' }) })]).missing).toEqual([
    'Nobody has signed a receipt for S2.',
  ])
})

test('receipts without a step are not lost', () => {
  const loose = receipt('ben')
  const linked = receipt('cleo', { links: [{ plan: 'pilot', step: 'S1' }] })
  const { steps, others } = stepsOf([loose, linked], held)
  expect(others.map(({ id }) => id)).toEqual([loose.ref.id])
  expect(steps[0]?.receipts.map(({ id }) => id)).toEqual([linked.ref.id])
})

test.each(['the first', 'the last'])(
  'of two words within a millisecond the later one of the feed counts, read as %s',
  (read) => {
    const shown = receipt('ada')
    const before = receipt('ada', { step: step('blocked'), afterMs: 50 })
    const after = receipt('ada', { step: step('done', [shown.ref.id]), afterMs: 50 })
    const told = read === 'the first' ? [after, before, shown] : [before, after, shown]
    const found = only(told)
    expect(found.state).toBe('done')
    expect(found.said.map(({ status }) => status)).toEqual(['done', 'blocked'])
  },
)

test('where two nodes spoke for one directory in the same millisecond, every reader takes the same word', () => {
  const shown = receipt('one')
  const by = (node: string, status: string) => {
    const told = receipt('one', { step: step(status, [shown.ref.id]), afterMs: 50 })
    return { ...told, ref: { ...told.ref, node: `did:key:${node}` as NodeId } }
  }
  const [ada, ben] = [by('ada', 'done'), by('ben', 'blocked')]
  expect(only([shown, ada, ben]).state).toBe(only([shown, ben, ada]).state)
})

test('a step that its plan gives no title, or whose title was replaced, has none', () => {
  expect(only([receipt('ada', { plan: plan({ id: 'S1', status: 'queued', title: null }) })]).title).toBeNull()
  const replaced = receipt('ada', { plan: plan({ id: 'S1', status: 'queued' }), superseded: 'Replaced.' })
  expect(only([replaced]).title).toBeNull()
})

test('a receipt of the plan as a whole is under no step', () => {
  const whole = receipt('ada', { links: [{ plan: 'pilot', step: '' }] })
  expect(stepsOf([whole], held)).toMatchObject({ steps: [], others: [{ id: whole.ref.id }] })
})

test('a named receipt of another task is not missing where the ledger holds it', () => {
  const elsewhere = `sha256:${'e'.repeat(64)}` as ReceiptId
  const told = receipt('ada', { step: step('done', [elsewhere]) })
  expect(stepsOf([told], (id) => id === elsewhere).steps).toMatchObject([{ state: 'done', missing: [] }])
})
