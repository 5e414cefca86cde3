import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { holdsUnder } from '#core/proof/crypto.ts'
import { createVerifier, loadSodium, nodeIdFromPublicKey } from '#core/receipts/index.ts'
import { edgeCases } from '#tests/runtimes/edge-cases.ts'
import { hex, vectors } from './feeds.ts'

const Table = z.object({
  cases: z.array(
    z.object({
      what: z.string(),
      publicKey: z.string(),
      message: z.string(),
      signature: z.string(),
      verdict: z.enum(['accepted', 'bad-signature', 'weak-key']),
    }),
  ),
})
const SmallOrder = z.object({ keys: z.array(z.object({ publicKey: z.string() })) })
const { cases: frozen } = Table.parse(vectors('ed25519-verdicts.json'))
const smallOrder = SmallOrder.parse(vectors('small-order-keys.json')).keys.map(({ publicKey }) => publicKey)

test('the frozen table is what the arithmetic makes', () => {
  expect(frozen).toEqual(edgeCases(smallOrder))
})

describe.each(['node', 'sodium'] as const)('with %s in front', (native) => {
  const verifier = createVerifier({ native, slowChecksAllowed: () => true })

  test.skipIf(native === 'sodium' && loadSodium() === null)(
    'every signature at the edges of Ed25519 gets the verdict that it gets on any other machine',
    () => {
      const said = frozen.map(({ what, publicKey, message, signature }) => {
        const verdict = verifier.verifyBytes(nodeIdFromPublicKey(hex(publicKey)), hex(message), hex(signature), 's')
        return [what, verdict.ok === true ? 'accepted' : verdict.ok === false ? verdict.refusal.reason : 'deferred']
      })
      expect(said).toEqual(frozen.map(({ what, verdict }) => [what, verdict]))
    },
  )
})

test('an exported page believes exactly the signatures that the app believes', () => {
  const held = frozen.map(({ what, publicKey, message, signature }) => [
    what,
    holdsUnder(hex(publicKey), hex(message), hex(signature)),
  ])
  expect(held).toEqual(frozen.map(({ what, verdict }) => [what, verdict === 'accepted']))
})
