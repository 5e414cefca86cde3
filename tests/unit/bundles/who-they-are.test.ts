// What strangers say of themselves in a bundle: it is shown only where they signed it, since anybody can pack a file into a bundle.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { profileDraft } from '#core/network/index.ts'
import { LIMITS, shortId } from '#core/receipts/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { Place } from '#tests/kit/place.ts'
import type { RawEntry } from '#tests/kit/raw-zip.ts'
import { inspected } from './desk.ts'
import { folderOf, lines, whoTheyAre, writeBundle } from './made-bundle.ts'

const eve = new TestNode('eve')
const mallory = new TestNode('mallory')
const named = lines([eve.sign(profileDraft({ name: 'Eve' }))])
const [, noted] = whoTheyAre(eve)
const forgedHead = String(noted!.content).replace('T12:', 'T13:')

/** What the import sheet says of a bundle. */
async function shown(...entries: readonly RawEntry[]) {
  await using place = new Place()
  const ada = await place.node('ada')
  return await inspected(ada, writeBundle(join(place.folder, 'eve.zip'), entries))
}

test.each([
  { forgery: 'changed after it was signed', content: named.replace('Eve', 'Ada'), reason: 'bad-signature' },
  {
    forgery: 'signed by somebody else',
    content: lines([mallory.sign(profileDraft({ name: 'Ada' }))]),
    reason: 'wrong-node',
  },
  {
    forgery: 'a receipt of another kind',
    content: lines([eve.observe('a.json', { name: 'Ada' })]),
    reason: 'bad-profile',
  },
  { forgery: 'no receipt at all', content: '{"node":"' + eve.id + '","body":{"name":"Ada"}}', reason: 'not-canonical' },
  { forgery: 'larger than any profile', content: `${named}${' '.repeat(LIMITS.profileBytes)}`, reason: 'too-large' },
])('a profile that is $forgery gives nobody a name, and is refused', async ({ content, reason }) => {
  const entry = `${folderOf(eve)}/profile.json`
  const { nodes, refusals } = await shown({ name: entry, content })
  expect(nodes).toMatchObject([{ node: eve.id, name: shortId(eve.id), state: 'not-admitted' }])
  expect(refusals).toMatchObject([{ entry, reason }])
})

test('a copy of a profile that was changed does not hide the one that holds', async () => {
  const { nodes, refusals } = await shown(
    { name: `copy/${folderOf(eve)}/profile.json`, content: named.replace('Eve', 'Ada') },
    { name: `${folderOf(eve)}/profile.json`, content: named },
  )
  expect(nodes).toMatchObject([{ node: eve.id, name: 'Eve' }])
  expect(refusals).toMatchObject([{ entry: `copy/${folderOf(eve)}/profile.json`, reason: 'bad-signature' }])
})

test.each([
  { forgery: 'changed after it was signed', content: forgedHead, reason: 'bad-signature' },
  { forgery: 'that of another node', content: String(whoTheyAre(mallory)[1]!.content), reason: 'wrong-node' },
  { forgery: 'no note', content: 'head', reason: 'bad-head' },
  { forgery: 'larger than any head', content: 'x'.repeat(LIMITS.headBytes + 1), reason: 'too-large' },
])('a head that is $forgery promises nothing, and is refused', async ({ content, reason }) => {
  const entry = `${folderOf(eve)}/head`
  const { nodes, refusals } = await shown({ name: entry, content })
  expect(nodes).toMatchObject([{ node: eve.id, receipts: 0, missing: null }])
  expect(refusals).toMatchObject([{ entry, reason }])
})

test('forged notes without end are not checked without end', async () => {
  const forged = Array.from({ length: LIMITS.slowChecksPerMinute + 2 }, (_, n) => ({
    name: `${n}/${folderOf(eve)}/head`,
    content: forgedHead,
  }))
  const { refusals } = await shown(...forged)
  expect(Map.groupBy(refusals, ({ reason }) => reason).get('bad-signature')).toHaveLength(LIMITS.slowChecksPerMinute)
  expect(Map.groupBy(refusals, ({ reason }) => reason).get('not-checked')).toHaveLength(2)
})
