import { expect, test } from 'vitest'
import { Json } from '#core/contract/index.ts'
import { parseJsonOption } from '#core/hosts/cli/json-option.ts'

const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`

test('JSON that is nested without end is refused in a sentence, not by an exhausted stack', () => {
  expect(parseJsonOption('--body', nested(150))).toEqual(JSON.parse(nested(150)))
  for (const levels of [300, 20_000])
    expect(() => parseJsonOption('--body', nested(levels))).toThrow(
      '--body cannot be taken: it is nested more than 200 levels deep.',
    )
})

test('what comes over the contract is held to the same depth', () => {
  const told = Json.safeParse(JSON.parse(nested(20_000)))
  expect(told.error?.issues.map(({ message }) => message)).toEqual(['it is nested more than 200 levels deep.'])
})

test('what the shell took apart is told in the words of the parser', () => {
  expect(() => parseJsonOption('--body', '{a:1}')).toThrow('--body is not JSON:')
})
