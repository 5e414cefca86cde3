// What the node that imported a file found wrong about it, as it signed that.
import { originOf } from './names.ts'
import type { SignedLine } from './signed-line.ts'

/** Kinds of conflicts that are about what one imported file says of itself. */
export type FlawKind = 'invalid-signature' | 'content-mismatch'

/** One text for each flaw, empty where it was only marked; null where the receipt states none of this kind. */
export function flawsIn(kind: FlawKind, receipt: SignedLine): readonly string[] | null {
  if (originOf(receipt) === null) return null
  const { envelope, mismatches } = receipt.body
  if (kind === 'content-mismatch') {
    const stated = Array.isArray(mismatches) ? mismatches.filter((one) => typeof one === 'string') : []
    return stated.length === 0 ? null : stated
  }
  if (typeof envelope !== 'object' || envelope === null || !('state' in envelope)) return null
  if (envelope.state !== 'invalid') return null
  return 'why' in envelope && typeof envelope.why === 'string' ? [envelope.why] : []
}
