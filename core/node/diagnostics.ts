// What a person can send with a question: versions, counts and states. No key, no phrase, no content, no path of theirs.
import { counters } from '#core/ledger/index.ts'
import { fingerprint } from '#core/network/index.ts'
import { soundVerifier } from '#core/receipts/index.ts'
import { conflictCounts } from '#core/reconcile/index.ts'
import type { AppCore } from './app-core.ts'
import { countersOf } from './counters.ts'

export function diagnosticsOf(app: AppCore): { fileName: string; text: string } {
  const now = app.deps.clock()
  const session = app.sessionOrNull()
  const { phase, version, host, sample } = app.state()
  const facts = {
    format: 'steward-diagnostics/1',
    made: now,
    steward: { version, host, phase, sample },
    runtime: app.deps.runtime,
    // Asked anew: a library that answers wrongly is passed over, and this is where it shows.
    signatures: signatureChecks(),
    ledger: session === null ? null : { ...counters(session.ledger.read), ...fingerprint(session.ledger.read) },
    counters: session === null ? null : countersOf(session),
    conflicts: session === null ? null : conflictCounts(session.ledger.read),
    exchange: session === null ? null : withoutFolder(session.exchange.view()),
    settings: session?.file().settings ?? null,
  }
  return { fileName: `steward-diagnostics-${now.slice(0, 10)}.json`, text: `${JSON.stringify(facts, null, 2)}\n` }
}

function withoutFolder<T extends { folder: string | null }>({ folder, ...view }: T) {
  return { ...view, folderChosen: folder !== null }
}

function signatureChecks() {
  const { verifier, failed } = soundVerifier('sodium')
  return { checkedBy: verifier.name, failedSelfTest: failed }
}
