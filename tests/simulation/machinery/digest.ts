import { createHash } from 'node:crypto'

/** Bytes as the log names them: how many, and the beginning of their hash. */
export function digestOf(bytes: Uint8Array): string {
  return `${bytes.length}:${createHash('sha1').update(bytes).digest('hex').slice(0, 8)}`
}
