// What changed, told to whoever listens: at once first, then joined, and never to the cost of the node.
import { expect, test } from 'vitest'
import type { ChangeEvent } from '#core/contract/index.ts'
import type { Timers } from '#core/exchange/index.ts'
import { createChanges } from '#core/node/changes.ts'
import { quietExchange } from '#tests/kit/exchange-view.ts'
import { Place } from '#tests/kit/place.ts'

/** Timers that run when the test says so. */
function handTimers(): Timers & { fire(): void } {
  let next = 0
  const waiting = new Map<number, () => void>()
  return {
    setTimeout: (run) => {
      waiting.set(++next, run)
      return next
    },
    clearTimeout: (handle) => void waiting.delete(Number(handle)),
    setInterval: () => 0,
    clearInterval: () => undefined,
    fire() {
      const due = [...waiting.values()]
      waiting.clear()
      for (const run of due) run()
    },
  }
}

test('the first event comes at once with every topic; what follows is joined until the pause is over', async () => {
  await using place = new Place()
  const timers = handTimers()
  const ada = await place.node('ada', { exchange: null, timers })
  const ending = new AbortController()
  const events = await ada.steward.app.changes({}, { signal: ending.signal })
  const first = await events.next()
  expect(new Set((first.value as ChangeEvent).topics)).toEqual(
    new Set(['app', 'conflicts', 'receipts', 'network', 'exchange', 'bundles', 'reports', 'settings']),
  )

  await ada.observe('a', { v: 1 })
  const second = await events.next()
  expect((second.value as ChangeEvent).topics).toContain('receipts')
  expect((second.value as ChangeEvent).counters.receipts).toBe(3)

  const third = events.next()
  let told = false
  void third.then(() => (told = true))
  for (const v of [2, 3, 4]) await ada.observe('a', { v })
  await ada.steward.settings.set({ rescanSeconds: 30 })
  expect(told).toBe(false)
  timers.fire()
  const { value } = await third
  expect(new Set((value as ChangeEvent).topics).isSupersetOf(new Set(['receipts', 'settings']))).toBe(true)
  expect((value as ChangeEvent).counters.receipts).toBe(6)

  const fourth = events.next()
  ending.abort()
  expect((await fourth).done).toBe(true)
  expect((await events.next()).done).toBe(true)
})

const nothingHere = (): Omit<ChangeEvent, 'topics'> => ({
  counters: { openConflicts: 0, overdueConflicts: 0, receipts: 0, pendingNodes: 0, troubles: 0 },
  exchange: quietExchange(),
})

test('what was read is told at once, whether how far reading has come was told before or waits to be', async () => {
  const timers = handTimers()
  const changes = createChanges(timers, nothingHere, [])
  const events = changes.subscribe(undefined)
  await events.next()
  const progress = events.next()
  changes.tell(['exchange', 'network'])
  timers.fire()
  expect((await progress).value?.topics).toEqual(['exchange', 'network'])
  changes.tell(['receipts', 'exchange'])
  expect((await events.next()).value?.topics).toEqual(['receipts', 'exchange'])
  timers.fire()

  // Both in the same moment are one event.
  const both = events.next()
  changes.tell(['exchange', 'network'])
  expect(await Promise.race([both, Promise.resolve('nothing yet')])).toBe('nothing yet')
  changes.tell(['receipts'])
  expect((await both).value?.topics).toEqual(['exchange', 'network', 'receipts'])
  // From then on everything waits until the pause is over.
  const next = events.next()
  changes.tell(['exchange'])
  changes.tell(['receipts'])
  expect(await Promise.race([next, Promise.resolve('nothing yet')])).toBe('nothing yet')
  timers.fire()
  expect((await next).value?.topics).toEqual(['exchange', 'receipts'])
  changes.close()
})

test('a listener that never reads costs the node nothing, and one that has gone is forgotten', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const silent = await ada.steward.app.changes({})
  await silent.next()
  const gone = new AbortController()
  const left = await ada.steward.app.changes({}, { signal: gone.signal })
  await left.next()
  gone.abort()
  for (let v = 0; v < 50; v++) await ada.observe('a', { v })
  const { value } = await silent.next()
  expect((value as ChangeEvent).counters.receipts).toBe(52)
  expect((await left.next()).done).toBe(true)
})

test('a listener that waits learns of the end, and one that comes after it hears how things stand, once', async () => {
  const changes = createChanges(handTimers(), nothingHere, ['app'])
  const events = changes.subscribe(undefined)
  await events.next()
  const waiting = events.next()
  changes.close()
  expect((await waiting).done).toBe(true)
  const late = changes.subscribe(undefined)
  expect((await late.next()).value?.topics).toEqual(['app'])
  expect((await late.next()).done).toBe(true)
})

test('stopping the node ends what its listeners wait for', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const events = await ada.steward.app.changes({})
  await events.next()
  const next = events.next()
  await ada.stop()
  expect((await next).done).toBe(true)
})

test('before there is a node the rail shows nothing, and the making of one is told', async () => {
  await using place = new Place()
  const ada = await place.core('ada')
  const events = await ada.steward.app.changes({})
  const first = await events.next()
  expect(first.value).toMatchObject({ counters: { receipts: 0, openConflicts: 0 }, exchange: { state: 'none' } })
  await ada.steward.node.create({ name: 'ada', passphrase: null, exchange: null, networkName: null })
  const second = await events.next()
  expect((second.value as ChangeEvent).topics).toContain('app')
})
