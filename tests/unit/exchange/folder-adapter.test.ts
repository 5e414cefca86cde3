// What the machine is asked to do, in which order: nothing has its name in the exchange before it is whole and on the disk.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { nodeFolderAdapter } from '#core/exchange/index.ts'
import { hasStrace } from '#tests/kit/strace.ts'

const SECRET = 'not for the network'

function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'steward-folder-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

test('a file is on the disk before it has its name, and its name before anybody is told', async (context) => {
  if (!hasStrace()) {
    console.log('skipped: watching what the system is asked needs strace (Debian: apt-get install strace)')
    context.skip('strace is not installed')
  }
  using folder = temporaryFolder()
  const log = join(folder.path, 'strace.txt')
  const out = join(folder.path, 'out')
  mkdirSync(out)
  const script = join(import.meta.dirname, 'write-files.ts')
  const traced = ['-f', '-y', '-e', 'trace=fsync,fdatasync,rename,renameat,renameat2,write', '-o', log]
  await promisify(execFile)('strace', [...traced, process.execPath, script, out, '3'])

  const lines = readFileSync(log, 'utf8').split('\n')
  const names = lines.flatMap((line) => /\brename(?:at2?)?\(.*\/\.(\w+)\.jsonl\.tmp"/.exec(line)?.[1] ?? [])
  const steps = lines.flatMap((line) => {
    if (/\bwrite\(1\D.*"written /.test(line)) return ['told']
    if (/\brename(at2?)?\(.*\.jsonl\.tmp"/.test(line)) return ['named']
    // A call that another thread interrupts stands on two lines; it begins on the first.
    if (/\bf(data)?sync\(\d+<.*\.jsonl\.tmp>/.test(line)) return ['content synced']
    return /\bf(data)?sync\(\d+<.*\/out>/.test(line) ? ['folder synced'] : []
  })
  const each = ['content synced', 'named', 'folder synced', 'told']
  expect(steps.slice(0, 12)).toEqual([...each, ...each, ...each])
  // Of several that follow each other both are on the disk before the first has its name, and the head is named last.
  const named = ['named', 'folder synced', 'named', 'folder synced']
  expect(steps.slice(12)).toEqual(['content synced', 'content synced', ...named, 'told'])
  expect(names).toEqual(['0', '1', '2', 'segment', 'head'])
  expect(readFileSync(join(out, '2.jsonl'), 'utf8')).toBe('line 2\n')
})

test('a link in the exchange is read by nobody, wherever it leads', async () => {
  using folder = temporaryFolder()
  const files = nodeFolderAdapter()
  writeFileSync(join(folder.path, 'elsewhere'), SECRET)
  const link = join(folder.path, 'head')
  symlinkSync('elsewhere', link)
  expect(await files.stat(link)).toMatchObject({ kind: 'other' })
  expect(await files.read(link, 1000)).toBeNull()
  const copied = await files.copy(link, join(folder.path, 'copy'), { sha256: null, limitBytes: 1000 })
  expect(copied).toEqual({ outcome: 'missing' })
})

test('a link under the name of a temporary file is replaced, not written through', async () => {
  using folder = temporaryFolder()
  const files = nodeFolderAdapter()
  const elsewhere = join(folder.path, 'elsewhere')
  writeFileSync(elsewhere, SECRET)
  symlinkSync('elsewhere', join(folder.path, '.head.tmp'))
  await files.write(join(folder.path, 'head'), Buffer.from('ours'))
  expect(readFileSync(elsewhere, 'utf8')).toBe(SECRET)
  expect(readFileSync(join(folder.path, 'head'), 'utf8')).toBe('ours')
})
