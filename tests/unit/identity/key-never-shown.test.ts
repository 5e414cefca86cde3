// The canary: a key whose every spelling is known is searched in whatever this module says.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import {
  generateIdentity,
  identityFromPhrase,
  keyFromSecret,
  openKey,
  phraseOf,
  secretOf,
  signerOf,
} from '#core/identity/index.ts'
import { problemFrom } from '#core/problem/index.ts'

const seed = Uint8Array.from({ length: 32 }, (_, index) => 0xc0 + index)
const key = generateIdentity(() => seed)
const bytes = Buffer.from(seed)
const pem = Buffer.from(secretOf(key)).toString()
const words = phraseOf(key)

const spellings = [
  bytes.toString('hex'),
  bytes.toString('base64').slice(0, 20),
  bytes.toString('base64url').slice(0, 20),
  [...seed].slice(0, 6).join(','),
  [...seed].slice(0, 6).join(', '),
  [...bytes.subarray(0, 6)].map((byte) => byte.toString(16)).join(' '),
  pem.split('\n')[1]?.slice(20, 60) ?? '',
  words.slice(0, 3).join(' '),
  words.slice(0, 3).join("', '"),
]

function shows(text: string): string[] {
  const plain = text.toLowerCase().replace(/\s+/g, ' ')
  return spellings.filter((spelling) => plain.includes(spelling.toLowerCase()))
}

function printed(value: unknown): string {
  const deep = { showHidden: true, depth: 10, getters: true, maxArrayLength: null, breakLength: Infinity }
  const asError = new Error('wrapped', { cause: value })
  return [inspect(value, deep), inspect({ value }, deep), JSON.stringify({ value }) ?? '', inspect(asError, deep)].join(
    '\n',
  )
}

test('the canary is found where it is', () => {
  expect(shows(printed(seed))).not.toEqual([])
  expect(shows(pem)).not.toEqual([])
  expect(shows(words.join(' '))).not.toEqual([])
})

test('a key shows itself in no print, copy or text', () => {
  expect(shows(printed(key))).toEqual([])
  expect(String(key)).toBe('[key]')
  expect(JSON.stringify({ key })).toBe('{"key":"[key]"}')
  expect(inspect(key)).toBe('[key]')
  expect(shows(printed(Object.entries(key)))).toEqual([])
  expect(shows(printed(structuredClone({ key })))).toEqual([])
  expect(Object.getOwnPropertyNames(key)).toEqual(['node'])
})

test('a signer shows no key either', () => {
  const signer = signerOf(key)
  expect(shows(printed(signer))).toEqual([])
  expect(shows(printed(structuredClone({ node: signer.node })))).toEqual([])
})

test('no error of this module says what it read', async () => {
  const failures = [
    () => keyFromSecret(Buffer.from(pem.replace('PRIVATE', 'SECRET'))),
    () => keyFromSecret(Buffer.from(pem.slice(0, 70))),
    () => identityFromPhrase(words.toReversed().join(' ')),
    () => identityFromPhrase(words.slice(0, 23).join(' ')),
    () => identityFromPhrase([...words, 'abandon'].join(' ')),
    () => openKey(Buffer.from(pem), 'passphrase'),
  ]
  for (const fail of failures) {
    const thrown: unknown = await Promise.resolve()
      .then(fail)
      .then(
        () => null,
        (error: unknown) => error,
      )
    expect(thrown).toBeInstanceOf(Error)
    expect(shows(printed(thrown))).toEqual([])
    expect(shows(JSON.stringify(problemFrom(thrown)))).toEqual([])
  }
})

test('changing the bytes that a key was made from does not change the key', () => {
  const own = seed.slice()
  const made = generateIdentity(() => own)
  own.fill(0)
  expect(phraseOf(made)).toEqual(words)
})
