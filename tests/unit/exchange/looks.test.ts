// When a pass is made: soon, not for each of many events, and nothing that asks for one is forgotten because one is running.
import { expect, test } from 'vitest'
import { startWatching } from '#core/exchange/watching.ts'
import { nodeFolderAdapter, type Timers } from '#core/exchange/index.ts'

/** Timers that run when the test says so. */
function handTimers(): Timers & { fire(): void } {
  let next = 0
  const waiting = new Map<number, () => void>()
  return {
    setTimeout: (run, delayMs) => {
      // The periodic rescan is a minute away and never comes here.
      if (delayMs < 1000) waiting.set(++next, run)
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

/** Timers on a clock that the test turns. */
function turnedTimers(): Timers & { turn(ms: number): Promise<void> } {
  let next = 0
  let now = 0
  const waiting = new Map<number, { readonly dueMs: number; readonly run: () => void }>()
  return {
    setTimeout: (run, delayMs) => {
      waiting.set(++next, { dueMs: now + delayMs, run })
      return next
    },
    clearTimeout: (handle) => void waiting.delete(Number(handle)),
    setInterval: () => 0,
    clearInterval: () => undefined,
    async turn(ms) {
      for (const end = now + ms; now < end; now++) {
        for (const [handle, { dueMs, run }] of waiting) {
          if (dueMs > now || !waiting.delete(handle)) continue
          run()
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
    },
  }
}

test('what comes after a pause is looked at at once, and a burst behind it with one look more', async () => {
  const timers = turnedTimers()
  const looks: (readonly string[] | null)[] = []
  const watching = startWatching({
    files: nodeFolderAdapter(),
    timers,
    rescanSeconds: () => 60,
    ownFolderName: 'own',
    look: (touched) => {
      looks.push(touched === null ? null : [...touched])
      return Promise.resolve()
    },
  })
  await timers.turn(500)
  looks.length = 0

  watching.soon(['ada'])
  await timers.turn(5)
  expect(looks).toEqual([['ada']])

  for (let event = 0; event < 10; event++) {
    watching.soon([event % 2 === 0 ? 'ben' : 'cleo'])
    await timers.turn(10)
  }
  expect(looks).toHaveLength(1)
  await timers.turn(25)
  expect(looks).toEqual([['ada'], ['ben', 'cleo']])

  // A burst that never ends does not put the look off for ever.
  looks.length = 0
  for (let event = 0; event < 60; event++) {
    watching.soon(['ada'])
    await timers.turn(10)
  }
  expect(looks.length).toBeGreaterThanOrEqual(2)
  expect(looks.length).toBeLessThan(6)
  await watching.stop()
})

test.each([[[]], [['a node’s folder']], [null]])('asked for during a pass, another one follows: %j', async (asked) => {
  const timers = handTimers()
  const looks: (readonly string[] | null)[] = []
  let end: () => void = () => undefined
  const watching = startWatching({
    files: nodeFolderAdapter(),
    timers,
    rescanSeconds: () => 60,
    ownFolderName: 'own',
    look: (touched) => {
      looks.push(touched === null ? null : [...touched])
      return new Promise((resolve) => (end = resolve))
    },
  })
  timers.fire()
  watching.soon(asked)
  end()
  await new Promise((resolve) => setImmediate(resolve))
  timers.fire()
  expect(looks).toEqual([null, asked])
  end()
  await watching.stop()
})
