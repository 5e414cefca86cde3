// bytes -> Candidate. A line is taken only if it is exactly the canonical form (RFC 8785) of what it says, so that a
// receipt has one spelling and its id can be computed from the bytes at hand.
import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ReceiptId } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import { parseEnvelope } from './envelope.ts'
import { LIMITS } from './limits.ts'
import { parseJson } from './parse-json.ts'
import { refused } from './refusal.ts'
import type { Refused } from './refusal.ts'
import { scanLine } from './scan.ts'
import { findUnfit } from './unfit.ts'
import type { Candidate, Parsed, Receipt, VerifiedReceipt } from './types.ts'

/**
 * Judges the bytes of one line, without its newline: limits, UTF-8, canonical form, envelope. Never throws.
 * Nothing is said about the signature yet.
 */
export function parseLine(bytes: Uint8Array): Parsed<Candidate> {
  if (bytes.length > LIMITS.lineBytes) return tooLarge('The line', bytes.length, LIMITS.lineBytes)
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return refused('not-canonical', 'The line begins with a byte order mark.')
  }
  if (!isUtf8(bytes)) return refused('not-utf8', 'The line is no valid UTF-8.')

  const scan = scanLine(bytes)
  if ('reason' in scan) return refused(scan.reason, scan.detail)
  if (scan.bodyBytes > LIMITS.bodyBytes) return tooLarge('The body', scan.bodyBytes, LIMITS.bodyBytes)
  const envelopeBytes = bytes.length - scan.bodyBytes
  if (envelopeBytes > LIMITS.envelopeBytes) return tooLarge('The envelope', envelopeBytes, LIMITS.envelopeBytes)

  const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  let value: unknown
  try {
    value = parseJson(line)
  } catch {
    return refused('not-json', 'The line is no JSON.')
  }
  if (!scan.plain || !scan.numbersFit) {
    const unfit = findUnfit(value)
    if (unfit !== null) return refused(unfit.reason, `“${unfit.path}”: ${unfit.why}.`)
  }
  if (!isCanonical(value, line, scan.plain)) {
    return refused('not-canonical', 'The bytes are not the canonical form (RFC 8785) of what they say.')
  }
  const envelope = parseEnvelope(value)
  if (!envelope.ok) return envelope
  return { ok: true, value: candidateFrom(envelope.value, line) }
}

/**
 * A line that this app has verified before: out of its own ledger or from its own verification worker.
 * Parses without judging again; throws a broken invariant if the line is no receipt.
 */
export function parseStoredLine(line: string): VerifiedReceipt {
  const value: unknown = parseJson(line)
  invariant(isReceipt(value) && signatureAt(line) > 0, 'what was stored was a receipt')
  // The caller's word that it was verified before is the reason why this holds.
  return candidateFrom(value, line) as VerifiedReceipt
}

/** Enough to tell a receipt from anything else that this app has ever written. */
function isReceipt(value: unknown): value is Receipt {
  return typeof value === 'object' && value !== null && 'receipt' in value && value.receipt === 'steward/1'
}

/** The bytes that a receipt's signature is over: its canonical form without the member `sig`. */
export function signedBytes(candidate: Candidate): Uint8Array {
  return Buffer.from(cutSignature(candidate.line), 'utf8')
}

function cutSignature(line: string): string {
  const from = signatureAt(line)
  return line.slice(0, from) + line.slice(from + SIG_OPEN.length + SIG_LENGTH + '",'.length)
}

/** The same line with another signature; used by who signs. */
export function replaceSignature(line: string, sig: string): string {
  const from = signatureAt(line) + SIG_OPEN.length
  return line.slice(0, from) + sig + line.slice(from + SIG_LENGTH)
}

/**
 * Keys are sorted, so the canonical form without `sig` is the line with that member cut out. A body may have a member of that
 * name, but stands before it; behind it stand only texts, in which a quote is escaped: the last one is the receipt's own.
 */
function signatureAt(line: string): number {
  return line.lastIndexOf(SIG_OPEN)
}

const SIG_OPEN = '"sig":"'
/** 64 bytes in base64url without padding; the envelope's schema makes sure. */
const SIG_LENGTH = 86

/** RFC 6962 2.1: leaves and nodes are hashed with different prefixes, or a node could pass for a leaf. */
export function leafHash(line: string): Uint8Array {
  return hash('sha256', `\0${line}`, 'buffer')
}

function candidateFrom(receipt: Receipt, line: string): Candidate {
  // The pattern of a ReceiptId is what a hash is printed as.
  const id = `sha256:${hash('sha256', cutSignature(line), 'hex')}` as ReceiptId
  return { id, receipt, line, leaf: leafHash(line) }
}

/**
 * RFC 8785 prints like JSON.stringify, with sorted keys. Where the scan saw the keys sorted and nothing escaped that need not
 * be, JSON.stringify giving the line back is therefore the same proof as canonicalize, at a quarter of its cost.
 */
function isCanonical(value: unknown, line: string, plain: boolean): boolean {
  return (plain && JSON.stringify(value) === line) || canonicalize(value) === line
}

function tooLarge(what: string, sizeBytes: number, limitBytes: number): Refused {
  return refused('too-large', `${what} has ${sizeBytes} bytes; at most ${limitBytes} are taken.`)
}
