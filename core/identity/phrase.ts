// The recovery phrase: the 32 bytes of the key as 24 BIP39 words. The words are the key itself (BIP39 entropy), not a seed
// derived from them, so that any BIP39 tool can turn them back into it.
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { StewardError } from '#core/problem/index.ts'
import { NodeKey, seedBytes } from './node-key.ts'

const PHRASE_WORDS = 24

/** The 24 words; to be shown once and never stored. */
export function phraseOf(key: NodeKey): string[] {
  return entropyToMnemonic(seedBytes(key), wordlist).split(' ')
}

/**
 * The key that a phrase spells. Case and spaces do not matter.
 * Throws a StewardError PHRASE_WRONG that names the position of a misspelt word and the words near it.
 */
export function identityFromPhrase(phrase: string | readonly string[]): NodeKey {
  const words = wordsIn(phrase)
  const misspelt = words.findIndex((word) => !KNOWN.has(word))
  if (misspelt >= 0) throw misspeltWord(misspelt, words[misspelt] ?? '')
  if (words.length !== PHRASE_WORDS) throw wrongCount(words.length)
  try {
    return new NodeKey(mnemonicToEntropy(words.join(' '), wordlist))
  } catch {
    // The cause is left out: what the library says may hold the words.
    throw phraseWrong('All words are in the list, but together they are no recovery phrase.', 'Check their order.')
  }
}

/** True where each answer is the word at its position (0 to 23): the steward has written the phrase down. */
export function confirmPhrase(
  phrase: readonly string[],
  answers: readonly { readonly position: number; readonly word: string }[],
): boolean {
  return (
    answers.length > 0 &&
    answers.every(({ position, word }) => phrase[position] === word.normalize('NFKD').trim().toLowerCase())
  )
}

const KNOWN: ReadonlySet<string> = new Set(wordlist)

function wordsIn(phrase: string | readonly string[]): string[] {
  const text = typeof phrase === 'string' ? phrase : phrase.join(' ')
  return text
    .normalize('NFKD')
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '')
}

/** What a steward may have meant: no more than two letters away, nearest first, at most three. */
function wordsNear(word: string): string[] {
  return wordlist
    .map((known) => ({ known, distance: letterDistance(word, known) }))
    .filter(({ distance }) => distance <= 2)
    .toSorted((a, b) => a.distance - b.distance || (a.known < b.known ? -1 : 1))
    .slice(0, 3)
    .map(({ known }) => known)
}

/** Letters to insert, drop, replace or swap with their neighbour to get from one word to the other. */
function letterDistance(from: string, to: string): number {
  let twoBack: number[] = []
  let oneBack = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let best = Math.min(
        at(oneBack, column) + 1,
        at(current, column - 1) + 1,
        at(oneBack, column - 1) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        best = Math.min(best, at(twoBack, column - 2) + 1)
      }
      current.push(best)
    }
    twoBack = oneBack
    oneBack = current
  }
  return at(oneBack, to.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}

function misspeltWord(position: number, word: string): StewardError {
  // One misspelt word is no secret by itself, and it has to be found on paper. Anything long is no word but a wrong paste.
  const quoted = word.length <= 16 ? ` (“${word}”)` : ''
  const near = word.length <= 16 ? wordsNear(word) : []
  const remedy = near.length === 0 ? 'Check it against what you wrote down.' : `Did you mean ${near.join(', ')}?`
  return phraseWrong(`Word ${position + 1}${quoted} is not in the list of recovery words.`, remedy)
}

function wrongCount(count: number): StewardError {
  return phraseWrong(
    `The recovery phrase has ${PHRASE_WORDS} words; here are ${count}.`,
    'Enter all words in their order.',
  )
}

function phraseWrong(happened: string, remedy: string): StewardError {
  return new StewardError({ code: 'PHRASE_WRONG', happened, kept: 'Nothing was changed.', remedy })
}
