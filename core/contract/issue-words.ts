// What a schema refused, in words for a person: the library's own name patterns and types. The window reads it too, so no schema stands here.

/** One part of an input that was refused. */
export interface RefusedPart {
  /** The way to it, without positions in lists; empty for the whole input. */
  readonly names: readonly string[]
  /** Goes on after what the part is called: `needs at least 8 characters`. */
  readonly words: string
}

/** @param data what the contract answers with BAD_REQUEST; where that names no parts, there are none */
export function refusedParts(data: unknown): readonly RefusedPart[] {
  const issues = isRecord(data) ? data['issues'] : null
  if (!Array.isArray(issues) || !issues.every(isRecord)) return []
  return issues.map((issue) => ({ names: namesOf(issue['path']), words: issueWords(issue) }))
}

/** What is said of a part in a table of fields, by names joined with dots; a part of a field is told as the field. */
export function fieldOfPart<Field>({ names }: RefusedPart, fields: Readonly<Record<string, Field>>): Field | null {
  for (let length = names.length; length > 0; length--) {
    const name = names.slice(0, length).join('.')
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field !== undefined) return field
  }
  return null
}

/** Goes on after the name of what was refused: `needs at least 8 characters`. */
export function issueWords(issue: unknown): string {
  if (!isRecord(issue)) return UNFIT
  const message = typeof issue['message'] === 'string' ? issue['message'] : ''
  const { code, minimum, maximum } = issue
  switch (code) {
    case 'too_small':
      return typeof minimum === 'number' ? tooSmall(issue, minimum) : UNFIT
    case 'too_big':
      return typeof maximum === 'number'
        ? `${issue['origin'] === 'number' ? 'must be' : 'takes'} at most ${maximum}${unitOf(issue)}`
        : UNFIT
    case 'invalid_type':
      return message.endsWith(' received undefined') ? 'is missing' : `must be ${typeWords(issue['expected'])}`
    case 'invalid_value':
      return `must be ${listOf(issue['values']).join(' or ')}`
    case 'unrecognized_keys':
      return `holds “${listOf(issue['keys']).join('”, “')}”, which is not known there`
    case 'custom':
      return message.replace(/\.$/, '')
    case 'invalid_format':
      // A schema may say itself what it takes.
      return message.startsWith('Invalid ') ? UNFIT : message
    default:
      return UNFIT
  }
}

const UNFIT = 'is not written as it has to be'

function tooSmall(issue: Readonly<Record<string, unknown>>, minimum: number): string {
  if (issue['origin'] === 'number') return `must be at least ${minimum}`
  return minimum === 1 ? 'must not be empty' : `needs at least ${minimum}${unitOf(issue)}`
}

function unitOf({ origin }: Readonly<Record<string, unknown>>): string {
  return origin === 'string' ? ' characters' : ''
}

function typeWords(expected: unknown): string {
  return (typeof expected === 'string' ? TYPES.get(expected) : undefined) ?? 'something else'
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
  ['null', 'null'],
])

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function namesOf(path: unknown): readonly string[] {
  return Array.isArray(path) ? path.filter((step) => typeof step === 'string') : []
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
