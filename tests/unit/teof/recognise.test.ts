import { expect, test } from 'vitest'
import { directoryOfFiles, recogniseNodes, uniqueLabels } from '#core/teof/index.ts'
import type { DirectoryReader } from '#core/teof/index.ts'
import { bytesOf, corpusFiles } from './corpus.ts'

function folderWith(...paths: string[]): DirectoryReader {
  return directoryOfFiles(new Map(paths.map((path) => [path, bytesOf('{}')])))
}

async function labelsIn(reader: DirectoryReader, name = 'given'): Promise<readonly string[]> {
  const found = await recogniseNodes(reader, name)
  return found.outcome === 'nodes' ? found.nodes.map(({ label, folder }) => `${label} at ${folder || '.'}`) : []
}

test('a folder with _report is a node named after the folder', async () => {
  expect(await labelsIn(directoryOfFiles(corpusFiles('node-a')), 'node-a')).toEqual(['node-a at .'])
})

test('a folder of nodes, also some folders down, gives each of them, in order of path', async () => {
  const reader = folderWith(
    'zip-root/nodes/b/_report/x.json',
    'zip-root/nodes/a/_report/x.json',
    'zip-root/README.md',
    'zip-root/c/_report/x.json',
  )
  expect(await labelsIn(reader)).toEqual(['c at zip-root/c', 'a at zip-root/nodes/a', 'b at zip-root/nodes/b'])
})

test('archives, hidden folders and nodes within nodes are not nodes of their own', async () => {
  const reader = folderWith(
    'a/_report/x.json',
    'a/inner/_report/x.json',
    '_apoptosis/old/_report/x.json',
    '.git/b/_report/x.json',
    'one/two/three/four/five/_report/x.json',
  )
  expect(await labelsIn(reader)).toEqual(['a at a'])
})

test('two nodes with one name are both kept, under two labels', async () => {
  const reader = folderWith('x/node/_report/1.json', 'y/node/_report/1.json', 'y/Node (2)/_report/1.json')
  expect(await labelsIn(reader)).toEqual(['node at x/node', 'Node (2) at y/Node (2)', 'node (3) at y/node'])
})

test('labels do not depend on the order in which folders were named', () => {
  const wanted = [
    { label: 'n', place: '/b/n' },
    { label: 'n', place: '/a/n' },
    { label: 'N', place: '/c/N' },
  ]
  expect(uniqueLabels(wanted)).toEqual(['n (2)', 'n', 'N (3)'])
  expect(uniqueLabels(wanted.toReversed()).toReversed()).toEqual(['n (2)', 'n', 'N (3)'])
})

test('a label has nothing in it that turns or hides text', () => {
  expect(uniqueLabels([{ label: 'a\u202Eb\n\u0000', place: '' }])).toEqual(['ab'])
  expect(uniqueLabels([{ label: '\u200B', place: '' }])).toEqual(['node'])
})

test('what is no node says what to give instead', async () => {
  expect(await recogniseNodes(folderWith('notes.txt'), 'notes')).toMatchObject({
    outcome: 'none',
    happened: '“notes” holds no TEOF node: neither it nor a folder in it has a “_report” folder.',
  })
  expect(await recogniseNodes(folderWith('usage/x.json'), '_report')).toMatchObject({
    outcome: 'none',
    remedy: 'Give the folder that contains it.',
  })
})
