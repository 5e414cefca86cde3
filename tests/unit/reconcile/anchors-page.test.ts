// All anchors of the network on one page.
import { expect, test } from 'vitest'
import type { ContentHash } from '#core/contract/index.ts'
import { anchorsView } from '#core/reconcile/index.ts'
import { sha256Id, shortId } from '#core/receipts/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { LATER } from '#tests/kit/world.ts'
import { withThree } from './cast.ts'

const hashOf = (name: string) => sha256Id<ContentHash>(name)
const under = (name: string) => ({ anchor: { hash: hashOf(name), time: instantAt(START) } })
const byHash = (names: readonly string[]) => names.map(hashOf).toSorted((one, other) => (one < other ? -1 : 1))

function signAnchor(node: TestNode, name: string, previous: string | null, label: string | null = name) {
  return node.sign({
    kind: 'governance/anchor',
    subject: 'capsule',
    task: null,
    anchor: null,
    body: {
      hash: hashOf(name),
      previous: previous === null ? null : hashOf(previous),
      ...(label === null ? {} : { label }),
    },
  })
}

test('the longest chain comes first, anchors of one depth and unknown ones in an order that everybody shares', () => {
  const stranger = new TestNode('eve')
  const { world } = withThree({}, ({ ada, ben, cleo }) => {
    signAnchor(ada, 'root', null)
    signAnchor(ada, 'left', 'root')
    signAnchor(ben, 'right', 'root')
    signAnchor(ben, 'unnamed', null, null)
    ada.observe('a.json', { count: 1 }, under('left'))
    ben.observe('a.json', { count: 2 }, under('root'))
    cleo.observe('b.json', { count: 1 }, under('nobody'))
    cleo.observe('c.json', { count: 1 }, under('nowhere'))
  })
  using _ = world
  world.deliver([signAnchor(stranger, 'of a stranger', null)])
  const view = anchorsView(world.db, LATER)
  expect(view.anchors.map(({ hash }) => hash)).toEqual([...byHash(['left', 'right']), ...byHash(['root', 'unnamed'])])
  expect(view.anchors.find(({ hash }) => hash === hashOf('unnamed'))?.label).toBe(shortId(hashOf('unnamed')))
  expect(view.unknown.map(({ hash, claims }) => [hash, claims])).toEqual(
    byHash(['nobody', 'nowhere']).map((hash) => [hash, 1]),
  )
  expect(view.superseded).toMatchObject([{ subject: 'a.json' }])
  expect(view.more).toBe(0)
})
