// A receipt's line as the proof checks it: judged anew, with nothing of the app that exported it.
import canonicalize from 'canonicalize'
import { hashName } from './crypto.ts'
import { hasExactly, PROOF_LIMITS } from './proof.ts'
import { utf8 } from './bytes.ts'

export interface SignedLine {
  readonly node: string
  readonly seq: number
  readonly prev: string | null
  readonly time: string
  readonly kind: string
  readonly subject: string
  readonly task: string | null
  readonly anchor: { readonly hash: string; readonly time: string } | null
  readonly body: Readonly<Record<string, unknown>>
  readonly sig: string
}

/** The receipt that a line is; null where it is none, or not in its one canonical spelling (RFC 8785). Never throws. */
export function readLine(line: string): SignedLine | null {
  if (utf8(line).length > PROOF_LIMITS.lineBytes) return null
  try {
    const value: unknown = JSON.parse(line)
    return isSignedLine(value) && canonicalize(value) === line ? value : null
  } catch {
    return null
  }
}

/** The bytes under the signature: keys are sorted, so the canonical form without `sig` is the line with that member cut out. */
export function signedForm(line: string, { sig }: SignedLine): string {
  const member = `"sig":"${sig}",`
  const at = line.lastIndexOf(member)
  return line.slice(0, at) + line.slice(at + member.length)
}

/** What a claim says, as one hash: the content it names, or its whole canonical body. */
export function contentHashOf({ body }: SignedLine): string {
  const { content } = body
  if (typeof content === 'object' && content !== null && 'hash' in content && isHash(content.hash)) return content.hash
  return hashName(canonicalize(body) ?? '')
}

export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value)
}

function isSignedLine(value: unknown): value is SignedLine {
  if (!hasExactly(value, MEMBERS)) return false
  const { receipt, node, seq, prev, time, kind, subject, task, anchor, body, sig } = value
  return (
    receipt === 'steward/1' &&
    [node, kind, subject].every((text) => typeof text === 'string' && text !== '') &&
    Number.isSafeInteger(seq) &&
    Number(seq) >= 1 &&
    (seq === 1 ? prev === null : isHash(prev)) &&
    isInstant(time) &&
    (task === null || (typeof task === 'string' && task !== '')) &&
    (anchor === null ||
      (hasExactly(anchor, ['hash', 'time']) && isHash(anchor['hash']) && isInstant(anchor['time']))) &&
    typeof body === 'object' &&
    body !== null &&
    !Array.isArray(body) &&
    // 64 bytes leave four unused bits in the last character; they are zero, or one signature would have 16 spellings.
    typeof sig === 'string' &&
    /^[A-Za-z0-9_-]{85}[AQgw]$/.test(sig)
  )
}

function isInstant(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  )
}

const MEMBERS = ['receipt', 'node', 'seq', 'prev', 'time', 'kind', 'subject', 'task', 'anchor', 'body', 'sig']
