// Signed feeds from a seed: the same bytes on every machine, so that two runs measure the same work.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { Instant, type ContentHash } from '#core/contract/index.ts'
import {
  nodeIdFromPublicKey,
  signReceipt,
  type Draft,
  type Signer,
  type VerifiedReceipt,
} from '#core/receipts/index.ts'

const SEED = 20261121

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The n-th node's key; nobody's secret. */
export function seededSigner(n: number): Signer {
  const secret = createHash('sha256').update(`steward bench ${SEED} ${n}`).digest()
  const key = createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.concat([PKCS8_PREFIX, secret]) })
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  if (x === undefined) throw new Error('An Ed25519 key has an x.')
  return {
    node: nodeIdFromPublicKey(Buffer.from(x, 'base64url')),
    sign: (message) => sign(null, message, key),
  }
}

// Long past on any machine, so that no clock holds a receipt back as too early.
const STARTED = Date.parse('2025-01-01T00:00:00.000Z')

/** Seq 1 upwards, a second between two receipts. */
export function signFeed(signer: Signer, drafts: readonly Draft[]): readonly VerifiedReceipt[] {
  const feed: VerifiedReceipt[] = []
  for (const draft of drafts) {
    const previous = feed.at(-1)
    const time = Instant.parse(new Date(STARTED + feed.length * 1000).toISOString())
    feed.push(signReceipt(draft, { seq: feed.length + 1, prev: previous?.id ?? null, time }, signer))
  }
  return feed
}

/** About 1 KB as a line, the size that the limits of the performance page were measured with. */
export function observation(subject: string, value: string): Draft {
  const hash = `sha256:${createHash('sha256').update(value).digest('hex')}` as ContentHash // sha256 in hex is its form
  return {
    kind: 'evidence/observed',
    subject,
    task: '2025-09-22-decentralized-propagation-pilot',
    anchor: null,
    body: { value, note: `${hash} ${'observed by the bench '.repeat(14)}` },
  }
}
