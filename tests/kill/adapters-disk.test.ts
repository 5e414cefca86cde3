// Everything that Steward writes to last, on a disk whose power fails at every call, and whose every call fails once: afterwards there is
// what was there before or what was to be there, never a mixture, and what was acknowledged stays.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { openOutputFolder } from '#core/aggregate/index.ts'
import { createWriter } from '../../core/bundles/writer-adapter.ts'
import { ContentHash, ReportId } from '#core/contract/index.ts'
import { createBlobStore, nodeFolderAdapter } from '#core/exchange/index.ts'
import { openHome } from '#core/node/index.ts'
import { openReportStore } from '#core/report/index.ts'
import { Disk, type DiskFolder, type Forgotten, type Loss } from '#tests/kit/disk/disk.ts'
import { Machine } from '#tests/kit/disk/machine.ts'
import { mount } from '#tests/kit/disk/mounted-fs.ts'

vi.mock('node:fs', async (original) => (await import('#tests/kit/disk/mounted-fs.ts')).mountedFs(await original()))
vi.mock('node:fs/promises', async (original) =>
  (await import('#tests/kit/disk/mounted-fs.ts')).mountedPromises(await original()),
)

const ROOT = '/a-machine-of-the-test'
const ERRORS = ['EIO', 'ENOSPC', 'EACCES', 'EROFS', 'EMFILE', 'EBUSY', 'ENOENT']
const LOSSES: readonly Loss[] = [
  { lost: 'all' },
  { lost: 'nothing' },
  ...[1, 2, 3].map((seed) => ({ lost: 'some', seed }) as const),
]
/** Longer than a sector, so that it can be torn. */
const OLD = Buffer.from('what was there before. '.repeat(60))
const NEW = Buffer.from('what was to be there. '.repeat(80))
const NEW_HASH = createHash('sha256').update(NEW).digest('hex')

interface Deed {
  readonly name: string
  before(): Promise<unknown> | void
  deed(): Promise<unknown> | void
  /** What is there now, in a word; a mixture is 'torn'. */
  found(): Promise<State> | State
  /** What cannot befall it. */
  readonly never?: readonly string[]
  /** Somebody may look while it happens and see neither: only where nothing is acknowledged yet. */
  readonly mayBeAbsent?: boolean
}
type State = 'old' | 'new' | 'absent' | 'torn'

const at = (...names: readonly string[]) => join(ROOT, ...names)

function fileState(path: string): State {
  try {
    const bytes = readFileSync(path)
    if (bytes.equals(OLD)) return 'old'
    return bytes.equals(NEW) ? 'new' : 'torn'
  } catch {
    return 'absent'
  }
}

const deeds: readonly Deed[] = [
  {
    name: 'a file in the exchange',
    before: () => nodeFolderAdapter().write(at('head'), OLD),
    deed: () => nodeFolderAdapter().write(at('head'), NEW),
    found: () => fileState(at('head')),
  },
  {
    name: 'a first file in a new folder of the exchange',
    before: () => undefined,
    async deed() {
      const files = nodeFolderAdapter()
      await files.makeFolder(at('feed'))
      await files.write(at('feed', '1-1.jsonl'), NEW)
    },
    found: () => fileState(at('feed', '1-1.jsonl')),
    mayBeAbsent: true,
  },
  {
    name: 'content in the data folder',
    before: () => undefined,
    deed: () => createBlobStore(at('blobs'), nodeFolderAdapter()).put(NEW),
    found: () => fileState(at('blobs', NEW_HASH.slice(0, 2), NEW_HASH)),
    mayBeAbsent: true,
  },
  {
    name: 'content fetched from another node',
    async before() {
      await nodeFolderAdapter().write(at('theirs'), NEW)
    },
    async deed() {
      const blobs = createBlobStore(at('blobs'), nodeFolderAdapter())
      const { outcome } = await blobs.putFile(at('theirs'), ContentHash.parse(`sha256:${NEW_HASH}`))
      if (outcome !== 'copied') throw new Error(outcome)
    },
    found: () => fileState(at('blobs', NEW_HASH.slice(0, 2), NEW_HASH)),
    mayBeAbsent: true,
  },
  {
    name: 'a file of the data folder',
    before: () => openHome(at('home')).write('node.json', OLD),
    deed: () => openHome(at('home')).write('node.json', NEW),
    found: () => fileState(at('home', 'node.json')),
  },
  {
    name: 'the first file of a new data folder',
    before: () => undefined,
    deed() {
      const home = openHome(at('share', 'steward'))
      home.moveIn()
      home.write('key.age', NEW)
    },
    // The folders above it that this account made, it may open.
    never: ['EACCES', 'EROFS'],
    found: () => fileState(at('share', 'steward', 'key.age')),
    mayBeAbsent: true,
  },
  {
    name: 'a report',
    before: () => undefined,
    async deed() {
      const draft = await openReportStore(at('home')).begin()
      try {
        const file = await draft.open('summary.md')
        await file.write(NEW.toString())
        await file.close()
        await draft.keep(REPORTS)
      } catch (thrown) {
        await draft.discard()
        throw thrown
      }
    },
    // One that was kept although it was not acknowledged stands under the first name.
    found: () => fileState(at('home', '_report', 'network', newestReport(), 'summary.md')),
    mayBeAbsent: true,
    // As above.
    never: ['EACCES', 'EROFS'],
  },
  {
    name: 'a bundle as a folder',
    before: () => undefined,
    async deed() {
      const writer = await createWriter(at('bundle'), new Date(0))
      try {
        await writer.add('nodes/z6Mk/feed/1-1.jsonl', NEW)
        await writer.finish()
      } catch (thrown) {
        await writer.abandon()
        throw thrown
      }
    },
    found: () => fileState(at('bundle', 'nodes', 'z6Mk', 'feed', '1-1.jsonl')),
    mayBeAbsent: true,
  },
  {
    name: 'the result of a reconciliation',
    before: () => reconciled(OLD),
    deed: () => reconciled(NEW),
    found: () => fileState(at('out', 'summary.json')),
  },
]

