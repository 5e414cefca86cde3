import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReportSummary, SummaryFile } from '#core/contract/index.ts'
import { openReportStore } from '#core/report/index.ts'
import { Place, refusal, type Core } from '#tests/kit/place.ts'

async function make(core: Core, wish: { quick?: boolean } = {}): Promise<{ report: ReportSummary; exitCode: number }> {
  for await (const told of await core.steward.reports.make(wish)) if (told.type === 'done') return told
  throw new Error('The report did not end.')
}

async function factsOf(core: Core, report: ReportSummary): Promise<SummaryFile> {
  return (await core.steward.reports.get({ report: report.id })).facts
}

function filesIn(core: Core, report: ReportSummary): Map<string, string> {
  const folder = join(core.home, '_report/network', report.id)
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

test('three nodes with the same receipts make the same report, byte for byte, and no machine shows in it', async () => {
  await using place = new Place()
  const cores = await place.network('ada', 'ben', 'cleo')
  const [ada, ben, cleo] = cores
  await ada.observe('report.json', { value: 1 })
  await ben.observe('report.json', { value: 2 })
  await cleo.observe('usage.json', { value: 1 })
  await place.settle(cores)

  const made = await Promise.all(cores.map((core) => make(core)))
  const [first, ...others] = made.map(({ report }, index) => filesIn(cores[index]!, report))
  expect([...first!.keys()].sort()).toEqual([
    'audit.json',
    'conflicts.json',
    'events.jsonl',
    'ledger.json',
    'summary.json',
    'summary.md',
  ])
  for (const other of others) expect(other).toEqual(first)
  const everything = [...first!.values()].join('\n')
  for (const secret of [place.folder, process.env['HOME'] ?? '/root', process.env['USER'] ?? 'root\n', '/tmp', '\\\\'])
    expect(everything).not.toContain(secret)
})

test('a conflict that waits makes a no-go with the reason, and exit code 1', async () => {
  await using place = new Place()
  const cores = await place.network('ada', 'ben', 'cleo')
  const [ada, ben] = cores
  await ada.observe('report.json', { value: 1 })
  await ben.observe('report.json', { value: 2 })
  await place.settle(cores)

  const { report, exitCode } = await make(ada)
  const facts = await factsOf(ada, report)
  expect(exitCode).toBe(1)
  expect(facts.recommendation).toMatchObject({ computed: 'no-go', effective: 'no-go' })
  expect(facts.criteria.filter(({ state }) => state === 'fail').map(({ id }) => id)).toEqual(['open-conflicts'])
  expect(facts.criteria.find(({ id }) => id === 'coverage')).toMatchObject({ value: null, state: 'not-measured' })
  expect(facts.blockers.items).toMatchObject([{ what: 'report.json: two claims differ' }])
  expect(facts.checks.every(({ ok }) => ok)).toBe(true)

  const [conflict] = await ada.conflicts()
  const members = conflict!.members.map((member) => member.receipt)
  place.pass(3_600_000)
  await ben.steward.conflicts.decide({
    conflict: conflict!.id,
    members,
    verdict: { type: 'pick', receipt: members[0]! },
    reason: 'checked',
    planStep: null,
  })
  await place.settle(cores)
  const after = await make(ada)
  expect(after.exitCode).toBe(0)
  const settled = await factsOf(ada, after.report)
  expect(settled.recommendation.effective).toBe('go')
  expect(settled.ocers.selfRepair).toMatchObject({ found: 1, closed: 1, open: 0, medianHours: 1 })

  const compared = await ada.steward.reports.compare({ from: report.id, to: after.report.id })
  expect(compared.opened.total).toBe(0)
  expect(compared.closed.items).toMatchObject([{ id: conflict!.id, how: 'Settled by ben.' }])
  expect(compared.figures.find(({ label }) => label === 'Open conflicts')).toMatchObject({
    from: '1',
    to: '0',
    better: true,
  })
})

test('an override holds for what it named, and lapses when something else stands in the way', async () => {
  await using place = new Place()
  const cores = await place.network('ada', 'ben', 'cleo')
  const [ada, ben] = cores
  await ada.observe('report.json', { value: 1 })
  await ben.observe('report.json', { value: 2 })
  await place.settle(cores)
  const { report } = await make(ada)
  expect(
    await refusal(ada.steward.reports.override({ report: report.id, verdict: 'no-go', reason: 'so' })),
  ).toMatchObject({
    code: 'NOTHING_TO_OVERRIDE',
  })
  await ada.steward.reports.override({ report: report.id, verdict: 'go', reason: 'It is a test file.' })
  await place.settle(cores)
  place.pass(1000)
  const over = (await make(ben)).report
  expect(over).toMatchObject({ recommendation: 'go', overridden: true })
  expect((await ben.steward.reports.get({ report: over.id })).markdown).toContain('It is a test file.')

  await ada.observe('usage.json', { value: 1 })
  await ben.observe('usage.json', { value: 2 })
  await place.settle(cores)
  const lapsed = (await make(ben)).report
  expect(lapsed).toMatchObject({ recommendation: 'no-go', overridden: false })
  const { overrides } = (await factsOf(ben, lapsed)).recommendation
  expect(overrides).toMatchObject([{ inForce: false, nodeName: 'ada' }])
})

test('a report that is cancelled leaves nothing behind, and another one can be made', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
  const making = await ada.steward.reports.make({})
  const first = await making.next()
  expect(first.value).toMatchObject({ type: 'working' })
  await making.return(undefined)
  const folder = join(ada.home, '_report/network')
  expect(readdirSync(folder)).toEqual([])
  await make(ada)
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
})

