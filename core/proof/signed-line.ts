// A receipt's line as the proof checks it: judged anew, with nothing of the app that exported it.
import { parseJson } from '#core/receipts/parse-json.ts'
import { canonicalText } from './canonical.ts'
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
    const value = parseJson(line)
    return isSignedLine(value) && canonicalText(value) === line ? value : null
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

/**
 * What a claim says, as one hash, as core/receipts has it: of an imported file the hash of its canonical form without signature, else the
 * content it names, or its whole canonical body.
 */
export function contentHashOf({ body }: SignedLine): string {
  const { canonical, content } = body
  if (isHash(canonical) && typeof body['origin'] === 'string' && typeof body['round'] === 'number') return canonical
  if (typeof content === 'object' && content !== null && 'hash' in content && isHash(content.hash)) return content.hash
  return hashName(canonicalText(body))
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

/** Text by the contract's own rule: what browsers make of a 30th of February differs from one to the next. */
function isInstant(value: unknown): boolean {
  return typeof value === 'string' && INSTANT.test(value)
}

const INSTANT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

const MEMBERS = ['receipt', 'node', 'seq', 'prev', 'time', 'kind', 'subject', 'task', 'anchor', 'body', 'sig']
