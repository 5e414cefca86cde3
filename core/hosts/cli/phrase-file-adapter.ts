// A file with a recovery phrase: made for its owner only, never over a file that is there.
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { StewardError } from '#core/problem/index.ts'

export interface PhraseFile {
  readonly path: string
  write(phrase: readonly string[]): void
  /** Nothing was written: the reserved name is given back. */
  release(): void
}

/** Makes the file before the key, so that a phrase never has nowhere to go. */
export function reservePhraseFile(path: string): PhraseFile {
  const file = openNew(path)
  return {
    path,
    write(phrase) {
      writeSync(file, `${phrase.join(' ')}\n`)
      fsyncSync(file)
      closeSync(file)
    },
    release() {
      closeSync(file)
      rmSync(path, { force: true })
    },
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (cause) {
    throw new StewardError({
      code: 'PHRASE_FILE_NOT_MADE',
      happened: `The file ${path} for the recovery phrase cannot be made.`,
      kept: 'Nothing was changed; a file that is there already is never written over.',
      remedy: 'Name a file that does not exist yet, in a folder that you may write.',
      cause,
    })
  }
}

/** The words as they stand in the file, whatever separates them. */
export function readPhraseFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().split(/\s+/).join(' ')
  } catch (cause) {
    throw new StewardError({
      code: 'PHRASE_FILE_UNREADABLE',
      happened: `The file ${path} with the recovery phrase cannot be read.`,
      kept: 'Nothing was changed.',
      remedy: 'Check its path and who may read it.',
      cause,
    })
  }
}
