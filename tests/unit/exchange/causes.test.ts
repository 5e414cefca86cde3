import { expect, test } from 'vitest'
import { causeOf, causeOfProblem, isHindrance } from '#core/exchange/causes.ts'
import { StewardError } from '#core/problem/index.ts'
import { errno } from '#tests/kit/disk/errno.ts'

const full = new StewardError({
  code: 'DATA_FOLDER_FULL',
  happened: 'The data folder is full.',
  kept: 'The receipts are safe.',
  remedy: 'Free some space.',
})

test.each([
  ['ENOENT', 'reading', 'missing', 'is not there'],
  ['ENOTCONN', 'reading', 'missing', 'is not there'],
  ['ENODEV', 'writing', 'missing', 'is not there'],
  ['ESTALE', 'reading', 'missing', 'is not there'],
  ['ENOSPC', 'writing', 'full', 'no space left'],
  ['EDQUOT', 'writing', 'full', 'no space left'],
  ['EROFS', 'writing', 'read-only', 'cannot be written'],
  ['EACCES', 'writing', 'read-only', 'cannot be written'],
  ['EPERM', 'reading', 'unreadable', 'may not be read'],
  ['ENOTDIR', 'writing', 'unreadable', 'lies something else'],
  ['ELOOP', 'writing', 'unreadable', 'lies something else'],
  ['EMFILE', 'reading', 'unreadable', 'could not open more files'],
  ['EBUSY', 'reading', 'unreadable', 'could not open more files'],
  ['EIO', 'reading', 'unreadable', 'error (EIO)'],
] as const)('a folder that answers %s while %s is called %s', (code, during, state, reason) => {
  const cause = causeOf(errno(code), during)
  expect(cause.state).toBe(state)
  expect(cause.reason).toContain(reason)
  expect(cause.remedy).toMatch(/\.$/)
  expect(isHindrance(errno(code))).toBe(true)
})

test('what says itself what to do is told as it says it, and a bug is no fault of the folder', () => {
  expect(causeOf(full, 'reading')).toMatchObject({ reason: 'The data folder is full.', remedy: 'Free some space.' })
  expect(causeOf(new Error('out of words'), 'reading').reason).toBe('The drive answered with an error.')
  expect(isHindrance(new TypeError('a bug'))).toBe(false)
  expect(causeOfProblem(new TypeError('a bug')).state).toBe('unreadable')
})
