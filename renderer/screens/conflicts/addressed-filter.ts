// What an address of the queue asks to see: `?status=open&kind=fork,withheld`. A number elsewhere in the window leads to exactly what it counts.
import type { ConflictFilter, ConflictKind, NodeId, Severity } from '#core/contract/index.ts'
import { CONFLICT_KINDS } from './conflict-kinds.ts'

/** The whole filter, also the parts that are off; null for an address that names none. */
export function addressedFilter(query: Readonly<Record<string, string>>): Required<ConflictFilterPart> | null {
  const { status, kind, severity, task, node, subject, overdue } = query
  if ([status, kind, severity, task, node, subject, overdue].every((part) => part === undefined)) return null
  const named = kind?.split(',') ?? []
  const known = CONFLICT_KINDS.filter((one) => named.includes(one))
  return {
    status: status === 'settled' || status === 'all' ? status : 'open',
    kinds: known.length === 0 ? undefined : known,
    severity: severityFrom(severity),
    task,
    // A name that is none finds nothing.
    node: node as NodeId | undefined,
    subject,
    overdue: overdue === '1' ? true : undefined,
  }
}

type ConflictFilterPart = { [Key in keyof ConflictFilter]: ConflictFilter[Key] | undefined } & {
  status: ConflictFilter['status']
  kinds: ConflictKind[] | undefined
}

function severityFrom(text: string | undefined): Severity | undefined {
  return text === '1' || text === '2' || text === '3' ? SEVERITIES[text] : undefined
}

const SEVERITIES = { '1': 1, '2': 2, '3': 3 } as const
