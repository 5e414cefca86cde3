import { Encrypter } from 'age-encryption'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  generateIdentity,
  identityFromPhrase,
  keyFromSecret,
  openKey,
  phraseOf,
  secretOf,
} from '#core/identity/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { damaged } from '#tests/property/receipts/arbitraries.ts'

const seed = fc.uint8Array({ minLength: 32, maxLength: 32 })

test('every key comes back from its phrase, however it is typed, and from its sealed bytes', () => {
  fc.assert(
    fc.property(seed, fc.constantFrom(' ', '\n', '  \t'), fc.boolean(), (bytes, gap, capitals) => {
      const key = generateIdentity(() => bytes)
      const typed = phraseOf(key).join(gap)
      expect(identityFromPhrase(capitals ? typed.toUpperCase() : typed).node).toBe(key.node)
      expect(keyFromSecret(secretOf(key)).node).toBe(key.node)
    }),
    { numRuns: 1000 },
  )
})

test('a misspelt word is never taken for another key without being noticed by its position', () => {
  fc.assert(
    fc.property(seed, fc.nat(23), fc.nat(7), fc.constantFrom('q', 'x', 'z', 'j'), (bytes, position, at, letter) => {
      const words = phraseOf(generateIdentity(() => bytes))
      const word = words[position] ?? ''
      const slip = word.slice(0, at % word.length) + letter + letter + word.slice(at % word.length)
      expect(() => identityFromPhrase(words.with(position, slip))).toThrow(`Word ${position + 1} (“${slip}”)`)
    }),
    { numRuns: 1000 },
  )
})

test('any text is a phrase or is refused with what to do', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.lorem({ maxCount: 1 })).map((words) => words.join(' ')),
      ),
      (text) => {
        expect(() => identityFromPhrase(text)).toThrow(StewardError)
      },
    ),
    { numRuns: 1000 },
  )
})

test('a damaged key file is opened or refused in words, never anything else', async () => {
  const encrypter = new Encrypter()
  // What another tool may have made; Steward itself seals with 17 and more, which is too slow to open so often.
  encrypter.setScryptWorkFactor(2)
  encrypter.setPassphrase('correct horse')
  const key = generateIdentity((count) => new Uint8Array(count).fill(9))
  const file = await encrypter.encrypt(secretOf(key))
  await fc.assert(
    fc.asyncProperty(damaged([file]).filter(isCheap), async (bytes) => {
      const opened = await openKey(bytes, 'correct horse').then(
        ({ node }) => node,
        (thrown: unknown) => thrown,
      )
      expect(opened === key.node || opened instanceof StewardError).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

/** Damage that turns the work factor 2 into a costly one is left out; the limit on it has a test of its own. */
function isCheap(bytes: Uint8Array): boolean {
  const workFactor = /-> scrypt \S+ (\d+)\n/.exec(Buffer.from(bytes).toString('latin1'))?.[1]
  return workFactor === undefined || Number(workFactor) < 12 || Number(workFactor) > 20
}
