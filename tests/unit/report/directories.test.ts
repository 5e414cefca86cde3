// What a report says of imported node directories: their anchors, capsules and signatures, and what they count for.
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SummaryFile, type ReportRisk } from '#core/contract/index.ts'
import {
  corpusDirectory,
  DirectoryCopy,
  directoryOf,
  importingSteward,
  type ImportingSteward,
} from '#tests/kit/importer.ts'
import { reportOf, type MadeReport } from '#tests/kit/report.ts'

const risk = ({ summary }: MadeReport, id: ReportRisk['risk']) => summary.risks.find((one) => one.risk === id)!

async function corpusReport(steward: ImportingSteward, ...names: readonly string[]): Promise<MadeReport> {
  await steward.importer.import(...names.map((name) => corpusDirectory(name)))
  return reportOf(steward.world)
}

test('claims of the directory whose anchors nobody goes on from stand under the newest anchor, those of the others under older ones', async () => {
  using steward = importingSteward()
  const made = await corpusReport(steward, 'node-a', 'node-b', 'node-c')
  const newest = made.summary.origins.find(({ name }) => name === 'node-c')!.subjects
  const older = made.summary.origins.reduce((sum, { subjects }) => sum + subjects, 0) - newest
  expect([newest, older]).toEqual([14, 31])
  expect(risk(made, 'stale-anchor').evidence[0]).toBe(
    `Newest claims: ${newest} under the newest anchor of a chain, ${older} under an older one, 0 under one that nobody signed, 0 under none.`,
  )
  expect(risk(made, 'stale-anchor').open).toContain(`${older} newest claims under an anchor that another one follows.`)
})

test('a directory that is imported again with newer anchors stands under them with every file, signed again or not', async () => {
  using steward = importingSteward()
  using copy = new DirectoryCopy('node-a')
  await steward.importer.import(copy.as('node-a'))
  const anchors = JSON.parse(copy.text('governance/anchors.json')) as { events: object[] }
  anchors.events.push({ ts: '2026-01-01T00:00:00Z', by: 'ada', note: 'one more' })
  writeFileSync(copy.path('governance/anchors.json'), JSON.stringify(anchors))
  await steward.importer.import(copy.as('node-a'))
  const made = await reportOf(steward.world)
  expect(risk(made, 'stale-anchor').evidence[0]).toMatch(/under the newest anchor of a chain, 0 under an older one/)
})

test('a capsule whose file has another hash is an alarm, with the state of every directory beside it', async () => {
  using steward = importingSteward()
  using copy = new DirectoryCopy('node-c')
  writeFileSync(copy.path('capsule/current/README.md'), 'other')
  await steward.importer.import(corpusDirectory('node-a'), corpusDirectory('node-b'), copy.as('node-c'))
  const made = await reportOf(steward.world)
  expect(made.summary.exitCode).toBe(3)
  const stale = risk(made, 'stale-anchor')
  expect(stale.level).toBe('alarm')
  expect(stale.evidence).toContain(
    'Anchors of 3 imported directories: One chain: node-c is newest, node-a and node-b are behind on it.',
  )
  expect(stale.evidence).toContain(
    'Capsules of imported directories: Files in the capsule of node-c do not have the hashes that its hashes.json states. Of 42 files listed, 1 was there to be hashed again.',
  )
  expect(stale.open).toContain('1 capsule with files that do not have the hashes stated for them.')
  const byzantine = risk(made, 'byzantine')
  expect(byzantine.level).toBe('alarm')
  expect(byzantine.evidence).toContain('1 imported file with a hash that does not fit the content.')
  expect(byzantine.open).toContain('1 imported file with a false hash to be looked at.')
  expect(made.summary.criteria.find(({ id }) => id === 'signatures')).toMatchObject({ value: 1, state: 'fail' })

  const c = made.summary.origins.find(({ name }) => name === 'node-c')!
  expect(c.found).toMatchObject({
    files: 14,
    anchors: { state: 'newest', events: 11 },
    capsule: { state: 'mismatch', pointer: 'v1.6', listed: 14, checked: 1 },
    signatures: { ok: 2, invalid: 0 },
  })
  const row = made.files
    .get('summary.md')!
    .split('\n')
    .find((line) => line.startsWith('| node-c'))
  expect(row).toMatch(
    /\| newest, 11 events `1d5420114d79` \| mismatch, 1 of 14 hashed `[0-9a-f]{12}` \| 2 ok, 0 bad, 12 none \|$/,
  )
})

test('directories whose capsules hold and whose anchors are of one chain leave nothing open about capsules', async () => {
  using steward = importingSteward()
  const made = await corpusReport(steward, 'node-a', 'node-b', 'node-c')
  expect(risk(made, 'stale-anchor').level).toBe('watch')
  expect(risk(made, 'stale-anchor').open.join()).not.toContain('capsule')
  expect(risk(made, 'byzantine').level).toBe('clear')
})

test('three directories are three independent nodes; who only imports them is none, and lowers no coverage', async () => {
  using steward = importingSteward()
  const made = await corpusReport(steward, 'node-a', 'node-b', 'node-c')
  expect(made.summary.criteria.find(({ id }) => id === 'nodes')).toMatchObject({
    value: 3,
    state: 'ok',
    basis:
      '1 admitted node, 1 of these only imports directories, 3 of 3 imported directories counted by their own anchors or keys.',
  })
  expect(made.summary.recommendation.computed).toBe('go')
  expect(made.summary.coverage).toMatchObject({ basis: 'subjects', have: 45, of: 57, ratio: 789_473 })
  expect(made.summary.nodes).toMatchObject([{ name: 'ada', coverage: null }])
  expect(made.files.get('summary.md')).toMatch(/\n\*\*Recommendation: go\*\*\.\n$/)

  // What she claims herself makes her a node like any other.
  steward.world.deliver([steward.ada.observe('own.json', { value: 1 })])
  const spoken = await reportOf(steward.world)
  expect(spoken.summary.criteria.find(({ id }) => id === 'nodes')).toMatchObject({ value: 4 })
  expect(spoken.summary.coverage).toMatchObject({ have: 46, of: 80 })
})

test('a copy of a directory, and one without anchors and keys of its own, are no further nodes', async () => {
  using steward = importingSteward()
  await steward.importer.import(
    corpusDirectory('node-a'),
    corpusDirectory('node-a', 'copy of a'),
    directoryOf('plain', { '_report/a.json': '{"a":1}' }),
  )
  const made = await reportOf(steward.world)
  expect(made.summary.criteria.find(({ id }) => id === 'nodes')).toMatchObject({ value: 1, state: 'fail' })
  expect(made.summary.origins.find(({ name }) => name === 'plain')).toMatchObject({
    subjects: 1,
    found: { anchors: { state: 'missing', anchor: null }, capsule: { state: 'missing', hash: null } },
  })
  expect(made.files.get('summary.md')).toMatch(/^\| plain \| 1 \| .* \| missing \| missing \| 0 ok, 0 bad, 1 none \|$/m)
})

test('a summary that an earlier version wrote, without how directories were found, is still read', async () => {
  using steward = importingSteward()
  const { summary } = await corpusReport(steward, 'node-a')
  const origins = summary.origins.map(({ found: _found, ...rest }) => rest)
  expect(SummaryFile.parse({ ...summary, origins }).origins).toEqual([
    { name: 'node-a', subjects: 17, coverage: 1_000_000 },
  ])
})
