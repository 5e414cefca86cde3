import { afterEach, expect, test, vi } from 'vitest'
import { createPageClock } from '#ui/components/page-clock.ts'

afterEach(() => void vi.useRealTimers())

test('the clock tells the time as it is to whoever looks first, however long nobody looked', () => {
  vi.useFakeTimers({ now: 1_000_000 })
  const clock = createPageClock(() => Date.now())
  vi.setSystemTime(1_400_000)
  expect(clock.nowMs()).toBe(1_400_000)
  vi.setSystemTime(1_403_000)
  // What is drawn twice within a step says the same.
  expect(clock.nowMs()).toBe(1_400_000)

  const leave = clock.onStep(() => undefined)
  expect(clock.nowMs()).toBe(1_403_000)
  vi.advanceTimersByTime(10_000)
  expect(clock.nowMs()).toBe(1_413_000)

  leave()
  vi.setSystemTime(1_500_000)
  expect(clock.nowMs()).toBe(1_500_000)
})
