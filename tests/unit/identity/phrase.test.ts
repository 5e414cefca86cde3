import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { confirmPhrase, generateIdentity, identityFromPhrase, phraseOf } from '#core/identity/index.ts'
import { problemFrom } from '#core/problem/index.ts'
import { hex, vectors } from '#tests/unit/receipts/feeds.ts'

const Vectors = z.object({ valid: z.array(z.object({ entropy: z.string(), phrase: z.string() })) })
const key = generateIdentity((count) => new Uint8Array(count).fill(42))
const words = phraseOf(key)
const phrase = words.join(' ')

function saidAbout(text: string): string {
  try {
    identityFromPhrase(text)
    return 'accepted'
  } catch (thrown) {
    const { code, happened, remedy } = problemFrom(thrown)
    return `${code}: ${happened} ${remedy}`
  }
}

test.each(Vectors.parse(vectors('bip39.json')).valid)(
  'BIP39 entropy $entropy has the published words',
  ({ entropy, phrase: published }) => {
    const made = generateIdentity(() => hex(entropy))
    expect(phraseOf(made).join(' ')).toBe(published)
    expect(identityFromPhrase(published).node).toBe(made.node)
  },
)

test('24 words bring the node back', () => {
  expect(words).toHaveLength(24)
  expect(identityFromPhrase(phrase).node).toBe(key.node)
  expect(identityFromPhrase(words).node).toBe(key.node)
})

test('capitals, line breaks and extra spaces do not matter', () => {
  expect(identityFromPhrase(`  ${phrase.toUpperCase().replaceAll(' ', '\n  ')}\n`).node).toBe(key.node)
})

describe('a slip of the pen is found', () => {
  const slips: [string, string, RegExp][] = [
    ['a letter too few', 'abandn', /Word 5 \(“abandn”\).*Did you mean abandon/],
    ['a letter too many', 'abandoon', /Word 5 .*abandon/],
    ['two letters swapped', 'abnadon', /Word 5 .*abandon/],
    ['another letter', 'zebro', /Word 5 .*zebra/],
    ['nothing like a word', 'xxxxxxxx', /Word 5 \(“xxxxxxxx”\).*Check it against/],
  ]
  test.each(slips)('%s', (_what, slip, said) => {
    expect(saidAbout(words.with(4, slip).join(' '))).toMatch(said)
  })
})

test('a number of words other than 24 is said', () => {
  expect(saidAbout(words.slice(1).join(' '))).toMatch(/has 24 words; here are 23/)
  expect(saidAbout('')).toMatch(/here are 0/)
  // A valid BIP39 phrase, but of half the length.
  expect(saidAbout(`${'abandon '.repeat(11)}about`)).toMatch(/here are 12/)
})

test('words in the wrong order are no phrase, and the message does not repeat them', () => {
  const swapped = words.with(0, words[1] ?? '').with(1, words[0] ?? '')
  const said = saidAbout(swapped.join(' '))
  expect(said).toMatch(/^PHRASE_WRONG: .*Check their order/)
  for (const word of new Set(words)) expect(said.split(/[^a-z]+/)).not.toContain(word)
})

test('a long paste by mistake is not repeated in the message', () => {
  expect(saidAbout('correct-horse-battery-staple-secret')).not.toContain('horse')
})

test('three words asked back must all be right', () => {
  const answer = (position: number) => ({ position, word: words[position] ?? '' })
  expect(confirmPhrase(words, [answer(0), answer(11), answer(23)])).toBe(true)
  expect(
    confirmPhrase(words, [answer(0), { position: 11, word: ` ${(words[11] ?? '').toUpperCase()} ` }, answer(23)]),
  ).toBe(true)
  expect(confirmPhrase(words, [answer(0), answer(11), { position: 23, word: 'wrong' }])).toBe(false)
  expect(confirmPhrase(words, [{ position: 24, word: '' }])).toBe(false)
  expect(confirmPhrase(words, [])).toBe(false)
})
