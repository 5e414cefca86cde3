import { expect, test } from 'vitest'
import { soundVerifier } from '#core/receipts/index.ts'
import { firstSound, type NativeVerifier } from '#core/receipts/native-verifiers.ts'

const { verifier: good } = soundVerifier('node')

/** A library that goes wrong in one way. */
const broken = (check: (message: Uint8Array, signature: Uint8Array, right: boolean) => boolean): NativeVerifier => ({
  name: 'sodium',
  key: (publicKey) => {
    const rightly = good.key(publicKey)
    return (message, signature) => check(message, signature, rightly(message, signature))
  },
})

test('the libraries of this machine answer rightly', () => {
  expect(soundVerifier('node')).toMatchObject({ verifier: { name: 'node' }, failed: [] })
  expect(soundVerifier('sodium').failed).toEqual([])
})

test.each([
  ['accepts everything', broken(() => true)],
  ['refuses everything', broken(() => false)],
  ['does not look at the bytes', broken((_message, signature, right) => right || signature[0] === 0x62)],
  [
    'does not look at S',
    broken((message, signature, right) => right || (message[1] === 0x82 && signature[0] === 0x62)),
  ],
  ['takes an empty signature', broken((_message, signature, right) => right || signature.every((byte) => byte === 0))],
  [
    'throws',
    broken(() => {
      throw new Error('not built for this machine')
    }),
  ],
])('a library that %s is passed over, and that is told', (_how, library) => {
  expect(firstSound([library, good])).toEqual({ verifier: good, failed: ['sodium'] })
})

test('where no library answers rightly the strict reference checks alone', () => {
  const { verifier, failed } = firstSound([broken(() => true)])
  expect([verifier.name, failed]).toEqual(['noble', ['sodium']])
  expect(firstSound([verifier])).toEqual({ verifier, failed: [] })
})
