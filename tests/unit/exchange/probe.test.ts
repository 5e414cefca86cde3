// What choosing a folder would mean, told before it is chosen.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeFolderAdapter, probeFolder } from '#core/exchange/index.ts'
import { errno } from '#tests/kit/disk/errno.ts'
import { SharedFolder } from './shared-folder.ts'

const files = nodeFolderAdapter()

test('of a folder with a marker that is not whole, and of an empty one', async () => {
  await using shared = new SharedFolder()
  expect(await probeFolder(files, shared.folder)).toMatchObject({ exists: true, empty: true, problem: null })
  writeFileSync(join(shared.folder, 'steward-exchange.json'), '{')
  expect(await probeFolder(files, shared.folder)).toMatchObject({
    network: null,
    problem: 'steward-exchange.json is there but not whole yet, or of a newer version.',
  })
})

test('a folder in which nothing may be written, and one that may not be read', async () => {
  await using shared = new SharedFolder()
  expect(await probeFolder({ ...files, mayWrite: async () => false }, shared.folder)).toMatchObject({
    writable: false,
    problem: 'You may not write to this folder.',
  })
  const closed = { ...files, list: () => Promise.reject(errno('EACCES')) }
  expect(await probeFolder(closed, shared.folder)).toMatchObject({
    exists: true,
    problem: 'The folder may not be read.',
  })
  const bug = { ...files, list: () => Promise.reject(new TypeError('a bug')) }
  await expect(probeFolder(bug, shared.folder)).rejects.toThrow('a bug')
})

test.each([
  ['nodes', [], 'This looks like the inside of an exchange: choose the folder above it.'],
  ['papers', ['thesis.txt'], 'The folder holds other files; the exchange adds its own beside them.'],
  ['exchange', ['nodes'], null],
  ['shared', ['.stfolder'], 'Syncthing looks after this folder.'],
  ['OneDrive - Ministry', [], 'OneDrive looks after this folder: set it to “always keep on this device”.'],
])('of a folder named %s with %j it says: %s', async (name, entries, hint) => {
  await using shared = new SharedFolder()
  const folder = shared.place(name)
  mkdirSync(folder, { recursive: true })
  for (const entry of entries) mkdirSync(join(folder, entry))
  expect((await probeFolder(files, folder)).hint).toBe(hint)
})

test('an exchange without nodes counts none, and folders that are no nodes are not counted', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  mkdirSync(join(shared.folder, 'nodes', 'notes'))
  mkdirSync(join(shared.folder, 'nodes', `z6mk${'a'.repeat(44)}`))
  expect((await probeFolder(files, shared.folder)).network).toMatchObject({ id: ada.network, nodes: 4 })
  const hidden = {
    ...files,
    list: (path: string, limit: number) => (path.endsWith('nodes') ? Promise.resolve(null) : files.list(path, limit)),
  }
  expect((await probeFolder(hidden, shared.folder)).network).toMatchObject({ nodes: 0 })
})
