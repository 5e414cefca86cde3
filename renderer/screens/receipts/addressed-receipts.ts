// What an address of the list asks to see: `?task=pilot&kind=plan/step`. A number elsewhere leads to exactly what it counts.
import type { ContentHash, Instant, NodeId, ReceiptFilter } from '#core/contract/index.ts'

type Addressed = { [Key in keyof ReceiptFilter]: ReceiptFilter[Key] | undefined }

/** The whole filter, also the parts that are off; null for an address that names none. */
export function addressedReceipts(query: Readonly<Record<string, string>>): Addressed | null {
  const { task, node, kind, subject, anchor, from, to, arrivedFrom, arrivedTo } = query
  if ([task, node, kind, subject, anchor, from, to, arrivedFrom, arrivedTo].every((part) => part === undefined))
    return null
  return {
    task,
    kind,
    subject,
    // A name that is none finds nothing.
    node: node as NodeId | undefined,
    anchor: anchor !== undefined && /^sha256:[0-9a-f]{64}$/.test(anchor) ? (anchor as ContentHash) : undefined,
    from: instantOf(from),
    to: instantOf(to),
    arrivedFrom: instantOf(arrivedFrom),
    arrivedTo: instantOf(arrivedTo),
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

// The schemas stay out of the window: they are larger than any screen of it, and ask whether code may be made from text.
function instantOf(text: string | undefined): Instant | undefined {
  return text !== undefined && INSTANT.test(text) && !Number.isNaN(Date.parse(text)) ? (text as Instant) : undefined
}
