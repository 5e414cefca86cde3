// What was read of directories against what stands: what there is to say that was not said.
import type { Json } from '#core/contract/index.ts'
import { contentHashOf } from '#core/receipts/index.ts'
import { lastSignedImport, standingImports, standingOrigin } from '#core/reconcile/index.ts'
import { finding, type Finding } from '#core/teof/index.ts'
import { goneBody } from './describe-file.ts'
import { originBody, type OriginStatement } from './describe-origin.ts'
import type { ReadFile, ReadOrigin } from './read-origin.ts'
import { statementOf } from './statements.ts'
import type { ImportingNode, ImportOptions } from './types.ts'

/** What one directory would have signed for it. */
export interface OriginNews {
  readonly origin: ReadOrigin
  /** Whether the directory as a whole is told of anew. */
  readonly isSaidAnew: boolean
  readonly statement: OriginStatement
  readonly files: readonly ReadFile[]
  readonly gone: readonly string[]
  readonly added: number
  readonly changed: number
  readonly known: number
  /** Signed files that were replaced by what nobody signed. */
  readonly findings: readonly Finding[]
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
  const findings: Finding[] = []
  let added = 0
  for (const file of origin.files) {
    const said = standing.get(file.subject)
    if (said === undefined) added++
    if (said === statementOf(asJson(file.body))) continue
    files.push(file)
    if (said !== undefined && hasLostSignature(node, label, file)) findings.push(signatureLost(label, file))
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
    origin,
    isSaidAnew: isUnsaid || files.length + gone.length > 0,
    statement,
    files,
    gone,
    added,
    changed: files.length - added,
    known: origin.files.length - files.length,
    findings,
  }
}

/** It was signed, and is replaced by something else that is not. */
function hasLostSignature({ ledger, node }: ImportingNode, label: string, { subject, body }: ReadFile): boolean {
  if (body.envelope?.state === 'ok') return false
  const content = contentHashOf(asJson(body))
  return lastSignedImport(ledger.read, node, label, subject).some((signed) => contentHashOf(signed) !== content)
}

function signatureLost(label: string, { body: { path } }: ReadFile): Finding {
  return finding(
    'signature-lost',
    path,
    `${path} was signed when ${label} was imported before; now it says something else, and no signature in it holds.`,
    `It does not replace what was signed: importing leaves a conflict for a person. Ask ${label} which of the two it made.`,
  )
}

/** What all of several imports say; null where they differ, and for none. */
function saidByAll(bodies: readonly { readonly [key: string]: Json }[]): string | null {
  const said = new Set(bodies.map(statementOf))
  const [only] = said
  return said.size === 1 && only !== undefined ? only : null
}

/** A body of schema types is JSON; members that are undefined are not written. */
function asJson(body: object): { readonly [key: string]: Json } {
  return body as { readonly [key: string]: Json }
}
