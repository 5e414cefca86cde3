// Coverage of what policy expects, pattern by pattern, as the report tells it.
import type { ReportCoverage } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { coverageView, missingArtefacts } from '#core/reconcile/index.ts'
import { ppmOf } from './wording.ts'

/** So many missing artefacts of a pattern are named, the first in the order of subject; all of them are counted. */
const NAMED_MISSING = 50

/** Null where policy expects nothing. */
export function expectedCoverage(db: ReadDb): ReportCoverage | null {
  const items = [...coverageView(db).items].sort((a, b) => (a.claimant < b.claimant ? -1 : 1))
  if (items.length === 0) return null
  const absent = items.flatMap(({ claimant, name }) =>
    missingArtefacts(db, { claimant, limit: NAMED_MISSING }).items.map(({ path, pattern }) => ({
      pattern,
      name,
      subject: path,
    })),
  )
  const names = [...new Set(items.flatMap((item) => item.patterns.map((share) => share.pattern)))].sort()
  const patterns = names.map((pattern) => {
    const claimants = items.flatMap(({ claimant, name, imported, patterns: shares }) =>
      shares
        .filter((share) => share.pattern === pattern)
        .map(({ present, expected }) => ({ claimant, name, origin: imported, have: present, of: expected })),
    )
    const { have, of } = totals(claimants)
    return {
      pattern,
      ratio: ppmOf(have, of),
      claimants,
      missing: absent
        .filter((one) => one.pattern === pattern)
        .map(({ name, subject }) => ({ name, subject }))
        .sort((a, b) => (a.subject === b.subject ? (a.name < b.name ? -1 : 1) : a.subject < b.subject ? -1 : 1))
        .slice(0, NAMED_MISSING),
      missingCount: of - have,
    }
  })
  const { have, of } = totals(patterns.flatMap((one) => one.claimants))
  return { basis: 'expected', ratio: ppmOf(have, of), have, of, patterns }
}

function totals(shares: readonly { readonly have: number; readonly of: number }[]): { have: number; of: number } {
  return {
    have: shares.reduce((sum, share) => sum + share.have, 0),
    of: shares.reduce((sum, share) => sum + share.of, 0),
  }
}
