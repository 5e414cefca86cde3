// What can be sent with a question, and the check that puts right what can be put right.
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'

// What diagnostics are is told in their text alone.
const factsIn = (text: string) => JSON.parse(text) as Record<string, unknown>

test('before there is a node diagnostics say what runs, and nothing of a ledger', async () => {
  await using place = new Place()
  const { steward } = await place.core('ada')
  const { fileName, text } = await steward.settings.diagnostics({})
  expect(fileName).toBe('steward-diagnostics-2026-11-21.json')
  expect(factsIn(text)).toMatchObject({
    format: 'steward-diagnostics/1',
    steward: { version: '0.0.0-test', host: 'cli', phase: 'no-node', sample: false },
    runtime: { node: '24.0.0', napi: '10', platform: 'linux', arch: 'x64' },
    signatures: { failedSelfTest: [] },
    ledger: null,
    counters: null,
    conflicts: null,
    exchange: null,
    settings: null,
  })
})

test('of a node they count what it holds, and say that a folder is chosen without naming it', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.observe('a', { v: 1 })
  const { text } = await ada.steward.settings.diagnostics({})
  expect(factsIn(text)).toMatchObject({
    steward: { phase: 'ready' },
    ledger: { receipts: 3 },
    exchange: { folderChosen: true },
    settings: { rescanSeconds: 60 },
  })
  expect(text).not.toContain(place.folder)
})

test('settings and bundles can be asked for before there is a node', async () => {
  await using place = new Place()
  const { steward } = await place.core('ada')
  expect(await steward.settings.get({})).toMatchObject({ appearance: 'system', undoSeconds: 10 })
  expect(await steward.bundles.current({})).toEqual({ import: null, export: null })
})

test('what no longer follows from the receipts is found, and made anew where that is asked for', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await ada.observe('a', { v: 1 })
  await ada.stop()
  const db = new Database(join(ada.home, 'ledger.sqlite'))
  db.prepare('DELETE FROM reconcile_claim').run()
  db.close()
  await ada.restart()
  expect((await ada.steward.app.doctor({})).ok).toBe(false)
  expect((await ada.steward.app.doctor({ repair: false })).ok).toBe(false)
  expect((await ada.steward.app.doctor({ repair: true })).ok).toBe(true)
  expect((await ada.steward.app.doctor({ repair: true })).ok).toBe(true)
})
