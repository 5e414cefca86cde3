// The envelope: eleven members, no other. The body is only known to be an object here; its kind's schema judges it later.
import * as z from 'zod'
import { ContentHash, Instant, NodeId, ReceiptId } from '#core/contract/ids.ts'
import { invariant } from '#core/problem/index.ts'
import { isRealInstant } from './instant.ts'
import { LIMITS } from './limits.ts'
import { refused } from './refusal.ts'
import type { Parsed, Receipt } from './types.ts'

/** Judges a parsed JSON value as a receipt's envelope. */
export function parseEnvelope(value: unknown): Parsed<Receipt> {
  const shaped = Shape.safeParse(value)
  if (!shaped.success) {
    return refused('bad-envelope', shapeFault(shaped.error.issues), nodeOf(value))
  }
  // The schema leaves every member as it is, so the value that it accepted is the receipt itself; the body comes next.
  const receipt = value as Receipt
  const fault = envelopeFault(receipt)
  if (fault !== null) return refused('bad-envelope', fault, receipt.node)
  const text = textFault('subject', receipt.subject) ?? (receipt.task === null ? null : textFault('task', receipt.task))
  return text === null ? { ok: true, value: receipt } : refused('bad-text', text, receipt.node)
}

// Refinements would cost a third more per receipt; what a pattern cannot say is checked below.
const Shape = z.strictObject({
  anchor: z.strictObject({ hash: ContentHash, time: Instant }).nullable(),
  body: z.unknown(),
  kind: z
    .string()
    .max(LIMITS.kindBytes)
    .regex(/^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)+$/, 'is no namespaced kind such as “evidence/observed”'),
  node: NodeId,
  prev: ReceiptId.nullable(),
  receipt: z.literal('steward/1'),
  seq: z.int().min(1),
  // 64 bytes leave four unused bits in the last character; they must be zero, or one signature would have 16 spellings.
  sig: z.string().regex(/^[A-Za-z0-9_-]{85}[AQgw]$/, 'is no Ed25519 signature in base64url'),
  subject: z.string(),
  task: z.string().nullable(),
  time: Instant,
})

function envelopeFault({ anchor, body, prev, seq, time }: Receipt): string | null {
  // From here on the type of the body holds: the schema has let anything through.
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return '“body” is no JSON object.'
  if (!isRealInstant(time)) return '“time” is no date that exists.'
  if (anchor !== null && !isRealInstant(anchor.time)) return '“anchor.time” is no date that exists.'
  if ((seq === 1) !== (prev === null)) return '“prev” must be null at seq 1 and name a receipt everywhere else.'
  return null
}

const ASCII_TEXT = /^[\x20-\x7e]+$/
// C0, DEL and C1: they are not seen, but change what a steward sees.
const CONTROL = /\p{Cc}/u

function textFault(field: string, text: string): string | null {
  if (text.length === 0) return `“${field}” is empty.`
  if (text.length > LIMITS.textBytes) return tooLong(field, text)
  if (ASCII_TEXT.test(text)) return null
  if (CONTROL.test(text)) return `“${field}” holds a control character.`
  if (text.normalize('NFC') !== text) return `“${field}” is not in Unicode form NFC.`
  return Buffer.byteLength(text) > LIMITS.textBytes ? tooLong(field, text) : null
}

function tooLong(field: string, text: string): string {
  return `“${field}” has ${Buffer.byteLength(text)} bytes; at most ${LIMITS.textBytes} are taken.`
}

function shapeFault(issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = issues
  invariant(issue !== undefined, 'what does not fit a schema has an issue')
  const field = issue.path.length === 0 ? 'The receipt' : `“${issue.path.join('.')}”`
  return `${field}: ${issue.message}.`
}

/** The node that a value says it is from, where it says so in the right form. */
function nodeOf(value: unknown): NodeId | null {
  if (typeof value !== 'object' || value === null || !('node' in value)) return null
  const node = NodeId.safeParse(value.node)
  return node.success ? node.data : null
}
