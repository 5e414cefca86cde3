// The real folder adapter: one that forbids what a reader must never do, one that notes what it does.
import { join, sep } from 'node:path'
import { nodeFolderAdapter, type FolderAdapter } from '#core/exchange/index.ts'
import { errno } from '#tests/kit/disk/errno.ts'

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

/** Notes each look as `list`, `stat` or `read` and the path. */
export function countedFolders(calls: string[]): FolderAdapter {
  const real = nodeFolderAdapter()
  return {
    ...real,
    list: (folder, limit) => (calls.push(`list ${folder}`), real.list(folder, limit)),
    stat: (path) => (calls.push(`stat ${path}`), real.stat(path)),
    read: (path, limitBytes) => (calls.push(`read ${path}`), real.read(path, limitBytes)),
  }
}
