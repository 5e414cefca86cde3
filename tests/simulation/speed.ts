// How fast virtual time passes: for 3, 10 and 50 real cores and for 1,000 light nodes; 10,000 where they are asked for.
// `node tests/simulation/speed.ts [3 10 50 1000 10000]`. Fails where light nodes do not come together within 2 GiB.
import { families } from './families.ts'
import { playLight } from './light.ts'
import { HOUR } from './machinery/family.ts'
import { drawPlan } from './machinery/plan.ts'
import { play } from './machinery/run.ts'

const LIGHT_FROM = 1_000
const MOST_MEBIBYTES = 2_048
const HOURS = new Map([
  [3, 4],
  [10, 1],
  [50, 0.05],
])

for (const text of process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['3', '10', '50', '1000']) {
  const nodes = Number(text)
  const started = performance.now()
  const cpu = process.cpuUsage()
  const { virtualMs, events, verdict } = nodes >= LIGHT_FROM ? light(nodes) : await real(nodes)
  const { user, system } = process.cpuUsage(cpu)
  const minutes = (performance.now() - started) / 60_000
  const cpuMinutes = (user + system) / 60_000_000
  console.log(
    `${nodes} ${nodes >= LIGHT_FROM ? 'light nodes' : 'nodes'}: ${(virtualMs / HOUR).toFixed(2)} virtual hours, ${events} events in ${(minutes * 60).toFixed(0)} s: ` +
      `${(virtualMs / HOUR / minutes).toFixed(1)} virtual hours a minute of wall time, ${(virtualMs / HOUR / cpuMinutes).toFixed(1)} a minute of processor time; ${verdict}`,
  )
}

async function real(machines: number) {
  const outcome = await play(drawPlan('speed', families, { machines, hours: HOURS.get(machines) ?? 1 }))
  return { ...outcome, verdict: outcome.violation?.message ?? 'all held' }
}

function light(nodes: number) {
  const outcome = playLight({ seed: 'speed', nodes, hours: 1 })
  const { receipts, states, missing } = outcome
  const mebibytes = Math.ceil(process.resourceUsage().maxRSS / 1024)
  if (states !== 1 || missing > 0 || mebibytes > MOST_MEBIBYTES) process.exitCode = 1
  return { ...outcome, verdict: `${receipts} receipts, ${states} state in the end, ${mebibytes} MiB at most` }
}
