import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { createVerifier, loadSodium, nodeIdFromPublicKey } from '#core/receipts/index.ts'
import type { Candidate, Verdict } from '#core/receipts/index.ts'
import { NodeId } from '#core/contract/index.ts'
import { feed, hex, judge, next, signerNamed, valueOf, vectors } from './feeds.ts'

const Rfc8032 = z.object({
  valid: z.array(z.object({ name: z.string(), publicKey: z.string(), message: z.string(), signature: z.string() })),
})
const EdgeCases = z.object({
  cases: z.array(
    z.object({
      what: z.string(),
      publicKey: z.string(),
      message: z.string(),
      signature: z.string(),
      verdict: z.string(),
    }),
  ),
})
const SmallOrder = z.object({ keys: z.array(z.object({ publicKey: z.string(), why: z.string() })).length(14) })

const rfc8032 = Rfc8032.parse(vectors('rfc8032.json')).valid
const edgeCases = EdgeCases.parse(vectors('ed25519-edge-cases.json')).cases
const smallOrder = SmallOrder.parse(vectors('small-order-keys.json')).keys

const ada = signerNamed('ada')
const receipt = next(ada, null)

function tampered(): Candidate {
  return valueOf(judge(receipt.line.replace('"result":"ok"', '"result":"no"')))
}

function said(verdict: Verdict<unknown>): string {
  if (verdict.ok === true) return 'accepted'
  return verdict.ok === false ? verdict.refusal.reason : 'deferred'
}

describe.each(['node', 'sodium'] as const)('with %s in front', (native) => {
  const verifier = createVerifier({ native, slowChecksAllowed: () => true })
  const missing = native === 'sodium' && loadSodium() === null

  test.skipIf(missing)('the library that was asked for is the one that checks', () => {
    expect(verifier.native).toBe(native)
  })

  test.each(rfc8032)(
    'RFC 8032 $name holds, and does not once a bit is changed',
    ({ publicKey, message, signature }) => {
      const node = nodeIdFromPublicKey(hex(publicKey))
      expect(said(verifier.verifyBytes(node, hex(message), hex(signature), 's'))).toBe('accepted')
      const changed = hex(signature)
      changed[40] = (changed[40] ?? 0) ^ 4
      expect(said(verifier.verifyBytes(node, hex(message), changed, 's'))).toBe('bad-signature')
      expect(said(verifier.verifyBytes(node, hex(`${message}00`), hex(signature), 's'))).toBe('bad-signature')
    },
  )

  test.each(edgeCases)('the verdict on “$what” is $verdict', ({ publicKey, message, signature, verdict }) => {
    const node = nodeIdFromPublicKey(hex(publicKey))
    expect(said(verifier.verifyBytes(node, hex(message), hex(signature), 's'))).toBe(verdict)
  })

  test.each(smallOrder)('a key of small order ($why) signs nothing', ({ publicKey }) => {
    const node = nodeIdFromPublicKey(hex(publicKey))
    // R is the identity and S = 0: what such a key makes true for many messages.
    const signature = hex(`01${'00'.repeat(63)}`)
    expect(said(verifier.verifyBytes(node, hex('00'), signature, 's'))).toBe('weak-key')
  })

  test('a receipt with a swapped signature is refused', () => {
    const [, second] = feed(ada, 2)
    const swapped = valueOf(judge(receipt.line.replace(receipt.receipt.sig, second?.receipt.sig ?? '')))
    expect(said(verifier.verify(swapped, 's'))).toBe('bad-signature')
  })

  test('a signature of the wrong length is refused, not an exception', () => {
    for (const length of [0, 63, 65]) {
      expect(said(verifier.verifyBytes(ada.node, hex('00'), new Uint8Array(length), 's'))).toBe('bad-signature')
    }
  })

  test('a key that is no point of the curve is refused, not an exception', () => {
    const node = nodeIdFromPublicKey(hex(`02${'00'.repeat(31)}`))
    expect(said(verifier.verifyBytes(node, hex('00'), new Uint8Array(64), 's'))).toBe('bad-signature')
  })
})

test('an id in the form of a did:key that names no Ed25519 key is refused', () => {
  const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => true })
  const node = NodeId.parse(`did:key:z6Mk${'z'.repeat(44)}`)
  expect(said(verifier.verifyBytes(node, hex('00'), new Uint8Array(64), 's'))).toBe('bad-envelope')
})

test('what is signed here verifies, and is the same receipt afterwards', () => {
  const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => false })
  const verdict = verifier.verify(valueOf(judge(receipt.line)), 'folder')
  expect(verdict).toStrictEqual({ ok: true, value: { ...receipt } })
})

test('slow checks are rationed by source, and deferred, not refused', () => {
  const asked: string[] = []
  const verifier = createVerifier({
    native: 'node',
    slowChecksAllowed(source) {
      asked.push(source)
      return source !== 'flooding'
    },
  })
  expect(said(verifier.verify(tampered(), 'flooding'))).toBe('deferred')
  expect(said(verifier.verify(tampered(), 'other'))).toBe('bad-signature')
  expect(asked).toEqual(['flooding', 'other'])
})

test('what the native library accepts is never asked about twice', () => {
  const verifier = createVerifier({
    native: 'node',
    slowChecksAllowed() {
      throw new Error('nobody should ask')
    },
  })
  expect(said(verifier.verify(receipt, 's'))).toBe('accepted')
})

test('more nodes than the cache of keys holds are all verified', () => {
  const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => true })
  const message = hex('00')
  const signers = Array.from({ length: 1100 }, (_, index) => signerNamed(`node ${index}`))
  for (const signer of [...signers, ...signers.slice(0, 5)]) {
    expect(said(verifier.verifyBytes(signer.node, message, signer.sign(message), 's'))).toBe('accepted')
  }
})
