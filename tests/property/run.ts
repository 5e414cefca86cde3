// `npm run properties -- --runs 1000 [name …]`: every property that many times (ten times as many where all else stands on it), also those
// of which a run of the tests affords a few. Fails where one does not hold, with the seed that vitest prints.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '1000' } },
  allowPositionals: true,
})
if (!(Number(values.runs) > 0)) {
  console.error('npm run properties -- --runs N [name …]')
  process.exit(2)
}
const files = positionals.length === 0 ? ['tests/property'] : positionals.map((name) => `tests/property/${name}`)
const started = performance.now()
const { status } = spawnSync(
  process.execPath,
  // What takes hours is asked for.
  ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=0', ...files],
  { stdio: 'inherit', env: { ...process.env, STEWARD_PROPERTY_RUNS: values.runs } },
)
console.log(`${values.runs} runs of each property in ${Math.round((performance.now() - started) / 1_000)} s.`)
process.exitCode = status ?? 1
