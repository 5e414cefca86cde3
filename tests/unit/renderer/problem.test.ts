import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { OFFLINE, OfflineError, problemFrom } from '#ui/store/problem.ts'
import { os, problem, scratchApi } from './scratch-api.ts'

const notReached = () => {
  throw new Error('The contract should have refused this.')
}

test('a problem of the core reaches the steward with its four sentences', () => {
  expect(problemFrom(problem('LOCKED', 'The key is locked.'))).toEqual({
    code: 'LOCKED',
    happened: 'The key is locked.',
    kept: 'Nothing was changed.',
    remedy: 'Try again.',
  })
})

test('an entry that the contract refuses is told by what the steward entered, and nothing of the library shows', async () => {
  const api = scratchApi({
    node: { create: os.node.create.handler(notReached) },
    receipts: { sign: os.receipts.sign.handler(notReached) },
  })
  const create = api.node.create({ name: '', passphrase: 'short', exchange: null, networkName: 'x'.repeat(65) })
  expect(problemFrom(await create.catch((thrown: unknown) => thrown))).toEqual({
    code: 'BAD_REQUEST',
    happened:
      'The name must not be empty. The passphrase needs at least 8 characters. The name of the network takes at most 64 characters.',
    kept: 'Nothing was changed.',
    remedy: 'Correct the entry and try again.',
  })
  const content = { type: 'body' as const, body: {} }
  const sign = api.receipts.sign({ kind: 'Some Kind', subject: 'a.json', task: null, anchor: null, content })
  expect(problemFrom(await sign.catch((thrown: unknown) => thrown)).happened).toBe(
    'The kind is words of small letters, digits and hyphens, with a slash between them.',
  )
})

test.each([
  [
    { issues: [{ code: 'too_big', origin: 'string', maximum: 9, path: ['constructor', 0] }] },
    'What was entered takes at most 9 characters.',
  ],
  [{ issues: [{ message: 'Odd' }] }, 'What was entered is not written as it has to be.'],
  [{ issues: ['strange'] }, 'Your node could not read what was entered.'],
  [undefined, 'Your node could not read what was entered.'],
])('an entry that no field is known for is told as well (%j)', (data, happened) => {
  expect(problemFrom(new ORPCError('BAD_REQUEST', { data })).happened).toBe(happened)
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
