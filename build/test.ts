// `npm test`: everything that shows that Steward works on this machine. Unit, property, kill and interop tests always run;
// the window is tested in Chromium where one is found, and where none is, the output says how to get it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { findChromium, howToGetChromium } from '#tests/e2e/chromium.ts'
import { countReport, failedTests, mayRunAgain, REPORTS, secondReport, type FailedTest } from './test-reports.ts'

function run(title: string, script: string, args: readonly string[]): boolean {
  console.log(`\n== ${title}`)
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  return status === 0
}

function npm(title: string, ...args: readonly string[]): boolean {
  const cli = process.env['npm_execpath']
  if (cli === undefined) throw new Error('Start this by `npm test`.')
  return run(title, cli, args)
}

/** More than a few is no bad luck. */
const MOST_AGAIN = 3

function titleOf({ file, name }: FailedTest): string {
  return `${relative(process.cwd(), file)} › ${name}`
}

rmSync(REPORTS.folder, { recursive: true, force: true })
mkdirSync(REPORTS.folder, { recursive: true })

const builtOk = npm('Build', 'run', '-s', 'build')
const VITEST = 'node_modules/vitest/vitest.mjs'
const reporters = ['--reporter=default', '--reporter=json']
let unitOk = run('Unit, property, kill and interop tests', VITEST, [
  'run',
  ...reporters,
  `--outputFile.json=${REPORTS.vitest}`,
  // There the same run says what the tests leave out; build/coverage.ts reads it.
  ...(process.env['CI'] === 'true' ? ['--coverage'] : []),
])
const unsteady = failedTests(REPORTS.vitest)
const again = [...new Set(unsteady.filter(mayRunAgain).map(({ file }) => file))]
if (again.length > 0 && again.length <= MOST_AGAIN) {
  const secondFile = secondReport(REPORTS.vitest)
  const names = again.map((file) => relative(process.cwd(), file))
  const passedAgain = run(`Again, with the machine to themselves: ${names.join(', ')}`, VITEST, [
    'run',
    ...reporters,
    `--outputFile.json=${secondFile}`,
    '--maxWorkers=1',
    ...names,
  ])
  unitOk = passedAgain && failedTests(REPORTS.vitest).length === 0
}

const chromium = findChromium()
let windowOk = true
if (chromium === null) {
  console.log(`\n== Tests of the window: not run, since there is no Chromium here.\n${howToGetChromium()}`)
} else {
  windowOk =
    builtOk &&
    run('Tests of the window', 'node_modules/playwright/cli.js', ['test', '--config', 'tests/e2e/playwright.config.ts'])
}

const stillFailed = new Set(failedTests(REPORTS.vitest).map(titleOf))
for (const test of unsteady.filter((one) => !stillFailed.has(titleOf(one))))
  console.log(
    `UNSTEADY: ${titleOf(test)}: failed beside the others, passed alone; that is a fault of the test or worse.`,
  )
const counts = [countReport(REPORTS.vitest), ...(chromium === null ? [] : [countReport(REPORTS.playwright)])]
for (const count of counts)
  console.log(`${count.file}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
const ok = builtOk && unitOk && windowOk && counts.every((count) => count.failed === 0)
console.log(ok ? 'All tests passed.' : 'Some tests did not pass.')
process.exitCode = ok ? 0 : 1
