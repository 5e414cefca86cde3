// `npm run kill -- --cycles N [--seed S] [--each-error]`: kills hosts and ledgers N times in all, and looks at what each left; then the
// disk that fails at every call, with every error of the system at each where that is asked for. A seed that is printed gives the same draws.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

/** A host takes ten times as long to start as a ledger to open, and two cycles in five are a host's. */
const HOSTS_OF_ALL = 0.4

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'each-error': { type: 'boolean', default: false },
  },
})
const cycles = whole('cycles', values.cycles)
const seed = whole('seed', values.seed)
const hosts = Math.ceil(cycles * HOSTS_OF_ALL)
console.log(`npm run kill -- --cycles ${cycles} --seed ${seed}${values['each-error'] ? ' --each-error' : ''}`)

const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'tests/kill'], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...process.env,
    STEWARD_HOST_KILL_CYCLES: String(hosts),
    STEWARD_KILL_CYCLES: String(cycles - hosts),
    STEWARD_KILL_SEED: String(seed),
    ...(values['each-error'] ? { STEWARD_EACH_ERROR: '1' } : {}),
  },
})
process.exitCode = status ?? 1

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} is a whole number, not ${text}.`)
  return Number(text)
}
