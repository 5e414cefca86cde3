// Plain TEOF node directories in a temporary folder, with signed receipts, and what reconciling them says.
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  nameNodes,
  nodeFolders,
  openOutputFolder,
  reconcileDirectories,
  type ReconcileOptions,
  type Summary,
} from '#core/aggregate/index.ts'
import type { Instant } from '#core/contract/index.ts'

export const FIXTURES = new URL('../fixtures/teof/', import.meta.url).pathname
const KEY_ID = 'feed.quay-2026'
const AS_OF = '2026-03-01T12:00:00.000Z' as Instant // an instant by its form

export interface Told {
  readonly id: string
  readonly kind: string
  readonly code: string | null
  readonly severity: number
  readonly path: string
  readonly nodes: readonly string[]
  readonly happened: string
  readonly remedy: string
  readonly plans: readonly { readonly plan: string; readonly step: string | null }[]
  readonly since: string | null
}

export interface Merged {
  readonly summary: Summary
  readonly conflicts: readonly Told[]
  readonly notices: readonly Told[]
  readonly receipts: readonly {
    readonly path: string
    readonly state: string
    readonly variants: readonly {
      readonly hash: string
      readonly content: string
      readonly nodes: readonly string[]
      readonly standing: string
      readonly signature: { readonly state: string; readonly form?: string }
    }[]
  }[]
  /** Every file that was written, as it is. */
  readonly files: Readonly<Record<string, string>>
}

/** A folder for a test with node directories in it. */
export class Directories implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-directories-'))
  readonly key: KeyObject
  readonly #publicKey: KeyObject
  #runs = 0

  constructor() {
    const pair = generateKeyPairSync('ed25519')
    this.key = pair.privateKey
    this.#publicKey = pair.publicKey
  }

  /** The folder of a node; made with its first file. */
  node(label: string): string {
    return join(this.folder, 'nodes', label)
  }

  write(label: string, path: string, content: string | Uint8Array): void {
    const file = join(this.node(label), path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }

  /** Keys, and anchors with events of these notes. */
  found(label: string, events: readonly string[] = ['first'], key: KeyObject = this.#publicKey): void {
    const raw = key.export({ format: 'der', type: 'spki' }).subarray(-32)
    this.write(label, `governance/keys/${KEY_ID}.pub`, `${raw.toString('base64')}\n`)
    const listed = events.map((note, day) => ({ ts: `2026-01-${String(day + 1).padStart(2, '0')}T00:00:00Z`, note }))
    this.write(
      label,
      'governance/anchors.json',
      JSON.stringify({ version: 1, policy: 'append-only', anchors: [], events: listed }),
    )
  }

  merge(options: Partial<ReconcileOptions> & { readonly labels?: readonly string[] } = {}): Promise<Merged> {
    const { labels, ...rest } = options
    const nodes = (labels ?? ['ada', 'ben', 'cleo']).map((label) => ({ label, folder: this.node(label) }))
    return mergeInto(join(this.folder, `out-${this.#runs++}`), { nodes, ...rest })
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Reconciles and reads back what was written. */
export async function mergeInto(
  out: string,
  options: Partial<ReconcileOptions> & Pick<ReconcileOptions, 'nodes'>,
): Promise<Merged> {
  const meant = options.nodes.map(({ label, folder }) => ({ label, folder }))
  const folders = nodeFolders()
  const summary = await reconcileDirectories({
    folders,
    include: [],
    expect: [],
    freshness: [],
    signatures: 'checked',
    asOf: AS_OF,
    format: 'steward',
    referenceChecks: { anchor: true, capsule: true },
    output: openOutputFolder(out),
    leftOut: [out],
    ...options,
    nodes: await nameNodes(meant, folders),
  })
  const names = options.format === 'reference' ? REFERENCE_NAMES : NAMES
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(out, name), 'utf8')]))
  if (options.format === 'reference') return { summary, conflicts: [], notices: [], receipts: [], files }
  // The shapes are what these tests are about.
  const told = JSON.parse(files['conflicts.json'] ?? '') as { conflicts: Told[]; notices: Told[] }
  const ledger = JSON.parse(files['ledger.json'] ?? '') as { receipts: Merged['receipts'] }
  return { summary, ...told, receipts: ledger.receipts, files }
}

const REFERENCE_NAMES = ['ledger.json', 'conflicts.json', 'summary.md']
const NAMES = [...REFERENCE_NAMES, 'summary.json']

export interface FeedReceipt {
  readonly value: number
  readonly issuedAt?: string
  readonly keyId?: string
}

/** The text of a feed receipt that this key signed, members in canonical order. */
export function feedReceipt(
  key: KeyObject,
  { value, issuedAt = '2026-02-01T10:00:00Z', keyId = KEY_ID }: FeedReceipt,
): string {
  const body = { feed_id: 'quay', issued_at: issuedAt, observations: [{ label: 'level', value }], plan_id: 'levels' }
  const canonical = JSON.stringify(body)
  return JSON.stringify({
    ...body,
    hash_sha256: createHash('sha256').update(canonical).digest('hex'),
    public_key_id: keyId,
    signature: `${sign(null, Buffer.from(canonical), key).toString('base64url')}==`,
  })
}
