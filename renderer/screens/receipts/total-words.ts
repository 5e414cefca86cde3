// How many receipts a list finds, as far as the core counted them.
import { grouped } from '#ui/components/grouped.ts'

interface Counted {
  readonly total: number | null
  readonly moreThan: number | null
}

/** Null where nothing is known to say. */
export function totalWords({ total, moreThan }: Counted, isNarrowed: boolean): string | null {
  const behind = isNarrowed ? 'found' : 'in all'
  if (total !== null) return `${grouped(total)} ${behind}`
  return moreThan === null ? null : `more than ${grouped(moreThan)} ${behind}`
}
