// How a disk that ails answers the ledger on it.
import Database from 'better-sqlite3'
import { allowPages, rollBack, type Asked } from './ledger-disk.ts'
import type { Random } from './random.ts'
import type { Ailments, Surroundings } from './surroundings.ts'

/** Of a disk that is full, some commits still find room, where a page is free. */
const NO_ROOM = 0.5
/** As SQLite has it by itself. */
const ANY_SIZE = 0xfffffffe

export class LedgerAilments {
  readonly #random: Random
  readonly #world: Pick<Surroundings, 'seen'>
  readonly #confined = new WeakSet<Database.Database>()

  constructor(random: Random, world: Pick<Surroundings, 'seen'>) {
    this.#random = random
    this.#world = world
  }

  /** @throws SqliteError as SQLite would. */
  mayFail(asked: Asked, connection: Database.Database, ailments: Ailments): void {
    if (asked === 'begin') this.#confine(connection, ailments.isLedgerFull)
    if (asked === 'read') this.#drawn(ailments.ledgerReadErrors, 'ledger-read-error', 'SQLITE_IOERR_READ', null)
    else this.#drawn(ailments.ledgerWriteErrors, 'ledger-write-error', 'SQLITE_IOERR_WRITE', connection)
    if (asked === 'commit' && ailments.isLedgerFull) this.#drawn(NO_ROOM, 'ledger-full', 'SQLITE_FULL', connection)
  }

  #drawn(chance: number, seen: string, code: string, writing: Database.Database | null): void {
    if (chance === 0 || !this.#random.chance(chance)) return
    this.#world.seen(seen)
    // After some failures SQLite has undone the whole transaction by itself, after others it is still open.
    if (writing !== null && this.#random.chance(0.5)) rollBack(writing)
    throw new Database.SqliteError(`${code}: made up by the simulator`, code)
  }

  #confine(connection: Database.Database, isFull: boolean): void {
    if (isFull === this.#confined.has(connection)) return
    allowPages(connection, isFull ? 1 : ANY_SIZE)
    if (isFull) this.#confined.add(connection)
    else this.#confined.delete(connection)
  }
}
