// What one thread makes of lines: the canonical check beside the bare work it cannot avoid, and the whole judgement beside
// bare Ed25519 with the library in use.
import { createPublicKey, verify } from 'node:crypto'
import { createVerifier, loadSodium, parseLine, publicKeyFromNodeId, signedBytes } from '#core/receipts/index.ts'
import { measurePairs, secondsOf } from '../measure.ts'
import { signNetwork } from '../network.ts'
import { parseLimit } from '../parse-limit.ts'
import type { Row } from '../row.ts'

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

export const parseAndVerify: Row = {
  name: 'parse-and-verify',
  async run(scale) {
    const count = Math.min(scale.receipts, 10_000)
    const receipts = signNetwork({ nodes: 10, receipts: count }).feeds.flat()
    const lines = receipts.map((receipt) => Buffer.from(receipt.line))
    const perSecond = async (work: () => void) => count / (await secondsOf(work))

    const parse = await measurePairs({
      what: 'Parse: limits, canonical form, envelope, id',
      unit: 'lines/s',
      limitIs: 'JSON.parse + canonicalize + SHA-256',
      gate: { atLeast: 0.4 },
      count: scale.pairs,
      limit: () => parseLimit(lines),
      ours: () =>
        perSecond(() => {
          for (const line of lines) if (!parseLine(line).ok) throw new Error('A line of the bench was refused.')
        }),
    })

    const sodium = loadSodium()
    const verifier = createVerifier({ native: sodium === null ? 'node' : 'sodium', slowChecksAllowed: () => true })
    const signed = receipts.map((receipt) => {
      const publicKey = publicKeyFromNodeId(receipt.receipt.node)
      if (publicKey === null) throw new Error('A node of the bench has a key.')
      return {
        message: signedBytes(receipt),
        signature: Buffer.from(receipt.receipt.sig, 'base64url'),
        publicKey,
        key: createPublicKey({ format: 'der', type: 'spki', key: Buffer.concat([SPKI_PREFIX, publicKey]) }),
      }
    })
    const judge = await measurePairs({
      what: `Parse and verify, one thread, ${verifier.native}`,
      unit: 'receipts/s',
      limitIs: 'bare signature checks with the same library',
      gate: { atLeast: 0.5 },
      count: scale.pairs,
      limit: () =>
        perSecond(() => {
          for (const { message, signature, publicKey, key } of signed) {
            const ok =
              sodium === null
                ? verify(null, message, key, signature)
                : sodium.crypto_sign_verify_detached(signature, message, publicKey)
            if (!ok) throw new Error('A signature of the bench is valid.')
          }
        }),
      ours: () =>
        perSecond(() => {
          for (const line of lines) {
            const parsed = parseLine(line)
            if (!parsed.ok || verifier.verify(parsed.value, 'bench').ok !== true) throw new Error('refused')
          }
        }),
    })
    return [parse, judge]
  },
}
