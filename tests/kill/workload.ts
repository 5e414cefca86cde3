// Run by ledger.test.ts, and killed by it: opens the ledger of a version, then signs and appends for as long as it lives.
// It says on standard output what it does; an id that it has said is promised to be kept.
import fs, { writeSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { append, feedTailOf, receiptById, treeOf, type Feature, type Tx } from '#core/ledger/index.ts'
import { parseStoredLine } from '#core/receipts/index.ts'
import { FROM_FOLDER, latestTold, nextReceipt, NOW, openIn, seededSigner, tellings } from '#tests/unit/ledger/world.ts'

export const KILL_POINTS = [
  'after-sign',
  'after-append',
  'after-commit',
  'in-backup',
  'in-migration',
  'in-rebuild',
  'in-checkpoint',
] as const
/** These are passed only where a ledger of an older version is opened. */
export const POINTS_OF_OPENING: readonly KillPoint[] = ['in-backup', 'in-migration', 'in-rebuild']
export type KillPoint = (typeof KILL_POINTS)[number]

export interface Workload {
  readonly folder: string
  /** Each version brings a migration more than the one before, and a projection that must be rebuilt. */
  readonly version: number
  /** Where to end by one's own hand; null to be killed from outside. */
  readonly point: KillPoint | null
  /** How many commits to let pass before that. */
  readonly patience: number
}

/** The features of one version of a Steward that grows. */
export function featuresOf(version: number, reached: (point: KillPoint) => void = () => undefined): readonly Feature[] {
  const migrations = Array.from({ length: version }, (_, index) => ({
    id: `tellings/${String(index + 2).padStart(4, '0')}-more`,
    up(tx: Tx) {
      tx.exec(`ALTER TABLE note ADD COLUMN more${index} TEXT`)
      reached('in-migration')
      tx.exec(`CREATE TABLE more${index} (a TEXT) STRICT`)
    },
  }))
  return [
    {
      ...tellings,
      migrations: [...tellings.migrations, ...migrations],
      projections: [
        {
          ...latestTold,
          version: version + 1,
          project(tx, rows) {
            latestTold.project(tx, rows)
            if (rows.length > 1) reached('in-rebuild')
          },
        },
      ],
    },
  ]
}

if (import.meta.main) run(JSON.parse(process.argv[2]!) as Workload) // ledger.test.ts is the only one to start this file

function run({ folder, version, point, patience }: Workload): void {
  let commits = 0
  const reached = (here: KillPoint) => {
    if (here !== point || (commits < patience && !POINTS_OF_OPENING.includes(here))) return
    process.kill(process.pid, 'SIGKILL')
  }
  beforeBackupIsNamed(() => reached('in-backup'))
  const signer = seededSigner('ada')
  say('opening')
  const ledger = openIn(folder, { features: featuresOf(version, reached) })
  say('opened')
  for (;;) {
    const ids = ledger.write(NOW, (tx) => {
      const signed: string[] = []
      for (let more = commits % 3; more >= 0; more--) {
        const tail = feedTailOf(tx, signer.node)
        const [newest] = tail.idsAt(tail.seq)
        const before = newest === undefined ? null : parseStoredLine(receiptById(tx, newest)!.line)
        const receipt = nextReceipt(signer, before, { subject: `s${tail.seq % 5}` })
        reached('after-sign')
        append(tx, receipt, FROM_FOLDER)
        reached('after-append')
        signed.push(receipt.id)
      }
      treeOf(tx, signer.node)
      return signed
    })
    reached('after-commit')
    for (const id of ids) say(id)
    commits++
    if (commits % 10 === 0) {
      ledger.checkpoint()
      reached('in-checkpoint')
    }
  }
}

/** A copy of the ledger is whole once it has its name; until then it is none. */
function beforeBackupIsNamed(reached: () => void): void {
  const { renameSync } = fs
  fs.renameSync = (from, to) => {
    reached()
    renameSync(from, to)
  }
  syncBuiltinESMExports()
}

function say(word: string): void {
  writeSync(1, `${word}\n`)
}
