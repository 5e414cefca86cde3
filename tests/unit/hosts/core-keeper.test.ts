import { expect, test } from 'vitest'
import { keepCore, type CoreEnd, type CoreThread } from '#core/hosts/thread/index.ts'
import { PATIENCE } from './patience.ts'

/** Cores whose ends the test decides. What they carry does not matter to who keeps them. */
function cores(wish: { readonly failsToStart?: readonly number[] } = {}) {
  const ends: ((end: CoreEnd) => void)[] = []
  const stopped: number[] = []
  const start = (): Promise<CoreThread> => {
    const number = ends.length
    if (wish.failsToStart?.includes(number) === true) return Promise.reject(new Error('in use'))
    let end: (how: CoreEnd) => void = () => undefined
    const ended = new Promise<CoreEnd>((resolve) => (end = resolve))
    ends.push(end)
    return Promise.resolve({
      connect: () => ({ send: () => 'sent', close: () => undefined }),
      ended,
      stop() {
        stopped.push(number)
        end({ how: 'stopped' })
        return Promise.resolve()
      },
    })
  }
  return {
    ends,
    stopped,
    start,
    crash: (number: number) => ends[number]?.({ how: 'crashed', error: new Error('fault') }),
  }
}

const NOTHING = { frame: () => undefined, drained: () => undefined, closed: () => undefined }

test('a core that crashes is started again, and faces that come meanwhile are told to try again', async () => {
  const made = cores()
  const log: string[] = []
  let release: () => void = () => undefined
  let starts = 0
  const keeper = await keepCore({
    start: made.start,
    // The second core takes its time.
    started: () => (starts++ === 0 ? Promise.resolve() : new Promise((resolve) => (release = resolve))),
    nowMs: () => 0,
    log: (line) => log.push(line),
  })
  expect(keeper.connect(NOTHING)).not.toBeNull()
  made.crash(0)
  await expect.poll(() => made.ends.length, PATIENCE).toBe(2)
  expect(keeper.connect(NOTHING)).toBeNull()
  release()
  await expect.poll(() => keeper.connect(NOTHING), PATIENCE).not.toBeNull()
  expect(log[0]).toContain('fault')
  await keeper.stop()
  expect(made.stopped).toEqual([1])
})

test('a host that stops while a core is being started again ends that one too', async () => {
  const made = cores()
  let release: () => void = () => undefined
  let starts = 0
  const keeper = await keepCore({
    start: made.start,
    started: () => (starts++ === 0 ? Promise.resolve() : new Promise((resolve) => (release = resolve))),
    nowMs: () => 0,
    log: () => undefined,
  })
  made.crash(0)
  await expect.poll(() => made.ends.length, PATIENCE).toBe(2)
  const stopped = keeper.stop()
  release()
  await stopped
  expect(await keeper.over).toBe('stopped')
  expect(made.stopped).toEqual([1])
})

test('a core that crashes over and over is given up on', async () => {
  const made = cores()
  let nowMs = 0
  const keeper = await keepCore({
    start: made.start,
    started: () => Promise.resolve(),
    nowMs: () => (nowMs += 1_000),
    log: () => undefined,
  })
  for (let number = 0; number < 4; number++) {
    await expect.poll(() => made.ends.length, PATIENCE).toBe(number + 1)
    made.crash(number)
  }
  expect(await keeper.over).toBe('gave-up')
  expect(keeper.connect(NOTHING)).toBeNull()
  expect(made.ends).toHaveLength(4)
})

test('crashes that lie far apart are forgiven', async () => {
  const made = cores()
  let nowMs = 0
  const keeper = await keepCore({
    start: made.start,
    started: () => Promise.resolve(),
    nowMs: () => (nowMs += 61_000),
    log: () => undefined,
  })
  for (let number = 0; number < 8; number++) {
    await expect.poll(() => made.ends.length, PATIENCE).toBe(number + 1)
    made.crash(number)
  }
  await expect.poll(() => made.ends.length, PATIENCE).toBe(9)
  await keeper.stop()
})

test('a first core that does not start is the caller’s to tell, a later one ends the keeping', async () => {
  const deps = { started: () => Promise.resolve(), nowMs: () => 0, log: () => undefined }
  await expect(keepCore({ ...deps, start: cores({ failsToStart: [0] }).start })).rejects.toThrow('in use')
  const made = cores({ failsToStart: [1] })
  const keeper = await keepCore({ ...deps, start: made.start })
  made.crash(0)
  expect(await keeper.over).toBe('gave-up')
})
