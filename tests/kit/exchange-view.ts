import { Instant, type ExchangeView } from '#core/contract/index.ts'

/** An exchange of which there is nothing to say, but for `part`. */
export function quietExchange(part: Partial<ExchangeView> = {}): ExchangeView {
  return {
    folder: null,
    state: 'none',
    since: Instant.parse('2026-11-21T10:00:00.000Z'),
    reason: null,
    remedy: null,
    progress: null,
    lastRescan: null,
    unpublished: 0,
    waiting: 0,
    held: 0,
    refused: 0,
    ignored: 0,
    placeholders: 0,
    conflictCopies: 0,
    notRead: 0,
    ...part,
  }
}
