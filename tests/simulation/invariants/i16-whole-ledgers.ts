import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { features } from '#core/features.ts'
import { doctor, openLedger } from '#core/ledger/index.ts'
import { instantAt } from '#tests/kit/nodes.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'

export const wholeLedgers: Invariant = {
  id: 'I4 I16',
  holds: 'Each ledger is whole: signatures, feeds, counts, and projections equal to rebuilt ones.',
  examine: (_world, machine) => mustBeWhole(machine),
  async atRest(world) {
    for (const machine of world.connected) await mustBeWhole(machine)
  },
}

async function mustBeWhole(machine: Machine): Promise<void> {
  const copy = join(machine.folder, 'examined.sqlite')
  for (const part of ['', '-wal']) {
    if (existsSync(`${machine.ledgerFile}${part}`)) copyFileSync(`${machine.ledgerFile}${part}`, `${copy}${part}`)
  }
  const now = instantAt(machine.nowMs)
  const ledger = openLedger({ file: copy, features, now, backupDir: join(machine.folder, 'backups') })
  try {
    const checks = await doctor(ledger, features, now)
    for (const { name, ok, detail, found } of checks) {
      mustHold(ok, 'I16', () => `${machine.name}: ${name}: ${detail} ${found ?? ''}`)
    }
  } finally {
    ledger.close()
    for (const part of ['', '-wal', '-shm']) rmSync(`${copy}${part}`, { force: true })
  }
}
