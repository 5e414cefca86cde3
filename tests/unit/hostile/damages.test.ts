// Every damage of the corpus, on everything that others sign and on every decoder: what was signed does not hold any more, and what is
// merely read is refused or read, and never thrown.
import { expect, test } from 'vitest'
import { parseProof, sealProof, checkProof, PROOF_FORMAT, proofText, type Proof } from '#core/proof/index.ts'
import {
  createVerifier,
  parseHead,
  parseSeen,
  parseState,
  publicKeyFromNodeId,
  signHead,
  signSeen,
  signState,
  verifyHead,
  verifySeen,
  verifyState,
} from '#core/receipts/index.ts'
import { judgeProfile } from '../../../core/exchange/peer-files.ts'
import { bombs, damagesOf } from '#tests/fixtures/hostile/damages.ts'
import { loadTarget, targetNames } from '#tests/fuzz/targets/index.ts'
import { signerFromSeed, START, TestNode, instantAt } from '#tests/kit/nodes.ts'

const ada = new TestNode('ada')
const signer = signerFromSeed('ada')
const profile = ada.sign({ kind: 'node/profile', subject: 'profile', task: null, anchor: null, body: { name: 'Ada' } })
const root = Buffer.alloc(32, 7)
const row = { node: ada.id, seq: 1, id: profile.id }
const proof: Proof = sealProof({
  format: PROOF_FORMAT,
  made: instantAt(START),
  conflict: null,
  receipts: [
    {
      role: 'receipt',
      id: profile.id,
      publicKey: Buffer.from(publicKeyFromNodeId(ada.id) ?? []).toString('base64'),
      line: profile.line,
      inclusion: null,
      head: null,
    },
  ],
  stated: null,
  byHand: [],
})
// Slow checks are what a damaged signature asks for; they are not what is tested here.
const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => false })
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

interface Signed {
  readonly what: string
  readonly sample: string
  readonly holds: (bytes: Uint8Array) => boolean
  /** Spellings that change nothing of what is said. */
  readonly harmless?: readonly string[]
}

const signed: readonly Signed[] = [
  {
    what: 'head',
    sample: signHead({ seq: 1, id: profile.id, root, time: profile.receipt.time }, signer),
    holds: (bytes) => {
      const parsed = parseHead(bytes)
      return parsed.ok && verifyHead(parsed.value, verifier).ok === true
    },
  },
  {
    what: 'statement of what is held',
    sample: signSeen([row], signer),
    holds: (bytes) => {
      const parsed = parseSeen(bytes)
      return parsed.ok && verifySeen(parsed.value, verifier).ok === true
    },
  },
  {
    what: 'state note',
    // Any hash is one of a policy.
    sample: signState(profile.id as never, [{ ...row, aside: null, root: root.toString('base64') }], signer),
    holds: (bytes) => {
      const parsed = parseState(bytes)
      return parsed.ok && verifyState(parsed.value, verifier).ok === true
    },
  },
  {
    what: 'profile',
    sample: profile.line,
    holds: (bytes) => judgeProfile({ verifier: () => verifier }, ada.id, bytes).ok === true,
  },
  {
    what: 'proof',
    sample: proofText(proof).trimEnd(),
    // Its checksum is over what it says: line ends that a mail program changed do no harm.
    harmless: ['CRLF'],
    holds: (bytes) => {
      const parsed = parseProof(text(bytes))
      return parsed !== null && checkProof(parsed).holds
    },
  },
]

test.each(signed)('a $what holds as it was signed, and with no damage', ({ sample, holds, harmless = [] }) => {
  expect(holds(Buffer.from(sample))).toBe(true)
  const believed = [...damagesOf(Buffer.from(sample))].filter(({ bytes }) => holds(bytes))
  expect(believed.map(({ trick }) => trick)).toEqual(harmless)
})

/** Those that need no running host; the others meet the same in tests/fuzz. */
const DECODERS = targetNames.filter((name) => !['frame', 'question', 'http', 'bodies', 'key-header'].includes(name))

const BOMBS = bombs()

test.each(DECODERS)('bombs are judged: %s', async (name) => {
  const target = await loadTarget(name)
  await target.open?.()
  const broken: string[] = []
  for (const { trick, bytes } of BOMBS) {
    try {
      await target.check(bytes)
    } catch (thrown) {
      broken.push(`${trick}: ${String(thrown)}`)
    }
  }
  await target.close?.()
  expect(broken).toEqual([])
})
