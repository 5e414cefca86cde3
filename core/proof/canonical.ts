import canonicalize from 'canonicalize'
import { invariant } from '#core/problem/index.ts'

/** The one canonical spelling (RFC 8785) of an object. */
export function canonicalText(value: object): string {
  const text = canonicalize(value)
  invariant(text !== undefined, 'an object has a canonical form')
  return text
}
