// Each run of the kill tests has a folder that its own end removes; one that was broken off leaves it. The name says whose process it is.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '#core/problem/index.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export function folderOfThisRun(folder: string): string {
  return mkdtempSync(join(folder, `host-${process.pid}-`))
}

/** Removes the folders of runs whose process is gone. A number that another process has by now keeps one until that ends as well. */
export function removeEarlierRuns(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('host-') && isOver(folder, name)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function isOver(folder: string, name: string): boolean {
  const [, pid] = /^host-(\d+)-/.exec(name) ?? []
  if (pid !== undefined) return !isRunning(Number(pid))
  // Names did not always say it.
  const found = statSync(join(folder, name), { throwIfNoEntry: false })
  return found !== undefined && found.mtimeMs < Date.now() - DAY_MS
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return codeOf(thrown) !== 'ESRCH'
  }
}
