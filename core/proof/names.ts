// What nodes call themselves in a proof. A name is the node's own word, signed in its profile; only the id is the node.
import type { CheckedReceipt } from './check-receipt.ts'
import type { SignedLine } from './signed-line.ts'

export interface ProofNames {
  /** The name that a node gave itself, or enough of its id to recognise it. */
  of(node: string): string
  /** Whose claim a receipt is: the imported directory's, or else its own node's. */
  speakerOf(receipt: SignedLine): string
}

/** Of several profiles of one node, the newest. */
export function namesFrom(receipts: readonly CheckedReceipt[]): ProofNames {
  const newest = new Map<string, { readonly seq: number; readonly name: string }>()
  for (const { role, receipt } of receipts) {
    const name = receipt?.body['name']
    if (role !== 'name' || receipt === null || receipt.kind !== 'node/profile' || typeof name !== 'string') continue
    if ((newest.get(receipt.node)?.seq ?? 0) < receipt.seq) newest.set(receipt.node, { seq: receipt.seq, name })
  }
  const of = (node: string) => newest.get(node)?.name ?? shortNode(node)
  return { of, speakerOf: (receipt) => originOf(receipt) ?? of(receipt.node) }
}

/** The imported directory that a receipt was signed for; null for a node's own. */
export function originOf({ kind, body }: SignedLine): string | null {
  const { origin } = body
  return kind === 'evidence/observed' && typeof origin === 'string' ? origin : null
}

function shortNode(node: string): string {
  const key = node.replace(/^did:key:/, '')
  return `${key.slice(0, 4)}…${key.slice(-6)}`
}

/** `2026-11-21 10:00:05 UTC`. */
export function utcWords(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`
}
