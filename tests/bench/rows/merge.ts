// Reconciliation as the pure function that it is: 10 nodes and 10,000 subjects from scratch in memory, beside as many look-ups in a
// Map by hash, which is the least that any merge of sets does.
import { createHash } from 'node:crypto'
import type { ContentHash } from '#core/contract/index.ts'
import { anchorChains } from '#core/reconcile/anchors.ts'
import { judgeClaims, type Claim } from '#core/reconcile/judge-claims.ts'
import { measurePairs, secondsOf } from '../measure.ts'
import { oneInAHundredDiffers } from '../network.ts'
import type { Row } from '../row.ts'

const NODES = 10
const NOW = Date.parse('2025-03-01T00:00:00.000Z')
const RULES = { requireAnchor: false, maxAgeMs: null }
const NO_ANCHORS = anchorChains([])

interface Offer extends Claim {
  readonly node: number
  readonly seq: number
  readonly subject: string
}

export const merge: Row = {
  name: 'merge',
  async run(scale) {
    const offers = offersOf(scale.receipts)
    const figure = await measurePairs({
      what: `${offers.length.toLocaleString('en')} claims of ${NODES} nodes judged from scratch, in memory`,
      unit: 'claims/s',
      limitIs: 'offers to a Map by hash',
      gate: { atLeast: 0.1 },
      count: scale.pairs,
      limit: async () => offers.length / (await secondsOf(() => offerToMap(offers))),
      ours: async () => offers.length / (await secondsOf(() => judgeAll(offers))),
    })
    return [figure]
  },
}

function offersOf(count: number): Offer[] {
  return Array.from({ length: count }, (_, index) => {
    const node = index % NODES
    const place = Math.floor(index / NODES)
    const value = oneInAHundredDiffers(node, place)
    // SHA-256 in hex has the form of a ContentHash.
    const hash = `sha256:${createHash('sha256').update(value).digest('hex')}` as ContentHash
    return { node, seq: place + 1, subject: `_report/bench/${place}.json`, hash, anchor: null, timeMs: NOW - index }
  })
}

function offerToMap(offers: readonly Offer[]): number {
  const byHash = new Map<string, Offer>()
  for (const offer of offers) if (!byHash.has(offer.hash)) byHash.set(offer.hash, offer)
  return byHash.size
}

function judgeAll(offers: readonly Offer[]): number {
  const newest = new Map<string, Map<number, Offer>>()
  for (const offer of offers) {
    let ofSubject = newest.get(offer.subject)
    if (ofSubject === undefined) newest.set(offer.subject, (ofSubject = new Map<number, Offer>()))
    const before = ofSubject.get(offer.node)
    if (before === undefined || before.seq < offer.seq) ofSubject.set(offer.node, offer)
  }
  let findings = 0
  for (const claims of newest.values()) {
    findings += judgeClaims([...claims.values()], NO_ANCHORS, RULES, NOW).findings.length
  }
  return findings
}
