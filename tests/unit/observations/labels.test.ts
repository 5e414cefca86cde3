// Which origin a directory is kept under: its folder's name, unless that is another node's already.
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ImportPlan } from '#core/observations/index.ts'
import { listOrigins } from '#core/reconcile/index.ts'
import {
  corpusDirectory,
  DirectoryCopy,
  directoryOf,
  importingSteward,
  type ImportingSteward,
} from '#tests/kit/importer.ts'

const labelsOf = ({ origins }: ImportPlan) => origins.map(({ label }) => label)
const toldOf = ({ origins }: ImportPlan) =>
  origins.flatMap(({ findings }) => findings.filter(({ code }) => code === 'another-node'))
const known = ({ world }: ImportingSteward) => listOrigins(world.db).items.map(({ label }) => label)

/** A node whose anchors are these events, with one receipt. */
function nodeOf(
  label: string,
  events: readonly string[],
  receipt: string,
  more: { name?: string; isGiven?: true } = {},
) {
  const anchors = events.length === 0 ? {} : { 'governance/anchors.json': anchorsOf(events) }
  return { ...directoryOf(label, { '_report/a.json': JSON.stringify({ receipt }), ...anchors }), ...more }
}

function anchorsOf(events: readonly string[]): string {
  return JSON.stringify({ events: events.map((note) => ({ note })) })
}

test('a folder of the same name from another node does not take over the first one’s lineage', async () => {
  using cast = importingSteward()
  await cast.importer.import(corpusDirectory('pilot-sample/node-a'), corpusDirectory('pilot-sample/node-b'))
  const before = cast.world.conflicts()
  expect(before).toHaveLength(2)
  const plan = await cast.importer.plan([corpusDirectory('node-a')])
  expect(plan.origins).toMatchObject([{ label: 'node-a (2)', added: 17, changed: 0, gone: 0 }])
  expect(toldOf(plan)).toMatchObject([
    {
      path: '',
      happened:
        'Another directory named node-a was imported before; nothing that stood in it is in this one, so this one is called node-a (2).',
      remedy: 'If it is the same node after all, say so: steward import --node "node-a=<folder>".',
    },
  ])
  await plan.write()
  // Both differences stay, now with the third directory among those who tell.
  const subjects = before.map(({ subject }) => subject).sort()
  const now = cast.world.conflicts().filter(({ subject }) => subjects.includes(subject))
  expect(now.map(({ subject }) => subject).sort()).toEqual(subjects)
  for (const { members } of now) expect(members.map(({ origin }) => origin)).toContain('node-a')
  expect(known(cast)).toEqual(['node-a', 'node-a (2)', 'node-b'])

  // Each is known again, by itself and together, and adds nothing.
  for (const name of ['node-a', 'pilot-sample/node-a']) {
    const again = await cast.importer.plan([corpusDirectory(name)])
    expect([labelsOf(again), again.receipts]).toEqual([[name === 'node-a' ? 'node-a (2)' : 'node-a'], 0])
  }
  const both = await cast.importer.plan([
    { ...corpusDirectory('node-a'), name: 'node-a' },
    { ...corpusDirectory('pilot-sample/node-a', 'node-a (2)'), name: 'node-a' },
  ])
  expect([labelsOf(both), both.receipts]).toEqual([['node-a (2)', 'node-a'], 0])
})

test('anchors that do not continue what was imported are another node’s; those that go on, or lead there, are the same one’s', async () => {
  using cast = importingSteward()
  await cast.importer.import(nodeOf('node', ['a', 'b'], 'first'))
  const other = await cast.importer.plan([nodeOf('node', ['x'], 'other')])
  expect(toldOf(other)).toMatchObject([
    {
      happened:
        'Another directory named node was imported before; the anchors of this one do not continue it, so this one is called node (2).',
    },
  ])
  await other.write()
  const labelled = async (...events: string[]) =>
    labelsOf(await cast.importer.plan([nodeOf('node', events, 'changed')]))
  expect(await labelled('a', 'b', 'c')).toEqual(['node'])
  expect(await labelled('a')).toEqual(['node'])
  expect(await labelled('x', 'y')).toEqual(['node (2)'])
  // It went on from the same beginning in another way: what stands is not replaced.
  expect(await labelled('a', 'c')).toEqual(['node (3)'])
  // Without anchors nothing says that it is another one.
  expect(await labelled()).toEqual(['node'])
})

test('a directory that only grew keeps its label, from its first anchor on', async () => {
  using cast = importingSteward()
  using copy = new DirectoryCopy('pilot-sample/node-a')
  await cast.importer.import(copy.as('node-a'))
  writeFileSync(copy.path('governance/anchors.json'), anchorsOf(['first']))
  writeFileSync(copy.path('_report/usage/external-summary.json'), '{"generated_at":"2025-11-01T00:00:00Z"}')
  const plan = await cast.importer.plan([copy.as('node-a')])
  expect(plan.origins).toMatchObject([{ label: 'node-a', changed: 2, gone: 0 }])
  expect(toldOf(plan)).toEqual([])
})

test('what two folders of one name are called does not depend on what is imported together', async () => {
  using cast = importingSteward()
  const one = (events: string[], label = 'node') => nodeOf(label, ['one', ...events], 'one', { name: 'node' })
  const two = (events: string[], label = 'node') => nodeOf(label, ['two', ...events], 'two', { name: 'node' })
  await cast.importer.import(two([]))
  const together = await cast.importer.plan([one([]), two([], 'node (2)')])
  expect(labelsOf(together)).toEqual(['node (2)', 'node'])
  expect(toldOf(together).map(({ happened }) => happened)).toEqual([
    expect.stringMatching(/so this one is called node \(2\)\.$/),
  ])
  await together.write()
  expect(labelsOf(await cast.importer.plan([two(['more'], 'node (2)'), one(['more'])]))).toEqual(['node', 'node (2)'])
  expect(labelsOf(await cast.importer.plan([one(['more'])]))).toEqual(['node (2)'])
})

test('a steward says which node a directory is, and nobody else is called so then', async () => {
  using cast = importingSteward()
  await cast.importer.import(nodeOf('node', ['a'], 'first'))
  const plan = await cast.importer.plan([
    nodeOf('Node', ['a'], 'again'),
    nodeOf('node', ['x'], 'new', { isGiven: true }),
  ])
  expect(labelsOf(plan)).toEqual(['Node (2)', 'node'])
  expect(plan.origins[1]).toMatchObject({ changed: 2 })
  expect(toldOf(plan)).toEqual([])
  const twice = [nodeOf('node', ['x'], 'new', { isGiven: true }), nodeOf('NODE', ['a'], 'first', { isGiven: true })]
  await expect(cast.importer.plan(twice)).rejects.toMatchObject({ code: 'LABEL_TWICE' })
})
