// The folder that an export is written to: new or empty, so that nothing of the steward's is ever mixed up or written over.
import { closeSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StewardError } from '#core/problem/index.ts'

export interface ExportFolder {
  readonly path: string
  write(name: string, pieces: readonly string[]): void
}

export function createExportFolder(path: string): ExportFolder {
  try {
    mkdirSync(path, { recursive: true })
  } catch (cause) {
    throw notUsable(path, 'cannot be made', cause)
  }
  if (readdirSync(path).length > 0) throw notUsable(path, 'is not empty')
  return {
    path,
    write(name, pieces) {
      mkdirSync(dirname(join(path, name)), { recursive: true })
      const file = openSync(join(path, name), 'wx')
      try {
        for (const piece of pieces) writeSync(file, piece)
      } finally {
        closeSync(file)
      }
    },
  }
}

function notUsable(path: string, what: string, cause?: unknown): StewardError {
  return new StewardError({
    code: 'EXPORT_FOLDER_UNUSABLE',
    happened: `The folder ${path} ${what}.`,
    kept: 'Nothing was written.',
    remedy: 'Name a folder that does not exist yet.',
    cause,
  })
}
