// `npm run kill -- --cycles N [--seed S]`: kills the host N times, and a bare ledger a fifth as often, and looks at what each left; then the
// disk that fails at every call, with every error of the system at each. A seed that is printed gives the same draws.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

/** What only a ledger without its host reaches is little. */
const LEDGERS_OF_HOSTS = 0.2

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const cycles = whole('cycles', values.cycles)
const seed = whole('seed', values.seed)
console.log(`npm run kill -- --cycles ${cycles} --seed ${seed}`)

const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'tests/kill'], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...process.env,
    STEWARD_HOST_KILL_CYCLES: String(cycles),
    STEWARD_KILL_CYCLES: String(Math.ceil(cycles * LEDGERS_OF_HOSTS)),
    STEWARD_KILL_SEED: String(seed),
    STEWARD_EACH_ERROR: '1',
  },
})
process.exitCode = status ?? 1

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} is a whole number, not ${text}.`)
  return Number(text)
}
