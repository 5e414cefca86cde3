import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gatherPath, KeptBytes } from '#core/aggregate/gather-path.ts'
import { createFileReader, isThere, type FileReader, type ReadOutcome } from '#core/aggregate/read-file-adapter.ts'
import { createSignatureChecker, keyRings } from '#core/teof/index.ts'
import { Directories } from '../../kit/directories.ts'

const LIMIT = 1024 * 1024

/** One node with something of every sort in it. */
function everySort(): Directories {
  const place = new Directories()
  place.write('ada', 'plain.json', '{"a": 1}')
  place.write('ada', 'large.json', `"${'x'.repeat(200_000)}"`)
  const folder = place.node('ada')
  mkdirSync(join(folder, 'folder.json'))
  symlinkSync('plain.json', join(folder, 'link.json'))
  symlinkSync('.', join(folder, 'round'))
  execFileSync('mkfifo', [join(folder, 'pipe.json')])
  return place
}

test.each<[string, ReadOutcome | { outcome: string; why: string }]>([
  ['gone.json', { outcome: 'missing' }],
  ['plain.json/below.json', { outcome: 'missing' }],
  ['folder.json', { outcome: 'failed', why: 'it is no plain file' }],
  ['link.json', { outcome: 'failed', why: 'it is a link' }],
  ['pipe.json', { outcome: 'failed', why: 'it is no plain file' }],
  [`${'x'.repeat(300)}.json`, { outcome: 'failed', why: 'the system said ENAMETOOLONG' }],
  ['a\0b', { outcome: 'failed', why: 'the system said ERR_INVALID_ARG_VALUE' }],
])('what is at %j is told and not opened, be it read or hashed', (path, outcome) => {
  using place = everySort()
  const reader = createFileReader()
  expect(reader.read(place.node('ada'), path, LIMIT)).toEqual(outcome)
  expect(reader.hash(place.node('ada'), path, LIMIT)).toEqual(outcome)
})

test.each(['plain.json', 'large.json'])('%s is read as a whole, up to the limit', (path) => {
  using place = everySort()
  const reader = createFileReader()
  const read = reader.read(place.node('ada'), path, LIMIT)
  const sizeBytes = path === 'plain.json' ? 8 : 200_002
  expect(read).toMatchObject({ outcome: 'read' })
  expect(read.outcome === 'read' ? read.bytes.length : 0).toBe(sizeBytes)
  expect(reader.read(place.node('ada'), path, sizeBytes - 1)).toEqual({ outcome: 'too-large', sizeBytes })
})

test.each([
  ['plain.json', true],
  ['gone.json', false],
  ['link.json', false],
  ['round/plain.json', false],
  ['plain.json/below', false],
  ['a\0b/c', false],
])('whether %j is there, by plain folders only: %j', (path, is) => {
  using place = everySort()
  expect(isThere(place.node('ada'), path)).toBe(is)
})

test.each<[string, ReadOutcome]>([
  ['it went away while it was read', { outcome: 'missing' }],
  ['the system said EIO', { outcome: 'failed', why: 'the system said EIO' }],
  ['it has 9000000 bytes, and at most 8388608 are read', { outcome: 'too-large', sizeBytes: 9_000_000 }],
])('a file that was listed and cannot be read is told with why: %s', (why, outcome) => {
  const path = '_report/a.json'
  const reader: FileReader = { isBelow: () => true, read: () => outcome, hash: () => ({ outcome: 'missing' }) }
  const [keys] = keyRings(new Map([['ada', []]])).values()
  const nodes = [{ label: 'ada', folder: '/nowhere', keys: keys! }]
  const deps = { nodes, reader, checker: createSignatureChecker(), kept: new KeptBytes() }
  const { claims, findings } = gatherPath({ path, holders: [0] }, deps)
  expect(claims).toEqual([])
  expect(findings).toMatchObject([
    { node: 0, finding: { code: 'not-read', happened: `${path} could not be read: ${why}.` } },
  ])
})
