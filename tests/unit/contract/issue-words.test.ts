import { expect, test } from 'vitest'
import * as z from 'zod'
import { issueWords } from '#core/contract/index.ts'

test.each<[string, z.ZodType, unknown, string]>([
  ['a text that is too short', z.string().min(8), 'short', 'needs at least 8 characters'],
  ['an empty text', z.string().min(1), '', 'must not be empty'],
  ['a text that is too long', z.string().max(2), 'long', 'takes at most 2 characters'],
  ['a list that is too short', z.array(z.string()).min(2), ['a'], 'needs at least 2'],
  ['a list that is too long', z.array(z.string()).max(1), ['a', 'b'], 'takes at most 1'],
  ['a number that is too small', z.number().min(1), 0, 'must be at least 1'],
  ['a number that is too large', z.number().max(3), 4, 'must be at most 3'],
  ['half a number', z.number().int(), 1.5, 'must be a whole number'],
  ['no number', z.number(), Number.NaN, 'must be a number'],
  ['another type', z.date(), 1, 'must be something else'],
  ['nothing', z.string(), undefined, 'is missing'],
  ['another word', z.enum(['go', 'no-go']), 'stop', 'must be go or no-go'],
  ['a member too many', z.strictObject({}), { x: 1 }, 'holds “x”, which is not known there'],
  ['a pattern', z.string().regex(/^a$/), 'b', 'is not written as it has to be'],
  ['a pattern with words of its own', z.string().regex(/^a$/, 'is an a'), 'b', 'is an a'],
  ['a rule of its own', z.string().refine(() => false, 'is never right'), 'b', 'is never right'],
  ['none of several', z.union([z.literal(1), z.boolean()]), 'b', 'is not written as it has to be'],
])('%s is told in plain words', (_what, schema, value, words) => {
  expect(schema.safeParse(value).error?.issues.map(issueWords)).toEqual([words])
})

test('what is no issue at all is told as well', () => {
  for (const strange of [null, 'x', { minimum: 'y' }])
    expect(issueWords(strange)).toBe('is not written as it has to be')
})
