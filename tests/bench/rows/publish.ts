// 10,000 receipts from one node into an empty folder and merged by a second, verification included; beside git carrying the same
// receipts as files, which checks nothing.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startApp, type App } from '../app-orders.ts'
import { measurePairs, secondsOf } from '../measure.ts'
import { signNetwork } from '../network.ts'
import type { Row } from '../row.ts'
import { inTemporaryFolder } from '../temporary.ts'

export const publish: Row = {
  name: 'publish',
  cannot: () => (spawnSync('git', ['--version']).status === 0 ? null : 'There is no git here.'),
  run: (scale) =>
    inTemporaryFolder(async (folder) => {
      const count = Math.min(scale.receipts, 10_000)
      const files = join(folder, 'files')
      writeFiles(files, count)
      const first = await startApp(join(folder, 'first'))
      await first.tell({ type: 'create' }, 'done')
      await first.tell({ type: 'sign', count }, 'done')
      let round = 0
      const figure = await measurePairs({
        what: `${count.toLocaleString('en')} receipts published and merged by a second node`,
        unit: 's',
        limitIs: 'git init, add, commit and clone of the same as files',
        gate: { atMost: 0.9 },
        count: scale.pairs,
        limit: () => gitOnce(folder, files),
        ours: () => {
          round += 1
          return publishOnce(first, join(folder, `round-${round}`), count)
        },
      })
      await first.stop()
      return [figure]
    }),
}

async function publishOnce(first: App, folder: string, count: number): Promise<number> {
  const exchange = join(folder, 'exchange')
  mkdirSync(exchange, { recursive: true })
  const second = await startApp(join(folder, 'second'))
  await second.tell({ type: 'create' }, 'done')
  const seconds = await secondsOf(async () => {
    await first.tell({ type: 'publish', exchange }, 'done')
    await second.tell({ type: 'choose', exchange, until: count }, 'ingested')
  })
  await second.stop()
  rmSync(folder, { recursive: true })
  return seconds
}

function writeFiles(folder: string, count: number): void {
  mkdirSync(folder)
  const receipts = signNetwork({ nodes: 1, receipts: count }).feeds.flat()
  for (const receipt of receipts) writeFileSync(join(folder, `${receipt.receipt.seq}.json`), receipt.line)
}

async function gitOnce(folder: string, files: string): Promise<number> {
  const [dotGit, clone] = [join(folder, 'dot-git'), join(folder, 'clone')]
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { stdio: 'ignore' })
  const there = [`--git-dir=${dotGit}`, `--work-tree=${files}`]
  const seconds = await secondsOf(() => {
    git(...there, 'init', '-q')
    git(...there, 'add', '-A')
    git(...there, 'commit', '-q', '-m', 'bench')
    git('clone', '-q', dotGit, clone)
  })
  for (const path of [dotGit, clone]) rmSync(path, { recursive: true })
  return seconds
}
