// "Seen": a node's signed word on whose feeds it holds, and up to where. It is what replication is counted from.
import { NodeId, ReceiptId } from '#core/contract/ids.ts'
import { singleVerifier } from './head.ts'
import { LIMITS } from './limits.ts'
import { parseNote, signatureOf, signNote } from './note.ts'
import type { Note } from './note.ts'
import { refused } from './refusal.ts'
import type { Parsed, Signer } from './types.ts'
import type { Verdict, Verifier } from './verify.ts'

export interface SeenRow {
  readonly node: NodeId
  readonly seq: number
  readonly id: ReceiptId
}

/** A statement in the right form; nothing is known about its signature yet. */
export interface Seen {
  /** Who says so. */
  readonly node: NodeId
  /** One for each feed held, in the order of the node ids. */
  readonly rows: readonly SeenRow[]
  readonly note: Note
}

declare const verified: unique symbol
/** A statement that its node did sign. Only `verifySeen` makes one. */
export type VerifiedSeen = Seen & { readonly [verified]: true }

/** The statement as a signed note, ready to be written; rows are put into order. */
export function signSeen(rows: readonly SeenRow[], signer: Signer): string {
  const lines = rows.toSorted((a, b) => (a.node < b.node ? -1 : 1)).map(({ node, seq, id }) => `${node} ${seq} ${id}\n`)
  return signNote(`${ORIGIN}${signer.node}\n${lines.join('')}`, signer)
}

/** Judges bytes as such a statement: limits and form. Never throws. */
export function parseSeen(bytes: Uint8Array): Parsed<Seen> {
  const note = parseNote(bytes, LIMITS.seenBytes, 'bad-head')
  if (!note.ok) return note
  const [first, ...lines] = note.value.text.slice(0, -1).split('\n')
  const origin = String(first)
  const node = NodeId.safeParse(origin.startsWith(ORIGIN) ? origin.slice(ORIGIN.length) : null)
  if (!node.success) return refused('bad-head', 'Its first line is not “steward/1/seen” and a node.')

  const rows: SeenRow[] = []
  for (const line of lines) {
    const row = parseRow(line)
    if (row === null) return refused('bad-head', 'A line is not “node seq id”.', node.data)
    const before = rows.at(-1)
    if (before !== undefined && row.node <= before.node) {
      return refused('bad-head', 'Its lines are not in the order of the nodes, or name one twice.', node.data)
    }
    rows.push(row)
  }
  return { ok: true, value: { node: node.data, rows, note: note.value } }
}

/** Checks that the node itself signed it; see `verifyHead`. */
export function verifySeen(
  seen: Seen,
  verifier: Verifier = singleVerifier(),
  source: string = seen.node,
): Verdict<VerifiedSeen> {
  const signature = signatureOf(seen.note, seen.node)
  if (signature === null) return refused('bad-head', 'It has no signature by its own node.', seen.node)
  const verdict = verifier.verifyBytes(seen.node, Buffer.from(seen.note.text), signature, source)
  // Here, and only here, it has become verified.
  return verdict.ok === true ? { ok: true, value: seen as VerifiedSeen } : verdict
}

const ORIGIN = 'steward/1/seen '
const ROW = /^(\S+) ([1-9]\d{0,15}) (\S+)$/

function parseRow(line: string): SeenRow | null {
  const [, nodeText, seqText, idText] = ROW.exec(line) ?? []
  const node = NodeId.safeParse(nodeText)
  const id = ReceiptId.safeParse(idText)
  const seq = Number(seqText)
  return node.success && id.success && Number.isSafeInteger(seq) ? { node: node.data, seq, id: id.data } : null
}
