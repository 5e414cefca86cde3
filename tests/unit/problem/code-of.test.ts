import { openSync } from 'node:fs'
import { expect, test } from 'vitest'
import { codeOf, StewardError } from '#core/problem/index.ts'

test('a failure of the system is known by its code, one that Steward tells by its own, and anything else by none', () => {
  expect(codeOf(thrownBy(() => openSync('/nowhere/at all', 'r')))).toBe('ENOENT')
  expect(codeOf(new StewardError({ code: 'DISK_FULL', happened: '', kept: '', remedy: '' }))).toBe('DISK_FULL')
  expect(codeOf(Object.assign(new Error('a browser’s'), { code: 20 }))).toBe(null)
  for (const none of [new Error('a fault'), { code: 'ENOENT' }, 'ENOENT', null, undefined])
    expect(codeOf(none)).toBe(null)
})

function thrownBy(work: () => unknown): unknown {
  try {
    return work()
  } catch (thrown) {
    return thrown
  }
}
