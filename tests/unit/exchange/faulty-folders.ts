// The real folder adapter with faults put in at the n-th call, and one that forbids what a reader must never do.
import { writeFileSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { nodeFolderAdapter, type FileToWrite, type FolderAdapter } from '#core/exchange/index.ts'

export function errno(code: string): Error {
  return Object.assign(new Error(`${code}: made up by a test`), { code })
}

export type CallName = Exclude<keyof FolderAdapter, 'watch' | 'mayWrite' | 'writeInOrder'>
const CALLS: readonly CallName[] = ['list', 'stat', 'read', 'write', 'copy', 'makeFolder', 'remove']
const WRITING: readonly CallName[] = ['write', 'copy', 'makeFolder', 'remove']

export class FaultyFolders {
  readonly adapter: FolderAdapter
  calls = 0
  /** The call with this number gets the fault; 0 for none. */
  failAt = 0
  code = 'EIO'
  /** Set once the fault happened. */
  happened = false

  constructor(kind: 'error' | 'crash', only: readonly CallName[] = CALLS) {
    const real = nodeFolderAdapter()
    const wrapped: Record<string, unknown> = { ...real }
    for (const name of only) {
      wrapped[name] = async (...args: never[]) => {
        // After a crash nothing works any more.
        if (kind === 'crash' && this.happened) throw errno('EIO')
        this.calls++
        if (this.calls === this.failAt) {
          this.happened = true
          if (kind === 'crash') leaveHalf(name, args)
          throw errno(this.code)
        }
        return (real[name] as (...all: never[]) => unknown)(...args)
      }
    }
    // Between two of them a crash may come too, so each is a call of its own.
    wrapped['writeInOrder'] = async (files: readonly FileToWrite[]) => {
      for (const { path, bytes } of files) await this.adapter.write(path, bytes)
    }
    // Every member of the adapter was taken over or replaced by a function of the same parameters.
    this.adapter = wrapped as unknown as FolderAdapter
  }

  static crashing(): FaultyFolders {
    return new FaultyFolders('crash', WRITING)
  }
}

/** What a crash in the middle of an atomic write leaves: part of the temporary file. */
function leaveHalf(name: CallName, args: readonly unknown[]): void {
  const [path, bytes] = args
  if (name !== 'write' || typeof path !== 'string' || !(bytes instanceof Uint8Array)) return
  writeFileSync(join(dirname(path), `.${basename(path)}.tmp`), bytes.subarray(0, bytes.length / 2))
}

/** Throws, and notes it, when anything but the own folder (or the marker) is written. */
export function guardedFolders(exchange: string, ownFolder: string, trespasses: string[]): FolderAdapter {
  const real = nodeFolderAdapter()
  const allowed = (path: string) =>
    !path.startsWith(exchange + sep) ||
    path === join(exchange, 'nodes') ||
    path === ownFolder ||
    path.startsWith(ownFolder + sep) ||
    path === join(exchange, 'steward-exchange.json')
  const check = (path: string) => {
    if (allowed(path)) return
    trespasses.push(path)
    throw errno('EPERM')
  }
  return {
    ...real,
    write: (path, bytes) => (check(path), real.write(path, bytes)),
    writeInOrder: (files) => {
      for (const { path } of files) check(path)
      return real.writeInOrder(files)
    },
    copy: (from, to, how) => (check(to), real.copy(from, to, how)),
    makeFolder: (path) => (check(path), real.makeFolder(path)),
    remove: (path) => (check(path), real.remove(path)),
  }
}
