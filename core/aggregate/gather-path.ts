// One path of all nodes that hold it: their files read and judged, equal bytes once.
import {
  finding,
  judgeFile,
  TEOF_LIMITS,
  type Finding,
  type JudgedFile,
  type SignatureChecker,
} from '#core/teof/index.ts'
import type { FileReader } from './read-file-adapter.ts'
import type { PathGroup } from './groups.ts'
import type { Claim, SourceNode } from './types.ts'

export interface GatheredPath {
  readonly claims: readonly Claim[]
  /** Beside the findings of the files themselves. */
  readonly findings: readonly { readonly node: number; readonly finding: Finding }[]
  /** Modification times by node, for the one format that names them; never evidence. */
  readonly modifiedMs: ReadonlyMap<number, number>
}

export interface GatherDeps {
  readonly nodes: readonly SourceNode[]
  readonly reader: FileReader
  /** Null leaves signatures alone. */
  readonly checker: SignatureChecker | null
}

export function gatherPath({ path, holders }: PathGroup, { nodes, reader, checker }: GatherDeps): GatheredPath {
  const claims: Claim[] = []
  const findings: { node: number; finding: Finding }[] = []
  const modifiedMs = new Map<number, number>()
  const judged: Judged[] = []
  for (const node of holders) {
    const source = nodes[node]
    if (source === undefined) continue
    const read = reader.read(source.folder, path, TEOF_LIMITS.jsonBytes)
    if (read.outcome !== 'read') {
      findings.push({
        node,
        finding: notRead(path, read.outcome === 'too-large' ? tooLarge(read.sizeBytes) : whyOf(read)),
      })
      continue
    }
    modifiedMs.set(node, read.modifiedMs)
    const known = judged.find(
      (one) => read.bytes.length === one.bytes.length && sameVerdict(one, source) && one.bytes.equals(read.bytes),
    )
    if (known !== undefined) claims.push({ node, file: known.file })
    else {
      const bytes = Buffer.from(read.bytes)
      const file = judgeFile(path, bytes, source.keys, checker)
      judged.push({ bytes, file, source })
      claims.push({ node, file })
    }
  }
  return { claims, findings, modifiedMs }
}

interface Judged {
  readonly bytes: Buffer
  readonly file: JudgedFile
  readonly source: SourceNode
}

/** The same bytes get the same verdict where it does not hang on a key, or the other node keeps the same key under that name. */
function sameVerdict({ file, source }: Judged, other: SourceNode): boolean {
  const { envelope } = file
  if (source === other || envelope.state === 'missing' || envelope.state === 'skipped') return true
  return envelope.state === 'ok' && other.keys.own.get(envelope.keyId)?.key === envelope.key
}

function whyOf(read: { readonly outcome: 'missing' } | { readonly outcome: 'failed'; readonly why: string }): string {
  return read.outcome === 'missing' ? 'it went away while it was read' : read.why
}

function tooLarge(sizeBytes: number): string {
  return `it has ${sizeBytes} bytes, and at most ${TEOF_LIMITS.jsonBytes} are read`
}

function notRead(path: string, why: string): Finding {
  return finding(
    'not-read',
    path,
    `${path} could not be read: ${why}.`,
    'Everything else was merged; make the file readable, or ask the node for it again.',
  )
}
