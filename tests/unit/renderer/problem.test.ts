import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { OFFLINE, OfflineError, problemFrom } from '#ui/store/problem.ts'
import { problem } from './scratch-api.ts'

test('a problem of the core reaches the steward with its four sentences', () => {
  expect(problemFrom(problem('LOCKED', 'The key is locked.'))).toEqual({
    code: 'LOCKED',
    happened: 'The key is locked.',
    kept: 'Nothing was changed.',
    remedy: 'Try again.',
  })
})

test('an entry that the contract refuses is explained, not shown as a fault', () => {
  const refused = new ORPCError('BAD_REQUEST', {
    data: { issues: [{ message: 'Too small: expected >= 8 characters' }] },
  })
  expect(problemFrom(refused)).toMatchObject({ code: 'BAD_REQUEST', kept: 'Nothing was changed.' })
  expect(problemFrom(refused).happened).toContain('Too small')
})

test('without a connection nothing is claimed to have happened', () => {
  expect(problemFrom(new OfflineError())).toBe(OFFLINE)
})

test('a call whose connection broke does not claim that nothing was done', () => {
  expect(problemFrom(new DOMException('The connection was closed', 'AbortError'))).toMatchObject({ code: 'CUT_OFF' })
})

test.each([new Error('x at /home/ada/core.js:3'), new ORPCError('INTERNAL_SERVER_ERROR'), 'text', null, undefined])(
  'a fault shows no stack and no path (%s)',
  (thrown) => {
    const told = problemFrom(thrown)
    expect(told.code).toBe('INTERNAL')
    expect(JSON.stringify(told)).not.toMatch(/core\.js|\/home/)
  },
)
