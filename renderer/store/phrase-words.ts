// The words of a recovery phrase as it is typed: which there are, and which no phrase has.

/** The 2,048 words of BIP39 in English; asked for when a phrase is typed. */
export async function phraseWordList(): Promise<ReadonlySet<string>> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js')
  return new Set(wordlist)
}

/** The words of a typed phrase; everything else only separates them. */
export function phraseWords(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}

/** Of the typed words those that are in no phrase, each with its number from 1. The last one may still be on its way to one. */
export function unknownWords(
  text: string,
  list: ReadonlySet<string>,
): readonly { readonly word: string; readonly place: number }[] {
  const words = phraseWords(text)
  const isOpenEnded = /[a-z]$/i.test(text)
  return words.flatMap((word, index) => {
    if (list.has(word)) return []
    const isUnderWay = isOpenEnded && index === words.length - 1
    if (isUnderWay && [...list].some((known) => known.startsWith(word))) return []
    return [{ word, place: index + 1 }]
  })
}

/** "Word 3, “foo”, is in no recovery phrase."; null where all are. */
export function unknownWordsSentence(unknown: ReturnType<typeof unknownWords>): string | null {
  const [first] = unknown
  if (first === undefined) return null
  const more = unknown.length - 1
  const rest = more === 0 ? '' : more === 1 ? ' One more is not either.' : ` ${more} more are not either.`
  return `Word ${first.place}, “${first.word}”, is in no recovery phrase: look at it again.${rest}`
}
