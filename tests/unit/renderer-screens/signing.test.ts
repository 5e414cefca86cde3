import { describe, expect, test } from 'vitest'
import { addressedForm, EMPTY_FORM, type SignForm, signReadiness, subjectOf } from '#ui/store/sign-form.ts'
import { createSignStore } from '#ui/store/sign-store.ts'
import { PIECE_BYTES, UploadCancelledError, uploadFile } from '#ui/store/upload.ts'
import { receiptId, smallCore, until } from './small-network.ts'

const form = (part: Partial<SignForm>): SignForm => ({ ...EMPTY_FORM, ...part })
const bytes = (count: number) => Uint8Array.from({ length: count }, (_, at) => at % 251)

describe('what can be signed', () => {
  test('a body and a subject are enough, and the newest anchor is taken unless one is chosen', () => {
    expect(signReadiness(form({ subject: ' report.json ', text: '{"count":12}' }))).toEqual({
      ready: true,
      draft: { kind: 'evidence/observed', subject: 'report.json', task: null, anchor: null },
      body: { count: 12 },
    })
  })

  test('what is missing is named by its field', () => {
    expect(signReadiness(form({}))).toMatchObject({ ready: false, field: 'subject' })
    expect(signReadiness(form({ subject: 'a', text: '{' }))).toMatchObject({ ready: false, field: 'text' })
    expect(signReadiness(form({ subject: 'a', text: '[]' }))).toMatchObject({ ready: false, field: 'text' })
    expect(signReadiness(form({ subject: 'a', text: '{"n":0.12345678901234567890}' }))).toMatchObject({
      field: 'text',
      why: 'The number 0.12345678901234567890 cannot be kept exactly. Write it as text, in quotes.',
    })
    expect(signReadiness(form({ subject: 'a', kind: 'Evidence' }))).toMatchObject({ ready: false, field: 'kind' })
    expect(signReadiness(form({ way: 'file' }))).toMatchObject({ ready: false, field: 'file' })
    expect(signReadiness(form({ way: 'plan', plan: 'pilot' }))).toMatchObject({ ready: false, field: 'step' })
  })

  test('a file is about its own name until the steward says otherwise', () => {
    const file = new File([bytes(3)], 'summary.json')
    expect(subjectOf(form({ way: 'file', file }))).toBe('summary.json')
    expect(subjectOf(form({ way: 'file', file, subject: '_report/summary.json' }))).toBe('_report/summary.json')
  })

  test('a plan step is its own kind, with the receipts that stand behind it', () => {
    const id = receiptId('proof')
    const ready = signReadiness(
      form({ way: 'plan', plan: 'pilot', step: 'S2', status: 'done', receipts: ` ${id}\n`, note: 'Seen twice' }),
    )
    expect(ready).toMatchObject({
      draft: { kind: 'plan/step', subject: 'pilot#S2' },
      body: { plan: 'pilot', step: 'S2', status: 'done', receipts: [id], note: 'Seen twice' },
    })
    expect(
      signReadiness(form({ way: 'plan', plan: 'pilot', step: 'S2', status: 'done', receipts: '41a4' })),
    ).toMatchObject({ ready: false, field: 'receipts' })
  })
})

describe('a form that a task page leads to', () => {
  test('holds the task, and the plan and step where it is about one', () => {
    expect(addressedForm({ task: 'pilot' })).toEqual({ task: 'pilot' })
    expect(addressedForm({ task: 'pilot', plan: 'pilot-plan', step: 'S2' })).toEqual({
      task: 'pilot',
      way: 'plan',
      plan: 'pilot-plan',
      step: 'S2',
    })
    expect(addressedForm({})).toEqual({})
  })

  test('keeps what was written in it, the next one is about the same task, and one from elsewhere is not', () => {
    const store = createSignStore(smallCore().api)
    store.getState().write({ text: '{"count":12}' })
    store.getState().open({ task: 'pilot' })
    expect(store.getState().form).toMatchObject({ task: 'pilot', text: '{"count":12}' })
    store.getState().startOver()
    expect(store.getState().form).toEqual({ ...EMPTY_FORM, task: 'pilot' })
    store.getState().write({ text: '{"count":13}' })
    store.getState().open()
    expect(store.getState().form).toEqual({ ...EMPTY_FORM, text: '{"count":13}' })
  })
})

describe('a file on its way', () => {
  test('arrives whole, in pieces of at most 512 KiB, and says how far it is', async () => {
    const core = smallCore()
    const content = bytes(PIECE_BYTES * 2 + 7)
    const seen: number[] = []
    await uploadFile(core.api, new Blob([content]), (sent) => seen.push(sent), new AbortController().signal)
    expect(seen).toEqual([PIECE_BYTES, PIECE_BYTES * 2, content.length])
    expect(core.uploaded.equals(content)).toBe(true)
  })

  test('can be stopped, and then the core keeps nothing of it', async () => {
    const core = smallCore()
    const stopping = new AbortController()
    const sent = uploadFile(core.api, new Blob([bytes(PIECE_BYTES * 3)]), () => stopping.abort(), stopping.signal)
    await expect(sent).rejects.toBeInstanceOf(UploadCancelledError)
    expect(core.uploaded).toHaveLength(0)
    expect(core.cancelledUploads).toBe(1)
  })
})

describe('the sheet', () => {
  test('signs once, however often the button is pressed', async () => {
    const core = smallCore()
    const store = createSignStore(core.api)
    store.getState().write({ subject: 'report.json', text: '{"count":12}' })
    await Promise.all([store.getState().sign(), store.getState().sign()])
    expect(core.signed).toHaveLength(1)
    expect(store.getState().signing).toMatchObject({ state: 'signed', seq: 1 })
  })

  test('signs a file under the upload that holds it', async () => {
    const core = smallCore()
    const store = createSignStore(core.api)
    store.getState().write({ way: 'file', file: new File([bytes(10)], 'summary.json') })
    await store.getState().sign()
    expect(core.signed).toMatchObject([{ subject: 'summary.json', content: { type: 'upload', name: 'summary.json' } }])
  })

  test('keeps what was written when the core refuses, and says why', async () => {
    const core = smallCore()
    core.refuse = { code: 'LOCKED', happened: 'The key is locked.', kept: 'Nothing was signed.', remedy: 'Unlock.' }
    const store = createSignStore(core.api)
    store.getState().write({ subject: 'report.json', text: '{"count":12}' })
    await store.getState().sign()
    expect(store.getState().signing).toMatchObject({ state: 'failed', problem: { code: 'LOCKED' } })
    expect(store.getState().form).toMatchObject({ subject: 'report.json', text: '{"count":12}' })
  })

  test('says what each kind claims', async () => {
    const store = createSignStore(smallCore().api)
    store.getState().open()
    const { kinds } = await until(store, (state) => state.kinds.state === 'ready')
    expect(kinds).toMatchObject({ value: [{ claims: 'This node saw this content at this subject.' }] })
  })
})
