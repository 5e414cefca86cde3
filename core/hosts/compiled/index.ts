// Compiling the sources is half of what a short command takes. What was compiled is kept beside the sources, not in the system's
// temporary folder, where another user could put something in its place.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

export { builtFile } from './built-core.ts'

const FOLDER = fileURLToPath(new URL('../../../.cache/compiled', import.meta.url))

/** For everything that this process, its worker threads and its children load from now on; so it comes before any other import. */
export function keepCompiled(): void {
  // A bundled app was compiled into few files and may lie in a folder that is not ours.
  if (!import.meta.url.endsWith('.ts')) return
  enableCompileCache(FOLDER)
  process.env['NODE_COMPILE_CACHE'] ??= FOLDER
}
