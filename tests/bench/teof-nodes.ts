// Bare TEOF node directories, as large as one likes: signed feed receipts of about 600 bytes, some differing, some left out.
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface TeofNodes {
  readonly nodes: readonly { readonly label: string; readonly folder: string }[]
  /** Files below `_report/` over all nodes. */
  readonly receipts: number
  /** Paths of which one node tells another story. */
  readonly diverging: number
  /** Paths that one node leaves out. */
  readonly withheld: number
  /** Every receipt file. */
  readonly files: readonly string[]
  /** All receipts are signed with it; 32 bytes. */
  readonly publicKey: Uint8Array
}

export interface TeofNodesOptions {
  readonly folder: string
  /** Receipts of a node before any is left out. */
  readonly receipts: number
  readonly nodes?: number
  /** Each node has receipts of its own only, so that none of them is read twice by anybody. */
  readonly disjoint?: boolean
}

const KEY_ID = 'feed.bench-2026'
const PER_FEED = 2_000
const FIRST_SECOND = Date.UTC(2026, 0, 1) / 1000
const BACKGROUND =
  'Measured at the quay of the harbour and written down by the keeper on duty, who read it twice before it was signed.'

/** Of every twenty paths one differs at one node and one is missing at one node, in turn. */
export function makeTeofNodes({ folder, receipts, nodes = 3, disjoint = false }: TeofNodesOptions): TeofNodes {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const labels = Array.from({ length: nodes }, (_, index) => `node-${String.fromCodePoint(97 + index)}`)
  const made = labels.map((label) => ({ label, folder: join(folder, label) }))
  for (const node of made) writeGovernance(node.folder, publicKey)
  const files: string[] = []
  let diverging = 0
  let withheld = 0
  for (const [at, node] of made.entries()) {
    for (let index = 0; index < receipts; index++) {
      if (index % PER_FEED === 0)
        mkdirSync(join(node.folder, feedFolder(index, disjoint ? at : 0)), { recursive: true })
    }
  }
  for (let index = 0; index < receipts; index++) {
    const differs = !disjoint && index % 20 === 7
    const isWithheld = !disjoint && index % 20 === 13
    const odd = index % made.length
    const shared = disjoint ? '' : receiptText(index, 0, privateKey)
    const other = differs ? receiptText(index, 1, privateKey) : ''
    if (differs) diverging++
    if (isWithheld) withheld++
    for (const [at, node] of made.entries()) {
      if (isWithheld && at === odd) continue
      const text = disjoint ? receiptText(index, at, privateKey) : differs && at === odd ? other : shared
      const file = join(node.folder, feedFolder(index, disjoint ? at : 0), `${compactTime(index)}.json`)
      writeFileSync(file, text)
      files.push(file)
    }
  }
  return { nodes: made, receipts: files.length, diverging, withheld, files, publicKey: rawKey(publicKey) }
}

function feedFolder(index: number, offset: number): string {
  const feed = Math.floor(index / PER_FEED) + offset * 10_000
  return join('_report', 'external', `quay-${String(feed).padStart(5, '0')}`)
}

function instantOf(index: number): string {
  return new Date((FIRST_SECOND + index) * 1000).toISOString().replace('.000Z', 'Z')
}

function compactTime(index: number): string {
  return instantOf(index).replaceAll(/[-:]/g, '')
}

// Keys stand in order, so that the compact text is TEOF's canonical form; the number has a form that no double would print.
function receiptText(index: number, variant: number, key: KeyObject): string {
  const feed = `quay-${String(Math.floor(index / PER_FEED)).padStart(5, '0')}`
  const observation = {
    label: 'Harbour:WaterLevel',
    source: `https://api.${feed}.example/levels`,
    stale_labeled: false,
    timestamp_utc: instantOf(index),
    value: '@value@',
    volatile: true,
  }
  const body = {
    feed_id: feed,
    issued_at: instantOf(index),
    meta: { note: BACKGROUND },
    observations: [observation],
    plan_id: '2026-01-01-harbour-levels',
  }
  const number = `${index % 97}.${variant}0`
  const canonical = JSON.stringify(body).replace('"@value@"', number)
  const envelope = {
    ...body,
    hash_sha256: createHash('sha256').update(canonical).digest('hex'),
    signature: sign(null, Buffer.from(canonical), key).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
    public_key_id: KEY_ID,
  }
  return `${JSON.stringify(envelope).replace('"@value@"', number)}\n`
}

function writeGovernance(folder: string, publicKey: KeyObject): void {
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  write(`governance/keys/${KEY_ID}.pub`, `${rawKey(publicKey).toString('base64')}\n`)
  const events = [{ ts: '2025-12-31T10:00:00Z', by: 'keeper', note: 'The levels of the harbour are written down.' }]
  write(
    'governance/anchors.json',
    `${JSON.stringify({ version: 1, policy: 'append-only', anchors: [], events }, null, 2)}\n`,
  )
  const files = { 'README.md': '# Harbour levels\n', 'levels.md': 'Levels are metres above chart datum.\n' }
  for (const [name, text] of Object.entries(files)) write(`capsule/current/${name}`, text)
  const hashes = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, createHash('sha256').update(text).digest('hex')]),
  )
  write('capsule/current/hashes.json', `${JSON.stringify(hashes, null, 2)}\n`)
}

function rawKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
}
