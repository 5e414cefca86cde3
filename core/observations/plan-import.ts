// What an import would do: directories read and judged, compared with what stands. Nothing is written here.
import type { ContentHash } from '#core/contract/index.ts'
import { policyInForce } from '#core/network/index.ts'
import { invariant, StewardError } from '#core/problem/index.ts'
import { createSignatureChecker, keyRings, readNodeFacts } from '#core/teof/index.ts'
import { compareAll, type OriginNews } from './compare-origins.ts'
import { withEarlierKeys } from './earlier-keys.ts'
import { readOrigin, type ReadFile, type ReadOrigin } from './read-origin.ts'
import { settleLabels, type FoundDirectory } from './settle-labels.ts'
import type {
  ImportedDirectory,
  ImportingNode,
  ImportOptions,
  ImportPlan,
  PlannedOrigin,
  RefusedFile,
} from './types.ts'
import { takeBack, writeImport } from './write-import.ts'

/**
 * Reads and judges node directories and says what importing them would sign. Throws a StewardError LABEL_UNFIT for a label that no
 * origin can have, LABEL_TWICE for one given to several, and the signal's reason when it is cancelled.
 */
export async function planImport(
  node: ImportingNode,
  directories: readonly ImportedDirectory[],
  options: ImportOptions,
): Promise<ImportPlan> {
  for (const { label } of directories) checkLabel(label)
  const read = await readDirectories(node, directories, options)
  const unsigned = unsignedFiles(node, read)
  const taken = read.map((origin) => withoutFiles(origin, unsigned.get(origin.label) ?? []))
  const news = await compareAll(node, taken, options)
  const kept = new Set<ContentHash>()
  return {
    origins: news.map(plannedOrigin),
    receipts: news.reduce((sum, one) => sum + one.files.length + one.gone.length + (one.isSaidAnew ? 1 : 0), 0),
    write: (writing = {}, into = node) => writeImport(into, taken, writing, kept),
    takeBack: () => takeBack(node, kept),
  }
}

async function readDirectories(
  node: ImportingNode,
  directories: readonly ImportedDirectory[],
  { signal, onProgress }: ImportOptions,
): Promise<ReadOrigin[]> {
  const found: FoundDirectory[] = []
  for (const directory of directories) {
    signal?.throwIfAborted()
    found.push({ ...directory, facts: await readNodeFacts(directory.reader) })
  }
  const known = await settleLabels(node, found)
  // Keys of the other directories explain signatures that do not fit; they never make one good.
  const rings = keyRings(new Map(known.map(({ label, facts }) => [label, facts.keys])))
  const checker = createSignatureChecker()
  let done = 0
  const onFile = () => onProgress?.({ phase: 'reading', done: ++done, total: 0 })
  const origins: ReadOrigin[] = []
  const tools = { checker, pause: node.pause, signal, onFile }
  for (const { label, reader, facts, renamed } of known) {
    const ring = rings.get(label)
    invariant(ring !== undefined, 'every directory has its ring of keys')
    const origin = await readOrigin(label, reader, facts, await withEarlierKeys(node, label, ring), tools)
    origins.push(renamed === null ? origin : { ...origin, findings: [renamed, ...origin.findings] })
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

function plannedOrigin({ origin, added, changed, known, gone, findings }: OriginNews): PlannedOrigin {
  const { label, files, refused, signatures } = origin
  return {
    label,
    files: files.length + refused.length,
    added,
    changed,
    known,
    gone: gone.length,
    refused,
    signatures,
    findings: [...findings, ...origin.findings],
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
