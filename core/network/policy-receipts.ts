// The receipts by which the policy in force came to be: the founding, or the signatures under the policy that took its place.
import type { ContentHash, ReceiptId } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import * as z from 'zod'
import { GENESIS, POLICY } from './kinds.ts'
import { chosenNetwork } from './local-settings.ts'
import { policyHash } from './policy.ts'
import { policyHashInForce } from './standing-store.ts'

const SignedRules = z.looseObject({ policy: z.json(), previous: z.string().nullish() })

/** Ids of the receipts that signed the policy in force, in the order of their ids; empty before the genesis receipt was read. */
export function policyReceipts(db: ReadDb): ReceiptId[] {
  const inForce = policyHashInForce(db)
  const genesis = chosenNetwork(db)
  return db
    .prepare<[string, string], { idBytes: Buffer; kind: string; body: string }>(`
      SELECT receipt.id AS idBytes, rule.kind, rule.body
      FROM network_rule AS rule JOIN receipt ON receipt.arrival = rule.arrival
      WHERE rule.kind IN (?, ?) ORDER BY receipt.id
    `)
    .all(GENESIS, POLICY)
    .flatMap(({ idBytes, kind, body }) => {
      const id = receiptIdFromBytes(idBytes)
      if (kind === GENESIS && id !== genesis) return []
      const signed = SignedRules.safeParse(JSON.parse(body)).data
      if (signed === undefined) return []
      // The founding policy follows none; every other one names the hash it follows.
      const previous = kind === GENESIS ? null : ((signed.previous ?? null) as ContentHash | null)
      return policyHash(signed.policy, previous) === inForce ? [id] : []
    })
}
