// What is asked of the system so that a name outlasts a power failure, and which of its refusals are no trouble: of a drive that syncs no
// folders, and of folders that this account did not make.
import type * as fs from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import type * as promises from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { syncFolder, syncFolderNow, syncPathTo } from '#core/durable/index.ts'

/** What the next sync and the next opening of a folder say; null: what the system itself says. */
const { says } = vi.hoisted(() => {
  const answers: { sync: Error | null; open: Error | null; synced: string[] } = { sync: null, open: null, synced: [] }
  return { says: answers }
})

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  return {
    ...real,
    openSync(path: string, flags: number) {
      if (says.open !== null) throw says.open
      says.synced.push(path)
      return real.openSync(path, flags)
    },
    fsyncSync(file: number) {
      if (says.sync !== null) throw says.sync
      real.fsyncSync(file)
    },
  }
})
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof promises>()
  return {
    ...real,
    async open(path: string, flags: number) {
      const handle = await real.open(path, flags)
      const sync = handle.sync.bind(handle)
      handle.sync = () => (says.sync === null ? sync() : Promise.reject(says.sync))
      return handle
    },
  }
})

const failing = (code: string) => Object.assign(new Error(code), { code, syscall: 'fsync' })
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-durable-'))
  Object.assign(says, { sync: null, open: null, synced: [] })
})
afterEach(() => rmSync(folder, { recursive: true }))

const ways = [
  { way: 'later', sync: syncFolder },
  { way: 'at once', sync: (path: string) => Promise.try(() => syncFolderNow(path)) },
]

test.each(ways)('a drive that syncs no folders is no trouble ($way)', async ({ sync }) => {
  for (const code of ['EINVAL', 'ENOTSUP']) {
    says.sync = failing(code)
    expect(await sync(folder)).toBeUndefined()
  }
})

test.each(ways)('a disk that cannot keep a name is told, whatever else it says ($way)', async ({ sync }) => {
  for (const thrown of [failing('EIO'), failing('ENOSPC'), new Error('no code at all')]) {
    says.sync = thrown
    await expect(sync(folder)).rejects.toBe(thrown)
  }
  says.sync = null
  await expect(sync(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('every folder on the way to a path is synced, up to the root', () => {
  syncPathTo(join(folder, 'a'))
  const parts = folder.split('/')
  expect(says.synced).toEqual(parts.map((_, index) => parts.slice(0, parts.length - index).join('/') || '/'))
})

test('folders that this account may not open were not made by it, and hold nothing up', () => {
  for (const code of ['EACCES', 'EPERM', 'EROFS', 'ENOSYS']) {
    says.open = failing(code)
    expect(() => syncPathTo(folder)).not.toThrow()
  }
  says.open = failing('EIO')
  expect(() => syncPathTo(folder)).toThrow('EIO')
})

test('where folders have no handles nothing is asked of them', async () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform')!
  Object.defineProperty(process, 'platform', { ...platform, value: 'win32' })
  try {
    vi.resetModules()
    const onWindows = await import('#core/durable/index.ts')
    await onWindows.syncFolder(folder)
    onWindows.syncFolderNow(folder)
    expect(says.synced).toEqual([])
  } finally {
    Object.defineProperty(process, 'platform', platform)
  }
})
