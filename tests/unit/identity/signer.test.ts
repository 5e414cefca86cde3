import * as noble from '@noble/ed25519'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { generateIdentity, signerOf } from '#core/identity/index.ts'
import { publicKeyFromNodeId } from '#core/receipts/index.ts'
import { hex, vectors } from '#tests/unit/receipts/feeds.ts'

const Vectors = z.object({
  valid: z.array(
    z.object({
      name: z.string(),
      secretKey: z.string(),
      publicKey: z.string(),
      message: z.string(),
      signature: z.string(),
    }),
  ),
})

test.each(Vectors.parse(vectors('rfc8032.json')).valid)('RFC 8032 $name is signed as published', async (vector) => {
  const signer = signerOf(generateIdentity(() => hex(vector.secretKey)))
  expect(Buffer.from(publicKeyFromNodeId(signer.node) ?? []).toString('hex')).toBe(vector.publicKey)
  const signature = signer.sign(hex(vector.message))
  expect(Buffer.from(signature).toString('hex')).toBe(vector.signature)
  expect(Buffer.compare(signature, await noble.signAsync(hex(vector.message), hex(vector.secretKey)))).toBe(0)
})

test('a new identity takes its 32 bytes from the source it is given', () => {
  const asked: number[] = []
  const source = (count: number) => {
    asked.push(count)
    return new Uint8Array(count).fill(asked.length)
  }
  expect(generateIdentity(source).node).not.toBe(generateIdentity(source).node)
  expect(asked).toEqual([32, 32])
})

test('a source that gives too few bytes makes no key', () => {
  expect(() => generateIdentity(() => new Uint8Array(16))).toThrow(/Broken invariant/)
})
