// One number for each distinct JSON value, whatever the order of its keys: two values are equal when their numbers are.
// A container's number follows from the numbers of its parts, so that numbering a document is linear in its size.

/** What JSON.parse answers. */
export type Parsed = null | boolean | number | string | readonly Parsed[] | { readonly [key: string]: Parsed }

export interface ValueNumbers {
  of(value: Parsed): number
}

export function createValueNumbers(): ValueNumbers {
  const numbers = new Map<string, number>()
  const known = new WeakMap<object, number>()

  function numberFor(form: string): number {
    const found = numbers.get(form)
    if (found !== undefined) return found
    numbers.set(form, numbers.size)
    return numbers.size - 1
  }

  function of(value: Parsed): number {
    if (value === null || typeof value !== 'object') return numberFor(JSON.stringify(value))
    const seen = known.get(value)
    if (seen !== undefined) return seen
    const number = numberFor(isRecord(value) ? recordForm(value) : `[${value.map(of).join()}]`)
    known.set(value, number)
    return number
  }

  function recordForm(record: { readonly [key: string]: Parsed }): string {
    const members = Object.keys(record).sort()
    // hasOwn holds for every key that Object.keys answers.
    return `{${members.map((key) => `${JSON.stringify(key)}:${of(record[key] ?? null)}`).join()}}`
  }

  return { of }
}

/** Equal whatever the order of keys. */
export function sameValue(one: Parsed, other: Parsed): boolean {
  if (one === other) return true
  if (isList(one)) {
    return isList(other) && one.length === other.length && one.every((item, index) => sameItem(item, other, index))
  }
  if (!isRecord(one) || !isRecord(other)) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameValue(one[key] ?? null, other[key] ?? null))
  )
}

function sameItem(item: Parsed, others: readonly Parsed[], index: number): boolean {
  return sameValue(item, others[index] ?? null)
}

/** Array.isArray alone would make the elements of a readonly array `any`. */
export function isList(value: Parsed | undefined): value is readonly Parsed[] {
  return Array.isArray(value)
}

export function isRecord(value: Parsed | undefined): value is { readonly [key: string]: Parsed } {
  return value !== null && typeof value === 'object' && !isList(value)
}

/** How deep arrays and objects lie in each other and how many values there are, told from the text alone, so that no parser has to survive it. */
export function measureJson(text: string): { readonly depth: number; readonly values: number } {
  let depth = 0
  let deepest = 0
  let values = 1
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (inString) {
      if (character === BACKSLASH) at++
      else if (character === QUOTE) inString = false
    } else if (character === QUOTE) inString = true
    else if (character === COMMA) values++
    else if (character === OPEN_BRACKET || character === OPEN_BRACE) {
      values++
      deepest = Math.max(deepest, ++depth)
    } else if (character === CLOSE_BRACKET || character === CLOSE_BRACE) depth--
  }
  return { depth: deepest, values }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
