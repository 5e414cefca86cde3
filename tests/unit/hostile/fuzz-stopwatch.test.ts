// What the fuzzer takes for waiting: neither work nor want of a processor.
import { expect, test } from 'vitest'
import { Stopwatch } from '#tests/fuzz/stopwatch.ts'

test.skipIf(process.platform !== 'linux')('who sleeps waits (only Linux says who had to wait)', async () => {
  const watch = new Stopwatch()
  watch.start()
  expect(watch.waitedOver(100)).toBe(null)
  // Sleeps in between.
  await expect.poll(() => watch.waitedOver(100), { timeout: 20_000 }).toBeGreaterThan(100)
  watch.start()
  expect(watch.waitedOver(100)).toBe(null)
})

test('who works does not wait, whoever else works', () => {
  const watch = new Stopwatch()
  watch.start()
  for (const until = performance.now() + 500; performance.now() < until;) Math.hypot(1, 2)
  expect(watch.waitedOver(100)).toBe(null)
})
