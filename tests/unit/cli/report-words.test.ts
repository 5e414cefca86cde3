// Reports and briefs as a person reads them, and what their exit codes say. Commands go through a running host.
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import type { ReportComparison, ReportId, ReportSummary } from '#core/contract/index.ts'
import { Place, type Core } from '#tests/kit/place.ts'
import { disagreement } from '#tests/kit/proofs.ts'
import { comparisonText } from '../../../core/hosts/cli/commands/report-texts.ts'
import { serve } from './served.ts'

const Made = z.object({ id: z.string(), exported: z.string().nullable() })

async function alone(place: Place): Promise<Core> {
  const ada = await place.node('ada')
  await ada.sync()
  return ada
}

test('a report of nodes that differ says no-go, why, and what is in the way; overridden it says so', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const made = await host.read('report', 'make', '--quick', '--as-of', '2031-01-01T12:00:00Z')
  expect(made.code).toBe(1)
  expect(made.out).toMatch(/^No-go as of 2031-01-01 12:00 UTC: 2 nodes, \d+ receipts, 1 open conflict\n- /)
  expect(made.out).toMatch(/In the way:\n {2}.*counts\.json.*\n {4}\S.*\n/)
  expect(made.out).toMatch(/Wrote \S+20310101T120000Z\n$/)

  const signed = await host.read('report', 'override', 'latest', '--verdict', 'go', '--reason', 'they are test data')
  expect(signed.out).toMatch(/^Signed go for 20310101T120000Z with receipt [0-9a-f]{12}\n$/)
  const again = await host.run('report', 'make', '--quick', '--as-of', '2031-01-01T12:00:01Z', '--out', 'copy')
  expect(Made.parse(again.json).exported).toBe(join(place.folder, 'copy'))
  expect((await host.read('report', 'list')).out).toMatch(/20310101T120001Z +go \(overridden\) +2 /)
  const over = await host.read('report', 'make', '--quick', '--as-of', '2031-01-01T12:00:02Z', '--out', 'copy')
  expect(over.out).toMatch(/^Go \(overridden\) as of /)
  expect(over.out).toContain(`Copied to ${join(place.folder, 'copy')}\n`)

  const compared = await host.read('report', 'compare', '20310101T120000Z')
  expect(compared.out).toMatch(/^ +20310101T120000Z +20310101T120002Z\n/)
  expect((await host.run('report', 'compare', '20310101T120000Z', '20310101T120001Z')).json).toMatchObject({
    to: { id: '20310101T120001Z' },
  })
})

test('a report is copied by its name or as the newest, and its schemas are printed', async () => {
  await using place = new Place()
  const ada = await alone(place)
  await using host = await serve(ada)
  expect((await host.read('report', 'show')).err).toContain(
    'There is no report yet.\nNothing was changed.\nMake one with `steward report make`.\n',
  )
  const { id } = Made.parse((await host.run('report', 'make', '--quick')).json)
  const copied = await host.read('report', 'export', '--out', 'stick')
  expect(copied.out).toMatch(new RegExp(`^Copied \\d+ files of ${id} to ${join(place.folder, 'stick')}\n$`))
  expect(existsSync(join(place.folder, 'stick', '_report', 'network', id, 'summary.md'))).toBe(true)
  expect((await host.run('report', 'export', id, '--out', 'other')).json).toMatchObject({ report: id })
  for (const file of ['ledger', 'conflicts.json', 'events.jsonl', 'audit.json'])
    expect((await host.read('report', 'schema', file)).out).toContain('"$schema"')
})

test.each([
  [['report', 'make', '--as-of', 'yesterday'], '--as-of is no time.\nNothing was changed.\nWrite it as 2026-11-21T12'],
  [
    ['report', 'show', 'nonsense'],
    'nonsense is no name of a report.\nNothing was changed.\nSee `steward report list`.',
  ],
  [
    ['report', 'schema', 'nonsense'],
    'There is no schema for nonsense.\nNothing was changed.\nName ledger, conflicts, summary, events or audit',
  ],
])('%j says what is wrong with it and ends with 2', async (words, sentences) => {
  await using place = new Place()
  const ada = await alone(place)
  await using host = await serve(ada)
  const said = await host.read(...words)
  expect([said.code, said.out]).toEqual([2, ''])
  expect(said.err).toContain(sentences)
})

