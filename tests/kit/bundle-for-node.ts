// Sources as a few files that Node runs as they are: for runtimes that know no TypeScript, and for processes that live for a second.
import { join } from 'node:path'
import { build } from 'vite'

export const ROOT = join(import.meta.dirname, '../..')

export interface BundleWish {
  /** It lies within the repository, so that native libraries are found from there. */
  readonly folder: string
  /** Sources by the names that they get, relative to the repository. */
  readonly programs: Readonly<Record<string, string>>
  /** The oldest Node that runs them. */
  readonly target: `node${number}`
}

/** Writes `<name>.js` for each program into the folder, which it empties first. */
export async function bundleForNode({ folder, programs, target }: BundleWish): Promise<void> {
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
      target,
      rolldownOptions: {
        input: programs,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
}
