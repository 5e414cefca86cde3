// What is different about claims of imported directories: which of them count, when they say the same, how old they are, and that
// one without a signature never wins over one with.
import type { ContentHash } from '#core/contract/index.ts'
import type { MergedFeeds, ReceiptPlace } from '#core/network/index.ts'
import { isMarked } from './imported.ts'
import type { Claim, Finding, SubjectRules } from './judge-claims.ts'

/** A file that is gone from its directory claims nothing; without a signature it may not count by policy. */
export function counts(claim: Claim, { refusesUnsigned }: SubjectRules): boolean {
  if (isGone(claim)) return false
  return refusesUnsigned !== true || !isMarked(claim.marks, 'unsigned')
}

/**
 * Equal hashes; or equal bytes, where one was compared by its content without signature and the other, signed by hand, only by its
 * bytes.
 */
export function sayTheSame(claims: readonly Claim[]): boolean {
  const [first] = claims
  if (first === undefined || claims.every((claim) => claim.hash === first.hash)) return true
  const contentByRaw = new Map<ContentHash, ContentHash>()
  for (const { raw, hash } of claims) if (raw !== undefined && raw !== null) contentByRaw.set(raw, hash)
  if (contentByRaw.size === 0) return false
  const contentOf = ({ hash }: Claim) => contentByRaw.get(hash) ?? hash
  return claims.every((claim) => contentOf(claim) === contentOf(first))
}

/** When the thing was made. The import of a file says nothing about that, so a file that does not say either has no age. */
export function ageOf({ origin, timeMs, statedMs }: Claim): number | null {
  if (origin === undefined || origin === null) return timeMs
  // What is dated ahead is as new as can be, and no newer than the receipt that tells of it.
  return statedMs === undefined || statedMs === null ? null : Math.min(statedMs, timeMs)
}

/** The most recent anchor would put signed claims aside for what nobody signed: that waits for a person. */
export function unsignedWouldWin(standing: readonly Claim[], older: readonly Claim[]): boolean {
  return (
    !standing.some((claim) => isSigned(claim) && claim.kept !== true) &&
    older.some((claim) => isSigned(claim) && !sayTheSame([...standing, claim]))
  )
}

/** Of hash-ledgers where each is the beginning of one, that one; null where the claims are no such ledgers. */
export function aheadOfAll<C extends Claim>(claims: readonly C[]): C | null {
  // Asked of every difference: most claims are no hash-ledgers.
  if (claims.some((claim) => tipOf(claim) === null)) return null
  return claims.find((claim) => claims.every((other) => other.hash === claim.hash || isBeginning(other, claim))) ?? null
}

/** Each entry's hash covers all entries before it, so the newest entry of one, found inside the other, is a common beginning. */
function isBeginning(claim: Claim, other: Claim): boolean {
  const tip = tipOf(claim)
  return tip !== null && tip !== tipOf(other) && other.chain?.includes(tip) === true
}

function tipOf({ chain }: Claim): string | null {
  return chain?.at(-1) ?? null
}

/** What does not hold about single files, whether others differ from them or not. */
export function flawFindings<C extends Claim>(claims: readonly C[]): Finding<C>[] {
  return claims.flatMap((claim) => {
    if (claim.marks === undefined || claim.marks === null) return []
    const about = { members: [claim], sinceMs: claim.timeMs }
    return [
      ...(isMarked(claim.marks, 'badSignature') ? [{ kind: 'invalid-signature' as const, ...about }] : []),
      ...(isMarked(claim.marks, 'mismatch') ? [{ kind: 'content-mismatch' as const, ...about }] : []),
    ]
  })
}

/** A claim as the tables hold it, with its import round. */
export interface RoundedClaim extends Claim, ReceiptPlace {
  readonly round: number | null
}

/**
 * Of rows that nodes signed for imported directories, those that stand: of each directory the merged ones of its highest round, of
 * each node its newest. Several only where nodes imported the directory without knowing of each other, or where what nobody signed
 * came in the place of something else that was signed.
 */
export function lastImports<C extends RoundedClaim>(rows: readonly C[], feeds: MergedFeeds): C[] {
  const byOrigin = Map.groupBy(
    rows.filter((row) => feeds.isMerged(row)),
    (row) => row.origin,
  )
  return [...byOrigin.values()].flatMap((merged) => {
    const last = ofHighestRound(merged)
    return [...last, ...stillSpeaking(last, ofHighestRound(merged.filter(isSigned)))]
  })
}

/** Whether earlier imports of the same file than these change nothing about what stands. */
export function areEnough(merged: readonly RoundedClaim[]): boolean {
  return merged.length > 0 && (merged.some(isSigned) || merged.every(isGone))
}

/** Of the newest signed claims of one directory those that speak on: what replaced them says something else, and nobody signed it. */
export function stillSpeaking<C extends Claim>(last: readonly C[], signed: readonly C[]): C[] {
  const present = last.filter((claim) => !isGone(claim))
  if (present.length === 0 || present.some(isSigned)) return []
  return signed.filter((claim) => !sayTheSame([...present, claim])).map((claim) => ({ ...claim, kept: true }))
}

export function isSigned({ marks }: Pick<Claim, 'marks'>): boolean {
  return !isMarked(marks, 'unsigned') && !isMarked(marks, 'gone')
}

function isGone({ marks }: Claim): boolean {
  return isMarked(marks, 'gone')
}

/** Of rows of one directory those of its highest round, of each node the newest. */
function ofHighestRound<C extends RoundedClaim>(rows: readonly C[]): C[] {
  const highest = Math.max(...rows.map((row) => row.round ?? 0))
  const newestOfNode = new Map<number, C>()
  for (const row of rows) {
    const other = newestOfNode.get(row.nodeKey)
    if (row.round === highest && (other === undefined || row.seq > other.seq)) newestOfNode.set(row.nodeKey, row)
  }
  return [...newestOfNode.values()]
}
