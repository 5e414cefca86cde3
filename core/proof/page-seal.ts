// The seal of an exported page: one hash over everything in it that can be changed and still be read. It finds damage and clumsy
// changes anywhere in the file; what cannot be forged are the signatures inside.
import { hashName } from './crypto.ts'

export interface PageParts {
  readonly policy: string
  readonly style: string
  /** Source of what is shown before anything was checked. */
  readonly main: string
  /** Source of the data element. */
  readonly data: string
  readonly script: string
}

/** `sha256:` and the hash over the parts with a line break between two, as verify.py computes it too. */
export function sealOf({ policy, style, main, data, script }: PageParts): string {
  return hashName([policy, style, main, data, script].join('\n'))
}
