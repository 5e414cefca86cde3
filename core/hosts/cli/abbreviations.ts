// Ids as a person types them: the short form that tables show is enough while it names one thing only.
import { ConflictId, NodeId, ReceiptId } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../thread/index.ts'
import { everyItem } from './pages.ts'

const SHORTEST = 6

/** The conflict that `text` names by its id or the beginning of it. */
export async function findConflict(client: CoreClient, text: string): Promise<ConflictId> {
  const whole = ConflictId.safeParse(text)
  if (whole.success) return whole.data
  const found: ConflictId[] = []
  const conflicts = everyItem((after) =>
    client.conflicts.list({ filter: { status: 'all' }, sort: 'severity', limit: 200, ...after }),
  )
  for await (const { id } of conflicts) if (beginsWith(id, text)) found.push(id)
  return only(found, text, 'conflict', 'steward conflicts --status all')
}

/** The node that `text` names by its id, the beginning of it, or its name. */
export async function findNode(client: CoreClient, text: string): Promise<NodeId> {
  const whole = NodeId.safeParse(text)
  if (whole.success) return whole.data
  const found: NodeId[] = []
  for await (const peer of everyItem((after) => client.network.peers({ limit: 200, ...after }))) {
    if (beginsWith(peer.node, text) || peer.name === text) found.push(peer.node)
  }
  return only(found, text, 'node', 'steward peers')
}

/** The receipt among `ids` that `text` names; a whole id is taken as it is. */
export function findReceipt(ids: readonly ReceiptId[], text: string): ReceiptId {
  const whole = ReceiptId.safeParse(text)
  if (whole.success) return whole.data
  return only(
    ids.filter((id) => beginsWith(id, text)),
    text,
    'receipt',
    'steward show <conflict>',
  )
}

function beginsWith(id: string, text: string): boolean {
  const short = text.replace(/^(did:key:|sha256:)/, '').replace(/…$/, '')
  return short.length >= SHORTEST && id.replace(/^(did:key:|sha256:)/, '').startsWith(short)
}

function only<Id>(found: readonly Id[], text: string, what: string, list: string): Id {
  const [id] = found
  if (id !== undefined && found.length === 1) return id
  throw new StewardError({
    code: id === undefined ? 'NOT_FOUND' : 'AMBIGUOUS',
    happened: id === undefined ? `No ${what} is named ${text}.` : `${found.length} ${what}s are named ${text}.`,
    kept: 'Nothing was changed.',
    remedy: `Take the id from \`${list} --json\`; at least ${SHORTEST} characters of it are needed.`,
  })
}
