// What the exchange is asked: its state, what did not simply go in, and what is known of other nodes. Looks, and moves no file.
import { recentHeldBack } from './held-back.ts'
import type { ExchangeStatus } from './exchange-status.ts'
import { declareLost } from './own-folder.ts'
import { clockOffMs, observationsOf, peerKnowledge } from './peer-knowledge.ts'
import { headNoteOf, knownStates, pendingRecords } from './peer-records.ts'
import { probeFolder } from './probe.ts'
import { readLeaves } from './state-files.ts'
import { stateSaidBy } from './state-records.ts'
import { countTroubles, listTroubles, refusedBytes } from './troubles.ts'
import type { Exchange, ExchangeDeps } from './types.ts'

export type ExchangeAnswers = Pick<
  Exchange,
  | 'probe'
  | 'view'
  | 'troubles'
  | 'refusedBytes'
  | 'troubleCount'
  | 'pendingNodes'
  | 'peer'
  | 'knownState'
  | 'observations'
  | 'declareOwnHeadLost'
  | 'stateOf'
  | 'leavesOf'
  | 'headNote'
  | 'recentHeldBack'
  | 'clockOffMs'
>

export function exchangeAnswers(
  { ledger, node: self, folders, clock }: ExchangeDeps,
  status: ExchangeStatus,
): ExchangeAnswers {
  return {
    probe: (folder) => probeFolder(folders, folder),
    view: () => status.view(),
    troubles: (query) => listTroubles(ledger.read, query),
    refusedBytes: (id) => refusedBytes(ledger.read, id),
    troubleCount: () => countTroubles(ledger.read),
    pendingNodes: () => pendingRecords(ledger.read),
    peer: (node) => peerKnowledge(ledger.read, self, node),
    knownState: () => knownStates(ledger.read, self),
    observations: () => observationsOf(ledger.read, self, clock()),
    declareOwnHeadLost: () => declareLost({ ledger, self, now: clock }),
    stateOf: (node) => stateSaidBy(ledger.read, node),
    leavesOf: async (holder, node) =>
      status.folder === null ? null : readLeaves(folders, status.folder, ledger.read, holder, node),
    headNote: (node) => headNoteOf(ledger.read, node),
    recentHeldBack: (now) => recentHeldBack(ledger.read, now),
    clockOffMs: () => clockOffMs(ledger.read, self),
  }
}
