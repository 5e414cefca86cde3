// Folders of this machine that hold node directories: how they are opened, walked, and judged by threads.
import { join } from 'node:path'
import { openNodeFolder, type DirectoryReader } from '#core/teof/index.ts'
import { isThere } from './read-file-adapter.ts'
import { walkNode, type Walk, type WalkOptions } from './walk-adapter.ts'
import { judgeBatches, type BatchSource, type ThreadOptions } from './work-pool-adapter.ts'
import type { BatchAnswer, WorkSetting } from './work.ts'

export interface NodeFolders {
  /** A path below a folder, as this machine writes it. */
  join(folder: string, below: string): string
  open(folder: string): DirectoryReader
  /** Whether anything but a link lies at the path, in plain folders. */
  isThere(folder: string, path: string): boolean
  walk(options: WalkOptions): Walk
  /** Answers batch by batch, in order; the lines of one hold until the next is asked for. */
  judge(setting: WorkSetting, source: BatchSource): AsyncIterable<BatchAnswer>
}

export function nodeFolders(threads: ThreadOptions = {}): NodeFolders {
  return {
    join,
    open: openNodeFolder,
    isThere,
    walk: walkNode,
    judge: (setting, source) => judgeBatches(setting, source, threads),
  }
}
