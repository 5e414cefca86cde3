import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mutants } from '../../mutants/mutants.ts'
import { mutated } from '../../mutants/mutated.ts'

const ROOT = join(import.meta.dirname, '../../..')

test('every deliberate fault still fits the source that it is put into, and names a test that is there', () => {
  expect(mutants.filter((mutant) => mutated(ROOT, mutant) === null).map(({ name }) => name)).toEqual([])
  expect(mutants.filter((mutant) => !existsSync(join(ROOT, mutant.test))).map(({ name }) => name)).toEqual([])
})

test('there are enough of them, each under a name of its own, and each says what would be lost', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(40)
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  for (const { find, replace, loss } of mutants) {
    expect(replace).not.toBe(find)
    expect(loss).toMatch(/^\S.{10,}\.$/)
  }
})
