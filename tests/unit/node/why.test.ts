import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ContentHash, WhyAbout, WhyView } from '#core/contract/index.ts'
import { CountName } from '#core/contract/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { instantAt } from '#tests/kit/nodes.ts'
import { type Core, Place, refusal } from '#tests/kit/place.ts'
import { folderOf } from '#tests/kit/proofs.ts'

const V1 = sha256Id<ContentHash>('v1')
const V2 = sha256Id<ContentHash>('v2')

async function anchor(core: Core, hash: ContentHash, previous: ContentHash | null, label: string): Promise<void> {
  core.place.pass(1000)
  const content = { type: 'body' as const, body: { hash, previous, label } }
  await core.steward.receipts.sign({ kind: 'governance/anchor', subject: 'anchors', task: null, anchor: null, content })
}

/** Ada's claim stands under v1, ben's under v2, which follows: the rule decides. And one thing that no rule decides. */
async function story(place: Place): Promise<[Core, Core]> {
  const [ada, ben] = await place.network('ada', 'ben')
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

async function disagreed(one: Core, other: Core, subject: string): Promise<void> {
  await one.observe(subject, { count: 1 })
  await other.observe(subject, { count: 2 })
}

const countOf = (core: Core, name: CountName) => core.steward.why.get({ about: { type: 'count', name } })

test('a kind of which some conflicts are overdue and some are not is counted whole', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const { policy } = await ada.steward.network.get({})
  await ada.steward.network.signPolicy({ policy: { ...policy, escalateAfterDays: 1 } })
  await disagreed(ada, ben, 'old.json')
  await place.settle([ada, ben])
  place.pass(3 * 24 * 3_600_000)
  await disagreed(ada, ben, 'new.json')
  await place.settle([ada, ben])

  expect((await ada.steward.conflicts.counts({})).openByKind).toEqual({ 'hash-mismatch': 2 })
  const open = await countOf(ada, 'open-conflicts')
  expect(open).toMatchObject({ title: '2 open', facts: [{ label: 'Claims differ', value: '2' }] })
  expect(open.links).toMatchObject([{ text: 'Claims differ: 2', query: { kind: 'hash-mismatch' } }])
  expect(await countOf(ada, 'overdue-conflicts')).toMatchObject({ title: '1 overdue' })

  const severities = new Map<string, string | undefined>()
  for (const { id, subject } of await ada.conflicts()) {
    const { facts } = await ada.steward.why.get({ about: { type: 'conflict', id } })
    severities.set(subject, facts.find(({ label }) => label === 'Severity')?.value)
  }
  expect(Object.fromEntries(severities)).toEqual({
    'old.json': '3 of 3, raised because it is overdue',
    'new.json': '2 of 3',
  })
  const { answer } = await ada.steward.why.get({ about: { type: 'policy' } })
  expect(answer).toContain('Conflicts are overdue after a day.')
})

test('a conflict that a standing rule settled names the decision and the rule; taken back, the decision no longer counts', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await disagreed(ada, ben, 'usage.json')
  await place.settle([ada, ben])
  const { id: rule } = await ada.steward.rules.sign({
    subject: 'usage.json',
    task: null,
    kinds: ['hash-mismatch'],
    choice: { type: 'newest' },
    until: instantAt(place.nowMs + 86_400_000),
    reason: 'The counter is refreshed every day.',
  })
  const [conflict] = await ada.conflicts('settled')
  const about = { type: 'conflict' as const, id: conflict!.id }
  const settled = await ada.steward.why.get({ about })
  expect(settled.answer).toMatch(/^Settled: For usage\.json, ben's receipt #\d \(\w+ 2\) holds\.$/)
  const roles = new Map(settled.receipts.map(({ role, receipt }) => [role, receipt.id]))
  expect(roles.get('standing rule that decided')).toBe(rule)
  const decision = roles.get('decision that counts')
  expect(decision).toBeDefined()

  await ada.steward.rules.revoke({ rule, reason: 'no more' })
  await ada.steward.conflicts.withdraw({ decision: decision!, reason: 'looked again' })
  const open = await ada.steward.why.get({ about })
  expect(open.answer).not.toContain('Settled')
  expect(open.receipts.find(({ role }) => role === 'decision that no longer counts')?.receipt.id).toBe(decision)
  expect(open.receipts.filter(({ receipt }) => receipt.kind === 'evidence/observed')).toHaveLength(2)
})

test('up to where somebody holds a feed follows from the ledger here, and elsewhere from what it signed', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.observe('a', { v: 1 })
  const why = (holder: Core, feed: Core) =>
    ada.steward.why.get({ about: { type: 'holding', holder: holder.id, node: feed.id } })
  const valueOf = ({ facts }: WhyView, wanted: string) => facts.find(({ label }) => label === wanted)?.value

  const here = await why(ada, ada)
  expect(here).toMatchObject({ title: 'This ledger and the feed of ada', answer: 'This ledger holds it up to #4.' })
  expect(here.receipts).toMatchObject([{ role: 'the last one that it holds', receipt: { seq: 4 } }])
  expect(here.facts.map(({ label }) => label)).not.toContain('Said')

  const behind = await why(ben, ada)
  expect(behind.answer).toBe('ben says, signed, that it holds it up to #3.')
  expect(valueOf(behind, 'Missing there')).toBe('1')
  expect(valueOf(behind, 'Said')).toMatch(/^2026-/)
  expect(behind.receipts.map(({ role, receipt }) => [role, receipt.seq])).toEqual([
    ['the last one that it holds', 3],
    ['the newest one here', 4],
  ])

  // Who signed a feed holds it, whatever it says of feeds.
  const own = await why(ben, ben)
  expect(own.answer).toBe('ben signs it, so it holds all of it, up to #1.')
  expect(valueOf(own, 'Missing there')).toBe('0')

  const cleo = await place.node('cleo')
  await cleo.sync()
  await ada.sync()
  const never = await why(cleo, ben)
  expect(never.answer).toMatch(/^z6Mk\S+ has not said yet what it holds of it\.$/)
  expect(valueOf(never, 'Holds up to')).toBe('never said')
  expect(valueOf(never, 'Missing there')).toBe('unknown')
  expect(never.receipts.map(({ role }) => role)).toEqual(['the newest one here'])
})

