// The rows that exist, in the order of the table.
import type { Row } from '../row.ts'
import { burst } from './burst.ts'
import { conflictList } from './conflict-list.ts'
import { firstPaint } from './first-paint.ts'
import { folderToRow } from './folder-to-row.ts'
import { importFrames } from './import-frames.ts'
import { ingest } from './ingest.ts'
import { knownAgain } from './known-again.ts'
import { merge } from './merge.ts'
import { oneMore } from './one-more.ts'
import { parseAndVerify } from './parse-and-verify.ts'
import { publish } from './publish.ts'
import { rebuild } from './rebuild.ts'
import { reconcile } from './reconcile.ts'
import { start } from './start.ts'

export const rows: readonly Row[] = [
  parseAndVerify,
  merge,
  ingest,
  knownAgain,
  start,
  oneMore,
  rebuild,
  conflictList,
  firstPaint,
  folderToRow,
  burst,
  importFrames,
  publish,
  reconcile,
]
