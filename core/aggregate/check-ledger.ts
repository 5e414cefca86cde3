// Hash-ledgers: where one node's goes on from where the others' end, that node is merely ahead, and `state.json` differs by right.
import {
  compareHashLedgers,
  finding,
  parseHashLedger,
  TEOF_LIMITS,
  type Finding,
  type HashLedger,
} from '#core/teof/index.ts'
import { ofNode } from './of-node.ts'
import type { FileReader } from './read-file-adapter.ts'
import type { SourceNode } from './types.ts'

export interface CheckedLedgers {
  /** The nodes whose ledger contains all others'; null where there are no such ledgers, or they part ways. */
  readonly ahead: readonly number[] | null
  readonly findings: readonly { readonly node: number; readonly finding: Finding }[]
}

/** True for the path of a file beside which a hash-ledger may lie. */
export function isLedgerState(path: string): boolean {
  return path.endsWith('/state.json')
}

/** Reads the ledgers beside the `state.json` that these nodes hold at `path`. */
export function checkLedgers(
  path: string,
  holders: readonly number[],
  nodes: readonly SourceNode[],
  reader: FileReader,
): CheckedLedgers {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const findings: { node: number; finding: Finding }[] = []
  const ledgers = new Map<number, HashLedger>()
  for (const node of holders) {
    const { folder: home } = ofNode(nodes, node)
    const index = reader.read(home, `${folder}/index.jsonl`, INDEX_BYTES)
    if (index.outcome === 'missing') continue
    if (index.outcome !== 'read') {
      const why = index.outcome === 'failed' ? index.why : `it has ${index.sizeBytes} bytes`
      findings.push({ node, finding: notRead(`${folder}/index.jsonl`, why) })
      continue
    }
    // The reader's bytes change with its next answer.
    const bytes = Buffer.from(index.bytes)
    const state = reader.read(home, path, TEOF_LIMITS.jsonBytes)
    const ledger = parseHashLedger(folder, bytes, state.outcome === 'read' ? state.bytes : null)
    ledgers.set(node, ledger)
    for (const one of ledger.findings) findings.push({ node, finding: one })
  }
  return { ahead: ledgers.size < holders.length ? null : furthest(ledgers), findings }
}

/** All ledgers of one path are in memory at once. */
const INDEX_BYTES = 8 * 1024 * 1024

function furthest(ledgers: ReadonlyMap<number, HashLedger>): readonly number[] | null {
  const all = [...ledgers]
  if (all.length < 2 || all.some(([, { isWhole }]) => !isWhole)) return null
  const longest = all.filter(([, one]) =>
    all.every(([, other]) => {
      const { relation } = compareHashLedgers(one, other)
      return relation === 'same' || relation === 'extends'
    }),
  )
  return longest.length === 0 ? null : longest.map(([node]) => node)
}

function notRead(path: string, why: string): Finding {
  return finding(
    'not-read',
    path,
    `${path} could not be read: ${why}.`,
    'Whether one hash-ledger goes on from the others was not checked; ask the node for a smaller or whole one.',
  )
}
