import { expect, test } from 'vitest'
import type { ExchangeState, ExchangeView } from '#core/contract/index.ts'
import { quietExchange } from '#tests/kit/exchange-view.ts'
import { syncPills, type PillFacts } from '#ui/screens/frame/sync-pills.ts'
import { at, HARBOR, MILL } from './scratch-api.ts'

const NOW = Date.parse('2026-11-21T10:00:00.000Z')

const exchange = (part: Partial<ExchangeView> = {}): ExchangeView =>
  quietExchange({ folder: '/sync/steward', state: 'idle', since: at('2026-11-21T09:00:00.000Z'), ...part })

function facts(
  part: Partial<PillFacts> & { nodes?: readonly [string, number, number, string | null, number?][] } = {},
): PillFacts {
  const nodes = part.nodes ?? [['mill-creek', 10, 10, '2026-11-21T09:50:00.000Z']]
  return {
    connection: { state: 'open' },
    app: {
      phase: 'ready',
      node: {
        id: HARBOR,
        name: 'harbor-lab',
        words: [],
        createdAt: at('2026-01-01T00:00:00.000Z'),
        phraseConfirmed: true,
      },
    },
    exchange: exchange(),
    // The pills read nothing of an overview but its nodes.
    overview: {
      nodes: [
        { node: HARBOR, name: 'harbor-lab', merged: 5, head: 5, hasOfOurs: null, lastSeen: null },
        ...nodes.map(([name, merged, head, lastSeen, hasOfOurs = 5]) => ({
          node: MILL,
          name,
          merged,
          head,
          lastSeen,
          hasOfOurs,
        })),
      ],
    } as unknown as PillFacts['overview'],
    nowMs: NOW,
    ...part,
  }
}

const texts = (of: PillFacts) => syncPills(of).map(({ text }) => text)

test('everything read and everybody seen: one green sentence', () => {
  expect(syncPills(facts())).toMatchObject([{ tone: 'green', text: 'In step with 1 other' }])
})

test('a node whose feed is not all here is counted and named', () => {
  const pills = syncPills(
    facts({
      nodes: [
        ['mill-creek', 10, 10, '2026-11-21T09:50:00.000Z'],
        ['north-ridge', 4, 9, '2026-11-21T09:50:00.000Z'],
      ],
    }),
  )
  expect(pills[0]).toMatchObject({
    text: 'In step with 1 of 2 others',
    tone: 'amber',
    detail: 'Not all of north-ridge is here yet.',
  })
})

test('a node that lacks receipts of this one is not in step, whatever is here of its own', () => {
  const pills = syncPills(facts({ nodes: [['mill-creek', 10, 10, '2026-11-21T09:50:00.000Z', 3]] }))
  expect(pills[0]).toMatchObject({
    text: 'In step with 0 of 1 other',
    tone: 'amber',
    detail: 'mill-creek does not hold all of yours yet.',
  })
})

test('the node that was silent for longest is named', () => {
  expect(
    texts(
      facts({
        nodes: [
          ['mill-creek', 10, 10, '2026-11-18T10:00:00.000Z'],
          ['north-ridge', 9, 9, '2026-11-19T10:00:00.000Z'],
        ],
      }),
    ),
  ).toContain('mill-creek not seen for 3 d')
})

test('a lost connection says nothing about the folder', () => {
  expect(texts(facts({ connection: { state: 'lost', sinceMs: NOW } }))).toEqual(['Reconnecting to your node'])
})

test.each([
  ['none', 'amber'],
  ['missing', 'amber'],
  ['read-only', 'amber'],
  ['full', 'red'],
  ['other-network', 'red'],
  ['unreadable', 'red'],
  ['not-admitted', 'amber'],
  ['syncing', 'tide'],
] satisfies [ExchangeState, string][])(
  'the folder being %s is said in %s, with the way to its remedy',
  (state, tone) => {
    const [pill] = syncPills(facts({ exchange: exchange({ state, reason: 'Why.', remedy: 'What to do.' }) }))
    expect(pill).toMatchObject({ tone })
    expect(pill?.href).toMatch(/^#\/(settings|network)/)
  },
)

test('progress is said with its counts', () => {
  const state = exchange({ state: 'syncing', progress: { done: 41_200, total: 100_000, what: 'receipts checked' } })
  expect(texts(facts({ exchange: state }))[0]).toBe('Syncing 41,200 of 100,000')
})

test('what is signed but not in the folder yet is not called in step', () => {
  expect(texts(facts({ exchange: exchange({ unpublished: 4 }) }))[0]).toBe('4 of yours to be sent')
})

test('before the overview has answered nothing is claimed about other nodes', () => {
  expect(texts(facts({ overview: null }))).toEqual(['The exchange is in order'])
})

test('a locked key comes first, and never more than two pills', () => {
  const all = facts({
    app: { phase: 'locked', node: null },
    exchange: exchange({ refused: 3 }),
    nodes: [['mill-creek', 1, 2, '2026-11-01T00:00:00.000Z']],
  })
  expect(texts(all)).toHaveLength(2)
  expect(texts(all)[0]).toBe('Locked: reading only')
})
