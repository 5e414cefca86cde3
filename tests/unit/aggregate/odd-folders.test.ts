import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyToLatest, nameNodes, nodeFolders, openOutputFolder, parseReferenceConfig } from '#core/aggregate/index.ts'
import { Directories, mergeInto } from '../../kit/directories.ts'

function labelsOf(place: Directories, label: string | null, name: string): Promise<readonly string[]> {
  return nameNodes([{ label, folder: place.node(name) }], nodeFolders()).then((nodes) =>
    nodes.map((node) => node.label),
  )
}

test('a folder of several nodes under one label puts it in front of their names', async () => {
  using place = new Directories()
  place.write('north/ada', '_report/a.json', '{}')
  place.write('north/ben', '_report/a.json', '{}')
  expect(await labelsOf(place, 'north', 'north')).toEqual(['north/ada', 'north/ben'])
  expect(await labelsOf(place, null, 'north')).toEqual(['ada', 'ben'])
  expect(await labelsOf(place, 'x', 'north/ada')).toEqual(['x'])
})

test.each(['governance/keys/a.pub', 'capsule/v1/hashes.json', '_plans/p.plan.json'])(
  'a node that shows no receipts at all is a node: it has %s',
  async (path) => {
    using place = new Directories()
    place.write('ada', path, '')
    expect(await labelsOf(place, null, 'ada')).toEqual(['ada'])
  },
)

test('a folder without a node is refused with what to give instead', async () => {
  using place = new Directories()
  place.write('notes', 'a.txt', '')
  await expect(labelsOf(place, null, 'notes')).rejects.toMatchObject({
    code: 'NO_NODE',
    happened: expect.stringContaining('“notes” holds no TEOF node') as string,
    remedy: expect.stringContaining('Give a node directory') as string,
  })
  writeFileSync(join(place.folder, 'file'), '')
  await expect(nameNodes([{ label: 'file', folder: join(place.folder, 'file') }], nodeFolders())).rejects.toMatchObject(
    {
      code: 'NO_NODE',
    },
  )
})

test('what is no plain file or folder is told and not opened; an archive is left alone', async () => {
  using place = new Directories()
  place.write('ada', '_report/a.json', '{}')
  place.write('ada', '_report/_apoptosis/old.json', '{}')
  const report = join(place.node('ada'), '_report')
  execFileSync('mkfifo', [join(report, 'pipe.json')])
  symlinkSync('a.json', join(report, 'link.json'))
  const { receipts, notices } = await place.merge({ labels: ['ada'] })
  expect(receipts.map(({ path }) => path)).toEqual(['_report/a.json'])
  expect(notices.map(({ happened }) => happened)).toEqual(
    expect.arrayContaining([
      '_report/link.json is a link, and was not opened.',
      '_report/pipe.json is no plain file, and was not opened.',
    ]),
  )
})

test('what lies deeper, or has a longer path, than is read is told as a conflict', async () => {
  using place = new Directories()
  const deep = `_report/${'d/'.repeat(40)}`
  place.write('ada', '_report/a.json', '{}')
  place.write('ada', `${deep}x.json`, '{}')
  const long = `_report/${'n'.repeat(200)}/${'n'.repeat(200)}/${'n'.repeat(200)}/${'n'.repeat(200)}`
  place.write('ada', `${long}/${'x'.repeat(230)}.json`, '{}')
  const { receipts, conflicts } = await place.merge({ labels: ['ada'] })
  expect(receipts.map(({ path }) => path)).toEqual(['_report/a.json'])
  expect(conflicts.map(({ kind, happened }) => `${kind}: ${happened.replace(/^In [^,]*, /, '')}`)).toEqual([
    'unreadable: nothing was read, since it lies too deep.',
    'unreadable: 1 files were not read: there are too many, or their paths are too long.',
  ])
})

test('names beyond the first plane of Unicode keep the order of code points', async () => {
  using place = new Directories()
  const names = ['_report/\u{10400}.json', '_report/\uff21.json', '_report/a.json']
  for (const name of names) place.write('ada', name, '{}')
  const { receipts } = await place.merge({ labels: ['ada'] })
  expect(receipts.map(({ path }) => path)).toEqual([names[2], names[1], names[0]])
})

