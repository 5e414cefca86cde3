// What a bundle holds and what would become of it, before anything is written. Every signature is checked here; the import checks
// again, since between the two lies a disk.
import type { BundleNode, BundleOrigin, BundlePreview, BundleProof, NodeId } from '#core/contract/index.ts'
import { parseMarker, pendingOf } from '#core/exchange/index.ts'
import { knownIds } from '#core/ledger/index.ts'
import { admittedNodes, blockedNodes, policyInForce } from '#core/network/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import { countContents } from './count-contents.ts'
import { founderIn } from './founder.ts'
import { Inspection } from './inspection.ts'
import type { BundleDeps, Work } from './job-types.ts'
import { judgeLineFiles, judgeSegments } from './judged.ts'
import type { Layout, NodeFiles } from './layout.ts'
import { NodeTallies } from './node-tallies.ts'
import { refuseEntry, type RefusalList } from './refusals.ts'
import { SignedNotes } from './signed-notes.ts'
import type { BundleReader } from './types.ts'

/** What importing would do with the directories; their refusals go into the list. */
type ShownOrigins = (refused: RefusalList) => { readonly origins: BundleOrigin[]; readonly receipts: number }

/** @throws the signal's reason where it was aborted. */
export async function inspectBundle(
  deps: BundleDeps,
  reader: BundleReader,
  layout: Layout,
  work: Work,
  originsOf: ShownOrigins,
): Promise<BundlePreview> {
  const inspection = new Inspection(deps, reader, layout, work)
  const { refused } = inspection
  for (const { name } of layout.misnamed)
    refused.add(refuseEntry(name, 'bad-segment-name', 'Its name says no range of receipts.'))
  const network = await networkOf(inspection)
  const tallies = new NodeTallies(inspection)
  await lookAtFeeds(inspection, tallies)
  const { proofs, proofCount, foreign } = await lookAtLines(inspection, tallies)
  const notes = new SignedNotes(inspection)
  for await (const head of notes.heads()) {
    const tally = tallies.of(head.node)
    if (tally.head === null || tally.head.seq < head.seq) tally.head = head
  }
  const contents = await countContents(inspection)
  const nodes = await tallies.shown((node) => notes.nameOf(node))
  const { origins, receipts: signed } = originsOf(refused)
  const isNewHere = ({ node, state }: BundleNode) =>
    state === 'not-admitted' && pendingOf(deps.ledger.read, node) === null
  return {
    kinds: [
      ...(layout.nodes.size > 0 ? (['steward'] as const) : []),
      ...(origins.length > 0 ? (['teof'] as const) : []),
      ...(nodes.some(({ node }) => !layout.nodes.has(node)) ? (['receipts'] as const) : []),
      ...(proofCount > 0 ? (['proof'] as const) : []),
    ],
    files: reader.files.length,
    sizeBytes: inspection.totalBytes,
    network,
    nodes,
    origins,
    proofs,
    proofCount,
    contents,
    refusals: [...refused.items],
    refusalCount: refused.count,
    foreign: layout.foreign + foreign,
    ignored: reader.ignored,
    asks: network?.isOurs === false ? 0 : nodes.filter(isNewHere).length,
    adds: nodes.reduce((sum, node) => sum + node.new + node.withheld + node.held, 0) + signed,
  }
}

const MARKER_BYTES = 4096

async function networkOf(inspection: Inspection): Promise<BundlePreview['network']> {
  const { deps, reader, layout, refused } = inspection
  for (const file of layout.markers) {
    const content = await reader.read(file, MARKER_BYTES)
    inspection.done(file)
    if (!content.ok) {
      refused.add(content.refusal)
      continue
    }
    const marker = parseMarker(content.bytes)
    if (marker !== null) return { id: marker.network, name: marker.name, isOurs: marker.network === deps.network()?.id }
  }
  return null
}

/** The feeds of those who may be read, each judged whole. */
async function lookAtFeeds(inspection: Inspection, tallies: NodeTallies): Promise<void> {
  const { deps, reader, layout } = inspection
  const left = new Map(layout.nodes)
  const founder = await founderLacked(inspection)
  for (let next = readable(); next !== null; next = readable()) {
    const [node, { segments }] = next
    left.delete(node)
    for await (const judged of judgeSegments(reader, deps.verification, node, segments)) {
      tallies.takeFeed(judged, node)
      await inspection.rest()
    }
  }
  // Of who is not admitted nothing is read but who they are; how many receipts there would be stands in the names.
  for (const [node, { segments }] of left) {
    const tally = tallies.of(node)
    for (const { file, range } of segments) {
      tally.notRead += Math.min(range.last - range.first + 1, LIMITS.segmentLines)
      inspection.done(file)
    }
  }

  /** Admitted by what is here or by what was read of the bundle; who founded the network, where that is not known yet. */
  function readable(): readonly [NodeId, NodeFiles] | null {
    const { read } = deps.ledger
    const admitted = admittedNodes(read)
    const blocked = blockedNodes(read)
    const needed = policyInForce(read).admissionsNeeded
    for (const entry of left) {
      const [node] = entry
      if (blocked.has(node)) continue
      if (node === deps.node || node === founder || admitted.has(node)) return entry
      if (tallies.admissionsOf(node) >= needed) return entry
    }
    return null
  }
}

async function founderLacked({ deps, reader, layout }: Inspection): Promise<NodeId | null> {
  const network = deps.network()
  if (network === null || knownIds(deps.ledger.read, [network.id]).has(network.id)) return null
  return founderIn(reader, layout, deps.verification, network.id)
}

type LookedAtLines = Pick<BundlePreview, 'proofs' | 'proofCount' | 'foreign'>

/** Files that may hold receipts of anybody, or a portable proof. */
async function lookAtLines(inspection: Inspection, tallies: NodeTallies): Promise<LookedAtLines> {
  const { deps, reader, layout } = inspection
  const readable = new Set(admittedNodes(deps.ledger.read)).add(deps.node)
  for (const node of blockedNodes(deps.ledger.read)) readable.delete(node)
  const proofs: BundleProof[] = []
  let proofCount = 0
  let foreign = 0
  for await (const judgedFile of judgeLineFiles(reader, deps.verification, layout.lines)) {
    const { file, judged } = judgedFile
    if (judged.result === 'foreign') foreign++
    if (judged.result === 'proof' && ++proofCount <= LISTED_PROOFS) {
      const proof = await deps.readProof(judged.text, () => inspection.rest())
      proofs.push({ entry: file.name, ...(proof ?? ILLEGIBLE_PROOF) })
    }
    tallies.takeLines(judgedFile, readable)
    await inspection.rest()
  }
  return { proofs, proofCount, foreign }
}

/** Proofs that are checked and shown; checking one takes as long as it has signatures. */
const LISTED_PROOFS = 20

const ILLEGIBLE_PROOF = {
  holds: false,
  sentence: 'This file calls itself a proof, and cannot be read as one.',
  beside: [],
  held: 0,
  faults: ['It is cut off, changed, or made by another version. Ask whoever gave it to you to export it again.'],
  receipts: 0,
  here: 0,
}
