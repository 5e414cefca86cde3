// Three stewards, what they sign, and what one of them is shown of it.
import type { Json, ReceiptId, Verdict } from '#core/contract/index.ts'
import { conflictReview, decisionDraft } from '#core/reconcile/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { allSigned, foundNetwork, LATER, World } from '#tests/kit/world.ts'

export const SUBJECT = '_report/usage/external-summary.json'
export const HOUR = 3_600_000

export interface Cast {
  readonly world: World
  readonly ada: TestNode
  readonly ben: TestNode
  readonly cleo: TestNode
}

/** Three founders, and what they signed delivered. */
export function withThree(policy: Parameters<typeof foundNetwork>[1], tell: (cast: Omit<Cast, 'world'>) => void): Cast {
  const [ada, ben, cleo] = [new TestNode('ada'), new TestNode('ben'), new TestNode('cleo')]
  const genesis = foundNetwork([ada, ben, cleo], policy)
  tell({ ada, ben, cleo })
  const world = new World().joinNetwork(genesis.id)
  world.deliver(allSigned([ada, ben, cleo]))
  return { world, ada, ben, cleo }
}

export function differing(policy: Parameters<typeof foundNetwork>[1] = {}): Cast {
  return withThree(policy, ({ ada, ben }) => {
    ada.observe(SUBJECT, { count: 12 })
    ben.observe(SUBJECT, { count: 14 })
  })
}

export function decide(world: World, steward: TestNode, verdict: Verdict, reason = 'counted by hand'): VerifiedReceipt {
  const [conflict] = world.conflicts()
  const members = reviewOf(world, steward).members.map((member) => member.receipt)
  const draft = decisionDraft(world.db, steward.id, {
    conflict: conflict!.id,
    members,
    verdict,
    reason,
    planStep: null,
  })
  const signed = steward.sign(draft)
  world.deliver([signed])
  return signed
}

export function reviewOf(world: World, steward: TestNode, index = 0) {
  const conflict = world.conflicts({ status: 'all' })[index]
  return conflictReview(world.db, conflict!.id, {
    thisNode: steward.id,
    now: LATER,
    contentOf: (receipt) => {
      const text = JSON.stringify(bodyOf(world, receipt))
      return { type: 'json', text, sizeBytes: text.length, cut: false }
    },
    heldBy: () => ({ count: 3, of: 3, notBy: [] }),
  })
}

function bodyOf(world: World, receipt: ReceiptId): Json {
  const row = world.ledger.raw
    .prepare('SELECT line FROM receipt WHERE id = ?')
    .get(Buffer.from(receipt.slice(7), 'hex')) as { line: string }
  return (JSON.parse(row.line) as { body: Json }).body
}

export const pick = (receipt: VerifiedReceipt): Verdict => ({ type: 'pick', receipt: receipt.id })
export const lastOf = (node: TestNode) => node.signed.at(-1)!
