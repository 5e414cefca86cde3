// By which way something came here, as a person says it. Ways of later versions are shown by their own name.
const WORDS: Readonly<Record<string, string>> = {
  own: 'signed here',
  folder: 'by the folder',
  lan: 'by the LAN',
  bundle: 'in a bundle',
}

export function wayWords(way: string): string {
  return WORDS[way] ?? way
}
