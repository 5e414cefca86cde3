import { expect, test } from 'vitest'
import { Json } from '#core/contract/index.ts'
import { parseJsonOption } from '#core/hosts/cli/json-option.ts'

const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`

test('JSON that is nested without end is refused in a sentence, not by an exhausted stack', () => {
  expect(parseJsonOption('--body', nested(30))).toEqual(JSON.parse(nested(30)))
  for (const levels of [300, 20_000])
    expect(() => parseJsonOption('--body', nested(levels))).toThrow(
      '--body cannot be signed as it is written. It is nested more than 31 levels deep.',
    )
})

test('what comes over the contract is held to a depth as well', () => {
  const told = Json.safeParse(JSON.parse(nested(20_000)))
  expect(told.error?.issues.map(({ message }) => message)).toEqual(['is nested more than 200 levels deep'])
})

test('what the shell took apart is told by its place', () => {
  expect(() => parseJsonOption('--body', '{a:1}')).toThrow(
    '--body cannot be read. This is not JSON yet: a key or } should stand at line 1, column 2.',
  )
})

test('what would be signed otherwise than it was typed is refused, and named as it was typed', () => {
  for (const [typed, named] of [
    ['{"a":1,"a":2}', 'The key "a" is written twice'],
    ['{"n":12345678901234567890}', 'The number 12345678901234567890 cannot be kept exactly'],
    ['{"n":-0}', 'The number -0 would be signed as 0'],
  ] as const)
    expect(() => parseJsonOption('--body', typed)).toThrow(named)
})
