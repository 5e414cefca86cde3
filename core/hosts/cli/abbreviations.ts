// Ids as a person types them: the short form that tables show is enough while it names one thing only.
import { ConflictId, NodeId, ReceiptId } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../thread/index.ts'
import { everyItem } from './pages.ts'

/** So many characters of an id are needed. */
export const SHORTEST = 6
/** The most that a search answers. */
const SHOWN = 50
const DECISION = 'decision/made'

export type ReceiptOrConflict =
  | { readonly type: 'receipt'; readonly id: ReceiptId }
  | { readonly type: 'conflict'; readonly id: ConflictId }

/** The conflict that `text` names by its id or the beginning of it. */
export async function findConflict(client: CoreClient, text: string): Promise<ConflictId> {
  const whole = ConflictId.safeParse(text)
  if (whole.success) return whole.data
  const found: ConflictId[] = []
  const conflicts = everyItem((after) =>
    client.conflicts.list({ filter: { status: 'all' }, sort: 'severity', limit: 200, ...after }),
  )
  for await (const { id } of conflicts) if (beginsWith(id, text)) found.push(id)
  return theOnly(found, text, 'conflict', 'steward conflicts --status all')
}

/** The node that `text` names by its id, the beginning of it, or its name; with other capitals where that is nobody else’s. */
export async function findNode(client: CoreClient, text: string): Promise<NodeId> {
  const whole = NodeId.safeParse(text)
  if (whole.success) return whole.data
  const found: NodeId[] = []
  // Names as a person remembers them: without their capitals, where no name is written just so.
  const alike: { readonly node: NodeId; readonly name: string }[] = []
  for await (const { node, name } of everyItem((after) => client.network.peers({ limit: 200, ...after }))) {
    if (beginsWith(node, text) || name === text) found.push(node)
    else if (name.toLowerCase() === text.toLowerCase()) alike.push({ node, name })
  }
  const [like] = alike
  if (found.length === 0 && like !== undefined && alike.length === 1) return like.node
  return theOnly(found, text, 'node', 'steward peers', found.length > 0 ? '' : howToName(alike.map(({ name }) => name)))
}

function howToName(alike: readonly string[]): string {
  const names = [...new Set(alike)].map((name) => `“${name}”`)
  if (names.length > 0) return `Write the name as it stands: ${names.join(' or ')}. `
  return 'Write the name as `steward peers` shows it. '
}

/** The decision that `text` names by its id or the beginning of it. */
export async function findDecision(client: CoreClient, text: string): Promise<ReceiptId> {
  const whole = ReceiptId.safeParse(text)
  if (whole.success) return whole.data
  const found: ReceiptId[] = []
  for (const item of await findByDigits(client, text)) {
    if (item.type !== 'receipt') continue
    const { summary } = await client.receipts.get({ id: item.id })
    if (summary.kind === DECISION) found.push(item.id)
  }
  return theOnly(found, text, 'decision', 'steward show <conflict>')
}

/** Receipts and conflicts whose id begins with `text`. */
export async function findByDigits(client: CoreClient, text: string): Promise<readonly ReceiptOrConflict[]> {
  const digits = shortened(text)
  if (digits.length < SHORTEST || !/^[0-9a-f]+$/.test(digits)) return []
  const { items } = await client.app.search({ text: digits, limit: SHOWN })
  return items.filter((item) => item.type !== 'peer').filter(({ id }) => beginsWith(id, digits))
}

/** The receipt among `ids` that `text` names; a whole id is taken as it is. */
export function findReceipt(ids: readonly ReceiptId[], text: string): ReceiptId {
  const whole = ReceiptId.safeParse(text)
  if (whole.success) return whole.data
  return theOnly(
    ids.filter((id) => beginsWith(id, text)),
    text,
    'receipt',
    'steward show <conflict>',
  )
}

/** The receipt, of whatever node, that `text` names by its id or the beginning of it. */
export async function findAnyReceipt(client: CoreClient, text: string): Promise<ReceiptId> {
  const whole = ReceiptId.safeParse(text)
  if (whole.success) return whole.data
  const found = await findByDigits(client, text)
  const ids = found.flatMap((one) => (one.type === 'receipt' ? [one.id] : []))
  return theOnly(ids, text, 'receipt', 'steward receipts')
}

/** `text` is enough of the id, as a table shows it or as it is. */
export function beginsWith(id: string, text: string): boolean {
  const short = shortened(text)
  return short.length >= SHORTEST && shortened(id).startsWith(short)
}

function shortened(text: string): string {
  return text.replace(/^(did:key:|sha256:)/, '').replace(/…$/, '')
}

/** What `text` names, where that is one thing. */
export function theOnly<Found>(found: readonly Found[], text: string, what: string, list: string, hint = ''): Found {
  const [one] = found
  if (one !== undefined && found.length === 1) return one
  throw new StewardError({
    code: one === undefined ? 'NOT_FOUND' : 'AMBIGUOUS',
    happened: one === undefined ? `No ${what} is named ${text}.` : `${found.length} ${what}s are named ${text}.`,
    kept: 'Nothing was changed.',
    remedy: `${hint}Take the id from \`${list} --json\`; at least ${SHORTEST} characters of it are needed.`,
  })
}
