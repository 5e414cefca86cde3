// The real node directories in tests/fixtures/teof, and changed copies of them.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from 'vitest'
import { createSignatureChecker, directoryOfFiles, keyRings, parseKeyFile } from '#core/teof/index.ts'
import type { DirectoryReader, KeyRing, TeofKey } from '#core/teof/index.ts'

export const CORPUS = join(import.meta.dirname, '../../fixtures/teof')
export const checker = createSignatureChecker()

export type Files = Map<string, Uint8Array>

/** All files of a node of the corpus, such as `node-a` or `pilot-sample/node-b`. */
export function corpusFiles(node: string): Files {
  const root = join(CORPUS, node)
  const files: Files = new Map()
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(relative(root, path).replaceAll('\\', '/'), readFileSync(path))
  }
  return files
}

export function corpusReader(node: string): DirectoryReader {
  return directoryOfFiles(corpusFiles(node))
}

/** The keys in a node's files. */
export function keysIn(files: Files): readonly TeofKey[] {
  const keys: TeofKey[] = []
  for (const [path, bytes] of files) {
    if (!path.startsWith('governance/keys/')) continue
    const parsed = parseKeyFile(path.slice('governance/keys/'.length), bytes)
    if (parsed.ok) keys.push(parsed.key)
  }
  return keys
}

export function ringOf(files: Files): KeyRing {
  return keyRings(new Map([['here', keysIn(files)]])).get('here')!
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}

/** Vitest's matchers are `any`; in what is expected of an object they stand for text. */
export function textContaining(part: string): unknown {
  return expect.stringContaining(part)
}

export function textMatching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