test('the guard names each measure, whether it holds and what it rests on', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const failing = await host.read('report', 'guard')
  expect(failing.code).toBe(1)
  expect(failing.out).toMatch(/^FAIL +Hash match/)
  expect(failing.out).toMatch(/\nnot measured +Anchor latency/)

  const [conflict] = await ada.conflicts()
  await host.run('decide', conflict?.id ?? '', '--none', '--reason', 'both are wrong')
  await place.settle([ada])
  const { ok } = await ada.steward.reports.convergence({})
  expect((await host.read('report', 'guard')).code).toBe(ok ? 0 : 1)
})

test('a brief is signed and published; without a folder it is signed and says that nobody has it', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const draft = await host.read('brief', '--dry-run')
  expect(draft.out).toMatch(/^Head +#\d+ [0-9a-f]{12}\n/)
  expect(draft.out).toMatch(/Open conflicts +1, of these 0 proof of harm and 1 that waits for a person\n/)
  expect(draft.out).toMatch(/Checks +all hold, made /)
  const { receipts } = (await ada.steward.app.overview({})).counters

  const signed = await host.read('brief', '--note', 'new disk, all well')
  expect(signed.out).toMatch(/Signed as receipt [0-9a-f]{12} and published\n$/)
  expect((await ada.steward.app.overview({})).counters.receipts).toBe(receipts + 1)

  renameSync(place.exchange, `${place.exchange}-away`)
  const kept = await host.read('brief')
  expect(kept).toMatchObject({ code: 0 })
  expect(kept.out).toMatch(/ but not published: no exchange folder can be written now\n$/)
})

function summaryOf(id: string): ReportSummary {
  return {
    id: id as ReportId, // a report's name by its form
    asOf: '2026-11-21T12:00:00.000Z' as ReportSummary['asOf'], // an instant by its form
    latest: false,
    nodes: 2,
    receipts: 9,
    openConflicts: 1,
    recommendation: 'no-go',
    overridden: false,
    fingerprintWords: ['a', 'b', 'c', 'd'],
  }
}

test('two reports compared say what got better or worse, what opened and closed, and who came and went', () => {
  const conflict = (n: number) => ({
    id: `sha256:${String(n).padStart(64, '0')}` as ReportComparison['opened']['items'][number]['id'], // by its form
    title: `conflict ${n}\u202e`,
    subject: 'a',
    severity: 2,
    how: 'by decision',
  })
  const many = Array.from({ length: 25 }, (_, n) => conflict(n))
  const text = comparisonText({
    from: summaryOf('20261114T120000Z'),
    to: summaryOf('20261121T120000Z'),
    figures: [
      { label: 'Open conflicts', from: '2', to: '1', better: true },
      { label: 'Gaps', from: '0', to: '3', better: false },
      { label: 'Receipts', from: '7', to: '9', better: null },
    ],
    opened: { total: 25, items: many },
    closed: { total: 1, items: [conflict(1)] },
    changed: { total: 0, items: [] },
    nodes: { joined: ['cleo', 'dora'], left: ['eve'] },
  })
  expect(text).toMatch(/Open conflicts +2 +1 +better\n/)
  expect(text).toMatch(/Gaps +0 +3 +worse\n/)
  expect(text).toMatch(/Receipts +7 +9\n/)
  expect(text).toContain('Opened (25):\n  conflict 0\\u{202e}\n')
  expect(text).toContain('  conflict 19\\u{202e}\n  and 5 more\n')
  expect(text).toContain('Closed (1):\n  conflict 1\\u{202e}  by decision\n')
  expect(text).not.toContain('Changed')
  expect(text).toContain('Joined: cleo, dora\nLeft: eve\n')
})

test('one file of a report is printed as it lies there, and a report is deleted', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await using host = await serve(ada)
  await host.run('report', 'make', '--quick')
  const [made] = (await ada.steward.reports.list({ limit: 1 })).items
  const report = made?.id ?? ''
  const printed = await host.read('report', 'file', 'ledger.json')
  expect(printed.out).toBe(readFileSync(join(ada.home, '_report/network', report, 'ledger.json'), 'utf8'))
  expect((await host.run('report', 'file', 'ledger.json', report)).json).toEqual({
    report,
    name: 'ledger.json',
    text: printed.out,
  })
  expect((await host.read('report', 'file', 'key.age')).err).toContain('A report has no file key.age.')
  expect((await host.run('report', 'remove', report)).json).toEqual({ removed: report })
  expect((await ada.steward.reports.list({ limit: 1 })).items).toEqual([])
  expect((await host.run('report', 'remove', report)).code).toBe(2)
})
