import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOfThisRun, removeEarlierRuns } from '../../kill/earlier-runs.ts'

test('what a kill run left that was broken off is removed by the next one, and nothing of one that goes on', () => {
  using temporary = temporaryFolder()
  const { path } = temporary
  const { pid } = spawnSync(process.execPath, ['--version'])
  const own = folderOfThisRun(path)
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 60 * 60 * 1000)
  const lies = (name: string, at: Date) => {
    mkdirSync(join(path, name, 'compiled'), { recursive: true })
    writeFileSync(join(path, name, 'main.js'), '')
    utimesSync(join(path, name), at, at)
  }
  lies(`host-${pid}-gone`, hoursAgo(0))
  // However long it takes.
  lies(`host-${process.ppid}-goes-on`, hoursAgo(48))
  // Of a time when the name did not say whose it is.
  lies('host-AbCdEf', hoursAgo(25))
  lies('host-123456', hoursAgo(23))
  lies('something else', hoursAgo(48))

  removeEarlierRuns(path)
  const left = readdirSync(path).map((name) => join(path, name))
  expect(left.toSorted()).toEqual(
    [
      own,
      ...[`host-${process.ppid}-goes-on`, 'host-123456', 'something else'].map((name) => join(path, name)),
    ].toSorted(),
  )
})

function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'steward-kill-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
