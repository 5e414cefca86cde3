// Inputs that once broke a promise, kept under the name of their target and played first from then on. What is long is kept packed.
import { hash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'

const FOLDER = join(import.meta.dirname, '../fixtures/found')
const PLAIN_BYTES = 2_048

export interface FoundInput {
  /** Relative to the folder of all of them. */
  readonly name: string
  readonly bytes: Uint8Array
}

export function foundInputs(target: string): readonly FoundInput[] {
  const folder = join(FOLDER, target)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .toSorted()
    .map((file) => {
      const bytes = readFileSync(join(folder, file))
      return { name: `${target}/${file}`, bytes: file.endsWith('.gz') ? gunzipSync(bytes) : bytes }
    })
}

/** Answers the file's name, relative to the folder of all of them. */
export function keepInput(target: string, bytes: Uint8Array): string {
  const packed = bytes.length > PLAIN_BYTES
  const name = `${target}/${hash('sha256', bytes, 'hex').slice(0, 12)}${packed ? '.gz' : '.bin'}`
  mkdirSync(join(FOLDER, target), { recursive: true })
  writeFileSync(join(FOLDER, name), packed ? gzipSync(bytes) : bytes)
  return name
}
