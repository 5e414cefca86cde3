// By which way something came to this node, as a person says it.
import type { Way } from '#core/contract/index.ts'

export const WAY_WORDS: Readonly<Record<Way, string>> = {
  own: 'signed here',
  folder: 'by the folder',
  lan: 'by the LAN',
  bundle: 'in a bundle',
}
