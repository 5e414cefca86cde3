import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Directories, feedReceipt, type Told } from '../../kit/directories.ts'

const AT = '_report/external/quay/20260201T100000Z.json'
const OTHER = '_report/usage/external-summary.json'

/** Three nodes that agree about two files. */
function threeNodes(): Directories {
  const place = new Directories()
  for (const label of ['ada', 'ben', 'cleo']) {
    place.found(label)
    place.write(label, AT, feedReceipt(place.key, { value: 1.5 }))
    place.write(label, OTHER, '{"generated_at": "2026-02-28T10:00:00Z", "feeds": {}}')
  }
  return place
}

async function toldOf(place: Directories): Promise<{ readonly one: Told; readonly exitCode: number }> {
  const { conflicts, summary, receipts } = await place.merge()
  expect(conflicts).toHaveLength(1)
  // Everything else is merged.
  expect(receipts.find(({ path }) => path === OTHER)?.state).toBe('agreed')
  const standing = receipts.find(({ path }) => path === AT)?.variants.filter((one) => one.standing === 'stands')
  expect(standing?.flatMap(({ nodes }) => nodes)).toEqual(['ada', 'cleo'])
  return { one: conflicts[0]!, exitCode: summary.exitCode }
}

test('a tampered receipt is named with its node, and the others agree without it', async () => {
  using place = threeNodes()
  place.write('ben', AT, feedReceipt(place.key, { value: 1.5 }).replace('"level"', '"depth"'))
  const { one, exitCode } = await toldOf(place)
  expect(exitCode).toBe(3)
  expect(one).toMatchObject({ kind: 'content-mismatch', nodes: ['ben'] })
  expect(one.happened).toContain('The signature does not fit this content and the key “feed.quay-2026”')
})

