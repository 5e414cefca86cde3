// Bundles and reports as the second implementation reads them: whole ones hold, and what was changed in them is found.
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place, type Core } from '#tests/kit/place.ts'
import { disagreement } from '#tests/kit/proofs.ts'
import { HOW_TO_GET_NACL } from '#tests/python.ts'
import { exported } from '#tests/unit/bundles/desk.ts'
import { oneByteChanged, python, verified } from './verifier.ts'

async function reportOf(core: Core): Promise<string> {
  for await (const told of await core.steward.reports.make({})) {
    if (told.type === 'done') return join(core.home, '_report/network', told.report.id)
  }
  throw new Error('The report did not end.')
}

test('a bundle holds as a zip and as a folder, and a byte changed in what the zip holds is found', async (context) => {
  if (python === null) context.skip(HOW_TO_GET_NACL)
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  const whole = join(place.folder, 'whole.zip')
  const folder = join(place.folder, 'folder')
  const part = join(place.folder, 'part.zip')
  await exported(ada, { to: whole, contents: true })
  await exported(ada, { to: folder, contents: true })
  await exported(ada, { to: part, contents: true, nodes: [ben.id] })
  expect(verified([whole, folder])).toMatchObject([
    { holds: true, faults: [] },
    { holds: true, faults: [] },
  ])
  expect(verified([part], '--partial')).toMatchObject([{ holds: true, faults: [] }])

  const [{ told } = { told: [] }] = verified([whole])
  const copies = oneByteChanged(join(place.folder, 'changed'), 'whole.zip', readFileSync(whole), 40)
  // A zip also says times and rights of its entries, which nobody signed: what still holds is read as the very same receipts.
  for (const copy of verified(copies).filter(({ holds }) => holds)) expect(copy.told).toEqual(told)
  expect(verified(copies).filter(({ holds }) => !holds).length).toBeGreaterThan(20)
  const changedLine = join(place.folder, 'line')
  cpSync(folder, changedLine, { recursive: true })
  const feed = readdirSync(changedLine, { recursive: true, encoding: 'utf8' }).find((name) =>
    /feed\/.*jsonl$/.test(name),
  )
  const path = join(changedLine, feed ?? '')
  expect(statSync(path).isFile()).toBe(true)
  writeFileSync(path, readFileSync(path, 'utf8').replace('"seq":1', '"seq":2'))
  expect(verified([changedLine])).toMatchObject([{ holds: false }])
})

test('a report holds where its files have the hashes that its summary says, and not where one was changed', async (context) => {
  if (python === null) context.skip(HOW_TO_GET_NACL)
  await using place = new Place()
  const { ada } = await disagreement(place)
  const report = await reportOf(ada)
  const [whole] = verified([report])
  expect(whole).toMatchObject({ holds: true, faults: [] })
  for (const name of ['ledger.json', 'conflicts.json']) {
    expect(whole?.told).toContain(`${name} as summary.json says`)
    const copy = join(place.folder, `report-${name}`)
    cpSync(report, copy, { recursive: true })
    writeFileSync(join(copy, name), `${readFileSync(join(copy, name), 'utf8')} `)
    expect(verified([copy])).toMatchObject([
      { holds: false, faults: [`${name}: its hash is another than summary.json says`] },
    ])
  }
})
