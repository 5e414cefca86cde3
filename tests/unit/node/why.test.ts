import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ContentHash, WhyAbout } from '#core/contract/index.ts'
import { CountName } from '#core/contract/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { type Core, Place, refusal } from '#tests/kit/place.ts'

const V1 = sha256Id<ContentHash>('v1')
const V2 = sha256Id<ContentHash>('v2')

async function anchor(core: Core, hash: ContentHash, previous: ContentHash | null, label: string): Promise<void> {
  core.place.pass(1000)
  const content = { type: 'body' as const, body: { hash, previous, label } }
  await core.steward.receipts.sign({ kind: 'governance/anchor', subject: 'anchors', task: null, anchor: null, content })
}

/** Ada's claim stands under v1, ben's under v2, which follows: the rule decides. And one thing that no rule decides. */
async function story(place: Place): Promise<[Core, Core]> {
  const [ada, ben] = (await place.network('ada', 'ben')) as [Core, Core]
  await anchor(ada, V1, null, 'v1')
  await ada.observe('plan.json', { step: 1 })
  await place.settle([ada, ben])
  await anchor(ben, V2, V1, 'v2')
  await ben.observe('plan.json', { step: 2 })
  await ada.observe('usage.json', { count: 1 })
  await ben.observe('usage.json', { count: 2 })
  await ben.observe('usage.json', { count: 3 })
  await place.settle([ada, ben])
  return [ada, ben]
}

test('the anchors page shows the chain, who stands where, and what the newest one put aside', async () => {
  await using place = new Place()
  const [ada] = await story(place)
  const view = await ada.steward.anchors.get({})
  expect(view.anchors.map(({ label, state, depth }) => [label, state, depth])).toEqual([
    ['v2', 'newest', 1],
    ['v1', 'followed', 0],
  ])
  expect(view.anchors[0]?.standing.map(({ name }) => name)).toEqual(['ben'])
  expect(view.anchors[1]?.standing.map(({ name }) => name)).toEqual(['ada'])
  expect(view.superseded.map(({ subject, claimant }) => [subject, claimant])).toEqual([
    ['usage.json', 'ada'],
    ['plan.json', 'ada'],
  ])
  expect(view.superseded[0]?.why).toContain('v2 follows its own')
})

test('an anchor that another one follows is stale on every receipt that names it', async () => {
  await using place = new Place()
  const [ada] = await story(place)
  const { items } = await ada.steward.receipts.list({ filter: { subject: 'plan.json' }, sort: 'oldest', limit: 10 })
  const details = await Promise.all(items.map(({ id }) => ada.steward.receipts.get({ id })))
  expect(details.map(({ anchor: named }) => named.state)).toEqual(['stale', 'verified'])
  expect(details.map(({ marks }) => marks.anchorVerified)).toEqual([true, true])
})

test('a receipt, a node, the rules and a conflict each say by which rule, and name receipts that are here', async () => {
  await using place = new Place()
  const [ada, ben] = await story(place)
  await ben.steward.network.signPolicy({
    policy: { decisionsNeeded: 1, admissionsNeeded: 1, freshness: [], requireAnchor: ['plan.json'] },
  })
  const content = { type: 'body' as const, body: { count: 9 } }
  await ben.steward.receipts.sign({ kind: 'evidence/observed', subject: 'new.json', task: null, anchor: V2, content })
  await ada.steward.receipts.sign({
    kind: 'evidence/observed',
    subject: 'new.json',
    task: null,
    anchor: V2,
    content: { type: 'body', body: { count: 8 } },
  })
  await place.settle([ada, ben])
  const [conflict] = await ada.conflicts()
  const claim = conflict!.members[0]!.receipt
  const asked: WhyAbout[] = [
    { type: 'conflict', id: conflict!.id },
    { type: 'receipt', id: claim },
    { type: 'peer', node: ben.id },
    { type: 'policy' },
  ]
  for (const about of asked) {
    const why = await ada.steward.why.get({ about })
    expect(why.rule.length).toBeGreaterThan(40)
    expect(why.receipts.length).toBeGreaterThan(0)
    for (const { receipt } of why.receipts) await ada.steward.receipts.get({ id: receipt.id })
  }
  const policy = await ada.steward.why.get({ about: { type: 'policy' } })
  expect(policy.receipts.map(({ receipt }) => [receipt.nodeName, receipt.kind])).toEqual([['ben', 'network/policy']])
})

test('every number says by which rule it was counted and leads to its list', async () => {
  await using place = new Place()
  const [ada] = await story(place)
  for (const name of CountName.options) {
    const why = await ada.steward.why.get({ about: { type: 'count', name } })
    expect(why.rule.length).toBeGreaterThan(40)
    expect(why.title).not.toBe('')
  }
  const about = { type: 'receipt', id: sha256Id('nothing') } as WhyAbout
  expect(await refusal(ada.steward.why.get({ about }))).toMatchObject({ code: 'NOT_FOUND' })
})

test('the usage receipts are read for a person, with ages ahead of their time and what is not there', async () => {
  await using place = new Place()
  const [ada] = (await place.network('ada')) as [Core]
  const sign = async (subject: string) => {
    const bytes = readFileSync(new URL(`../../fixtures/teof/node-a/${subject}`, import.meta.url))
    const { upload } = await ada.steward.uploads.begin({ sizeBytes: bytes.length })
    await ada.steward.uploads.piece({ upload, offset: 0, base64: bytes.toString('base64') })
    const content = { type: 'upload' as const, upload, name: 'file.json' }
    return (await ada.steward.receipts.sign({ kind: 'evidence/observed', subject, task: null, anchor: null, content }))
      .id
  }
  const summary = await sign('_report/usage/external-summary.json')
  const hygiene = await sign('_report/usage/receipts-hygiene-summary.json')
  const other = await ada.observe('_report/usage/feed-counts.json', { count: 1 })
  const { items } = await ada.steward.receipts.usage({ ids: [summary, hygiene, other] })
  expect(items[0]?.usage).toMatchObject({
    type: 'external-summary',
    feeds: [
      { id: 'demo', freshness: 'fresh' },
      { id: 'sample', freshness: 'ahead' },
    ],
  })
  expect(items[1]?.usage).toMatchObject({ type: 'receipts-hygiene', plansTotal: 103, missingPlanIds: null })
  expect(items[2]?.usage).toBeNull()
})
