// By which way something came to a node, as a person says it. The window reads it too.

/** Ways of later versions are told by their own name. */
export function wayWords(way: string): string {
  return WORDS.get(way) ?? way
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['own', 'signed here'],
  ['folder', 'by the folder'],
  ['lan', 'over the LAN'],
  ['bundle', 'in a bundle'],
])
