// Kills the real host, `steward serve`, while it signs and publishes, and looks at what is left: every receipt that it acknowledged
// is in the ledger, the own feed never forks, and another node that reads the folder merges all of it.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReceiptId } from '#core/contract/index.ts'
import { forkSeqOf, knownIds, nodeKeyOf, openLedgerForReading } from '#core/ledger/index.ts'
import { World, type Steward } from '#tests/e2e/steward.ts'
import { nodeOf } from '#tests/e2e/three-nodes.ts'

const CYCLES = Number(process.env['STEWARD_HOST_KILL_CYCLES'] ?? 10)
const SEED = Number(process.env['STEWARD_KILL_SEED'] ?? Date.now() % 1_000_000)
const LANES = Math.min(availableParallelism(), 2, CYCLES)
/** Some kills fall into the start, most into the signing. */
const KILL_WITHIN_MS = 250

test(
  `the host is killed ${CYCLES} times, and nothing it acknowledged is lost`,
  { timeout: 60_000 + CYCLES * 5_000 },
  async () => {
    console.log(`host kill test: STEWARD_KILL_SEED=${SEED} STEWARD_HOST_KILL_CYCLES=${CYCLES}`)
    const lanes = Array.from({ length: LANES }, (_, lane) =>
      liveThrough(Math.ceil((CYCLES - lane) / LANES), sequence(SEED + lane)),
    )
    const acknowledged = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0)
    console.log(`${acknowledged} receipts acknowledged`)
    expect(acknowledged).toBeGreaterThan(CYCLES)
  },
)

/** One node, killed again and again; answers how many receipts it acknowledged in all. */
async function liveThrough(cycles: number, random: () => number): Promise<number> {
  await using world = new World()
  const first = await world.node('ada')
  const node = await nodeOf(first)
  const ada = first.steward
  await first.stop()
  const acknowledged = new Set<ReceiptId>()
  for (let cycle = 0; cycle < cycles; cycle++) {
    await signUntilKilled(ada, random() * KILL_WITHIN_MS, (id) => acknowledged.add(id))
  }

  const reader = openLedgerForReading(join(ada.home, 'ledger.sqlite'))
  try {
    const nodeKey = nodeKeyOf(reader.read, node)
    expect(knownIds(reader.read, [...acknowledged]).size).toBe(acknowledged.size)
    expect(nodeKey === null ? null : forkSeqOf(reader.read, nodeKey)).toBeNull()
  } finally {
    reader.close()
  }
  expect(await ada.run('doctor')).toMatchObject({ ok: true })

  await ada.run('sync')
  const ben = await world.node('ben')
  await ben.client.exchange.sync({})
  const { seq, mergedSeq } = await ben.client.network.peer({ node })
  expect(mergedSeq).toBe(seq)
  expect(mergedSeq).toBeGreaterThanOrEqual(acknowledged.size)
  return acknowledged.size
}

async function signUntilKilled(ada: Steward, afterMs: number, onAcknowledged: (id: ReceiptId) => void): Promise<void> {
  const serving = await ada.serve()
  const kill = setTimeout(() => void serving.kill(), afterMs)
  try {
    for (let count = 0; ; count++) {
      const content = { type: 'body' as const, body: { count } }
      const claim = {
        kind: 'evidence/observed',
        subject: `report/${count % 7}.json`,
        task: null,
        anchor: null,
        content,
      }
      onAcknowledged((await serving.client.receipts.sign(claim)).id)
    }
  } catch {
    // The connection went with the process.
  } finally {
    clearTimeout(kill)
    await serving.kill()
  }
}

/** The same draws for the same seed. */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
