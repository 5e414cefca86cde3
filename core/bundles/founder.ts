// Before the founding receipt of the network is here nobody is admitted, so nothing of a bundle could be read. Who signed it is found by
// its id, which the node knows from joining.
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import type { VerificationPool } from '#core/exchange/index.ts'
import { judgeSegments } from './judged.ts'
import type { Layout } from './layout.ts'
import type { BundleReader } from './types.ts'

/** Whose feed in the bundle begins with the founding receipt; null where none does. */
export async function founderIn(
  reader: BundleReader,
  { nodes }: Layout,
  pool: VerificationPool,
  genesis: ReceiptId,
): Promise<NodeId | null> {
  for (const [node, { segments }] of nodes) {
    const firsts = segments.filter(({ range }) => range.first === 1)
    for await (const { judged } of judgeSegments(reader, pool, node, firsts)) {
      if (judged.result !== 'read') continue
      if (judged.verified.slice(0, judged.verified.count).some(({ id }) => id === genesis)) return node
    }
  }
  return null
}