test('content that does not match the hash it states is told as that', async () => {
  using place = threeNodes()
  place.write('ben', AT, feedReceipt(place.key, { value: 1.5 }).replace(/"hash_sha256":"../, '"hash_sha256":"00'))
  const { one, exitCode } = await toldOf(place)
  expect(exitCode).toBe(3)
  expect(one).toMatchObject({ kind: 'content-mismatch', code: 'stated-hash-differs', nodes: ['ben'] })
  expect(one.happened).toMatch(/says its content hashes to 00[0-9a-f]{62}, but it hashes to [0-9a-f]{64}/)
})

test('a key that was swapped is told as a rotated or swapped key', async () => {
  using place = threeNodes()
  place.found('ben', ['first'], generateKeyPairSync('ed25519').publicKey)
  const { one, exitCode } = await toldOf(place)
  expect(exitCode).toBe(3)
  expect(one).toMatchObject({
    kind: 'invalid-signature',
    nodes: ['ben'],
    remedy: 'The key was rotated or swapped: ask both nodes which key holds, and since when.',
  })
})

test('a key id that leads out of the keys folder opens no file', async () => {
  using place = threeNodes()
  place.write('ben', AT, feedReceipt(place.key, { value: 1.5, keyId: '../../../../etc/passwd' }))
  const { one, exitCode } = await toldOf(place)
  expect(exitCode).toBe(3)
  expect(one).toMatchObject({ kind: 'invalid-signature', code: 'key-id-leaves-folder', nodes: ['ben'] })
})

test('a key that a node does not have is asked for', async () => {
  using place = threeNodes()
  place.write('ben', AT, feedReceipt(place.key, { value: 1.5, keyId: 'feed.unknown' }))
  const { one } = await toldOf(place)
  expect(one.remedy).toContain('Ask the node for governance/keys/feed.unknown.pub')
})

test('a file that is cut off is told, and stands against nothing', async () => {
  using place = threeNodes()
  place.write('ben', AT, feedReceipt(place.key, { value: 1.5 }).slice(0, 100))
  const { one, exitCode } = await toldOf(place)
  expect(exitCode).toBe(1)
  expect(one).toMatchObject({ kind: 'unreadable', nodes: ['ben'] })
})

test('a byte-order mark, a list at the top and a link abort nothing', async () => {
  using place = threeNodes()
  const outside = join(place.folder, 'outside.json')
  writeFileSync(outside, '{"secret": true}')
  place.write('ben', OTHER, '\ufeff{"generated_at": "2026-02-28T10:00:00Z", "feeds": {}}')
  place.write('ben', '_report/list.json', '[1, 2.0, "three"]')
  symlinkSync(outside, join(place.node('ben'), '_report/link.json'))
  const { conflicts, notices, receipts } = await place.merge()
  expect(conflicts).toEqual([])
  expect(receipts.map(({ path, state }) => [path, state])).toEqual([
    [AT, 'agreed'],
    ['_report/list.json', 'single'],
    [OTHER, 'same-content'],
  ])
  expect(notices.map(({ code }) => code)).toEqual(expect.arrayContaining(['byte-order-mark', 'link-not-followed']))
})

test('a file that is larger than is read is told, and the run goes on', async () => {
  using place = threeNodes()
  place.write('ben', AT, Buffer.alloc(9 * 1024 * 1024, 0x20))
  const { one, exitCode } = await toldOf(place)
  expect(exitCode).toBe(1)
  expect(one.happened).toContain('could not be read: it has 9437184 bytes')
})

test('a folder in the place of a file at one node is no file there', async () => {
  using place = threeNodes()
  mkdirSync(join(place.node('ben'), '_report/x.json'))
  place.write('ada', '_report/x.json', '{}')
  const { receipts } = await place.merge()
  expect(receipts.find(({ path }) => path === '_report/x.json')).toMatchObject({ state: 'single' })
})

test('a capsule file that does not match its hash is named', async () => {
  using place = threeNodes()
  place.write('ben', 'capsule/current/README.md', 'changed')
  place.write('ben', 'capsule/current/hashes.json', JSON.stringify({ 'README.md': '0'.repeat(64) }))
  const { summary, conflicts } = await place.merge()
  expect(summary.exitCode).toBe(3)
  expect(conflicts).toMatchObject([{ kind: 'capsule-mismatch', nodes: ['ben'] }])
  expect(summary.nodes[1]?.capsule.mismatched).toEqual(['capsule/current/README.md'])
})

test('a systemic receipt whose artifact was changed does not count', async () => {
  using place = threeNodes()
  place.write('ben', 'docs/spec.md', 'changed')
  place.write(
    'ben',
    '_report/systemic.json',
    JSON.stringify({ artifact: 'docs/spec.md', hash_sha256: 'a'.repeat(64), systemic: {} }),
  )
  place.write(
    'ada',
    '_report/outside.json',
    JSON.stringify({ artifact: '../../outside', hash_sha256: 'a'.repeat(64), systemic: {} }),
  )
  const { conflicts, notices } = await place.merge()
  expect(conflicts).toMatchObject([{ kind: 'content-mismatch', path: '_report/systemic.json', nodes: ['ben'] }])
  expect(notices.find(({ code }) => code === 'artifact-missing')?.happened).toContain('no file was opened for it')
})

test('an artifact or a planned receipt with a name that no system takes is missing, and ends nothing', async () => {
  using place = threeNodes()
  const long = `${'x'.repeat(300)}/${'y'.repeat(300)}`
  place.write('ben', '_report/systemic.json', JSON.stringify({ artifact: long, hash_sha256: '0'.repeat(64) }))
  place.write('ben', '_plans/p.plan.json', JSON.stringify({ plan_id: 'p', steps: [], receipts: [long, 'a\0b'] }))
  const { summary, notices } = await place.merge()
  expect(summary.exitCode).toBe(0)
  expect(notices.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['artifact-missing', 'plan-receipt-missing', 'plan-receipt-missing']),
  )
})
