// What runs under another runtime is bundled: an old one knows no TypeScript.
import { join } from 'node:path'
import { build } from 'vite'

export const ROOT = join(import.meta.dirname, '../..')
export const PROGRAMS = { pure: 'tests/runtimes/pure.ts', 'with-ledger': 'tests/runtimes/with-ledger.ts' } as const
export type Program = keyof typeof PROGRAMS

/** Writes one file for each program into the folder. It lies within the repository, so that native libraries are found from there. */
export async function bundlePrograms(folder: string): Promise<Readonly<Record<Program, string>>> {
  await build({
    configFile: false,
    logLevel: 'silent',
    root: ROOT,
    ssr: { noExternal: true, external: ['better-sqlite3', 'sodium-native', 'piscina'] },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      target: 'node20',
      rolldownOptions: { input: PROGRAMS, output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
    },
  })
  return { pure: join(folder, 'pure.js'), 'with-ledger': join(folder, 'with-ledger.js') }
}
