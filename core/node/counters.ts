// What the rail shows: kept numbers, never counted ones.
import type { Counters } from '#core/contract/index.ts'
import { counters } from '#core/ledger/index.ts'
import { pendingNodes } from '#core/network/index.ts'
import { conflictCounts, overdueCount } from '#core/reconcile/index.ts'
import type { Session } from './session.ts'

export function countersOf({ node, ledger, exchange }: Session): Counters {
  return {
    openConflicts: conflictCounts(ledger.read).open,
    overdueConflicts: overdueCount(ledger.read),
    receipts: counters(ledger.read).receipts,
    pendingNodes: pendingNodes(ledger.read, { thisNode: node, asking: exchange.pendingNodes() }).length,
    troubles: exchange.troubleCount(),
  }
}
