// What became of a file's import, in one sentence.
import type { PlacedClaim } from './claim-reading.ts'
import { isMarked } from './imported.ts'

/** `standing`: the claims on the subject that stand now, in an order that is the same everywhere; `row`: a merged import of `origin`. */
export function importNote(
  standing: readonly PlacedClaim[],
  origin: string,
  row: { readonly arrival: number },
  nameOf: (nodeKey: number) => string,
): string {
  const ofOrigin = standing.filter((claim) => claim.origin === origin)
  const own = ofOrigin.find((claim) => claim.arrival === row.arrival)
  if (own === undefined) {
    const [last] = ofOrigin
    return last === undefined
      ? `Imported from ${origin}.`
      : `Replaced by a later import of ${origin}: ${nameOf(last.nodeKey)}'s receipt #${last.seq}.`
  }
  if (isMarked(own.marks, 'gone')) return `The file is gone from ${origin}.`
  const twin = standing.find((other) => other !== own && other.hash === own.hash && differsInBytes(own, other))
  const beside = twin === undefined ? '' : ` Same content as ${twin.origin ?? nameOf(twin.nodeKey)}, different bytes.`
  return `The last import of ${origin}.${beside}`
}

function differsInBytes(one: PlacedClaim, other: PlacedClaim): boolean {
  return (one.raw ?? one.hash) !== (other.raw ?? other.hash)
}
