// One judged file as the body of the receipt that its import signs.
import { Instant, type ContentHash, type Json } from '#core/contract/index.ts'
import type { ImportedBody } from '#core/reconcile/index.ts'
import type { Envelope, HashLedger, JudgedFile } from '#core/teof/index.ts'

/** Everything of the body but the round, which is known when it is signed. */
export type FileBody = Pick<
  ImportedBody,
  'origin' | 'path' | 'canonical' | 'modified' | 'stated' | 'envelope' | 'plans' | 'mismatches' | 'chain'
> & {
  readonly content: { readonly hash: ContentHash; readonly size: number; readonly name: string }
}

export interface FileFacts {
  readonly origin: string
  readonly judged: JudgedFile
  /** Null where the reader does not say. Kept as found; nothing follows from it. */
  readonly modifiedMs: number | null
  readonly plans: readonly { readonly plan: string; readonly step: string | null }[]
  readonly mismatches: readonly string[]
  readonly ledger: HashLedger | null
}

const SENTENCE_CHARACTERS = 400
const NAME_CHARACTERS = 200
const PLAN_CHARACTERS = 200
const LISTED_MISMATCHES = 10
/** Of a longer hash-ledger only the newest entries are named; one that is further behind than this waits for a person. */
const LISTED_ENTRIES = 500
const LISTED_PLANS = 100

export function fileBody({ origin, judged, modifiedMs, plans, mismatches, ledger }: FileFacts): FileBody {
  const { path, rawHash, contentHash, isJson, sizeBytes, stated } = judged
  const modified = modifiedMs === null ? null : Instant.safeParse(new Date(modifiedMs).toISOString())
  const chain = ledger?.entries.slice(-LISTED_ENTRIES).map(({ hash }) => hash) ?? []
  const sentences = mismatches.slice(0, LISTED_MISMATCHES).map(shortened)
  return {
    origin,
    path,
    content: { hash: rawHash, size: sizeBytes, name: cleaned(path.slice(path.lastIndexOf('/') + 1), NAME_CHARACTERS) },
    modified: modified?.data ?? null,
    envelope: envelopeBody(judged.envelope),
    ...(isJson ? { canonical: contentHash } : {}),
    ...(stated?.time === undefined || stated.time === null ? {} : { stated: stated.time.instant }),
    ...(plans.length === 0 ? {} : { plans: plans.slice(0, LISTED_PLANS).map(planBody) }),
    ...(sentences.length === 0 ? {} : { mismatches: sentences }),
    ...(chain.length === 0 ? {} : { chain }),
  }
}

/** Says that a file which was imported before is gone. */
export function goneBody(origin: string, path: string): { readonly [key: string]: Json } {
  return { origin, path, gone: true }
}

function envelopeBody(envelope: Envelope): NonNullable<ImportedBody['envelope']> {
  switch (envelope.state) {
    case 'ok':
      return { state: 'ok', keyId: envelope.keyId, key: envelope.key, form: envelope.form }
    case 'missing':
      return { state: 'missing' }
    case 'skipped':
      return { state: 'skipped', why: shortened(envelope.why) }
    case 'unknown_key':
    case 'invalid':
      return {
        state: envelope.state,
        why: shortened(envelope.why),
        ...(envelope.keyId === null ? {} : { keyId: envelope.keyId }),
      }
  }
}

function planBody({ plan, step }: FileFacts['plans'][number]): { plan: string; step?: string } {
  const named = { plan: cleaned(plan, PLAN_CHARACTERS) }
  return step === null ? named : { ...named, step: cleaned(step, PLAN_CHARACTERS) }
}

/** A sentence of bounded length; what stands in it may come from a file. */
export function shortened(sentence: string): string {
  return cleaned(sentence, SENTENCE_CHARACTERS)
}

function cleaned(text: string, limit: number): string {
  const characters = Array.from(text.replaceAll(UNFIT, '\ufffd'))
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, limit - 1).join('')}…`
}

/** Lone surrogates and control characters. */
const UNFIT = /[\p{Cc}\p{Cs}]/gu
