import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { append } from '#core/ledger/index.ts'
import { hasStrace } from '#tests/kit/strace.ts'
import { nextReceipt, NOW, openIn, seededSigner, temporaryFolder, FROM_FOLDER } from './world.ts'

const FULL = 2

test('every commit is synced before it is acknowledged, also after the first write', () => {
  using folder = temporaryFolder()
  const ledger = openIn(folder.path)
  const synchronous = () => ledger.raw.pragma('synchronous', { simple: true })
  expect(synchronous()).toBe(FULL)
  ledger.write(NOW, (tx) => append(tx, nextReceipt(seededSigner('ada'), null), FROM_FOLDER))
  expect(synchronous()).toBe(FULL)
  ledger.close()
  const again = openIn(folder.path)
  expect(again.raw.pragma('synchronous', { simple: true })).toBe(FULL)
  again.close()
})

test('the system is asked to sync at least once for each acknowledged commit', async (context) => {
  if (!hasStrace()) {
    console.log('skipped: counting real fsync calls needs strace (Debian: apt-get install strace)')
    context.skip('strace is not installed')
  }
  using folder = temporaryFolder()
  const log = join(folder.path, 'strace.txt')
  const commits = 50
  const script = join(import.meta.dirname, 'commit-loop.ts')
  const traced = ['-f', '-e', 'trace=fsync,fdatasync,write', '-o', log, process.execPath, script]
  const { stdout } = await promisify(execFile)('strace', [...traced, folder.path, String(commits)])
  expect(stdout.trim().split('\n')).toHaveLength(commits)

  // Between two acknowledgements on standard output there is a sync that succeeded.
  let synced = 0
  const acknowledged: number[] = []
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    if (/\b(fsync|fdatasync)\(.*= 0|(fsync|fdatasync) resumed>.*= 0/.test(line)) synced++
    if (/\bwrite\(1, "committed/.test(line)) {
      acknowledged.push(synced)
      synced = 0
    }
  }
  expect(acknowledged).toHaveLength(commits)
  expect(acknowledged.filter((syncs) => syncs === 0)).toEqual([])
})
