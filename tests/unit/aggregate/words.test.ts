import { expect, test } from 'vitest'
import { counted } from '../../../core/aggregate/words.ts'

test.each([0, 1, 999, 1_000, 12_345, 999_999, 1_234_567, 1_000_000_000])('%i is printed as people read it', (count) => {
  expect(counted(count, 'file')).toBe(`${count.toLocaleString('en')} ${count === 1 ? 'file' : 'files'}`)
})