test('an output folder that cannot be made is refused, and one whose node directories hold nothing is written all the same', async () => {
  using place = new Directories()
  writeFileSync(join(place.folder, 'file'), '')
  expect(() => openOutputFolder(join(place.folder, 'file', 'out'))).toThrow(
    'The output folder cannot be written to (the system said ENOTDIR).',
  )
  mkdirSync(join(place.node('ada'), '_report'), { recursive: true })
  const { summary, files } = await place.merge({ labels: ['ada'] })
  expect(summary).toMatchObject({ exitCode: 0, counts: { files: 0, paths: 0 } })
  expect(files['summary.md']).toContain('- 0 files of 1 node at 0 paths.\n')
})

test('a run that fails in the middle leaves what an earlier one wrote', async () => {
  using place = new Directories()
  place.write('ada', '_report/a.json', '{"a": 1}')
  const out = join(place.folder, 'out')
  const nodes = [{ label: 'ada', folder: place.node('ada') }]
  const before = await mergeInto(out, { nodes })
  const onProgress = () => {
    throw new Error('stopped')
  }
  await expect(mergeInto(out, { nodes, onProgress })).rejects.toThrow('stopped')
  expect(readdirSync(out).toSorted()).toEqual(['conflicts.json', 'ledger.json', 'summary.json', 'summary.md'])
  expect(readFileSync(join(out, 'ledger.json'), 'utf8')).toBe(before.files['ledger.json'])
})

test('where a folder stands in the place of a result, the run says so', async () => {
  using place = new Directories()
  place.write('ada', '_report/a.json', '{}')
  const out = join(place.folder, 'out')
  mkdirSync(join(out, 'ledger.json', 'mine'), { recursive: true })
  const run = mergeInto(out, { nodes: [{ label: 'ada', folder: place.node('ada') }] })
  await expect(run).rejects.toMatchObject({
    code: 'OUTPUT_FOLDER_UNUSABLE',
    happened: expect.stringMatching(/^The output folder could not be completed \(the system said E/) as string,
  })
  expect(readdirSync(join(out, 'ledger.json'))).toEqual(['mine'])
})

test('latest holds only what the last run wrote', () => {
  using place = new Directories()
  const write = (run: string, ...names: readonly string[]) => {
    mkdirSync(join(place.folder, run), { recursive: true })
    for (const name of names) writeFileSync(join(place.folder, run, name), run)
  }
  write('one', 'ledger.json', 'conflicts.json', 'summary.json', 'summary.md')
  write('two', 'ledger.json', 'conflicts.json', 'summary.md')
  copyToLatest(place.folder, 'one')
  copyToLatest(place.folder, 'two')
  expect(readdirSync(join(place.folder, 'latest')).toSorted()).toEqual(['conflicts.json', 'ledger.json', 'summary.md'])
  rmSync(join(place.folder, 'latest'), { recursive: true })
  writeFileSync(join(place.folder, 'latest'), 'a file of somebody')
  expect(() => copyToLatest(place.folder, 'two')).toThrow('The output folder could not be completed')
})

test('one pattern may stand alone in a configuration, and what that tool calls true is on', () => {
  expect(
    parseReferenceConfig(
      '\ufeff{"nodes": {"ada": "a"}, "include": "_report/*", "expect": null, "verify_anchor": 1, "verify_capsule": "", "require_signatures": "yes"}',
    ),
  ).toEqual({
    nodes: [{ label: 'ada', folder: 'a' }],
    include: ['_report/*'],
    expect: [],
    verifyAnchor: true,
    verifyCapsule: false,
    verifySignatures: null,
    requireSignatures: true,
  })
  expect(parseReferenceConfig('{}')).toMatchObject({ nodes: [], requireSignatures: false })
  expect(() => parseReferenceConfig('[')).toThrow('The configuration file cannot be used: it is not JSON.')
})
