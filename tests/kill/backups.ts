// Copies of a ledger from before its migrations.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'

/** Those that have their names, the oldest first. */
export function backupsIn(home: string): readonly string[] {
  const backups = join(home, 'backups')
  if (!existsSync(backups)) return []
  const names = readdirSync(backups).filter((name) => name.endsWith('.sqlite'))
  return names.toSorted().map((name) => join(backups, name))
}

/** Half a copy never has its name. */
export function expectWholeBackups(home: string): void {
  for (const backup of backupsIn(home)) {
    const raw = new Database(backup, { readonly: true })
    expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
    raw.close()
  }
}
