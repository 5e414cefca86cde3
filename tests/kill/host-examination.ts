// What a host that was killed may leave behind: in its ledger, in its copies of it, and in the folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Instant, NodeId, ReceiptId } from '#core/contract/index.ts'
import { features } from '#core/features.ts'
import { doctor, feedTailOf, forkSeqOf, knownIds, nodeKeyOf, openLedger } from '#core/ledger/index.ts'
import { fingerprint } from '#core/network/index.ts'
import { parseHead, parseStoredLine } from '#core/receipts/index.ts'
import type { Steward as InProcess } from '#tests/unit/exchange/shared-folder.ts'
import { expectWholeBackups } from './backups.ts'

const LONG_AGO = '2020-01-01T00:00:00.000Z' as Instant // an instant by its form

/** What must hold after every kill. */
export async function examine(
  home: string,
  exchange: string,
  node: NodeId,
  acknowledged: ReadonlySet<ReceiptId>,
): Promise<void> {
  const ledger = ledgerIn(home)
  try {
    const { read } = ledger
    expectAll(acknowledged, knownIds(read, [...acknowledged]))
    const nodeKey = nodeKeyOf(read, node)
    expect(nodeKey === null ? null : forkSeqOf(read, nodeKey)).toBeNull()
    expect((await doctor(ledger, features, LONG_AGO)).filter((check) => !check.ok)).toEqual([])

    const { ids, headSeq } = publishedBy(exchange, node)
    expectAll(new Set(ids), knownIds(read, ids))
    expect(headSeq).toBeLessThanOrEqual(feedTailOf(read, node).seq)
  } finally {
    ledger.close()
  }
  expectWholeBackups(home)
}

export async function expectSame(reader: InProcess, home: string, node: NodeId): Promise<void> {
  const ledger = ledgerIn(home)
  try {
    expect((await reader.sync()).refused).toEqual([])
    expect(reader.seqOf({ id: node })).toBe(feedTailOf(ledger.read, node).seq)
    expect(reader.fingerprint()).toBe(fingerprint(ledger.read).fingerprint)
  } finally {
    ledger.close()
  }
}

export function expectAll(wanted: ReadonlySet<ReceiptId>, found: ReadonlySet<ReceiptId>): void {
  expect([...wanted].filter((id) => !found.has(id))).toEqual([])
}

function ledgerIn(home: string) {
  return openLedger({ file: join(home, 'ledger.sqlite'), features, now: LONG_AGO, backupDir: join(home, 'backups') })
}

export function publishedBy(exchange: string, node: NodeId) {
  const own = join(exchange, 'nodes', node.slice('did:key:'.length))
  const feed = join(own, 'feed')
  const names = existsSync(feed) ? readdirSync(feed).filter((name) => name.endsWith('.jsonl')) : []
  const lines = names.flatMap((name) => readFileSync(join(feed, name), 'utf8').split('\n'))
  const head = existsSync(join(own, 'head')) ? parseHead(readFileSync(join(own, 'head'))) : null
  // Every line and head is whole: half a file never has its name.
  if (head !== null) expect(head.ok).toBe(true)
  return {
    ids: lines.filter((line) => line !== '').map((line) => parseStoredLine(line).id),
    headSeq: head?.ok === true ? head.value.seq : 0,
  }
}
