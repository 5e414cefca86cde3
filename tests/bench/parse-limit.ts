// What reading a line costs at least: JSON, canonical form, hash.
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { secondsOf } from './measure.ts'

/** Lines a second, one thread. */
export async function parseLimit(lines: readonly Buffer[]): Promise<number> {
  const seconds = await secondsOf(() => {
    for (const line of lines) {
      createHash('sha256')
        .update(canonicalize(JSON.parse(line.toString())) ?? '')
        .digest()
    }
  })
  return lines.length / seconds
}
