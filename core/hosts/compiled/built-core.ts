// The core as `npm run build` bundles it: few files instead of four hundred, which halves what its thread takes to start. It is
// used only while it was made of exactly the sources that are here, so that nobody ever wonders why an edit does nothing.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Where the build writes down what it was made of. */
export const STAMP_FILE = 'core-sources.txt'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const BUILT = join(ROOT, 'out', 'main')

/** The bundled file of that name, such as `core-thread.worker.js`; null where there is none of these sources. */
export function builtFile(name: string): URL | null {
  const file = join(BUILT, name)
  const stamp = join(BUILT, STAMP_FILE)
  if (!existsSync(file) || !existsSync(stamp)) return null
  return readFileSync(stamp, 'utf8') === sourceStamp(ROOT) ? pathToFileURL(file) : null
}

/** Changes with every file of the core that is edited, added or removed, and with every library. */
export function sourceStamp(root: string): string {
  const hash = createHash('sha256')
  for (const name of [...filesBelow(join(root, 'core')).toSorted(), join(root, 'package-lock.json')]) {
    const { size, mtimeMs } = statSync(name)
    hash.update(`${name} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}
