// A whole network from a seed: founders, their profiles and their claims; as receipts in memory or as an exchange folder.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReceiptId } from '#core/contract/index.ts'
import { defaultPolicy, genesisDraft, profileDraft } from '#core/network/index.ts'
import { LIMITS, createTree, segmentName, signHead, type Signer, type VerifiedReceipt } from '#core/receipts/index.ts'
import { observation, seededSigner, signFeed } from './feeds.ts'

export interface BenchNetwork {
  readonly id: ReceiptId
  readonly signers: readonly Signer[]
  /** Of each signer; the first feed begins with the genesis receipt, which names all as founders. */
  readonly feeds: readonly (readonly VerifiedReceipt[])[]
  readonly receipts: number
}

export interface NetworkPlan {
  readonly nodes: number
  /** In all, evenly over the nodes. */
  readonly receipts: number
  /** What node `node` observes at its `index`-th subject; equal values agree. */
  readonly value?: (node: number, index: number) => string
}

const agreeing = (_node: number, index: number) => `value ${index}`

/** Value for `NetworkPlan` under which one subject in a hundred differs, by one node. */
export const oneInAHundredDiffers = (node: number, index: number): string =>
  index % 100 === 0 && node === index % 7 ? `value ${index} as node ${node} saw it` : `value ${index}`

export function signNetwork({ nodes, receipts, value = agreeing }: NetworkPlan): BenchNetwork {
  const signers = Array.from({ length: nodes }, (_, node) => seededSigner(node))
  const founders = signers.map((signer) => signer.node)
  const feeds = signers.map((signer, node) => {
    const count = Math.floor(receipts / nodes) + (node < receipts % nodes ? 1 : 0)
    const first = node === 0 ? [genesisDraft('bench', founders, defaultPolicy)] : []
    const before = [...first, profileDraft({ name: `node-${node}` })]
    const claims = Array.from({ length: count - before.length }, (_, index) =>
      observation(`_report/bench/${index}.json`, value(node, index)),
    )
    return signFeed(signer, [...before, ...claims])
  })
  const genesis = feeds[0]?.[0]
  if (genesis === undefined) throw new Error('A network begins with a receipt.')
  return { id: genesis.id, signers, feeds, receipts: feeds.reduce((sum, feed) => sum + feed.length, 0) }
}

/** The network as its nodes would have published it: full segments, heads, profiles. */
export function writeExchange(network: BenchNetwork, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const marker = { format: 'steward-exchange/1', network: network.id, name: 'bench' }
  writeFileSync(join(folder, 'steward-exchange.json'), `${JSON.stringify(marker)}\n`)
  for (const [place, signer] of network.signers.entries()) writeFeed(folder, signer, network.feeds[place] ?? [])
}

export function nodeFolder(folder: string, signer: Signer): string {
  return join(folder, 'nodes', signer.node.slice('did:key:'.length))
}

/** Writes one node's whole feed; `segmentLines` fewer than the limit make more and smaller files. */
export function writeFeed(
  folder: string,
  signer: Signer,
  feed: readonly VerifiedReceipt[],
  segmentLines: number = LIMITS.segmentLines,
): void {
  const own = nodeFolder(folder, signer)
  mkdirSync(join(own, 'feed'), { recursive: true })
  for (const lines of segmentsOf(feed, segmentLines)) {
    const [first, last] = [lines[0]?.receipt.seq ?? 0, lines.at(-1)?.receipt.seq ?? 0]
    const text = lines.map((receipt) => `${receipt.line}\n`).join('')
    writeFileSync(join(own, 'feed', segmentName(first, last)), text)
  }
  const profile = feed.findLast((receipt) => receipt.receipt.kind === 'node/profile')
  if (profile !== undefined) writeFileSync(join(own, 'profile.json'), `${profile.line}\n`)
  writeFileSync(join(own, 'head'), headOf(signer, feed))
}

function headOf(signer: Signer, feed: readonly VerifiedReceipt[]): string {
  const newest = feed.at(-1)
  if (newest === undefined) throw new Error('A feed of the bench is not empty.')
  const tree = createTree()
  for (const receipt of feed) tree.append(receipt.leaf)
  return signHead({ seq: newest.receipt.seq, id: newest.id, root: tree.root(), time: newest.receipt.time }, signer)
}

/** Whole segments within both limits: lines and bytes. */
function segmentsOf(feed: readonly VerifiedReceipt[], segmentLines: number): VerifiedReceipt[][] {
  const segments: VerifiedReceipt[][] = []
  let current: VerifiedReceipt[] = []
  let bytes = 0
  for (const receipt of feed) {
    const lineBytes = Buffer.byteLength(receipt.line) + 1
    if (current.length === segmentLines || bytes + lineBytes > LIMITS.segmentBytes) {
      segments.push(current)
      current = []
      bytes = 0
    }
    current.push(receipt)
    bytes += lineBytes
  }
  if (current.length > 0) segments.push(current)
  return segments
}