test('latest is the newest report, as a link or, where links are not allowed, as a copy', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
  const { report } = await make(ada)
  const latest = join(ada.home, '_report/network/latest')
  expect(readlinkSync(latest)).toBe(report.id)
  place.pass(60_000)
  const newer = (await make(ada)).report
  expect(readlinkSync(latest)).toBe(newer.id)

  const out = join(place.folder, 'out')
  mkdirSync(out)
  const store = openReportStore(ada.home, { links: false })
  await store.copyTo(report.id, out)
  await store.copyTo(newer.id, out)
  const copy = join(out, '_report/network/latest')
  expect(lstatSync(copy).isDirectory()).toBe(true)
  expect(readFileSync(join(copy, 'summary.json'), 'utf8')).toBe(
    readFileSync(join(ada.home, '_report/network', newer.id, 'summary.json'), 'utf8'),
  )
})

test('what is exported holds the alerts as lines on the bus, each once', async () => {
  await using place = new Place()
  const cores = await place.network('ada', 'ben')
  const [ada, ben] = cores
  await ada.observe('report.json', { value: 1 })
  await ben.observe('report.json', { value: 2 })
  await place.settle(cores)
  const first = (await make(ada)).report
  place.pass(60_000)
  const second = (await make(ada)).report
  const folder = join(place.folder, 'out')
  await ada.steward.reports.export({ report: first.id, folder })
  await ada.steward.reports.export({ report: second.id, folder })
  const lines = readFileSync(join(folder, '_bus/events/events.jsonl'), 'utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    {
      event: 'conflict.open',
      kind: 'hash-mismatch',
      subject: 'report.json',
      summary: 'report.json: two claims differ',
    },
  ])
  expect(await refusal(ada.steward.reports.export({ report: first.id, folder }))).toMatchObject({
    code: 'REPORT_EXPORT_FAILED',
  })
})

test('a brief says how the node stands, signed, and the next report tells of it', async () => {
  await using place = new Place()
  const cores = await place.network('ada', 'ben')
  const [ada, ben] = cores
  await ada.observe('report.json', { value: 1 })
  const draft = await ada.steward.reports.draftBrief({})
  expect(draft).toMatchObject({ openConflicts: { total: 0 }, checks: { ok: true }, coverage: 1_000_000 })
  const { id, published } = await ada.steward.reports.brief({ note: 'All well.' })
  expect(published).toBe(true)
  await place.settle(cores)
  const { summary } = await ben.steward.receipts.get({ id })
  expect(summary).toMatchObject({ kind: 'operator/brief', state: 'merged', nodeName: 'ada' })
  const facts = await factsOf(ben, (await make(ben)).report)
  expect(facts.nodes.find(({ name }) => name === 'ada')?.brief).toMatchObject({ receipt: id })
})

test('a report whose summary was damaged is named and left alone', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
  const { report } = await make(ada, { quick: true })
  writeFileSync(join(ada.home, '_report/network', report.id, 'summary.json'), '{')
  expect(await ada.steward.reports.list({ limit: 10 })).toMatchObject({ items: [], unreadable: [report.id] })
  expect(await refusal(ada.steward.reports.get({ report: report.id }))).toMatchObject({ code: 'REPORT_DAMAGED' })
  await ada.steward.reports.remove({ report: report.id })
  expect(existsSync(join(ada.home, '_report/network/latest'))).toBe(false)
})

test.each(['{"id":"x"},', '{"id":', '{"id":7}'])(
  'a report with a damaged conflict (%s) is named and compared with nothing',
  async (damage) => {
    await using place = new Place()
    const [ada, ben] = await place.network('ada', 'ben')
    await ada.observe('report.json', { value: 1 })
    await ben.observe('report.json', { value: 2 })
    await place.settle([ada, ben])
    const { report } = await make(ada)
    const file = join(openReportStore(ada.home).folder(report.id), 'conflicts.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\{"id":.*$/m, damage))
    const told = await refusal(ada.steward.reports.compare({ from: report.id, to: report.id }))
    expect(told).toMatchObject({ code: 'REPORT_DAMAGED' })
    expect(told.happened).toContain(report.id)
  },
)
