import type { NodeId } from '#core/contract/index.ts'
import type { Refusal, RefusalReason } from './types.ts'

export interface Refused {
  readonly ok: false
  readonly refusal: Refusal
}

/** A judgement on what others sent: data to be kept and shown, never thrown. */
export function refused(reason: RefusalReason, detail: string, node: NodeId | null = null): Refused {
  return { ok: false, refusal: { reason, detail, node } }
}
