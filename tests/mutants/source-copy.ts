// A copy of the tree to put faults into: the checkout itself is never touched.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Everything that git knows or would take, as it lies in the checkout; libraries are linked. Gone when disposed of. */
export function copySource(root: string): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'steward-mutants-'))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of listed.toString().split('\0')) {
    const from = join(root, file)
    // What was deleted is still known to git; a link to libraries elsewhere is no source.
    if (statSync(from, { throwIfNoEntry: false })?.isFile() !== true) continue
    mkdirSync(dirname(join(path, file)), { recursive: true })
    cpSync(from, join(path, file), { verbatimSymlinks: true })
  }
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
