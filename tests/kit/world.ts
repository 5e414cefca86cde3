// A ledger with the app's real features in it, and what a test asks it: deliver these, show me the state as bytes.
import { append, openLedger, rebuildProjections, type Ledger } from '#core/ledger/index.ts'
import { features } from '#core/features.ts'
import {
  admitDraft,
  createNames,
  defaultPolicy,
  fingerprint,
  genesisDraft,
  networkView,
  peersPage,
  policyHashInForce,
  setNetwork,
} from '#core/network/index.ts'
import {
  coverageView,
  listOrigins,
  missingArtefacts,
  conflictCounts,
  conflictFacets,
  conflictReview,
  listConflicts,
  subjectHistory,
} from '#core/reconcile/index.ts'
import type {
  ConflictFilter,
  ConflictId,
  ConflictReview,
  ConflictSummary,
  Instant,
  NodeId,
  Policy,
  ReceiptId,
} from '#core/contract/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt, signerFromSeed, START, type TestNode } from './nodes.ts'

/** A node that signs nothing and only looks. */
const OUTSIDE = signerFromSeed('outside').node
const NOTHING_KNOWN = { head: null, lastSeen: null, hasOfOurs: null, waiting: 0, trouble: null }
const DAY_MS = 24 * 60 * 60 * 1000

/** A day after START: nothing that tests sign lies in the future. */
export const LATER: Instant = instantAt(START + DAY_MS)

export class World implements Disposable {
  readonly ledger: Ledger

  constructor(file = ':memory:') {
    this.ledger = openLedger({ file, features, now: LATER, backupDir: '/nonexistent' })
  }

  get db() {
    return this.ledger.read
  }

  joinNetwork(genesis: ReceiptId, now: Instant = LATER): this {
    this.ledger.write(now, (tx) => setNetwork(tx, genesis))
    return this
  }

  /** One batch, offered again and again until nothing more is taken: what waits behind a gap waits until it closes. */
  deliver(receipts: readonly VerifiedReceipt[], now: Instant = LATER): VerifiedReceipt[] {
    return this.ledger.write(now, (tx) => {
      let waiting = [...receipts]
      for (let before = Infinity; waiting.length < before;) {
        before = waiting.length
        waiting = waiting.filter(
          (receipt) => append(tx, receipt, { way: 'folder', source: 'test' }).outcome === 'waiting',
        )
      }
      return waiting
    })
  }

  /** A write that appends nothing: time passes. */
  passTo(now: Instant): void {
    this.ledger.write(now, () => undefined)
  }

  conflicts(filter: Partial<ConflictFilter> = {}): ConflictSummary[] {
    const items: ConflictSummary[] = []
    let after
    do {
      const page = listConflicts(this.db, {
        filter: { status: 'open', ...filter },
        sort: 'severity',
        after,
        limit: 200,
      })
      items.push(...page.items)
      after = page.next ?? undefined
    } while (after !== undefined)
    return items
  }

  /** Everything that two nodes with the same receipts must show alike, as one text. */
  state(): string {
    const conflicts = this.conflicts({ status: 'all' })
    return JSON.stringify({
      fingerprint: fingerprint(this.db),
      conflicts,
      reviews: conflicts.map((conflict) => this.review(conflict.id)),
      histories: conflicts.map(({ subject, task }) => subjectHistory(this.db, { subject, task, limit: 200 })),
      network: networkView(this.db, { thisNode: OUTSIDE, asking: [] }),
      peers: peersPage(this.db, { thisNode: OUTSIDE, asking: [], knowledgeOf: () => NOTHING_KNOWN }, { limit: 200 }),
      counts: conflictCounts(this.db),
      facets: conflictFacets(this.db),
      origins: listOrigins(this.db),
      coverage: coverageView(this.db),
      missing: coverageView(this.db).items.map(({ claimant }) => missingArtefacts(this.db, { claimant, limit: 200 })),
    })
  }

  /** The review as the outside node sees it, with every content missing. */
  review(conflict: ConflictId, thisNode: NodeId = OUTSIDE): ConflictReview {
    return conflictReview(this.db, conflict, {
      thisNode,
      now: LATER,
      contentOf: () => ({ type: 'missing', why: '', remedy: '' }),
      heldBy: () => ({ count: 0, of: 0, notBy: [] }),
    })
  }

  rebuild(now: Instant = LATER): this {
    rebuildProjections(this.ledger, now)
    return this
  }

  nameOf(node: TestNode): string {
    return createNames(this.db).of(node.id)
  }

  [Symbol.dispose](): void {
    this.ledger.close()
  }
}

/** Founders sign nothing but their names; the first of them founds the network. */
export function foundNetwork(founders: readonly TestNode[], policy: Partial<Policy> = {}): VerifiedReceipt {
  const [first] = founders
  if (first === undefined) throw new Error('A network has a founder.')
  const genesis = first.sign(
    genesisDraft(
      'test network',
      founders.map((node) => node.id),
      { ...defaultPolicy, ...policy },
    ),
  )
  for (const node of founders) {
    node.sign({ kind: 'node/profile', subject: 'profile', task: null, anchor: null, body: { name: node.name } })
  }
  return genesis
}

/** `steward` admits `candidate` under the policy that is in force in `world`. */
export function admit(world: World, steward: TestNode, candidate: TestNode): VerifiedReceipt {
  return steward.sign(admitDraft(candidate.id, policyHashInForce(world.db)))
}

export function allSigned(nodes: readonly TestNode[]): VerifiedReceipt[] {
  return nodes.flatMap((node) => node.signed)
}
