// What a receipt of an import says, as one hash: so that what was said already is not said again. The round, the modification time and
// the words of an explanation are no part of it.
import type { ContentHash, Json } from '#core/contract/index.ts'
import { canonicalJson, sha256Id } from '#core/receipts/index.ts'

type Body = { readonly [key: string]: Json }

export function statementOf(body: Body): ContentHash {
  const { round: _round, modified: _modified, envelope, ...said } = body
  return sha256Id<ContentHash>(canonicalJson({ ...said, envelope: withoutWords(envelope) }))
}

function withoutWords(envelope: Json | undefined): Json {
  if (typeof envelope !== 'object' || envelope === null || !isBody(envelope)) return null
  const { why: _why, ...stated } = envelope
  return stated
}

function isBody(value: Json & object): value is Body {
  return !Array.isArray(value)
}
