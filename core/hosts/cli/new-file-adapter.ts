// A file that a command makes for a steward: new, whole, and never over one that is there.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { StewardError } from '#core/problem/index.ts'

/** @throws StewardError FILE_NOT_MADE. */
export function writeNewFile(path: string, content: string | Uint8Array): void {
  const file = openNew(path)
  try {
    const bytes = Buffer.from(content)
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx')
  } catch (cause) {
    throw new StewardError({
      code: 'FILE_NOT_MADE',
      happened: `The file ${path} cannot be made.`,
      kept: 'Nothing was written; a file that is there already is never written over.',
      remedy: 'Name a file that does not exist yet, in a folder that you may write.',
      cause,
    })
  }
}
