import { expect, test } from 'vitest'
import { asking, LOADING, type Resource } from '#ui/store/resource.ts'
import { gate, problem } from './scratch-api.ts'

function kept<T>(question: () => Promise<T>) {
  const seen: Resource<T>[] = []
  let now: Resource<T> = LOADING
  const { ask } = asking(
    question,
    () => now,
    (next) => {
      now = next
      seen.push(next)
    },
  )
  return { ask, seen, now: () => now }
}

test('the old answer stays on screen while a new one is asked for', async () => {
  let count = 0
  const answers = [gate<number>(), gate<number>()]
  const resource = kept(() => answers[count++]?.promise ?? Promise.reject(new Error('asked too often')))
  const first = resource.ask()
  answers[0]?.resolve(1)
  await first
  const second = resource.ask()
  expect(resource.now()).toEqual({ state: 'ready', value: 1, problem: null })
  answers[1]?.resolve(2)
  await second
  expect(resource.now()).toEqual({ state: 'ready', value: 2, problem: null })
})

test('a burst of changes leads to one more question, and the last answer stands', async () => {
  let count = 0
  const answers = [gate<string>(), gate<string>()]
  const resource = kept(() => answers[count++]?.promise ?? Promise.reject(new Error('asked too often')))
  const underWay = resource.ask()
  await Promise.resolve()
  expect(count).toBe(1)
  const asked = [underWay, resource.ask(), resource.ask(), resource.ask()]
  answers[0]?.resolve('first')
  answers[1]?.resolve('newest')
  await Promise.all(asked)
  expect(count).toBe(2)
  expect(resource.now()).toEqual({ state: 'ready', value: 'newest', problem: null })
})

test('a stream of changes that never pauses still shows answers', async () => {
  let count = 0
  const resource = kept(async () => {
    count += 1
    if (count < 5) void resource.ask() // the next change is here before the answer
    return count
  })
  await resource.ask()
  expect(resource.seen.map((shown) => shown.state === 'ready' && shown.value)).toEqual([1, 2, 3, 4, 5])
})

test('a change in the moment an answer is shown is not lost', async () => {
  let count = 0
  const resource = kept(async () => {
    count += 1
    return count
  })
  await resource.ask()
  await Promise.resolve().then(resource.ask)
  expect(resource.now()).toMatchObject({ value: 2 })
})

test('a failure without an answer before it is the state; after one it is a note beside it', async () => {
  let fails = true
  const resource = kept(async () => {
    if (fails) throw problem('LEDGER_BUSY')
    return 7
  })
  await resource.ask()
  expect(resource.now()).toMatchObject({ state: 'failed', problem: { code: 'LEDGER_BUSY' } })
  fails = false
  await resource.ask()
  fails = true
  await resource.ask()
  expect(resource.now()).toMatchObject({ state: 'ready', value: 7, problem: { code: 'LEDGER_BUSY' } })
  fails = false
  await resource.ask()
  expect(resource.now()).toMatchObject({ state: 'ready', problem: null })
})