const REPORTS = ['20261121T120000Z', '20261121T120000Z-2'].map((name) => ReportId.parse(name))

function newestReport(): string {
  try {
    return (
      readdirSync(at('home', '_report', 'network'))
        .filter((name) => name.startsWith('2'))
        .toSorted()
        .at(-1) ?? ''
    )
  } catch {
    return ''
  }
}

function reconciled(bytes: Uint8Array): void {
  const folder = openOutputFolder(at('out'))
  try {
    folder.file('summary.json').write(bytes)
    folder.commit()
  } catch (thrown) {
    folder.discard()
    throw thrown
  }
}

/** Every way in which the deed went wrong; empty where it keeps what it promises. */
async function whatGoesWrong(deed: Deed, forgotten: readonly Forgotten[] = []): Promise<string[]> {
  const wrong: string[] = []
  const begin = async () => {
    const machine = new Machine(new Disk(forgotten))
    const mounted = mount(ROOT, machine)
    await deed.before()
    machine.disk.fail({ lost: 'nothing' })
    return { machine, [Symbol.dispose]: () => mounted[Symbol.dispose]() }
  }
  for (const loss of LOSSES) {
    for (let step = 1, isWhole = false; !isWhole; step++) {
      using world = await begin()
      const { machine } = world
      machine.strike({ at: step, does: 'power-failure', loss })
      const isDone = await attempt(deed)
      isWhole = machine.struck === null
      const when = machine.struck ?? 'afterwards'
      if (isWhole) machine.disk.fail(loss)
      machine.boot()
      const state = await deed.found()
      const isFine =
        state === 'new' || (!isDone && (state === 'old' || (deed.mayBeAbsent === true && state === 'absent')))
      if (!isFine) wrong.push(`${state} after the power failed at ${when}, ${loss.lost} lost`)
    }
  }
  for (const code of [...ERRORS, 'less'].filter((each) => deed.never?.includes(each) !== true)) {
    for (let step = 1, isWhole = false; !isWhole; step++) {
      using world = await begin()
      const { machine } = world
      machine.strike(code === 'less' ? { at: step, does: 'less' } : { at: step, does: 'fail', code })
      const isDone = await attempt(deed)
      isWhole = machine.struck === null
      const when = machine.struck ?? 'nothing'
      machine.strike(null)
      const state = await deed.found()
      if (state === 'torn') wrong.push(`${state} after ${code} at ${when}`)
      if (isDone && state !== 'new') wrong.push(`acknowledged, but ${state} after ${code} at ${when}`)
      if (machine.open.size > 0) wrong.push(`a file is still open after ${code} at ${when}`)
      const lying = leftovers(machine.disk.root)
      if (lying.length > 0) wrong.push(`${lying.join(', ')} is left over after ${code} at ${when}`)
      // Tried again, it is done and stays.
      if (!isDone) await deed.deed()
      machine.disk.fail({ lost: 'all' })
      const left = await deed.found()
      if (left !== 'new')
        wrong.push(`${left} after ${code} at ${when}, ${isDone ? '' : 'another try and '}a power failure`)
    }
  }
  return [...new Set(wrong)]
}

/** What a failure that could be tidied up after leaves lying about. */
function leftovers(folder: DiskFolder): string[] {
  return [...folder.entries].flatMap(([name, inode]) => {
    if (/^\..*\.tmp$|^\.making-[0-9a-f]{8}-|^\.steward-partial$/.test(name)) return [name.replace(/[0-9a-f-]{36}/, '*')]
    return inode.kind === 'folder' ? leftovers(inode) : []
  })
}

async function attempt(deed: Deed): Promise<boolean> {
  try {
    await deed.deed()
    return true
  } catch {
    return false
  }
}

describe.each(deeds)('$name', (deed) => {
  test('is there whole or as before, and stays once it is acknowledged, whatever the disk does', async () => {
    expect(await whatGoesWrong(deed)).toEqual([])
  })

  test.each(['files', 'folders'] as const)('a build that forgot to sync %s would be caught', async (forgotten) => {
    expect((await whatGoesWrong(deed, [forgotten])).length).toBeGreaterThan(0)
  })
})
