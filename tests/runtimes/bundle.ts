// What runs under another runtime is bundled: an old one knows no TypeScript.
import { join } from 'node:path'
import { bundleForNode } from '#tests/kit/bundle-for-node.ts'

export const PROGRAMS = { pure: 'tests/runtimes/pure.ts', 'with-ledger': 'tests/runtimes/with-ledger.ts' } as const
export type Program = keyof typeof PROGRAMS

/** Writes one file for each program into the folder, which lies within the repository. */
export async function bundlePrograms(folder: string): Promise<Readonly<Record<Program, string>>> {
  await bundleForNode({ folder, programs: PROGRAMS, target: 'node20' })
  return { pure: join(folder, 'pure.js'), 'with-ledger': join(folder, 'with-ledger.js') }
}
