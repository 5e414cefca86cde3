// What an import would do: directories read and judged, compared with what stands. Nothing is written here.
import type { Json } from '#core/contract/index.ts'
import { policyInForce } from '#core/network/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { standingImports, standingOrigin } from '#core/reconcile/index.ts'
import { createSignatureChecker, keyRings, NO_KEYS, readNodeFacts, type NodeFacts } from '#core/teof/index.ts'
import { goneBody } from './describe-file.ts'
import { originBody, type OriginStatement } from './describe-origin.ts'
import { readOrigin, type ReadFile, type ReadOrigin } from './read-origin.ts'
import { statementOf } from './statements.ts'
import type {
  ImportedDirectory,
  ImportingNode,
  ImportOptions,
  ImportPlan,
  PlannedOrigin,
  RefusedFile,
} from './types.ts'
import { writeImport } from './write-import.ts'

/**
 * Reads and judges node directories and says what importing them would sign. Throws a StewardError LABEL_UNFIT for a label that no
 * origin can have, and the signal's reason when it is cancelled.
 */
export async function planImport(
  node: ImportingNode,
  directories: readonly ImportedDirectory[],
  options: ImportOptions = {},
): Promise<ImportPlan> {
  for (const { label } of directories) checkLabel(label)
  const read = await readDirectories(node, directories, options)
  const unsigned = unsignedFiles(node, read)
  const taken = read.map((origin) => withoutFiles(origin, unsigned.get(origin.label) ?? []))
  const news = await compareAll(node, taken, options)
  return {
    origins: taken.map((origin, index) => plannedOrigin(origin, news[index] ?? NOTHING_NEW)),
    receipts: news.reduce((sum, one) => sum + one.files.length + one.gone.length + (one.isSaidAnew ? 1 : 0), 0),
    write: (writing = {}) => writeImport(node, taken, writing),
  }
}

/** What one directory would have signed for it. */
export interface OriginNews {
  /** Whether the directory as a whole is told of anew. */
  readonly isSaidAnew: boolean
  readonly statement: OriginStatement | null
  readonly files: readonly ReadFile[]
  readonly gone: readonly string[]
  readonly added: number
  readonly changed: number
  readonly known: number
}

const NOTHING_NEW: OriginNews = {
  isSaidAnew: false,
  statement: null,
  files: [],
  gone: [],
  added: 0,
  changed: 0,
  known: 0,
}

/** Compares what was read with what stands now. */
export async function compareAll(
  node: ImportingNode,
  origins: readonly ReadOrigin[],
  { signal }: Pick<ImportOptions, 'signal'>,
): Promise<OriginNews[]> {
  const news: OriginNews[] = []
  for (const origin of origins) news.push(await compareOrigin(node, origin, signal))
  return news
}

/** After so many known files others are answered. */
const COMPARED_AT_ONCE = 512

async function compareOrigin(
  node: ImportingNode,
  origin: ReadOrigin,
  signal: AbortSignal | undefined,
): Promise<OriginNews> {
  const { label, facts, signatures } = origin
  const { read } = node.ledger
  const standing = new Map<string, string | null>()
  for (const { subject, bodies } of standingImports(read, node.node, label)) {
    standing.set(subject, saidByAll(bodies))
    if (standing.size % COMPARED_AT_ONCE === 0) {
      await node.pause()
      signal?.throwIfAborted()
    }
  }
  const files: ReadFile[] = []
  let added = 0
  for (const file of origin.files) {
    const said = standing.get(file.subject)
    if (said === undefined) added++
    if (said !== statementOf(asJson(file.body))) files.push(file)
  }
  const here = new Set(origin.files.map(({ subject }) => subject))
  // What was refused may be there all the same: only what is not is gone.
  for (const { path } of origin.refused) here.add(path.normalize('NFC'))
  const gone = [...standing]
    .filter(([subject, said]) => !here.has(subject) && said !== statementOf(goneBody(label, subject)))
    .map(([subject]) => subject)
    .sort()
  const statement = originBody({
    origin: label,
    facts,
    files: origin.files.map(({ body }) => ({ path: body.path, hash: body.content.hash })),
    signatures,
  })
  const isUnsaid = saidByAll(standingOrigin(read, node.node, label)) !== statementOf(asJson(statement))
  return {
    isSaidAnew: isUnsaid || files.length + gone.length > 0,
    statement,
    files,
    gone,
    added,
    changed: files.length - added,
    known: origin.files.length - files.length,
  }
}

