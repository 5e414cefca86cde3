import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkCapsule, directoryOfFiles, readCapsules } from '#core/teof/index.ts'
import type { CapsuleCheck } from '#core/teof/index.ts'
import { bytesOf, corpusReader, textContaining } from './corpus.ts'

const FOLDER = 'capsule/v1.5'

test.each([
  ['flat', { 'a.txt': sha('a'), 'b.txt': sha('b') }],
  ['prefixed', { 'capsule/v1.5/a.txt': sha('a'), 'capsule/v1.5/b.txt': sha('b') }],
  [
    'listed',
    {
      root: 'v1.5',
      count: 2,
      files: [
        { path: 'a.txt', sha256: sha('a') },
        { path: 'b.txt', sha256: sha('b') },
      ],
    },
  ],
] as const)('the %s shape is checked against the files', async (shape, hashes) => {
  const whole = await check(hashes, { 'a.txt': 'a', 'b.txt': 'b' })
  expect(whole).toMatchObject({ state: 'ok', matched: 2, hashes: { shape }, findings: [] })
  const changed = await check(hashes, { 'a.txt': 'a', 'b.txt': 'changed' })
  expect(changed).toMatchObject({ state: 'mismatch', matched: 1, mismatched: [{ path: `${FOLDER}/b.txt` }] })
  expect(changed.findings).toMatchObject([
    {
      code: 'capsule-mismatch',
      path: `${FOLDER}/b.txt`,
      happened: `${FOLDER}/b.txt hashes to ${sha('changed')}, but ${FOLDER}/hashes.json says ${sha('b')}.`,
    },
  ])
  expect(await check(hashes, { 'a.txt': 'a' })).toMatchObject({
    state: 'partial',
    missing: [textContaining('b.txt')],
  })
  expect(await check(hashes, {})).toMatchObject({ state: 'unchecked', findings: [] })
})

test('a copy of a version under another name is still checked by its prefixed names', async () => {
  const files = new Map([
    ['capsule/current/hashes.json', bytesOf(JSON.stringify({ 'capsule/v1.5/a.txt': sha('a') }))],
    ['capsule/current/a.txt', bytesOf('a')],
  ])
  expect(await readCapsules(directoryOfFiles(files))).toMatchObject({
    pointer: { kind: 'folder' },
    current: { state: 'ok', folder: 'capsule/current' },
  })
})

test('the real list that names its own members as files of nothing is tolerated and told', async () => {
  const { current } = await readCapsules(corpusReader('node-c'))
  expect(current?.hashes?.entries).toHaveLength(14)
  expect(current?.findings.map(({ code }) => code)).toEqual(Array(3).fill('capsule-lists-itself'))
})

test('the pilot’s list holds no hash: it is compared as a file, and told', async () => {
  const { current } = await readCapsules(corpusReader('pilot-sample/node-a'))
  expect(current).toMatchObject({ state: 'unchecked', findings: [{ code: 'capsule-shape' }] })
  const other = await readCapsules(corpusReader('pilot-sample/node-b'))
  expect(other.current?.rawHash).toBe(current?.rawHash)
})

test.each(['../../outside.txt', '/etc/passwd', '../../../x', 'a\\..\\x', 'capsule/../../x'])(
  'no file is opened for the entry %s',
  async (name) => {
    const found = await check({ [name]: sha('a') }, { 'a.txt': 'a' })
    expect(found).toMatchObject({ state: 'unchecked', findings: [{ code: 'capsule-path-leaves-folder' }] })
  },
)

test('a wrong count and an unreadable list are told', async () => {
  const hashes = { root: 'v1.5', count: 3, files: [{ path: 'a.txt', sha256: sha('a') }] }
  expect(await check(hashes, { 'a.txt': 'a' })).toMatchObject({ state: 'ok', findings: [{ code: 'capsule-count' }] })
  expect(await check([], {})).toMatchObject({
    state: 'unreadable',
    hashes: null,
    findings: [{ code: 'capsule-shape' }],
  })
})

async function check(hashes: unknown, files: Readonly<Record<string, string>>): Promise<CapsuleCheck> {
  const all = new Map([[`${FOLDER}/hashes.json`, bytesOf(JSON.stringify(hashes))]])
  for (const [name, text] of Object.entries(files)) all.set(`${FOLDER}/${name}`, bytesOf(text))
  const found = await checkCapsule(directoryOfFiles(all), FOLDER)
  if (found === null) throw new Error('there is a list')
  return found
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
