// A node's note on others is that node's word: it is kept as it was signed, in no other name, and nobody who does not hold what it names
// says it after.
import type { ContentHash, NodeId, ReceiptId } from '#core/contract/index.ts'
import { feedTailOf, type ReadDb } from '#core/ledger/index.ts'
import type { PublishedRow, SeenRow } from '#core/receipts/index.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import { headWords, seenWords, stateWords } from '../machinery/oracle.ts'
import type { Machine } from '../machinery/machine.ts'
import type { World } from '../machinery/world.ts'
import { mustRun } from './asking.ts'

export const ownWord: Invariant = {
  id: 'own-word',
  holds: 'What a node says of others is kept as the last that it said, counts as its word only, and stops nobody.',
  examine: (world, machine) => mustBeTheirWords(world, machine),
  async atRest(world) {
    for (const machine of world.connected) {
      mustBeTheirWords(world, machine)
      if (waitsForAPerson(world, machine)) continue
      const { phase } = await world.finish(mustRun(machine).app.state({}))
      mustHold(phase === 'ready', 'own-word', () => `${machine.name} may not sign, whatever others say: ${phase}`)
    }
  },
}

/**
 * Whose ledger was older than its own head for a while cannot tell a lie of others from receipts that it has lost: where somebody names
 * more of them than are here, its steward says that they are lost, as after a restore.
 */
function waitsForAPerson(world: World, { id, ledger, isTwin, wasPutBack }: Machine): boolean {
  if (ledger === null || id === null || !(isTwin || wasPutBack)) return false
  const held = feedTailOf(ledger, id).seq
  return [...seenIn(ledger), ...statesIn(ledger)].some(
    ({ holder, named }) =>
      !world.machines.some((machine) => machine.id === holder) &&
      named.some(({ node, seq }) => node === id && seq > held),
  )
}

interface Said {
  readonly holder: NodeId
  readonly words: string
  /** Receipts that it names. */
  readonly named: readonly { readonly node: NodeId; readonly seq: number; readonly id: ReceiptId | null }[]
}

function mustBeTheirWords(world: World, { name, ledger }: Machine): void {
  if (ledger === null) return
  for (const { holder, words, named } of [...headsIn(ledger), ...seenIn(ledger), ...statesIn(ledger)]) {
    const isHonest = world.machines.some(({ id }) => id === holder)
    if (!isHonest) {
      mustHold(
        world.oracle.hasSaid(holder, words),
        'own-word',
        () => `${name} keeps as the word of ${holder} what it never said in one: ${words.slice(0, 400)}`,
      )
      continue
    }
    const lie = named.find(({ node, seq, id }) => id !== null && !world.oracle.wasHeld(node, seq, id))
    mustHold(
      lie === undefined,
      'own-word',
      () => `${name} keeps that ${holder} names #${lie?.seq} of ${lie?.node} as ${lie?.id}, which no ledger ever held.`,
    )
  }
}

function headsIn(ledger: ReadDb): readonly Said[] {
  return ledger
    .prepare<[], SeenRow & { root: Uint8Array }>('SELECT node, seq, id, root FROM exchange_head')
    .all()
    .map((head) => ({ holder: head.node, words: headWords(head), named: [head] }))
}

function seenIn(ledger: ReadDb): readonly Said[] {
  const rows = ledger.prepare<[], SeenRow & { holder: NodeId }>('SELECT holder, node, seq, id FROM exchange_seen').all()
  return [...Map.groupBy(rows, ({ holder }) => holder)].map(([holder, named]) => ({
    holder,
    words: seenWords(named),
    named,
  }))
}

function statesIn(ledger: ReadDb): readonly Said[] {
  const feeds = ledger.prepare<[NodeId], PublishedRow>(
    'SELECT node, seq, id, aside, root FROM exchange_state_feed WHERE holder = ?',
  )
  return ledger
    .prepare<[], { holder: NodeId; policy: ContentHash }>('SELECT holder, policy FROM exchange_state')
    .all()
    .map(({ holder, policy }) => {
      const named = feeds.all(holder)
      return { holder, words: stateWords(policy, named), named }
    })
}
