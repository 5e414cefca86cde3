// Coverage as a steward sees it: who lacks what of the expected artefacts.
import { Cursor, type CoverageView } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { createNames, MergedFeeds, policyInForce } from '#core/network/index.ts'
import { sharesOf } from './coverage.ts'
import { subjectPattern } from './subject-pattern.ts'

const MILLION = 1_000_000

/** Every node's and directory's share, those that lack most first. */
export function coverageView(db: ReadDb): CoverageView {
  const patterns = policyInForce(db).expected ?? []
  if (patterns.length === 0) return { items: [] }
  const names = createNames(db)
  const items = sharesOf(db, new MergedFeeds(db), patterns).map((share) => {
    const imported = !share.claimant.startsWith('did:key:')
    return {
      ...share,
      // What is no label is a node's id.
      name: imported ? share.claimant : names.of(share.claimant as Parameters<typeof names.of>[0]),
      imported,
      ppm: ppmOf(share),
      patterns: share.patterns.map((one) => ({ ...one, ppm: ppmOf(one) })),
    }
  })
  return { items: items.sort((one, other) => one.ppm - other.ppm || (one.name < other.name ? -1 : 1)) }
}

function ppmOf({ present, expected }: { readonly present: number; readonly expected: number }): number {
  return Math.floor((present * MILLION) / expected)
}

/** What a claimant lacks, in the order of paths; a pattern that nobody has anything of stands for itself. */
export function missingArtefacts(
  db: ReadDb,
  {
    claimant,
    after,
    limit,
  }: { readonly claimant: string; readonly after?: Cursor | undefined; readonly limit: number },
): { items: { path: string; pattern: string }[]; next: Cursor | null } {
  const patterns = [...new Set(policyInForce(db).expected ?? [])]
  const fitting = patterns.map((pattern) => ({ pattern, fits: subjectPattern(pattern) }))
  const paths = db
    .prepare<[string, string, number], string>(`
      SELECT DISTINCT path FROM reconcile_present AS here
      WHERE path > ? AND NOT EXISTS (
        SELECT 1 FROM reconcile_present AS own WHERE own.path = here.path AND own.claimant = ?
      )
      ORDER BY path LIMIT ?
    `)
    .pluck()
    .all(after ?? '', claimant, limit + 1)
  const items = paths.slice(0, limit).map((path) => ({
    path,
    pattern: fitting.find(({ fits }) => fits(path))?.pattern ?? '',
  }))
  const last = items.at(-1)?.path
  const next = paths.length > limit && last !== undefined ? Cursor.parse(last) : null
  // Patterns without any artefact come last, on the page that ends the list.
  return { items: next === null ? [...items, ...emptyPatterns(db, patterns)] : items, next }
}

/** What a claimant lacks, for the review: its share by pattern, then the artefacts themselves. */
export function missingLines(db: ReadDb, claimant: string): { label: string; value: string }[] {
  const share = coverageView(db).items.find((item) => item.claimant === claimant)
  const { items, next } = missingArtefacts(db, { claimant, limit: LISTED })
  return [
    ...(share?.patterns ?? []).map(({ pattern, present, expected, ppm }) => ({
      label: pattern,
      value: `${present.toLocaleString('en')} of ${expected.toLocaleString('en')} (${ppm.toLocaleString('en')} ppm)`,
    })),
    ...items.map(({ path }) => ({ label: 'Missing', value: path })),
    ...(next === null ? [] : [{ label: 'Missing', value: 'and more' }]),
  ]
}

const LISTED = 100

function emptyPatterns(db: ReadDb, patterns: readonly string[]): { path: string; pattern: string }[] {
  const known = new Set(
    db.prepare<[], string>("SELECT pattern FROM reconcile_coverage WHERE claimant = ''").pluck().all(),
  )
  return patterns.filter((pattern) => !known.has(pattern)).map((pattern) => ({ path: pattern, pattern }))
}
