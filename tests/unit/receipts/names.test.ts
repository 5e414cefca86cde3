import { expect, test } from 'vitest'
import * as z from 'zod'
import { NodeId } from '#core/contract/index.ts'
import {
  fingerprintWords,
  nodeIdFromPublicKey,
  publicKeyFromNodeId,
  sha256Id,
  shortId,
  wordsOfHash,
} from '#core/receipts/index.ts'
import { generateIdentity } from '#core/identity/index.ts'
import { hex, signerNamed, vectors } from './feeds.ts'

const Vectors = z.object({
  valid: z.array(z.object({ seed: z.string(), publicKey: z.string(), did: z.string() })),
})

test.each(Vectors.parse(vectors('did-key.json')).valid)(
  'the key of seed $seed has the published id',
  ({ seed, publicKey, did }) => {
    const { node } = generateIdentity(() => hex(seed))
    expect(node).toBe(did)
    const key = publicKeyFromNodeId(node) ?? new Uint8Array()
    expect(nodeIdFromPublicKey(key)).toBe(did)
    expect(Buffer.from(key).toString('hex')).toBe(publicKey)
  },
)

test('an id with the pattern of one that names no Ed25519 key has no public key', () => {
  expect(publicKeyFromNodeId(NodeId.parse(`did:key:z6Mk${'1'.repeat(44)}`))).toBeNull()
  expect(publicKeyFromNodeId(NodeId.parse(`did:key:z6Mk${'z'.repeat(44)}`))).toBeNull()
})

test('a fingerprint is six words of the SHA-256 of the node id, the same on every machine', () => {
  const { node } = signerNamed('ada')
  expect(fingerprintWords(node)).toEqual(wordsOfHash(sha256Id(node), 6))
  expect(new Set([fingerprintWords(node).join(' '), fingerprintWords(signerNamed('ben').node).join(' ')]).size).toBe(2)
})

test('words are 11 bits each of the hash, highest bits first', () => {
  expect(wordsOfHash(`sha256:${'0'.repeat(64)}`, 4)).toEqual(['abandon', 'abandon', 'abandon', 'abandon'])
  expect(wordsOfHash(`sha256:${'f'.repeat(64)}`, 2)).toEqual(['zoo', 'zoo'])
  // 0b00000000001 0b00000000010: the second and the third word of the list.
  expect(wordsOfHash(`sha256:0020080${'0'.repeat(57)}`, 2)).toEqual(['ability', 'able'])
  expect(wordsOfHash(`sha256:${'0'.repeat(64)}`, 23)).toHaveLength(23)
})

test('what is no hash has no words', () => {
  expect(() => wordsOfHash('sha256:zz', 6)).toThrow(/Broken invariant/)
  expect(() => wordsOfHash(`sha256:${'0'.repeat(64)}`, 24)).toThrow(/Broken invariant/)
})

test('a short id recognises without pretending to be one', () => {
  expect(shortId(`sha256:${'0123456789abcdef'.repeat(4)}`)).toBe('01234567')
  expect(shortId('did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp')).toBe('z6MkiTBz1ymu…DooWp')
  expect(shortId('report.json')).toBe('report.json')
})
