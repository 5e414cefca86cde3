// What a report says of imported node directories: their anchors, capsules and signatures, and what they count for.
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ReportRisk } from '#core/contract/index.ts'
import { corpusDirectory, DirectoryCopy, importingSteward, type ImportingSteward } from '#tests/kit/importer.ts'
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
