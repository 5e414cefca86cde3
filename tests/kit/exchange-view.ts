import { Instant, type ExchangeView } from '#core/contract/index.ts'
import { noExchange } from '#core/node/app-core.ts'

/** An exchange of which there is nothing to say, but for `part`. */
export function quietExchange(part: Partial<ExchangeView> = {}): ExchangeView {
  return { ...noExchange(Instant.parse('2026-11-21T10:00:00.000Z')), ...part }
}
