import { expect, test } from 'vitest'
import { grouped } from '#ui/components/grouped.ts'

test('a count reads as people write it, as the browser would', () => {
  for (const count of [0, 7, 999, 1_000, 12_345, 999_999, 1_000_000, 1_234_567_890, -1_000]) {
    expect(grouped(count)).toBe(count.toLocaleString('en'))
  }
})
