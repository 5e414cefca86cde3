// What an address of the list asks to see: `?task=pilot&kind=plan/step`. A number elsewhere leads to exactly what it counts.
import { Instant, type ContentHash, type NodeId, type ReceiptFilter } from '#core/contract/index.ts'

type Addressed = { [Key in keyof ReceiptFilter]: ReceiptFilter[Key] | undefined }

/** The whole filter, also the parts that are off; null for an address that names none. */
export function addressedReceipts(query: Readonly<Record<string, string>>): Addressed | null {
  const { task, node, kind, subject, anchor, arrivedFrom, arrivedTo } = query
  if ([task, node, kind, subject, anchor, arrivedFrom, arrivedTo].every((part) => part === undefined)) return null
  return {
    task,
    kind,
    subject,
    // A name that is none finds nothing.
    node: node as NodeId | undefined,
    anchor: anchor !== undefined && /^sha256:[0-9a-f]{64}$/.test(anchor) ? (anchor as ContentHash) : undefined,
    from: undefined,
    to: undefined,
    arrivedFrom: Instant.safeParse(arrivedFrom).data,
    arrivedTo: Instant.safeParse(arrivedTo).data,
  }
}
