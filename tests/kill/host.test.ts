// Kills the real host, `steward serve`, while it starts, signs, publishes, imports, migrates and is restored, at random moments and at named
// points, and looks at what is left after each: every receipt that it acknowledged is in the ledger, nothing is in the folder that is not,
// the own feed never forks, every check of the doctor holds, and in the end another node that reads the folder shows the same.
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRunningFile } from '#core/hosts/running/index.ts'
import { World } from '#tests/e2e/steward.ts'
import { drawsFrom } from '#tests/kit/draws.ts'
import { bundleHost } from './bundled-host.ts'
import { HostLife, quickKeyFile, sign, untilItEnds } from './host-life.ts'
import { HOST_POINTS, PLAN, type HostPlan } from './host-points.ts'

const CYCLES = Number(process.env['STEWARD_HOST_KILL_CYCLES'] ?? 10)
const SEED = Number(process.env['STEWARD_KILL_SEED'] ?? Date.now() % 1_000_000)
const LANES = Math.min(availableParallelism(), 2, CYCLES)
const POINTS = new URL('./host-points.ts', import.meta.url).pathname
const CYCLES_PER_NODE = Math.min(50, Math.ceil(CYCLES / LANES))

test(
  `the host is killed ${CYCLES} times, and nothing it acknowledged is lost`,
  { timeout: 120_000 + CYCLES * 10_000 },
  async () => {
    console.log(`host kill test: STEWARD_KILL_SEED=${SEED} STEWARD_HOST_KILL_CYCLES=${CYCLES}`)
    using host = await bundleHost()
    const seen = new Map<string, number>()
    const nodes = Array.from({ length: Math.ceil(CYCLES / CYCLES_PER_NODE) }, (_, index) => index)
    const started = performance.now()
    let acknowledged = 0
    let hasFailed = false
    const lanes = Array.from({ length: LANES }, async () => {
      for (let index = nodes.shift(); index !== undefined; index = nodes.shift()) {
        const cycles = Math.min(CYCLES_PER_NODE, CYCLES - index * CYCLES_PER_NODE)
        await using life = await HostLife.begin(host, drawsFrom(SEED + index))
        for (let cycle = 0; cycle < cycles && !hasFailed; cycle++) {
          const what = await life.liveOnce().catch((thrown: unknown) => {
            hasFailed = true
            nodes.length = 0
            throw thrown
          })
          seen.set(what, (seen.get(what) ?? 0) + 1)
        }
        await life.end()
        acknowledged += life.acknowledged
      }
    })
    // The bundle stays until the last host has ended, also where a lane has failed.
    const ended = await Promise.allSettled(lanes)
    for (const lane of ended) if (lane.status === 'rejected') throw lane.reason
    const rate = CYCLES / ((performance.now() - started) / 1000)
    const told = [...seen].map(([what, count]) => `${what} ${count}`).join(', ')
    console.log(`${rate.toFixed(1)} cycles a second, ${acknowledged} receipts acknowledged; killed ${told}`)
    expect(acknowledged).toBeGreaterThan(CYCLES / 4)
    // A kill test that never kills where it matters proves nothing.
    const mustBeSeen = CYCLES < 250 ? [] : [...HOST_POINTS, 'while starting', 'while signing']
    expect([...seen.keys()]).toEqual(expect.arrayContaining(mustBeSeen))
  },
)

test('of two hosts that start at one moment on one data folder, one runs and the other says why it does not', async () => {
  await using world = new World()
  const first = await world.node('ada')
  const ada = first.steward
  writeFileSync(join(ada.home, 'key.age'), await quickKeyFile(ada))
  await first.kill()
  for (let round = 0; round < 3; round++) {
    const both = [ada.begin(), ada.begin()]
    const became = await Promise.all(
      both.map((host) =>
        host.ready().then(
          () => 'runs' as const,
          () => 'ended' as const,
        ),
      ),
    )
    expect(became.toSorted()).toEqual(['ended', 'runs'])
    const [winner, loser] = became[0] === 'runs' ? both : both.toReversed()
    expect(await loser?.ended()).not.toBe(0)
    expect(loser?.complaint).toContain(`Another Steward is running on the data folder ${ada.home}.`)
    // The one that gave up took nothing with it.
    expect(readRunningFile(ada.home)).not.toBeNull()
    if (winner !== undefined) await sign(winner, round)
    await winner?.kill()
  }
})

test('of two that make a node at one moment in one data folder, one makes it', async () => {
  await using world = new World()
  const ada = world.home('ada')
  const init = () => ada.run('init', '--name', 'ada', '--exchange', world.exchange)
  const [one, other] = await Promise.allSettled([init(), init()])
  expect([one.status, other.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  const refused = [one, other].find((each) => each.status === 'rejected')
  expect(String(refused?.reason)).toMatch(/already holds a node|Another Steward is running/)
  expect(await ada.run('doctor')).toMatchObject({ ok: true })
})

test('a core that crashed and was started again is found by commands as before', async () => {
  await using world = new World()
  const first = await world.node('ada')
  const ada = first.steward
  await first.stop()
  const serving = await ada.serve({
    nodeOptions: ['--import', POINTS],
    env: { [PLAN]: JSON.stringify({ point: 'after-commit', patience: 1, does: 'throw' } satisfies HostPlan) },
  })
  await untilItEnds(serving, async () => {
    for (let count = 0; count < 2; count++) await sign(serving, count)
  })
  await expect
    .poll(
      () =>
        ada.run('status').then(
          () => true,
          () => false,
        ),
      { timeout: 60_000 },
    )
    .toBe(true)
  expect(readRunningFile(ada.home)).not.toBeNull()
  await serving.stop()
})
