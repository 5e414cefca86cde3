// What is said of a bundle, in sentences.
import type { BundleNode, BundlePreview, BundleProgress } from '#core/contract/index.ts'
import { grouped } from '#ui/components/grouped.ts'
import { sizeWords } from '#ui/components/size-words.ts'

export function counted(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? '' : 's'}`
}

/** What it is, and what importing would do. */
export function kindSentence({ kinds, nodes, origins, proofCount, adds, files, sizeBytes }: BundlePreview): string {
  const is = kinds.map((kind) => {
    if (kind === 'steward') return `a Steward bundle with ${counted(nodes.length, 'feed')}`
    if (kind === 'proof') return proofCount === 1 ? 'a proof' : `${grouped(proofCount)} proofs`
    return kind === 'teof' ? counted(origins.length, 'TEOF node directory').replace(/ys$/, 'ies') : 'single receipts'
  })
  const what = is.length === 0 ? 'Nothing that Steward knows' : `This is ${is.join(' and ')}`
  const size = `${counted(files, 'file')}, ${sizeWords(sizeBytes)}`
  return `${what} (${size}).${adds > 0 ? ` Importing it adds ${counted(adds, 'receipt')}.` : ''}`
}

/** What importing it would do, for a button; null where there is nothing to do. */
export function importWords({ adds, asks, contents }: BundlePreview): string | null {
  if (adds > 0) return `Import ${counted(adds, 'receipt')}`
  if (asks > 0) return asks === 1 ? 'Let it ask to join' : `Let ${grouped(asks)} nodes ask to join`
  return contents.awaited > 0 ? `Take in ${counted(contents.awaited, 'file')} of content` : null
}

export function nothingNew({ kinds, nodes, contents, asks }: BundlePreview): string {
  if (kinds.length === 0)
    return 'Steward takes in bundles of other stewards, TEOF node directories and single receipts.'
  if (kinds.every((kind) => kind === 'proof')) return 'A proof is checked and shown. Nothing of it is imported.'
  if (nodes.some(({ notRead }) => notRead > 0))
    return nodes.some(({ known }) => known > 0)
      ? 'What can be read of it is here already. Of the other nodes nothing is read before you admit them.'
      : 'Nothing in it can be read yet: its nodes are not admitted.'
  if (asks > 0) return 'It brings who asks to join, and nothing that could be read before you admit them under Network.'
  if (contents.awaited > 0) return 'Its receipts are here already, but not all the content that they name.'
  return 'Everything in it is here already.'
}

export function unitWords({ done, total, unit }: BundleProgress): string {
  if (unit === 'bytes') return `${sizeWords(done)} of ${sizeWords(total)}`
  if (total === 0) return `${grouped(done)} ${unit}`
  return `${grouped(done)} of ${grouped(total)} ${unit}`
}

/** What a steward should know about one node's row; null where the figures say it all. */
export function nodeNote({ state, forks, missing, notRead }: BundleNode): string | null {
  if (state === 'blocked') return 'You have blocked this node, so it is not read.'
  if (state === 'not-admitted' && notRead > 0)
    return 'Not admitted: importing only shows that it asks to join. Admit it under Network, then import again.'
  if (forks > 0) return `It tells two stories: ${counted(forks, 'receipt')} prove it.`
  if (missing !== null) {
    const range =
      missing.from === missing.to ? `#${grouped(missing.from)}` : `#${grouped(missing.from)} to #${grouped(missing.to)}`
    return `Its head names ${range}, which ${missing.from === missing.to ? 'is' : 'are'} not in here.`
  }
  return notRead > 0 ? `${counted(notRead, 'receipt')} behind a signature that does not hold are not read.` : null
}
