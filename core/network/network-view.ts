// The network as a whole: its name, its rules, what is proposed, and whether two nodes stand alike.
import type { NetworkView, ReceiptId } from '#core/contract/index.ts'
import { receiptIdToBytes, type ReadDb } from '#core/ledger/index.ts'
import { wordsOfHash } from '#core/receipts/index.ts'
import { fingerprint } from './fingerprint.ts'
import { GENESIS, GenesisBody } from './kinds.ts'
import { chosenNetwork } from './local-settings.ts'
import { admittedCount, pendingNodes, type PeersContext } from './peers.ts'
import { createNames } from './profiles.ts'
import { policyHashInForce, policyInForce, proposedPolicies } from './standing-store.ts'

export function networkView(db: ReadDb, context: Pick<PeersContext, 'thisNode' | 'asking'>): NetworkView {
  const genesis = chosenNetwork(db)
  const policy = policyInForce(db)
  const names = createNames(db)
  const shown = fingerprint(db)
  const name = genesis === null ? '' : networkName(db, genesis)
  return {
    // A network always has a name: where there is none, the genesis receipt was not read yet.
    id: name === '' ? null : genesis,
    name,
    words: genesis === null ? [] : wordsOfHash(genesis, 6),
    policy,
    policyHash: policyHashInForce(db),
    proposed: proposedPolicies(db).map((proposed) => ({
      hash: proposed.hash,
      policy: proposed.policy,
      signedBy: proposed.signedBy.map((node) => names.of(node)),
      needed: policy.decisionsNeeded,
      mine: proposed.signedBy.includes(context.thisNode),
    })),
    fingerprint: shown.fingerprint,
    fingerprintWords: shown.words,
    admitted: admittedCount(db),
    pending: pendingNodes(db, context).length,
  }
}

/** The name that a genesis receipt gives its network; empty until that receipt was read. */
export function networkName(db: ReadDb, genesis: ReceiptId): string {
  const row = db
    .prepare<[Buffer, string], { body: string }>(`
      SELECT rule.body FROM receipt JOIN network_rule AS rule ON rule.arrival = receipt.arrival
      WHERE receipt.id = ? AND rule.kind = ?
    `)
    .get(receiptIdToBytes(genesis), GENESIS)
  return row === undefined ? '' : GenesisBody.parse(JSON.parse(row.body)).name
}