test('a node is explained by its admission, by its founding, by its block, by what stops its feed', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const cleo = await place.node('cleo')
  await cleo.sync()
  await ada.sync()
  const why = (node: Core) => ada.steward.why.get({ about: { type: 'peer', node: node.id } })
  const rolesOf = ({ receipts }: WhyView) => receipts.map(({ role }) => role)

  expect(rolesOf(await why(ada))).toEqual(['admits it', 'the newest of its feed that counts'])
  expect(rolesOf(await why(ben))).toEqual(['admits it', 'the newest of its feed that counts'])
  const pending = await why(cleo)
  expect(pending.answer).toBe('It asks to join. Only its head and profile are read.')
  expect(pending.facts).toContainEqual({ label: 'Admissions', value: '0 signed, 1 needed by policy' })
  expect(pending.facts).toContainEqual({ label: 'Has of ours', value: 'never said' })
  expect(rolesOf(pending)).toEqual(['founds the network and names its first nodes'])

  await ada.steward.network.block({ node: ben.id })
  expect((await why(ben)).answer).toBe('You block it on this computer; for the network it is what it was.')
  await ada.steward.network.unblock({ node: ben.id })
  // What ben signs goes missing, its head does not.
  await ben.observe('a', { v: 1 })
  await ben.sync()
  const feed = join(folderOf(place.exchange, ben.id), 'feed')
  rmSync(join(feed, readdirSync(feed).toSorted().at(-1) ?? ''))
  await ada.sync()
  place.pass(120_000)
  await ada.sync()
  const stopped = await why(ben)
  expect(stopped.answer).toMatch(/^It belongs to the network, so what it signs is merged\. .*#2/)
  expect(stopped.facts).toContainEqual({ label: 'Its head names', value: 'receipt #2' })
  const waits = await countOf(ada, 'pending-nodes')
  expect(waits).toMatchObject({ title: '1 asking', links: [{ text: 'cleo', id: cleo.id }] })
})

test('a receipt says what its anchor is worth here: followed, the newest, unknown once its node is blocked, or none', async () => {
  await using place = new Place()
  const [ada, ben] = await story(place)
  const named = async (core: Core, subject: string, of: Core) => {
    const { items } = await core.steward.receipts.list({ filter: { subject, node: of.id }, sort: 'newest', limit: 1 })
    const why = await core.steward.why.get({ about: { type: 'receipt', id: items[0]!.id } })
    return { why, anchor: why.facts.find(({ label }) => label === 'Anchor')?.value }
  }
  const followed = await named(ada, 'plan.json', ada)
  expect(followed.anchor).toBe('v1: an admitted node signed it, and v2 follows it by now')
  expect(followed.why.receipts.map(({ role }) => role)).toContain('signs the anchor that follows')
  expect(followed.why.answer).toContain('Put aside by rule')
  const newest = await named(ada, 'plan.json', ben)
  expect(newest.anchor).toBe('v2: an admitted node signed it, and nothing follows it')
  expect(newest.why.facts).toContainEqual(
    expect.objectContaining({ label: 'Arrived', value: expect.stringMatching(/^by the folder, /) as string }),
  )

  const about = { type: 'receipt' as const, id: (await ada.steward.network.get({})).id! }
  const first = await ada.steward.why.get({ about })
  expect(first.facts).toContainEqual({ label: 'Anchor', value: 'names none' })
  expect(first.receipts.map(({ role }) => role)).toEqual(['the receipt itself', 'admits its node'])

  await ben.steward.network.block({ node: ada.id })
  const unknown = await named(ben, 'plan.json', ada)
  expect(unknown.anchor).toBe('names one that no admitted node has signed')
  expect(unknown.why.answer).toBe('It does not count here: you block its node on this computer.')
})

test('what a node signed before it was admitted does not count yet, and says so', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  const ben = await place.node('ben')
  await ben.sync()
  const { items } = await ben.steward.receipts.list({ filter: { node: ben.id }, sort: 'oldest', limit: 1 })
  const why = await ben.steward.why.get({ about: { type: 'receipt', id: items[0]!.id } })
  expect(why.answer).toBe('It does not count yet: its node is not admitted.')
  expect(why.facts).toContainEqual({ label: 'Node', value: 'not admitted' })
})

test('the rules in force are said in sentences, each with its number', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const { policy } = await ada.steward.network.get({})
  const signed = await ada.steward.network.signPolicy({
    policy: {
      ...policy,
      decisionsNeeded: 2,
      freshness: [{ subject: 'usage/*', maxAgeHours: 168 }],
      requireAnchor: ['plan.json', 'other.json'],
      expected: ['a/*'],
      unsignedImports: 'refuse',
    },
  })
  expect(signed.inForce).toBe(true)
  const { answer } = await ada.steward.why.get({ about: { type: 'policy' } })
  expect(answer).toBe(
    '2 stewards must agree to settle a conflict, one steward is enough to admit a node. 1 limit on how old claims may be. 2 patterns of subjects whose claims must name an anchor. 1 pattern of artefacts that everybody should have. Imported files without a valid signature do not count.',
  )
})

test('the usage receipts are read for a person, with ages ahead of their time and what is not there', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
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
