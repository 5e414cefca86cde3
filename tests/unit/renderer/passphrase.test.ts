import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { strengthOf } from '#ui/components/passphrase-strength.ts'
import { askBack } from '#ui/store/first-run-store.ts'
import { phraseWordList, phraseWords, unknownWords, unknownWordsSentence } from '#ui/store/phrase-words.ts'
import { passTextOnly } from '#ui/trusted-types.ts'

test('a passphrase that the core would refuse is never called weak or better', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 7 }), (text) => {
      expect(strengthOf(text).level).toBe(0)
    }),
  )
})

test('repeating a letter helps little, unrelated words help much', () => {
  expect(strengthOf('aaaaaaaaaaaaaaaa').level).toBe(1)
  expect(strengthOf('password').level).toBeLessThanOrEqual(2)
  expect(strengthOf('otter lamp quiet seven moss').level).toBe(4)
})

test('three different words of the phrase are asked back, in their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 3 }),
      (numbers) => {
        let place = 0
        const positions = askBack(() => numbers[place++] ?? 0)
        expect(new Set(positions).size).toBe(3)
        expect(positions).toEqual(positions.toSorted((a, b) => a - b))
        for (const position of positions) expect(position).toBeOneOf(Array.from({ length: 24 }, (_, at) => at))
      },
    ),
  )
})

test('a phrase is read however it was written down', () => {
  expect(phraseWords(' 1. Otter,  2. lamp\n3) QUIET ')).toEqual(['otter', 'lamp', 'quiet'])
  expect(phraseWords('')).toEqual([])
})

test('no markup passes into the page as text', () => {
  expect(passTextOnly(':root{--x:1}')).toBe(':root{--x:1}')
  expect(() => passTextOnly('<img src=x onerror=alert(1)>')).toThrow(TypeError)
})

test('a word that no phrase has is named as it is typed, one that may still become a word is not', async () => {
  const list = await phraseWordList()
  const said = (text: string) => unknownWordsSentence(unknownWords(text, list))
  expect(said('abandon foo zoo')).toBe('Word 2, “foo”, is in no recovery phrase: look at it again.')
  expect(said('foo xyzzy zoo')).toMatch(/^Word 1, .*One more is not either\.$/)
  expect(said('abandon ab')).toBeNull()
  expect(said('abandon ab ')).toContain('Word 2')
  expect(said('abandon xy')).toContain('Word 2')
})
