// What a person signs: a kind that may be signed by hand, a body or a file, under the newest verified anchor.
import type * as z from 'zod'
import {
  issueWords,
  type ContentHash,
  type Instant,
  type Json,
  type ReceiptId,
  type SignInput,
} from '#core/contract/index.ts'
import { features } from '#core/features.ts'
import { StewardError } from '#core/problem/index.ts'
import { anchorByHash, newestAnchor } from '#core/reconcile/index.ts'
import { signReceipt, type Anchor, type Draft } from '#core/receipts/index.ts'
import { isDone, PLAN_STEP, StepBody } from '#core/tasks/index.ts'
import type { AppCore } from './app-core.ts'
import type { Session } from './session.ts'

type Body = { readonly [key: string]: Json }

export function signByHand(app: AppCore, input: SignInput): Promise<{ id: ReceiptId; seq: number }> {
  return app.during(async (session) => {
    const { kind, subject, task, content } = input
    // Whatever would refuse it does so before content is taken in: nothing is kept unless a receipt names it.
    session.mustSign()
    const anchor = anchorOf(session, input.anchor)
    const draft = (body: Body): Draft => ({ kind, subject, task, anchor, body: checked(kind, body) })
    if (content.type === 'body') return signed(session, draft(objectBody(content.body)))

    const size = app.uploads.sizeBytes(content.upload)
    const name = content.name.normalize('NFC')
    refuseUnfit(session, draft({ content: { hash: PLACEHOLDER, size, name } }), app.deps.clock())
    const hash = await takeIn(session, app.uploads.path(content.upload))
    const answer = signed(session, draft({ content: { hash, size, name } }))
    app.uploads.cancel(content.upload)
    return answer
  })
}

function signed(session: Session, draft: Draft): { id: ReceiptId; seq: number } {
  const { id, receipt } = session.sign(draft)
  return { id, seq: receipt.seq }
}

/** @throws StewardError DRAFT_REFUSED, as signing would: its judge is asked with a signer that signs nothing. */
function refuseUnfit(session: Session, draft: Draft, time: Instant): void {
  signReceipt(draft, { seq: 1, prev: null, time }, { node: session.node, sign: () => new Uint8Array(64) })
}

/** As long as a hash, for judging a body before its content was read. */
const PLACEHOLDER = `sha256:${'0'.repeat(64)}` as ContentHash

/** Every kind this version knows, for the picker; an unknown kind may be signed too and is kept without meaning here. */
export function kindsByHand() {
  return features.flatMap(({ kinds }) => kinds.map(({ kind, claims, byHand }) => ({ kind, claims, byHand })))
}

async function takeIn(session: Session, path: string): Promise<ContentHash> {
  const copied = await session.blobs.putFile(path, null)
  if (copied.outcome !== 'copied') throw fileNotTaken()
  // What putFile answers is SHA-256 in hex.
  return `sha256:${copied.sha256}` as ContentHash
}

function objectBody(body: Json): Body {
  // A JSON object is what is left when null, primitives and arrays are not.
  if (body !== null && typeof body === 'object' && !Array.isArray(body)) return body as Body
  throw new StewardError({
    code: 'BODY_NOT_OBJECT',
    happened: 'The body of a receipt is a JSON object.',
    kept: 'Nothing was signed.',
    remedy: 'Put the value into an object, for instance {"value": …}.',
  })
}

/** @throws StewardError BODY_NOT_OF_KIND, KIND_NOT_BY_HAND. */
function checked(kind: string, body: Body): Body {
  const known = features.flatMap(({ kinds }) => [...kinds]).find((spec) => spec.kind === kind)
  if (known === undefined) return body
  if (!known.byHand) {
    throw new StewardError({
      code: 'KIND_NOT_BY_HAND',
      happened: `Receipts of kind ${kind} are signed by their own command.`,
      kept: 'Nothing was signed.',
      remedy:
        'Do it where it belongs: decisions and standing rules at a conflict, admissions and rules at the network, briefs at a report; there you see first what signing means. A node says its name when it is made.',
    })
  }
  const judged = known.body.safeParse(body)
  if (judged.success) {
    if (kind === PLAN_STEP) refuseUnproven(StepBody.parse(body))
    return body
  }
  const [why] = judged.error.issues.map((issue) => `${fieldName(issue.path)} ${issueWords(issue)}`)
  throw new StewardError({
    code: 'BODY_NOT_OF_KIND',
    happened: `The body does not fit ${kind}: ${why}.`,
    kept: 'Nothing was signed.',
    remedy: 'Correct that field and sign again.',
  })
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'it' : `“${path.map(String).join('.')}”`
}

/** @throws StewardError STEP_WITHOUT_RECEIPT: a step is done only by naming what shows it. */
function refuseUnproven({ step, status, receipts = [] }: z.infer<typeof StepBody>): void {
  if (!isDone(status) || receipts.length > 0) return
  throw new StewardError({
    code: 'STEP_WITHOUT_RECEIPT',
    happened: `Step ${step} would be called ${status} without a receipt that shows it.`,
    kept: 'Nothing was signed.',
    remedy: 'Name at least one receipt that stands behind it, or give it another status.',
  })
}

/** @throws StewardError ANCHOR_UNKNOWN where the steward names an anchor that nobody signed. */
function anchorOf(session: Session, hash: ContentHash | null): Anchor | null {
  if (hash === null) return newestAnchor(session.ledger.read)
  const anchor = anchorByHash(session.ledger.read, hash)
  if (anchor !== null) return anchor
  throw new StewardError({
    code: 'ANCHOR_UNKNOWN',
    happened: `No admitted node has signed the anchor ${hash}.`,
    kept: 'Nothing was signed.',
    remedy: 'Sign a governance/anchor receipt for it first, or sign without naming an anchor.',
  })
}

/** It was whole and small enough a moment ago. */
function fileNotTaken(): StewardError {
  return new StewardError({
    code: 'FILE_NOT_TAKEN',
    happened: 'The file changed while it was read.',
    kept: 'Nothing was signed.',
    remedy: 'Choose it again.',
  })
}
