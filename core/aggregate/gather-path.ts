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
import { ofNode } from './of-node.ts'
import type { Claim, SourceNode } from './types.ts'

export interface GatheredPath {
  readonly claims: readonly Claim[]
  /** Beside the findings of the files themselves. */
  readonly findings: readonly { readonly node: number; readonly finding: Finding }[]
  /** Modification times claim by claim, for the one format that names them; never evidence. */
  readonly modifiedMs: readonly number[]
}

export interface GatherDeps {
  readonly nodes: readonly SourceNode[]
  readonly reader: FileReader
  /** Null leaves signatures alone. */
  readonly checker: SignatureChecker | null
  readonly kept: KeptBytes
}

export function gatherPath({ path, holders }: PathGroup, { nodes, reader, checker, kept }: GatherDeps): GatheredPath {
  const claims: Claim[] = []
  const findings: { node: number; finding: Finding }[] = []
  const modifiedMs: number[] = []
  const judged: Judged[] = []
  for (const [at, node] of holders.entries()) {
    const source = ofNode(nodes, node)
    const read = reader.read(source.folder, path, TEOF_LIMITS.jsonBytes)
    if (read.outcome !== 'read') {
      findings.push({
        node,
        finding: notRead(path, read.outcome === 'too-large' ? tooLarge(read.sizeBytes) : whyOf(read)),
      })
      continue
    }
    modifiedMs.push(read.modifiedMs)
    const known = judged.find(
      (one) => read.bytes.length === one.bytes.length && sameVerdict(one, source) && one.bytes.equals(read.bytes),
    )
    const file = known?.file ?? judgeFile(path, read.bytes, source.keys, checker)
    claims.push({ node, file })
    // The next holder's file is read to the same place.
    if (known === undefined && at + 1 < holders.length)
      judged.push({ bytes: kept.keep(judged.length, read.bytes), file, source })
  }
  return { claims, findings, modifiedMs }
}

interface Judged {
  readonly bytes: Buffer
  readonly file: JudgedFile
  readonly source: SourceNode
}

/** Room for the files of one path, used again for the next: to most threads a path is a few small files. */
export class KeptBytes {
  readonly #rooms: Buffer[] = []

  /** The same bytes at a place of their own until the same index is asked for again. */
  keep(index: number, bytes: Buffer): Buffer {
    if (bytes.length > ROOM_BYTES || index >= ROOMS) return Buffer.from(bytes)
    const room = (this.#rooms[index] ??= Buffer.allocUnsafeSlow(ROOM_BYTES))
    bytes.copy(room)
    return room.subarray(0, bytes.length)
  }
}

const ROOM_BYTES = 32 * 1024
const ROOMS = 8

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
