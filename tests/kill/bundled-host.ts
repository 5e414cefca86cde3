// The real host in a few files, as the app itself is shipped: a process that lives for a second spends most of it on reading four
// hundred sources. What was compiled is kept by every host that ends in peace.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { HostProgram } from '#tests/e2e/steward.ts'
import { bundleForNode, ROOT } from '#tests/kit/bundle-for-node.ts'
import { folderOfThisRun, removeEarlierRuns } from './earlier-runs.ts'

export interface BundledHost extends HostProgram, Disposable {
  /** Loaded beforehand by hosts that are to be killed at a named point. */
  readonly points: string
}

/** Bundles `steward` as it is now. It lies as deep in the repository as the sources do, which look for the page and for libraries from where they are. */
export async function bundleHost(): Promise<BundledHost> {
  const killed = join(ROOT, '.cache', 'killed')
  mkdirSync(killed, { recursive: true })
  removeEarlierRuns(killed)
  const folder = folderOfThisRun(killed)
  await bundleForNode({
    folder,
    target: 'node22',
    // Workers are started by file name, from beside the code that starts them.
    programs: {
      main: 'core/hosts/cli/main.ts',
      'core-thread.worker': 'core/hosts/thread/core-thread.worker.ts',
      'verify.worker': 'core/exchange/verify.worker.ts',
      'reconcile.worker': 'core/aggregate/reconcile.worker.ts',
      'host-points': 'tests/kill/host-points.ts',
    },
  })
  return {
    cli: join(folder, 'main.js'),
    points: join(folder, 'host-points.js'),
    env: { NODE_COMPILE_CACHE: join(folder, 'compiled') },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}
