// When a pass is made: nothing that asks for one is forgotten because one is running.
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
