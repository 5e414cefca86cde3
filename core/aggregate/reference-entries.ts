// The lines of the reference tool's files (TEOF's receipt_sync): raw hashes only, JSON with two spaces of indentation.
import type { Envelope } from '#core/teof/index.ts'
import { ofNode } from './of-node.ts'
import type { Claim } from './types.ts'

export interface ReferenceVariant {
  /** 64 hex digits. */
  readonly hash: string
  readonly size: number
  /** The file's time at the first of the nodes. It is a member of that format and evidence of nothing. */
  readonly modified: string
  readonly nodes: readonly string[]
}

/** A receipt that the reference tool would have read: a JSON file below `_report`. */
export function isReferencePath(path: string): boolean {
  return path.startsWith('_report/')
}

/** By hash, ascending. */
export function referenceVariants(
  claims: readonly Claim[],
  labels: readonly string[],
  modifiedMs: readonly number[],
): readonly ReferenceVariant[] {
  return [...Map.groupBy(claims, ({ file }) => file.rawHash)]
    .map(([hash, of]) => ({
      hash: hash.slice(HASH_PREFIX.length),
      size: of[0]?.file.sizeBytes ?? 0,
      modified: secondsOf(modifiedMs[claims.findIndex((claim) => claim === of[0])] ?? 0),
      nodes: of.map(({ node }) => ofNode(labels, node)),
    }))
    .toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
}

export interface ReferenceSignature {
  readonly path: string
  readonly node: string
  readonly status: 'ok' | 'missing' | 'skipped' | 'unknown_key' | 'invalid'
  readonly key_id?: string | null
  readonly reason: string | null
}

export function referenceSignature(
  path: string,
  node: string,
  envelope: Envelope,
  required: boolean,
): ReferenceSignature {
  switch (envelope.state) {
    case 'ok':
      return { path, node, status: 'ok', key_id: envelope.keyId, reason: null }
    case 'missing':
    case 'skipped':
      return required
        ? { path, node, status: 'missing', reason: 'signature_required' }
        : { path, node, status: 'skipped', reason: null }
    case 'unknown_key':
      return { path, node, status: 'unknown_key', key_id: envelope.keyId, reason: envelope.keyId }
    case 'invalid':
      return { path, node, status: 'invalid', key_id: envelope.keyId, reason: envelope.why }
  }
}

/** An element of a list within that format's files, `depth` levels deep. */
export function indented(value: unknown, depth: number): string {
  const indent = '  '.repeat(depth)
  return `${indent}${JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`)}`
}

const HASH_PREFIX = 'sha256:'

function secondsOf(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`
}
