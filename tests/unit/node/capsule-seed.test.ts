import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place, refusal } from '#tests/kit/place.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const TEXT = 'The capsule.\n'
const HASHES = JSON.stringify({ 'capsule.txt': sha256(TEXT) })

/** A node directory with a capsule in it, and `current` as a link, as upstream has it. */
function capsuleIn(place: Place, text = TEXT): string {
  const folder = join(place.folder, 'published')
  mkdirSync(join(folder, 'capsule/v1.6'), { recursive: true })
  writeFileSync(join(folder, 'capsule/v1.6/capsule.txt'), text)
  writeFileSync(join(folder, 'capsule/v1.6/hashes.json'), HASHES)
  symlinkSync('v1.6', join(folder, 'capsule/current'))
  return folder
}

const wish = { name: 'ada', passphrase: null, exchange: null, networkName: 'pilot' }

test.each(['capsule/v1.6', 'capsule/current', '.'])(
  'a node started from a capsule (%s) signs it as its first anchor',
  async (below) => {
    await using place = new Place()
    const ada = await place.core('ada')
    await ada.steward.node.create({ ...wish, capsule: join(capsuleIn(place), below) })
    const { items } = await ada.steward.receipts.list({
      filter: { kind: 'governance/anchor' },
      sort: 'oldest',
      limit: 10,
    })
    expect(items).toHaveLength(1)
    const { body } = await ada.steward.receipts.get({ id: items[0]!.id })
    expect(body).toEqual({ hash: `sha256:${sha256(HASHES)}`, previous: null, label: 'v1.6' })
    // What is signed next stands under it.
    const id = await ada.observe('report.json', { n: 1 })
    expect(await ada.steward.receipts.get({ id })).toMatchObject({ anchor: { state: 'verified', label: 'v1.6' } })
  },
)

test('a capsule with a changed file, or none at all, makes no node and says why', async () => {
  await using place = new Place()
  const ada = await place.core('ada')
  const changed = ada.steward.node.create({ ...wish, capsule: capsuleIn(place, 'Another capsule.\n') })
  const { code, happened } = await refusal(changed)
  expect(code).toBe('CAPSULE_MISMATCH')
  expect(happened).toMatch(/capsule\.txt hashes to/)
  expect(await refusal(ada.steward.node.create({ ...wish, capsule: place.exchange }))).toMatchObject({
    code: 'CAPSULE_NOT_FOUND',
  })
  expect((await ada.steward.app.state({})).phase).toBe('no-node')
})

test.each([
  [1, /hashes\.json says [0-9a-f]{64}\.$/],
  [2, / 1 more file differs\.$/],
  [3, / 2 more files differ\.$/],
])('of %i changed files the first is named and the others are counted', async (count, sentence) => {
  await using place = new Place()
  const folder = join(place.folder, 'capsule/v2')
  mkdirSync(folder, { recursive: true })
  const names = ['a.txt', 'b.txt', 'c.txt'].slice(0, count)
  for (const name of names) writeFileSync(join(folder, name), 'changed')
  writeFileSync(
    join(folder, 'hashes.json'),
    JSON.stringify(Object.fromEntries(names.map((name) => [name, sha256(name)]))),
  )
  const ada = await place.core('ada')
  const { code, happened } = await refusal(ada.steward.node.create({ ...wish, capsule: folder }))
  expect(code).toBe('CAPSULE_MISMATCH')
  expect(happened).toMatch(sentence)
})

test('a list of hashes that cannot be read makes no node', async () => {
  await using place = new Place()
  const folder = capsuleIn(place)
  writeFileSync(join(folder, 'capsule/v1.6/hashes.json'), '{')
  const ada = await place.core('ada')
  const { code, happened } = await refusal(ada.steward.node.create({ ...wish, capsule: folder }))
  expect(code).toBe('CAPSULE_UNREADABLE')
  expect(happened).toContain('capsule/v1.6')
  expect((await ada.steward.app.state({})).phase).toBe('no-node')
})
