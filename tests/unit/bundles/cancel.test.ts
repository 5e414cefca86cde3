import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place, type Core } from '#tests/kit/place.ts'
import { ended, imported, inspected, traces, until } from './desk.ts'
import { segment, whoTheyAre, writeBundle } from './made-bundle.ts'
import { withAdmitted } from './strangers.ts'

/** A steward, and a bundle of somebody admitted that takes several writes. */
async function withLargeBundle(place: Place): Promise<{ readonly ada: Core; readonly file: string }> {
  const [ada, eve] = await withAdmitted(place)
  for (let n = 0; n < 5999; n++) eve.observe(`${n}.json`, { n })
  place.pass(3 * 60 * 60_000)
  const halves = [eve.signed.slice(0, 3000), eve.signed.slice(3000)]
  const entries = [...whoTheyAre(eve), ...halves.map((half) => segment(eve, half))]
  return { ada, file: writeBundle(join(place.folder, 'eve.zip'), entries) }
}

/** Begins the import of `path` and answers its id once it is at `what`. */
async function begun(core: Core, path: string, what: string): Promise<string> {
  await inspected(core, path)
  const { import: shown } = await core.steward.bundles.current({})
  await core.steward.bundles.import({ id: shown!.id })
  await until(async () => {
    const step = (await core.steward.bundles.current({})).import?.step
    if (step?.state !== 'importing') throw new Error(`It ended before: ${step?.state}`)
    return step.progress.what === what && step.progress.done > 0 ? step : null
  })
  return shown!.id
}

test('receipts that are being written when an import is cancelled are not there afterwards, nor were they seen meanwhile', async () => {
  await using place = new Place()
  const { ada, file } = await withLargeBundle(place)
  const before = await traces(ada)
  const id = await begun(ada, file, 'Writing receipts')
  expect((await traces(ada)).counters).toEqual(before.counters)
  await ada.steward.bundles.cancel({ id })
  expect((await ended(ada)).state).toBe('gone')
  expect(await traces(ada)).toEqual(before)
  await inspected(ada, file)
  expect(await imported(ada)).toMatchObject({ added: 6000 })
}, 60_000)

test('a steward who signs while an import is written waits for nothing, and both are there in the end', async () => {
  await using place = new Place()
  const { ada, file } = await withLargeBundle(place)
  const { receipts } = (await traces(ada)).counters
  await begun(ada, file, 'Writing receipts')
  const signed = await ada.observe('meanwhile.json', { signed: true })
  expect((await ada.steward.receipts.get({ id: signed })).summary.id).toBe(signed)
  expect(await ended(ada)).toMatchObject({ state: 'done', report: { added: 6000 } })
  expect((await traces(ada)).counters.receipts).toBe(receipts + 6001)
}, 60_000)

test('a steward who does not stop signing still gets the whole import', async () => {
  await using place = new Place()
  const { ada, file } = await withLargeBundle(place)
  await begun(ada, file, 'Writing receipts')
  let signed = 0
  await until(async () => {
    await ada.observe(`meanwhile/${signed++}.json`, { signed })
    const shown = (await ada.steward.bundles.current({})).import
    // From when it goes in piece by piece on, it is too late to cancel: it goes on to its end.
    if (shown?.step.state === 'importing' && !shown.step.canCancel) await ada.steward.bundles.cancel({ id: shown.id })
    return shown?.step.state === 'done' ? true : null
  })
  expect(await ended(ada)).toMatchObject({ state: 'done', report: { added: 6000, conflicts: 0 } })
}, 60_000)

test('node directories that are being signed for when it is cancelled leave no receipt and no content', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  const folder = join(place.folder, 'node-x')
  mkdirSync(join(folder, '_report', 'many'), { recursive: true })
  for (let n = 0; n < 1200; n++) writeFileSync(join(folder, '_report', 'many', `${n}.json`), JSON.stringify({ n }))
  const before = await traces(ada)
  const id = await begun(ada, folder, 'Signing for what you saw')
  await ada.steward.bundles.cancel({ id })
  expect((await ended(ada)).state).toBe('gone')
  expect(await traces(ada)).toEqual(before)
  await inspected(ada, folder)
  expect(await imported(ada)).toMatchObject({ signed: 1201 })
}, 60_000)
