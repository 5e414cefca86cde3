// Reports, briefs and the guard where all is well, where much is in the way, and where the ledger does not hold. Through a running host.
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { Place } from '#tests/kit/place.ts'
import { serve } from './served.ts'

test('the guard ends with 0 where the nodes say the same', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  for (const core of [ada, ben]) await core.observe('same.json', { v: 1 })
  await place.settle([ada, ben])
  await using host = await serve(ada)
  const said = await host.read('report', 'guard')
  expect([said.code, said.err]).toEqual([0, ''])
  expect(said.out).toMatch(/^ok +Hash match/)
  expect(said.out).not.toContain('FAIL')
})

test('of much that is in the way the first ten are told, and how many more there are; a report is overridden by its name', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  for (let n = 0; n < 12; n++) {
    await ada.observe(`m/${n}.json`, { v: 1 })
    await ben.observe(`m/${n}.json`, { v: 2 })
  }
  await place.settle([ada, ben])
  await using host = await serve(ada)
  const made = await host.read('report', 'make', '--quick', '--as-of', '2031-01-01T12:00:00Z')
  expect(made.out).toMatch(/, 12 open conflicts\n/)
  expect(made.out).toMatch(/\nIn the way:\n( {2}\S.*\n {4}\S.*\n){10} {2}and \d+ more\n/)
  const signed = await host.read('report', 'override', '20310101T120000Z', '--verdict', 'go', '--reason', 'test data')
  expect(signed.out).toMatch(/^Signed go for 20310101T120000Z with receipt [0-9a-f]{12}\n$/)
  expect((await host.read('brief', '--dry-run')).out).toMatch(
    /\nOpen conflicts +12, of these 0 proof of harm and 12 that wait for a person\n/,
  )
})

test('a node to which nothing is expected has nothing to cover', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  expect((await host.read('brief', '--dry-run')).out).toMatch(/\nCoverage +nothing to cover\n/)
})

test('a ledger that was damaged is told by the doctor with 3, and by the brief', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await ada.observe('a.json', { v: 1 })
  await using host = await serve(ada)
  expect((await host.read('doctor')).out).toMatch(/\nEverything holds\.\n$/)
  const db = new Database(join(ada.home, 'ledger.sqlite'))
  db.exec(`UPDATE receipt SET time_ms = 5 WHERE seq = 3`)
  db.close()
  const said = await host.read('doctor')
  expect(said.code).toBe(3)
  expect(said.out).toMatch(/\nFAULT +receipts +Faults: 1\. Restore .+\. Found: .*time is stored as 5.*\n/)
  expect(said.out).toMatch(/\nSomething does not hold; see above\.\n$/)
  expect(z.object({ ok: z.literal(false) }).safeParse((await host.run('doctor')).json).success).toBe(true)
  expect((await host.read('brief', '--dry-run')).out).toMatch(/\nChecks +FAILED: \w+/)
})
