// What a steward fills in to sign a receipt by hand, and what of it can be signed. Pure: the store sends it.
import type { ContentHash, Json, SignInput } from '#core/contract/index.ts'
import { parseBodyText } from '#core/contract/typed-json.ts'
import { FILE_LIMIT_BYTES } from './upload.ts'

export type SignWay = 'json' | 'file' | 'plan'

export interface SignForm {
  readonly way: SignWay
  readonly kind: string
  readonly subject: string
  readonly task: string
  /** Null: the newest verified anchor, if the network has one. */
  readonly anchor: ContentHash | null
  /** Way json: the body. */
  readonly text: string
  /** Way file: read in pieces when it is signed. */
  readonly file: File | null
  /** Way plan. */
  readonly plan: string
  readonly step: string
  readonly status: string
  readonly note: string
  /** Receipt ids that stand behind the status, separated by spaces or lines. */
  readonly receipts: string
}

export const EMPTY_FORM: SignForm = {
  way: 'json',
  kind: 'evidence/observed',
  subject: '',
  task: '',
  anchor: null,
  text: '{\n  \n}',
  file: null,
  plan: '',
  step: '',
  status: '',
  note: '',
  receipts: '',
}

export const PLAN_STEP = 'plan/step'

/** What an address of the form brings along (`?task=pilot&plan=pilot&step=S2`); nothing for one that names no task. */
export function addressedForm({ task, plan, step }: Readonly<Record<string, string>>): Partial<SignForm> {
  if (task === undefined) return {}
  return plan === undefined ? { task } : { task, way: 'plan', plan, step: step ?? '' }
}

/** Everything but the content; that is the body, or what the upload will be called. */
type Signable = Pick<SignInput, 'kind' | 'subject' | 'task' | 'anchor'>

export type SignReadiness =
  | { readonly ready: true; readonly draft: Signable; readonly body: Json }
  | { readonly ready: true; readonly draft: Signable; readonly file: File }
  | { readonly ready: false; readonly field: keyof SignForm; readonly why: string }

export function signReadiness(form: SignForm): SignReadiness {
  const missing = firstMissing(form)
  if (missing !== null) return missing
  const draft: Signable = {
    kind: form.way === 'plan' ? PLAN_STEP : form.kind,
    subject: subjectOf(form),
    task: form.task.trim() === '' ? null : form.task.trim(),
    anchor: form.anchor,
  }
  switch (form.way) {
    case 'file':
      return form.file === null ? lacks('file', 'Choose a file.') : { ready: true, draft, file: form.file }
    case 'plan':
      return { ready: true, draft, body: planBody(form) }
    case 'json': {
      const body = parseBodyText(form.text)
      return body.ok ? { ready: true, draft, body: body.value } : lacks('text', body.why)
    }
  }
}

/** What the receipt is about: as typed; otherwise the file's name, or the plan and its step. */
export function subjectOf(form: SignForm): string {
  const typed = form.subject.trim()
  if (typed !== '') return typed
  if (form.way === 'file') return form.file?.name ?? ''
  if (form.way === 'plan' && form.plan.trim() !== '' && form.step.trim() !== '')
    return `${form.plan.trim()}#${form.step.trim()}`
  return ''
}

/** Kinds that fit the way: a file is evidence, a plan step is its own kind. */
export function kindsFor<Kind extends { readonly kind: string; readonly byHand: boolean }>(
  way: SignWay,
  kinds: readonly Kind[],
): readonly Kind[] {
  const byHand = kinds.filter((kind) => kind.byHand)
  switch (way) {
    case 'json':
      return byHand
    case 'file':
      return byHand.filter(({ kind }) => kind.startsWith('evidence/'))
    case 'plan':
      return byHand.filter(({ kind }) => kind === PLAN_STEP)
  }
}

const KIND = /^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)+$/
/** What the core takes for finished. */
const DONE: ReadonlySet<string> = new Set(['done', 'complete', 'completed', 'closed'])
const RECEIPT = /^sha256:[0-9a-f]{64}$/

function firstMissing(form: SignForm): Extract<SignReadiness, { ready: false }> | null {
  if (form.way !== 'plan' && !KIND.test(form.kind)) return lacks('kind', 'Choose what signing should claim.')
  if (form.way === 'file' && form.file === null) return lacks('file', 'Choose a file, or drop one here.')
  if (form.way === 'file' && (form.file?.size ?? 0) > FILE_LIMIT_BYTES)
    return lacks('file', 'A file may have at most 64 MiB. Split it, or sign its hash as JSON.')
  if (form.way === 'plan') {
    if (form.plan.trim() === '') return lacks('plan', 'Name the plan.')
    if (form.step.trim() === '') return lacks('step', 'Name its step.')
    if (form.status.trim() === '') return lacks('status', 'Say how the step stands.')
    if (DONE.has(form.status.trim().toLowerCase()) && receiptIds(form).length === 0)
      return lacks('receipts', 'A step is done only by naming at least one receipt that shows it.')
    const wrong = receiptIds(form).find((id) => !RECEIPT.test(id))
    if (wrong !== undefined)
      return lacks('receipts', `“${wrong.slice(0, 40)}” is no receipt id; they begin with sha256:`)
  }
  if (subjectOf(form) === '') return lacks('subject', 'Say what the receipt is about.')
  return null
}

function planBody(form: SignForm): Json {
  const receipts = receiptIds(form)
  const note = form.note.trim()
  return {
    plan: form.plan.trim(),
    step: form.step.trim(),
    status: form.status.trim(),
    ...(receipts.length === 0 ? {} : { receipts }),
    ...(note === '' ? {} : { note }),
  }
}

function receiptIds(form: SignForm): readonly string[] {
  return form.receipts.split(/[\s,]+/).filter((id) => id !== '')
}

function lacks(field: keyof SignForm, why: string): Extract<SignReadiness, { ready: false }> {
  return { ready: false, field, why }
}
