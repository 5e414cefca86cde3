// One node of the sample network: a real core on a data folder of its own, asked through the same contract as any other.
import { createRouterClient } from '@orpc/server'
import type { ConflictReview, ContentHash, Instant, Json, NodeId, ReceiptId, Verdict } from '#core/contract/index.ts'
import { inlineVerification } from '#core/exchange/index.ts'
import { identityFromPhrase, type NodeKey } from '#core/identity/index.ts'
import { createNode, type Keychain, type NodeDeps } from '#core/node/index.ts'
import { invariant } from '#core/problem/index.ts'

export interface Actor {
  readonly name: string
  readonly node: NodeId
  readonly home: string
  readonly key: NodeKey
  /** Publishes, reads, merges. */
  sync(): Promise<void>
  admit(node: NodeId): Promise<void>
  /** Signs a file as evidence; null anchor: under the newest that this node knows. */
  observeFile(file: ObservedFile): Promise<ReceiptId>
  observe(claim: Observed): Promise<ReceiptId>
  anchor(anchor: SignedAnchor): Promise<void>
  wantFreshness(subject: string, maxAgeHours: number): Promise<void>
  decide(
    subject: string,
    choose: (review: ConflictReview) => Verdict,
    reason: string,
    planStep: string | null,
  ): Promise<void>
  stop(): Promise<void>
}

export interface ObservedFile {
  readonly subject: string
  readonly task: string | null
  readonly text: string
  readonly anchor: ContentHash | null
}

export interface Observed {
  readonly subject: string
  readonly task: string | null
  readonly body: Json
  readonly anchor: ContentHash | null
}

export interface SignedAnchor {
  readonly subject: string
  readonly hash: ContentHash
  readonly previous: ContentHash | null
  /** What people call it. */
  readonly label: string
}

/** Everything of NodeDeps that does not differ between the nodes of the sample. */
export type ActorDeps = Omit<NodeDeps, 'home' | 'clock' | 'keychain' | 'verification' | 'sample' | 'background'>

export interface ActorWish {
  readonly name: string
  readonly home: string
  readonly exchange: string
  /** Null for a node that joins. */
  readonly networkName: string | null
}

/** A conflict of the sample that nobody looked at for so long is overdue. */
const OVERDUE_DAYS = 7

const PIECE_BYTES = 256 * 1024

export async function createActor(deps: ActorDeps, clock: () => Instant, wish: ActorWish): Promise<Actor> {
  const core = createNode({
    ...deps,
    home: deps.openHome(wish.home),
    clock,
    keychain: memoryKeychain(),
    // A handful of receipts: threads would take longer to start than the work takes.
    verification: () => inlineVerification({ folders: deps.folders, known: () => new Set(), clock }),
    sample: null,
    background: false,
  })
  await core.start()
  const steward = createRouterClient(core.router)

  const { node, phrase } = await steward.node.create({
    name: wish.name,
    passphrase: null,
    exchange: wish.exchange,
    networkName: wish.networkName,
  })

  await steward.node.confirmPhrase({
    words: ASKED_BACK.map((position) => {
      const word = phrase[position]
      invariant(word !== undefined, 'a phrase has twenty-four words')
      return { position, word }
    }),
  })

  async function upload(text: string): Promise<string> {
    const bytes = Buffer.from(text, 'utf8')
    const { upload: id } = await steward.uploads.begin({ sizeBytes: bytes.length })
    for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES) {
      const base64 = bytes.subarray(offset, offset + PIECE_BYTES).toString('base64')
      await steward.uploads.piece({ upload: id, offset, base64 })
    }
    return id
  }

  return {
    name: wish.name,
    node,
    home: wish.home,
    key: identityFromPhrase(phrase.join(' ')),
    stop: () => core.stop(),
    async sync() {
      const { refused } = await steward.exchange.sync({})
      invariant(refused.length === 0, 'the nodes of the sample take what they sign')
    },
    async admit(asking) {
      await steward.network.admit({ node: asking })
    },
    async observeFile({ subject, task, text, anchor }) {
      const name = subject.slice(subject.lastIndexOf('/') + 1)
      const content = { type: 'upload' as const, upload: await upload(text), name }
      return (await steward.receipts.sign({ kind: 'evidence/observed', subject, task, anchor, content })).id
    },
    async observe({ subject, task, body, anchor }) {
      const content = { type: 'body' as const, body }
      return (await steward.receipts.sign({ kind: 'evidence/observed', subject, task, anchor, content })).id
    },
    async anchor({ subject, ...body }) {
      const content = { type: 'body' as const, body }
      await steward.receipts.sign({ kind: 'governance/anchor', subject, task: null, anchor: null, content })
    },
    async wantFreshness(subject, maxAgeHours) {
      const { policy } = await steward.network.get({})
      await steward.network.signPolicy({
        policy: { ...policy, freshness: [{ subject, maxAgeHours }], escalateAfterDays: OVERDUE_DAYS },
      })
    },
    async decide(subject, choose, reason, planStep) {
      const { items } = await steward.conflicts.list({ filter: { status: 'open', subject }, sort: 'newest', limit: 1 })
      const [conflict] = items
      invariant(conflict !== undefined, `the sample has an open conflict on ${subject}`)
      const review = await steward.conflicts.get({ id: conflict.id })
      const members = review.members.map((member) => member.receipt)
      await steward.conflicts.decide({ conflict: conflict.id, members, verdict: choose(review), reason, planStep })
    },
  }
}

/** Keys of the sample live in memory only: what lies on the disk is empty, and no passphrase has to be stretched. */
function memoryKeychain(): Keychain {
  let kept = new Uint8Array()
  return {
    seal(secret) {
      kept = Uint8Array.from(secret)
      return Promise.resolve(new Uint8Array())
    },
    open: () => Promise.resolve({ secret: kept, reseal: false }),
  }
}

const ASKED_BACK = [0, 11, 23]
