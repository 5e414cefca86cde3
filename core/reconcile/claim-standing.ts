// Of all claims about a subject: which count now, and why the others do not.
import type { ReadDb } from '#core/ledger/index.ts'
import { createNames, MergedFeeds, policyInForce, type Names } from '#core/network/index.ts'
import { anchorView, mergedAnchors } from './anchor-reading.ts'
import { newestClaims } from './claim-reading.ts'
import { judgeClaims } from './judge-claims.ts'
import { subjectRules } from './subject-rules.ts'
import type { Instant } from '#core/contract/index.ts'

/** Asked for many subjects of one page; make a new one for the next. */
interface ClaimStandings {
  /** Why the claim of this receipt no longer counts, one sentence; null where it does, and for what is no claim. */
  superseded(place: { readonly subjectKey: number; readonly arrival: number; readonly isClaim: boolean }): string | null
}

export function claimStandings(db: ReadDb, now: Instant): ClaimStandings {
  const feeds = new MergedFeeds(db)
  const names = createNames(db)
  const anchors = mergedAnchors(db, feeds)
  const rulesFor = subjectRules(policyInForce(db))
  const known = new Map<number, ReadonlyMap<number, string | null>>()

  const judge = (subjectKey: number): ReadonlyMap<number, string | null> => {
    const claims = newestClaims(db, feeds, subjectKey)
    const judged = judgeClaims(
      claims,
      anchors,
      rulesFor(() => nameOf(db, subjectKey)),
      Date.parse(now),
    )
    const why = new Map<number, string | null>(claims.map((claim) => [claim.arrival, null]))
    for (const { claim, by, ahead } of judged.superseded) {
      const newer = anchorView(db, { hash: by, time: now }, feeds)
      const label = newer.state === 'verified' || newer.state === 'stale' ? newer.label : 'a newer one'
      why.set(
        claim.arrival,
        ahead === true
          ? 'Put aside by rule: another ledger goes on from where it ends.'
          : `Put aside by rule: the most recent anchor holds, and ${label} follows its own.`,
      )
    }
    return why
  }
  return {
    superseded({ subjectKey, arrival, isClaim }) {
      if (!isClaim) return null
      let judged = known.get(subjectKey)
      if (judged === undefined) {
        judged = judge(subjectKey)
        known.set(subjectKey, judged)
      }
      const why = judged.get(arrival)
      return why === undefined ? replacedBy(db, names, subjectKey, arrival, judged) : why
    },
  }
}

/** A claim that is not among the newest: its node, or its directory, has said something since. */
function replacedBy(
  db: ReadDb,
  names: Names,
  subjectKey: number,
  arrival: number,
  standing: ReadonlyMap<number, unknown>,
): string | null {
  const rows = db
    .prepare<[number], { arrival: number; seq: number; node: string; origin: string | null }>(`
      SELECT claim.arrival, claim.seq, node.id AS node, claim.origin
      FROM reconcile_claim AS claim JOIN node ON node.key = claim.node_key WHERE claim.subject_key = ?
      -- Several may stand, and storage order must not show.
      ORDER BY claim.seq, node.id
    `)
    .all(subjectKey)
  const own = rows.find((row) => row.arrival === arrival)
  if (own === undefined) return null
  const newer = rows.find(
    (row) => standing.has(row.arrival) && row.origin === own.origin && (own.origin !== null || row.node === own.node),
  )
  return newer === undefined ? null : `Replaced by ${own.origin ?? names.of(nodeId(own.node))}’s receipt #${newer.seq}.`
}

function nodeId(text: string) {
  // Only nodes are kept in that column.
  return text as Parameters<Names['of']>[0]
}

function nameOf(db: ReadDb, subjectKey: number): string {
  return db.prepare<[number], string>('SELECT subject FROM subject WHERE key = ?').pluck().get(subjectKey) ?? ''
}
