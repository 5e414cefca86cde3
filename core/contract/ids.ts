// Ids and instants as they cross the boundary. Branded, so that one cannot stand in for another.
import * as z from 'zod'

/** did:key of an Ed25519 public key (multicodec 0xed01, base58btc). */
export const NodeId = z
  .string()
  .regex(/^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/)
  .brand<'NodeId'>()
export type NodeId = z.infer<typeof NodeId>

/** `sha256:` and the hash of a receipt's canonical form without its signature. */
export const ReceiptId = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .brand<'ReceiptId'>()
export type ReceiptId = z.infer<typeof ReceiptId>

/** Hash of a conflict's kind, subject, task and sorted members: every node names it alike. */
export const ConflictId = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .brand<'ConflictId'>()
export type ConflictId = z.infer<typeof ConflictId>

/** Hash of content: a claim's value, a blob, an anchor. */
export const ContentHash = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .brand<'ContentHash'>()
export type ContentHash = z.infer<typeof ContentHash>

/** RFC 3339, UTC, exactly three decimals: sorts as text in the order of time from year 0 to 9999. */
export const Instant = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/)
  .brand<'Instant'>()
export type Instant = z.infer<typeof Instant>

/** Where a page ended; opaque to the caller. */
export const Cursor = z.string().max(4096).brand<'Cursor'>()
export type Cursor = z.infer<typeof Cursor>

/** Far deeper than any receipt may be, and far less than it takes to exhaust the stack of whoever walks over it. */
const JSON_DEPTH = 200

/** Any JSON value; bodies are checked against their kind's schema in core. */
export const Json: z.ZodType<Json> = z
  .unknown()
  .refine((value) => isWithin(value, JSON_DEPTH), {
    error: `is nested more than ${JSON_DEPTH} levels deep`,
    abort: true,
  })
  .pipe(z.json())
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((member) => isWithin(member, depth - 1))
}

export const PageLimit = z.number().int().min(1).max(200).default(100)
/** Text a person typed to search or filter with. */
export const SearchText = z.string().max(512)
