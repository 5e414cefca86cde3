// What became of the signature in an imported file, as the node that imported it signed that. Other bodies may look alike: they
// state no origin.
import type { Json } from '#core/contract/index.ts'
import type { Tone } from '#ui/components/tag.tsx'

export interface FileSignature {
  readonly word: string
  readonly tone: Tone
  /** One sentence. */
  readonly detail: string
  readonly keyId: string | null
}

/** Null for a body that is of no imported file, or of one that needs no signature. */
export function fileSignature(body: Json): FileSignature | null {
  if (!isObject(body) || typeof body['origin'] !== 'string' || !isObject(body['envelope'])) return null
  const { state, form, why, keyId } = body['envelope']
  const detail = typeof why === 'string' ? why : ''
  const key = typeof keyId === 'string' ? keyId : null
  switch (typeof state === 'string' ? state : '') {
    case 'ok':
      return { word: 'signature holds', tone: 'green', detail: formWords(form), keyId: key }
    case 'invalid':
      return { word: 'signature does not hold', tone: 'red', detail, keyId: key }
    case 'unknown_key':
      return { word: 'signature under an unknown key', tone: 'amber', detail, keyId: key }
    case 'skipped':
      return { word: 'signature not checked', tone: 'plain', detail, keyId: key }
    case 'missing':
      return { word: 'no signature', tone: 'plain', detail: 'The file carries no signature.', keyId: null }
    default:
      return null
  }
}

/** What each form leaves out of what is signed. */
const FORMS: Readonly<Record<string, string>> = {
  feed: 'over its canonical form without hash_sha256, signature and public_key_id',
  systemic: 'over its canonical form without signature, public_key_id and signature_algorithm',
  document: 'over its canonical form without signature',
}

function formWords(form: Json | undefined): string {
  const words = typeof form === 'string' && Object.hasOwn(FORMS, form) ? FORMS[form] : undefined
  if (typeof form !== 'string') return 'Verified; the form was not recorded.'
  return words === undefined ? `Verified in the form “${form}”.` : `Verified in the form “${form}”: ${words}.`
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
