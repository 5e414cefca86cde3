// Real files of the public project TEOF as three of its states held them: 22 September, 26 September and 4 October 2025.
// Receipts name their bytes, so they are kept as text and never parsed and printed again.
import { invariant } from '#core/problem/index.ts'
import packed from './teof-files.json' with { type: 'json' }

/** One state of the project, told by one node of the sample network. */
export type TeofState = keyof typeof packed

export function teofFile(state: TeofState, path: string): string {
  const files: Readonly<Record<string, string>> = packed[state]
  const text = files[path]
  invariant(text !== undefined, `the packed files hold ${state}/${path}`)
  return text
}