/** What all of several imports say; null where they differ, and for none. */
function saidByAll(bodies: readonly { readonly [key: string]: Json }[]): string | null {
  const said = new Set(bodies.map(statementOf))
  const [only] = said
  return said.size === 1 && only !== undefined ? only : null
}

async function readDirectories(
  { pause }: ImportingNode,
  directories: readonly ImportedDirectory[],
  { signal, onProgress }: ImportOptions,
): Promise<ReadOrigin[]> {
  const facts = new Map<string, NodeFacts>()
  for (const { label, reader } of directories) {
    signal?.throwIfAborted()
    facts.set(label, await readNodeFacts(reader))
  }
  // Keys of the other directories explain signatures that do not fit; they never make one good.
  const rings = keyRings(new Map([...facts].map(([label, { keys }]) => [label, keys])))
  const checker = createSignatureChecker()
  let done = 0
  const onFile = () => onProgress?.({ phase: 'reading', done: ++done, total: 0 })
  const origins: ReadOrigin[] = []
  for (const { label, reader } of directories) {
    const known = facts.get(label)
    if (known === undefined) continue
    const tools = { checker, pause, signal, onFile }
    origins.push(await readOrigin(label, reader, known, rings.get(label) ?? NO_KEYS, tools))
  }
  return origins
}

/** What the network's policy refuses: files without a valid signature of their origin. */
function unsignedFiles({ ledger }: ImportingNode, origins: readonly ReadOrigin[]): ReadonlyMap<string, ReadFile[]> {
  if (policyInForce(ledger.read).unsignedImports !== 'refuse') return new Map()
  return new Map(origins.map(({ label, files }) => [label, files.filter(({ body }) => body.envelope?.state !== 'ok')]))
}

function withoutFiles(origin: ReadOrigin, left: readonly ReadFile[]): ReadOrigin {
  if (left.length === 0) return origin
  const subjects = new Set(left.map(({ subject }) => subject))
  return {
    ...origin,
    files: origin.files.filter(({ subject }) => !subjects.has(subject)),
    refused: [...origin.refused, ...left.map(unsignedFile)],
  }
}

function unsignedFile({ body: { path, envelope } }: ReadFile): RefusedFile {
  return {
    path,
    reason: 'unsigned',
    happened: `The network’s policy takes signed files only. ${envelope?.why ?? 'This one carries no signature.'}`,
    remedy: 'Ask the node to sign it, or have the stewards change the policy.',
  }
}

function plannedOrigin(origin: ReadOrigin, { added, changed, known, gone }: OriginNews): PlannedOrigin {
  const { label, files, refused, signatures, findings } = origin
  return {
    label,
    files: files.length + refused.length,
    added,
    changed,
    known,
    gone: gone.length,
    refused,
    signatures,
    findings,
  }
}

/** @throws StewardError LABEL_UNFIT. */
function checkLabel(label: string): void {
  const isFit = label !== '' && label.length <= 128 && !label.startsWith('did:') && !/[\p{Cc}\p{Cs}]/u.test(label)
  if (isFit && label === label.normalize('NFC')) return
  throw new StewardError({
    code: 'LABEL_UNFIT',
    happened: `“${label.slice(0, 40)}” cannot be the name of an origin.`,
    kept: 'Nothing was read or signed.',
    remedy: 'Give the directory a name of 1 to 128 characters that does not begin with “did:”.',
  })
}

/** A body of schema types is JSON; members that are undefined are not written. */
function asJson(body: object): { readonly [key: string]: Json } {
  return body as { readonly [key: string]: Json }
}
