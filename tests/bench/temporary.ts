import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endStarted } from './started.ts'

/** Runs `work` in a folder that is gone afterwards, with every process that `work` started on it. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-bench-'))
  try {
    return await work(folder)
  } finally {
    await endStarted()
    rmSync(folder, { recursive: true, force: true })
  }
}
