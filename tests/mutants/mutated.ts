import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './mutants.ts'

/** The source with the fault in it; null where the text to be replaced is not there exactly once. */
export function mutated(root: string, { file, find, replace }: Mutant): string | null {
  const parts = readFileSync(join(root, file), 'utf8').split(find)
  const [before, after] = parts
  return parts.length === 2 && before !== undefined && after !== undefined ? `${before}${replace}${after}` : null
}
