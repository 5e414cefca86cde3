// What a schema refused, as the end of a sentence for a person: the library's own words name patterns and types.
import * as z from 'zod'

const Issue = z.object({
  code: z.string().optional(),
  message: z.string().default(''),
  origin: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  expected: z.string().optional(),
  values: z.array(z.unknown()).optional(),
  keys: z.array(z.string()).optional(),
})
type Issue = z.infer<typeof Issue>

/** Goes on after the name of what was refused: `needs at least 8 characters`. */
export function issueWords(thrown: unknown): string {
  const read = Issue.safeParse(thrown)
  if (!read.success) return UNFIT
  const issue = read.data
  switch (issue.code) {
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return `${issue.origin === 'number' ? 'must be' : 'takes'} at most ${issue.maximum}${unitOf(issue)}`
    case 'invalid_type':
      return issue.message.endsWith(' received undefined')
        ? 'is missing'
        : `must be ${TYPES[issue.expected ?? ''] ?? 'something else'}`
    case 'invalid_value':
      return `must be ${(issue.values ?? []).map(String).join(' or ')}`
    case 'unrecognized_keys':
      return `holds “${(issue.keys ?? []).join('”, “')}”, which is not known there`
    case 'custom':
      return issue.message.replace(/\.$/, '')
    case 'invalid_format':
      // A schema may say itself what it takes.
      return issue.message.startsWith('Invalid ') ? UNFIT : issue.message
    case undefined:
    default:
      return UNFIT
  }
}

const UNFIT = 'is not written as it has to be'

function tooSmall(issue: Issue): string {
  if (issue.origin === 'number') return `must be at least ${issue.minimum}`
  return issue.minimum === 1 ? 'must not be empty' : `needs at least ${issue.minimum}${unitOf(issue)}`
}

function unitOf({ origin }: Issue): string {
  return origin === 'string' ? ' characters' : ''
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}
