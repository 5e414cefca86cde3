import { hash } from 'node:crypto'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Directories } from '../../kit/directories.ts'

const INDEX = '_report/ledger/index.jsonl'
const STATE = '_report/ledger/state.json'
const BOTH = { labels: ['ada', 'ben'] }

/** The lines of a hash-ledger with so many entries, and what its state says of them. */
function ledger(entries: number, agent = 'one'): { readonly lines: string; readonly state: string } {
  let before = '0'.repeat(64)
  const lines: string[] = []
  for (let at = 0; at < entries; at++) {
    const entry = { agent_id: agent, metadata: {}, plan_id: 'p', prev_hash: before, ts: `t${at}`, version: 0 }
    before = hash('sha256', JSON.stringify(entry), 'hex')
    lines.push(`${JSON.stringify({ ...entry, hash: before })}\n`)
  }
  return { lines: lines.join(''), state: JSON.stringify({ tip_hash: before, entry_count: entries }) }
}

function write(place: Directories, label: string, { lines, state }: ReturnType<typeof ledger>): void {
  place.write(label, INDEX, lines)
  place.write(label, STATE, state)
}

test('the node whose hash-ledger goes on from the other’s is ahead, and its state differs by right', async () => {
  using place = new Directories()
  write(place, 'ada', ledger(2))
  write(place, 'ben', ledger(4))
  const { receipts, conflicts, summary } = await place.merge(BOTH)
  expect(conflicts).toEqual([])
  expect(summary.exitCode).toBe(0)
  expect(receipts).toMatchObject([{ path: STATE, state: 'ahead' }])
  expect(receipts[0]?.variants.map(({ nodes, standing }) => [nodes[0], standing]).toSorted()).toEqual([
    ['ada', 'superseded'],
    ['ben', 'stands'],
  ])
})

test('hash-ledgers that part ways are a conflict about their states', async () => {
  using place = new Directories()
  write(place, 'ada', ledger(2))
  write(place, 'ben', ledger(3, 'two'))
  expect((await place.merge(BOTH)).conflicts).toMatchObject([
    { kind: 'hash-mismatch', path: STATE, nodes: ['ada', 'ben'] },
  ])
})

test('a hash-ledger with a changed line counts for nothing, and is told', async () => {
  using place = new Directories()
  const { lines, state } = ledger(4)
  write(place, 'ada', ledger(2))
  write(place, 'ben', { lines: lines.replace('"t3"', '"t9"'), state })
  const { conflicts, summary } = await place.merge(BOTH)
  expect(summary.exitCode).toBe(3)
  expect(conflicts.map(({ kind, code, nodes }) => [kind, code, nodes])).toContainEqual([
    'content-mismatch',
    'ledger-hash-differs',
    ['ben'],
  ])
})

test.each<[string, (place: Directories) => void]>([
  ['it is a link', (place) => symlinkSync('/etc/passwd', join(place.node('ben'), INDEX))],
  ['it is no plain file', (place) => mkdirSync(join(place.node('ben'), INDEX))],
  ['it has 9437184 bytes', (place) => place.write('ben', INDEX, Buffer.alloc(9 * 1024 * 1024, 0x20))],
])(
  'where the lines of a hash-ledger cannot be read that is told, and the states are a conflict: %s',
  async (why, spoil) => {
    using place = new Directories()
    write(place, 'ada', ledger(2))
    place.write('ben', STATE, ledger(4).state)
    spoil(place)
    const { conflicts } = await place.merge(BOTH)
    expect(conflicts.map(({ kind, path }) => [kind, path])).toEqual(
      expect.arrayContaining([
        ['hash-mismatch', STATE],
        ['unreadable', STATE],
      ]),
    )
    expect(conflicts.find(({ kind }) => kind === 'unreadable')?.happened).toBe(`${INDEX} could not be read: ${why}.`)
  },
)

test('a state without the lines that it speaks of is a file like any other', async () => {
  using place = new Directories()
  place.write('ada', STATE, ledger(2).state)
  place.write('ben', STATE, ledger(4).state)
  expect((await place.merge(BOTH)).conflicts).toMatchObject([{ kind: 'hash-mismatch', path: STATE }])
})
