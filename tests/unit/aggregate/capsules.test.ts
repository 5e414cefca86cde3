import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { Directories } from '../../kit/directories.ts'

const LIST = 'capsule/current/hashes.json'

/** A capsule that holds. */
function capsule(place: Directories, label: string, text: string): void {
  place.write(label, 'capsule/current/README.md', text)
  place.write(label, LIST, JSON.stringify({ 'README.md': hash('sha256', text, 'hex') }))
}

function pair(): Directories {
  const place = new Directories()
  for (const label of ['ada', 'ben']) place.write(label, '_report/a.json', '{"a": 1}')
  return place
}

const LABELS = { labels: ['ada', 'ben'] }

test('capsules that differ under anchors of which none is newer wait for a person', async () => {
  using place = pair()
  for (const label of ['ada', 'ben']) {
    place.found(label)
    capsule(place, label, `of ${label}`)
  }
  const { summary, conflicts } = await place.merge(LABELS)
  expect(summary).toMatchObject({
    exitCode: 1,
    checks: { anchors: { status: 'ok' }, capsules: { status: 'conflict' } },
  })
  expect(conflicts).toMatchObject([
    {
      kind: 'hash-mismatch',
      path: LIST,
      nodes: ['ada', 'ben'],
      happened: 'The current capsules of ada and ben differ, and no anchor is newer than all others.',
    },
  ])
})

test.each(['ben has no anchors', 'the anchors of both part ways', 'who has the newest anchors has no capsule'])(
  'capsules that differ wait for a person where %s',
  async (why) => {
    using place = pair()
    place.found('ada', why.startsWith('the anchors') ? ['first', 'ours'] : ['first'])
    if (!why.startsWith('ben')) place.found('ben', ['first', 'theirs'])
    const three = why.startsWith('who')
    if (three) place.found('cleo', ['first', 'theirs', 'last'])
    if (three) place.write('cleo', '_report/a.json', '{"a": 1}')
    for (const label of ['ada', 'ben']) capsule(place, label, `of ${label}`)
    const { summary, conflicts } = await place.merge(three ? {} : LABELS)
    expect(summary.checks.capsules).toEqual({ status: 'conflict' })
    expect(conflicts).toContainEqual(
      expect.objectContaining({ kind: 'hash-mismatch', path: LIST, nodes: ['ada', 'ben'] }),
    )
  },
)

test('the capsule under the newest anchors is in force, and the older one is told', async () => {
  using place = pair()
  place.found('ada', ['first'])
  place.found('ben', ['first', 'second'])
  for (const label of ['ada', 'ben']) capsule(place, label, `of ${label}`)
  const { summary, conflicts, notices } = await place.merge(LABELS)
  expect(summary).toMatchObject({ exitCode: 0, checks: { capsules: { status: 'ahead' } } })
  expect(conflicts).toEqual([])
  expect(notices.filter(({ path }) => path === LIST)).toMatchObject([
    { nodes: ['ada'], happened: 'The current capsule of ada is not that of ben, whose anchors are newer.' },
  ])
})

test('one capsule among two nodes is said to be part of what there could be', async () => {
  using place = pair()
  capsule(place, 'ada', 'alone')
  const { summary } = await place.merge(LABELS)
  expect(summary.checks).toMatchObject({ anchors: { status: 'missing' }, capsules: { status: 'partial' } })
  expect(summary.nodes.map((node) => [node.capsule.state, node.capsule.matched])).toEqual([
    ['ok', 1],
    ['missing', 0],
  ])
})

test('anchors that cannot be read do not hold, and a capsule without a readable list is told', async () => {
  using place = pair()
  place.found('ada')
  place.write('ben', 'governance/anchors.json', '[')
  place.write('ben', LIST, '[')
  const { summary, conflicts, files } = await place.merge(LABELS)
  expect(summary).toMatchObject({ exitCode: 3, checks: { anchors: { status: 'partial' } } })
  expect(summary.nodes[1]).toMatchObject({ anchors: { state: 'unreadable' }, capsule: { state: 'unreadable' } })
  expect(conflicts).toMatchObject([{ kind: 'anchor-failure', path: 'governance/anchors.json', nodes: ['ben'] }])
  expect(files['summary.md']).toContain('| ben | 1 | 0 ok, 0 bad, 1 none | unreadable | unreadable |')
})
