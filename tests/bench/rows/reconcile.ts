// Three plain node directories against each other, as `steward reconcile` does it: beside reading, hashing and checking alone.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { absolute, measurePairs, median, type Figure } from '../measure.ts'
import { startReconcileLimit } from '../reconcile-limit.ts'
import type { Row } from '../row.ts'
import { makeTeofNodes, type TeofNodes } from '../teof-nodes.ts'
import { inTemporaryFolder } from '../temporary.ts'

const SCRIPT = new URL('../reconcile-run.ts', import.meta.url).pathname
const SUMMARY_BYTES = 200_000
const MEMORY_MIB = 200

export const reconcile: Row = {
  name: 'reconcile',
  run: (scale) =>
    inTemporaryFolder(async (folder) => {
      const count = Math.max(300, Math.round(scale.receipts / 5))
      const shared = makeTeofNodes({ folder: join(folder, 'shared'), receipts: count })
      const apart = makeTeofNodes({ folder: join(folder, 'apart'), receipts: count, disjoint: true })
      const out = join(folder, 'out')
      const runs: Run[] = []
      const rate = (nodes: TeofNodes, ...words: readonly string[]) => {
        const run = runOnce(nodes, out, words)
        if (nodes === shared) runs.push(run)
        return nodes.receipts / run.seconds
      }
      const figures: Figure[] = []
      for (const [nodes, what] of [
        [shared, '3 nodes that share most receipts, all verified'],
        [apart, '3 nodes that share none, all verified'],
      ] as const) {
        const limit = await startReconcileLimit(nodes, Math.min(8, availableParallelism()))
        figures.push(
          await measurePairs({
            what,
            unit: 'files/s',
            limitIs: 'read, hash and native verification of the same files, as many threads',
            gate: { atLeast: 0.6 },
            count: Math.min(scale.pairs, 3),
            limit: () => limit.measure('verify'),
            ours: () => rate(nodes),
          }),
        )
        await limit.close()
      }
      const unsigned = Array.from({ length: Math.min(scale.pairs, 3) }, () => rate(shared, '--skip-signatures'))
      figures.push(absolute('Without signatures', 'files/s', unsigned, median(unsigned), { atLeast: 50_000 }))
      const peak = median(runs.map(({ peakMiB }) => peakMiB))
      const large = runOnce(makeTeofNodes({ folder: join(folder, 'large'), receipts: 10 * count }), out, [])
      return [
        ...figures,
        absolute('Peak memory', 'MiB', [peak], peak, { atMost: MEMORY_MIB }),
        absolute('Peak memory with ten times as many', 'MiB', [large.peakMiB], large.peakMiB, { atMost: 1.2 * peak }),
        absolute('summary.md with ten times as many', 'bytes', [large.summaryBytes], large.summaryBytes, {
          atMost: SUMMARY_BYTES,
        }),
      ]
    }),
}

interface Run {
  readonly seconds: number
  readonly peakMiB: number
  readonly summaryBytes: number
}

function runOnce({ nodes }: TeofNodes, out: string, words: readonly string[]): Run {
  const named = nodes.flatMap(({ label, folder }) => ['--node', `${label}=${folder}`])
  const { stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...named, ...words, '--out', out], {
    encoding: 'utf8',
  })
  // reconcile-run.ts prints exactly this.
  const said = JSON.parse(stdout) as { readonly exitCode: number; readonly seconds: number; readonly peakMiB: number }
  if (said.exitCode === 2) throw new Error(`The reconciliation of the bench could not run: ${stderr}`)
  return { ...said, summaryBytes: statSync(join(out, 'summary.md')).size }
}
