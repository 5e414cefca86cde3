// "State": a node's signed word on what it has merged, as far as the network's fingerprint covers it. Two nodes that share nothing
// but a folder see by it whether they stand alike, and where they first do not.
import { ContentHash, NodeId, ReceiptId } from '#core/contract/ids.ts'
import { canonicalJson, sha256Id } from './canonical.ts'
import { singleVerifier } from './head.ts'
import { LIMITS } from './limits.ts'
import { parseNote, signatureOf, signNote } from './note.ts'
import type { Note } from './note.ts'
import { refused } from './refusal.ts'
import type { Parsed, Signer } from './types.ts'
import type { Verdict, Verifier } from './verify.ts'

/** One admitted node's feed as it is merged. */
export interface StateRow {
  readonly node: NodeId
  /** Up to where it is merged, and the receipt there; 0 and null where nothing of it is. */
  readonly seq: number
  readonly id: ReceiptId | null
  /** Digest over the receipts that are kept beside the merged course, hex; null where the feed never forked. */
  readonly aside: string | null
}

export interface NetworkState {
  readonly policy: ContentHash
  /** In the order of the node ids. */
  readonly rows: readonly StateRow[]
}

/** A row as it is published: `root` is the RFC 6962 root over the merged feed where its leaves lie beside the note, base64. */
export interface PublishedRow extends StateRow {
  readonly root: string | null
}

/** A statement in the right form; nothing is known about its signature yet. */
export interface StateNote {
  /** Who says so. */
  readonly node: NodeId
  readonly policy: ContentHash
  readonly rows: readonly PublishedRow[]
  readonly note: Note
}

declare const verified: unique symbol
/** A statement that its node did sign. Only `verifyState` makes one. */
export type VerifiedState = StateNote & { readonly [verified]: true }

/**
 * The network fingerprint: SHA-256 of the canonical form of policy, bounds, ids there and digests of what is kept aside. A hash chain
 * commits to its past, so two nodes have the same one if, and but for broken SHA-256 only if, they merged the same receipts under the
 * same policy.
 */
export function stateFingerprint({ policy, rows }: NetworkState): ContentHash {
  return sha256Id(canonicalJson({ policy, feeds: rows.map(({ node, seq, id, aside }) => [node, seq, id, aside]) }))
}

/** The statement as a signed note, ready to be written; rows are put into order. */
export function signState(policy: ContentHash, rows: readonly PublishedRow[], signer: Signer): string {
  const lines = rows
    .toSorted((a, b) => (a.node < b.node ? -1 : 1))
    .map(({ node, seq, id, aside, root }) => `${node} ${seq} ${id ?? '-'} ${aside ?? '-'} ${root ?? '-'}\n`)
  return signNote(`${ORIGIN}${signer.node}\npolicy ${policy}\n${lines.join('')}`, signer)
}

/** Judges bytes as such a statement: limits and form. Never throws. */
export function parseState(bytes: Uint8Array): Parsed<StateNote> {
  const note = parseNote(bytes, LIMITS.stateBytes, 'bad-head')
  if (!note.ok) return note
  const [first, policyLine = '', ...lines] = note.value.text.slice(0, -1).split('\n')
  const origin = String(first)
  const node = NodeId.safeParse(origin.startsWith(ORIGIN) ? origin.slice(ORIGIN.length) : null)
  if (!node.success) return refused('bad-head', 'Its first line is not “steward/1/state” and a node.')
  const policy = ContentHash.safeParse(policyLine.startsWith('policy ') ? policyLine.slice('policy '.length) : null)
  if (!policy.success) return refused('bad-head', 'Its second line names no policy.', node.data)

  const rows: PublishedRow[] = []
  for (const line of lines) {
    const row = parseRow(line)
    if (row === null) return refused('bad-head', 'A line is not “node seq id aside root”.', node.data)
    const before = rows.at(-1)
    if (before !== undefined && row.node <= before.node) {
      return refused('bad-head', 'Its lines are not in the order of the nodes, or name one twice.', node.data)
    }
    rows.push(row)
  }
  return { ok: true, value: { node: node.data, policy: policy.data, rows, note: note.value } }
}

/** Checks that the node itself signed it; see `verifyHead`. */
export function verifyState(
  state: StateNote,
  verifier: Verifier = singleVerifier(),
  source: string = state.node,
): Verdict<VerifiedState> {
  const signature = signatureOf(state.note, state.node)
  if (signature === null) return refused('bad-head', 'It has no signature by its own node.', state.node)
  const verdict = verifier.verifyBytes(state.node, Buffer.from(state.note.text), signature, source)
  // Here, and only here, it has become verified.
  return verdict.ok === true ? { ok: true, value: state as VerifiedState } : verdict
}

const ORIGIN = 'steward/1/state '
const ROW = /^(\S+) (0|[1-9]\d{0,15}) (\S+) (-|[0-9a-f]{64}) (-|[A-Za-z0-9+/]{43}=)$/

function parseRow(line: string): PublishedRow | null {
  const [, nodeText, seqText, idText, aside, root] = ROW.exec(line) ?? []
  const node = NodeId.safeParse(nodeText)
  const seq = Number(seqText)
  const id = idText === '-' ? null : ReceiptId.safeParse(idText)
  if (!node.success || !Number.isSafeInteger(seq) || (id !== null && !id.success)) return null
  if ((seq === 0) !== (id === null) || (seq === 0 && root !== '-')) return null
  return { node: node.data, seq, id: id?.data ?? null, aside: orNull(aside), root: orNull(root) }
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === '-' ? null : text
}
