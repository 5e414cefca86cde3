// Bundles that a test makes of nodes whose keys it holds: honest, with gaps, forked, tampered with.
import { writeFileSync } from 'node:fs'
import { createTree, segmentName, signHead, type VerifiedReceipt } from '#core/receipts/index.ts'
import { signerFromSeed, type TestNode } from '#tests/kit/nodes.ts'
import { rawZip, type RawEntry } from '#tests/kit/raw-zip.ts'

export function folderOf(node: TestNode): string {
  return `nodes/${node.id.slice('did:key:'.length)}`
}

export function segment(node: TestNode, receipts: readonly VerifiedReceipt[], mark = ''): RawEntry {
  const name = segmentName(receipts.at(0)!.receipt.seq, receipts.at(-1)!.receipt.seq).replace('.jsonl', `${mark}.jsonl`)
  return { name: `${folderOf(node)}/feed/${name}`, content: lines(receipts), deflate: true }
}

export function lines(receipts: readonly VerifiedReceipt[]): string {
  return receipts.map(({ line }) => `${line}\n`).join('')
}

/** Who they are: the profile, which is the first receipt, and a head over so many of what they signed. */
export function whoTheyAre(node: TestNode, size = node.signed.length): RawEntry[] {
  const tree = createTree()
  for (const { leaf } of node.signed.slice(0, size)) tree.append(leaf)
  const newest = node.signed[size - 1]!
  const claim = { seq: size, id: newest.id, root: tree.root(), time: newest.receipt.time }
  return [
    { name: `${folderOf(node)}/profile.json`, content: lines(node.signed.slice(0, 1)) },
    { name: `${folderOf(node)}/head`, content: signHead(claim, signerFromSeed(node.name)) },
  ]
}

export function writeBundle(path: string, entries: readonly RawEntry[]): string {
  writeFileSync(path, rawZip(entries))
  return path
}
