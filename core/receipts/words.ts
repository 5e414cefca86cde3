// Hashes as words that two people can read to each other: 11 bits a word, from the English BIP39 list.
import { wordlist } from '@scure/bip39/wordlists/english.js'
import type { NodeId } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import { sha256Id } from './canonical.ts'

/** Six words (66 bits) of the SHA-256 of the node id's text. */
export function fingerprintWords(node: NodeId): string[] {
  return wordsOfHash(sha256Id(node), 6)
}

/** The first `count` words (at most 23) of a hash in the form `sha256:…`, 11 bits each, highest bits first. */
export function wordsOfHash(hash: string, count: number): string[] {
  invariant(/^sha256:[0-9a-f]{64}$/.test(hash), 'words are made from a hash in the form sha256:…')
  invariant(count >= 1 && count <= 23, 'a hash of 256 bits gives at most 23 words')
  const bits = BigInt(`0x${hash.slice('sha256:'.length)}`)
  return Array.from({ length: count }, (_, index) => {
    const word = wordlist[Number((bits >> BigInt(256 - 11 * (index + 1))) & 0x7ffn)]
    invariant(word !== undefined, 'the list has 2,048 words')
    return word
  })
}

/** Enough of an id to recognise it in a list; never enough to rely on. */
export function shortId(id: string): string {
  if (id.startsWith('sha256:')) return id.slice('sha256:'.length, 'sha256:'.length + 8)
  if (id.startsWith('did:key:')) return `${id.slice('did:key:'.length, 'did:key:'.length + 12)}…${id.slice(-5)}`
  return id
}
