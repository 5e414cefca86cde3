import { expect, test } from 'vitest'
import { defaultPolicy, policyDraft, policyHashInForce } from '#core/network/index.ts'
import { coverageView, missingArtefacts } from '#core/reconcile/index.ts'
import { directoryOf, importingSteward, type ImportingSteward } from '#tests/kit/importer.ts'
import { instantAt, START } from '#tests/kit/nodes.ts'
import { LATER } from '#tests/kit/world.ts'

const HOUR = 3_600_000

const sharesIn = ({ world }: ImportingSteward) =>
  coverageView(world.db).items.map(({ name, present, expected, ppm }) => `${name} ${present}/${expected} ${ppm}`)

const A = '_report/usage/a.json'
const B = '_report/usage/b.json'
const C = '_report/usage/c.json'

test('what others have and one lacks is missing there, with its share in parts per million', async () => {
  using cast = importingSteward({ expected: ['_report/usage/*.json'] })
  await cast.importer.import(
    directoryOf('full', { [A]: '1', [B]: '2', [C]: '3' }),
    directoryOf('poor', { [A]: '1', [B]: '2' }),
  )
  // Ada only looks after the directories: nothing is expected of her.
  expect(sharesIn(cast)).toEqual(['poor 2/3 666666', 'full 3/3 1000000'])
  expect(cast.world.conflicts()).toMatchObject([
    { kind: 'missing-artefact', severity: 1, decidable: false, title: 'poor lacks 1 of 3 expected artefacts' },
  ])
  expect(missingArtefacts(cast.world.db, { claimant: 'poor', limit: 10 })).toEqual({
    items: [{ path: C, pattern: '_report/usage/*.json' }],
    next: null,
  })
})

test('the review of what is missing names the artefacts and the share of each pattern', async () => {
  using cast = importingSteward({ expected: ['_report/usage/*.json'] })
  await cast.importer.import(directoryOf('full', { [A]: '1', [B]: '2' }), directoryOf('poor', { [A]: '1' }))
  const [conflict] = cast.world.conflicts()
  expect(cast.world.review(conflict!.id).proof).toEqual([
    { label: '_report/usage/*.json', value: '1 of 2 (500,000 ppm)' },
    { label: 'Missing', value: B },
  ])
})

test('it ends when the artefact comes, and begins again when it is gone', async () => {
  using cast = importingSteward({ expected: ['_report/usage/*.json'] })
  await cast.importer.import(directoryOf('full', { [A]: '1', [B]: '2' }), directoryOf('poor', { [A]: '1' }))
  await cast.importer.import(directoryOf('poor', { [A]: '1', [B]: '2' }))
  expect(cast.world.conflicts()).toEqual([])
  await cast.importer.import(directoryOf('full', { [A]: '1' }))
  expect(cast.world.conflicts()).toMatchObject([{ subject: 'full', kind: 'missing-artefact' }])
})

test('a pattern that nobody has anything of is missing everywhere', async () => {
  using cast = importingSteward({ expected: ['_report/usage/a.json', 'capsule/*/hashes.json'] })
  await cast.importer.import(directoryOf('one', { [A]: '1' }))
  expect(sharesIn(cast)).toEqual(['one 1/2 500000'])
  expect(missingArtefacts(cast.world.db, { claimant: 'one', limit: 10 }).items).toEqual([
    { path: 'capsule/*/hashes.json', pattern: 'capsule/*/hashes.json' },
  ])
})

test('nodes that claim for themselves are counted beside the directories, and a long list comes in pages', async () => {
  using cast = importingSteward({ expected: ['_report/**'] })
  cast.world.deliver([cast.ada.observe(A, { n: 1 })])
  await cast.importer.import(directoryOf('full', { [A]: '1', [B]: '2', [C]: '3' }))
  expect(sharesIn(cast)).toEqual(['ada 1/3 333333', 'full 3/3 1000000'])
  const first = missingArtefacts(cast.world.db, { claimant: cast.ada.id, limit: 1 })
  expect(first.items.map(({ path }) => path)).toEqual([B])
  const second = missingArtefacts(cast.world.db, { claimant: cast.ada.id, after: first.next!, limit: 1 })
  expect(second).toEqual({ items: [{ path: C, pattern: '_report/**' }], next: null })
})

test('another policy expects other things of what is here already', async () => {
  using cast = importingSteward({})
  await cast.importer.import(directoryOf('full', { [A]: '1', [B]: '2' }), directoryOf('poor', { [A]: '1' }))
  expect(cast.world.conflicts()).toEqual([])
  const propose = (expected: string[] | undefined) => {
    const policy = { ...defaultPolicy, ...(expected === undefined ? {} : { expected }) }
    cast.world.deliver([cast.ada.sign(policyDraft(policy, policyHashInForce(cast.world.db)))])
  }
  propose(['_report/usage/*'])
  expect(cast.world.conflicts()).toMatchObject([{ subject: 'poor' }])
  const grown = cast.world.state()
  expect(cast.world.rebuild().state()).toBe(grown)
  propose(undefined)
  expect(cast.world.conflicts()).toEqual([])
  expect(sharesIn(cast)).toEqual([])
})

test('how old a file is follows from what it says, never from its import or its modification time', async () => {
  using cast = importingSteward({ freshness: [{ subject: '_report/usage/*', maxAgeHours: 24 }] })
  const made = (hoursAfterStart: number) => `{"generated_at":"${instantAt(START + hoursAfterStart * HOUR)}"}`
  await cast.importer.import(
    directoryOf('old', { [A]: made(-40), [B]: '{}' }),
    directoryOf('new', { [A]: made(-10), [B]: '{"n":1}' }),
  )
  const stale = () => cast.world.conflicts({ kinds: ['stale'] })
  // A day has passed since: the older one was too old from the beginning, what says no time is never stale.
  expect(stale()).toMatchObject([{ subject: A, members: [{ nodeName: 'old' }] }])
  expect(cast.world.review(stale()[0]!.id).why).toBe(
    "The claim is 2 days old, more than policy allows; new's is 1 day old.",
  )
  cast.world.passTo(LATER)
  expect(stale()).toHaveLength(1)
})
