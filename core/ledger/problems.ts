// What the ledger could not do, each said so that a steward knows what was kept and what to do.
import { codeOf, StewardError } from '#core/problem/index.ts'

/** The ledger was written by a Steward that knows more than this one. Thrown before anything is written. */
export class LedgerNewerThanAppError extends StewardError {
  override readonly name = 'LedgerNewerThanAppError'
  /** What this version does not know: a format number or the id of a migration. */
  readonly found: string

  constructor(found: string) {
    super({
      code: 'LEDGER_NEWER_THAN_APP',
      happened: `This ledger was last opened by a newer Steward (it holds ${found}, which this version does not know).`,
      kept: 'Nothing was changed.',
      remedy: 'Install the newer version, or restore the backup that it made before it changed the ledger.',
    })
    this.found = found
  }
}

/** SQLite's binding is built for Node-API 10; an older Node would crash without a word. */
export function nodeTooOld(version: string): StewardError {
  return new StewardError({
    code: 'NODE_TOO_OLD',
    happened: `Steward cannot open its ledger under Node ${version}.`,
    kept: 'Nothing was opened or changed.',
    remedy: 'Use Node 22.12 or newer; `npm start` and `npm run steward` bring the right one by themselves.',
  })
}

export function ledgerForeign(file: string): StewardError {
  return new StewardError({
    code: 'LEDGER_FOREIGN',
    happened: `${file} is not a Steward ledger.`,
    kept: 'Nothing was changed.',
    remedy: 'Move that file away or choose another data folder; receipts from elsewhere come in as a bundle.',
  })
}

export function backupFailed(cause: unknown): StewardError {
  return new StewardError({
    code: 'BACKUP_FAILED',
    happened: 'The ledger must be changed for this version, but the backup before it could not be made.',
    kept: 'The ledger is as it was.',
    remedy: 'Make room on the disk or let Steward write to its backup folder, then start it again.',
    cause,
  })
}

/** Turns SQLite's failures that a person can do something about into a StewardError; everything else stays as it is. */
export function explained(thrown: unknown): unknown {
  const problem = problemByCode.find(([code]) => sqliteCode(thrown).startsWith(code))
  return problem === undefined ? thrown : new StewardError({ ...problem[1], cause: thrown })
}

const nothingOfIt = 'Nothing of this change was kept; everything acknowledged before is.'

const problemByCode = [
  [
    'SQLITE_FULL',
    {
      code: 'DISK_FULL',
      happened: 'The disk is full: the ledger could not take the change.',
      kept: nothingOfIt,
      remedy: 'Make room on the disk, then try again.',
    },
  ],
  [
    'SQLITE_READONLY',
    {
      code: 'LEDGER_READ_ONLY',
      happened: 'The ledger may not be written.',
      kept: nothingOfIt,
      remedy: 'Give yourself write access to the data folder, then try again.',
    },
  ],
  [
    'SQLITE_CANTOPEN',
    {
      code: 'LEDGER_UNREADABLE',
      happened: 'The ledger could not be opened.',
      kept: 'Nothing was changed.',
      remedy: 'See that the data folder exists and that you may read and write it.',
    },
  ],
  [
    'SQLITE_IOERR',
    {
      code: 'LEDGER_IO',
      happened: 'The disk failed while the ledger was read or written.',
      kept: nothingOfIt,
      remedy: 'Check the disk, restart Steward and run `steward doctor`.',
    },
  ],
  [
    'SQLITE_BUSY',
    {
      code: 'LEDGER_BUSY',
      happened: 'Another program holds the ledger.',
      kept: nothingOfIt,
      remedy: 'Close the other Steward or the tool that has the ledger open, then try again.',
    },
  ],
  [
    'SQLITE_CORRUPT',
    {
      code: 'LEDGER_DAMAGED',
      happened: 'The ledger file is damaged.',
      kept: 'What can still be read was left as it is.',
      remedy:
        'Keep a copy of the file, restore the newest backup, and sync: other nodes and the exchange hold the receipts.',
    },
  ],
  [
    'SQLITE_NOTADB',
    {
      code: 'LEDGER_DAMAGED',
      happened: 'The ledger file is no database any more.',
      kept: 'It was left as it is.',
      remedy: 'Keep a copy of the file, restore the newest backup, and sync: the exchange holds the receipts.',
    },
  ],
] as const

/** SQLite will not read a file for reading only before it may undo what a crash left half written. */
export function isReadOnlyRefusal(thrown: unknown): boolean {
  return sqliteCode(thrown).startsWith('SQLITE_READONLY')
}

function sqliteCode(thrown: unknown): string {
  return codeOf(thrown) ?? ''
}
