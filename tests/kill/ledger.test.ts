// Kills real processes at work on a real ledger, at random moments and at named points, and looks at what they left: nothing
// that was acknowledged is lost, no feed forks, every row verifies, every projection is what its receipts say.
import { execFileSync, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ReceiptId } from '#core/contract/index.ts'
import { counters, doctor, forkSeqOf, knownIds, nodeKeyOf } from '#core/ledger/index.ts'
import { drawsFrom } from '#tests/kit/draws.ts'
import { NOW, openIn, seededSigner, temporaryFolder } from '#tests/unit/ledger/world.ts'
import { expectWholeBackups } from './backups.ts'
import { featuresOf, KILL_POINTS, POINTS_OF_OPENING, type KillPoint, type Workload } from './workload.ts'

const CYCLES = Number(process.env['STEWARD_KILL_CYCLES'] ?? 100)
const SEED = Number(process.env['STEWARD_KILL_SEED'] ?? Date.now() % 1_000_000)
const WORKLOAD = join(import.meta.dirname, 'workload.ts')
/** One ledger lives through so many kills, so that what a kill left is what the next one meets. */
const CYCLES_PER_LEDGER = 10

test(`${CYCLES} times killed, nothing acknowledged is lost`, { timeout: 60_000 + CYCLES * 3000 }, async () => {
  console.log(`kill test: STEWARD_KILL_SEED=${SEED} STEWARD_KILL_CYCLES=${CYCLES}`)
  using cache = compileCache()
  const started = performance.now()
  const ledgers = Array.from({ length: Math.ceil(CYCLES / CYCLES_PER_LEDGER) }, (_, index) => index)
  const seen = new Map<string, number>()
  const lanes = Array.from({ length: Math.min(availableParallelism(), ledgers.length) }, async () => {
    for (let index = ledgers.shift(); index !== undefined; index = ledgers.shift()) {
      const cycles = Math.min(CYCLES_PER_LEDGER, CYCLES - index * CYCLES_PER_LEDGER)
      const saw = (what: string) => void seen.set(what, (seen.get(what) ?? 0) + 1)
      await liveThrough({ first: index * CYCLES_PER_LEDGER, cycles }, drawsFrom(SEED + index), cache.path, saw)
    }
  })
  await Promise.all(lanes)
  const rate = CYCLES / ((performance.now() - started) / 1000)
  console.log(`${rate.toFixed(1)} cycles a second; ${[...seen].map(([what, count]) => `${what} ${count}`).join(', ')}`)
  // A kill test that never kills where it matters proves nothing.
  const mustBeSeen = CYCLES < 100 ? [] : [...KILL_POINTS, 'while-opening', 'while-signing']
  expect([...seen.keys()]).toEqual(expect.arrayContaining(mustBeSeen))
})

async function liveThrough(
  { first, cycles }: { readonly first: number; readonly cycles: number },
  random: () => number,
  cachePath: string,
  saw: (what: string) => void,
): Promise<void> {
  using folder = temporaryFolder()
  const promised = new Set<ReceiptId>()
  let version = 0
  for (let cycle = 0; cycle < cycles; cycle++) {
    const plan = planOf(random, first + cycle)
    if (plan.isOpening || isOfOpening(plan.point)) version++
    const said = await runAndKill(
      { folder: folder.path, version, point: plan.point, patience: plan.patience },
      plan,
      cachePath,
    )
    const isPassed = said.includes('opened') && isOfOpening(plan.point)
    saw(plan.point !== null && !isPassed ? plan.point : said.includes('opened') ? 'while-signing' : 'while-opening')
    for (const word of said) if (word.startsWith('sha256:')) promised.add(ReceiptId.parse(word))
    await examine(folder.path, version, promised)
  }
}

function isOfOpening(point: KillPoint | null): boolean {
  return point !== null && POINTS_OF_OPENING.includes(point)
}

/** Compiling the sources is most of a short life. A process that is killed leaves nothing for the next, so one may end in peace. */
function compileCache(): { readonly path: string } & Disposable {
  const folder = temporaryFolder()
  execFileSync(process.execPath, ['--input-type=module', '-e', `await import(${JSON.stringify(WORKLOAD)})`], {
    env: { ...process.env, NODE_COMPILE_CACHE: folder.path },
  })
  return folder
}

interface Plan {
  readonly point: KillPoint | null
  readonly isOpening: boolean
  readonly patience: number
  readonly delayMs: number
}

/** Each second time at a named point, which take turns, so that few cycles reach them all; otherwise at a random moment. */
function planOf(random: () => number, cycle: number): Plan {
  const patience = Math.floor(random() * 8)
  const isOpening = random() < 0.4
  const point = KILL_POINTS[Math.floor(cycle / 2) % KILL_POINTS.length] ?? null
  if (cycle % 2 === 1) return { point, isOpening: false, patience, delayMs: 0 }
  return { point: null, isOpening, patience, delayMs: random() * (isOpening ? 12 : 25) }
}

/** Answers every whole word that the process said before it died. */
function runAndKill(workload: Workload, plan: Plan, cachePath: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WORKLOAD, JSON.stringify(workload)], {
      env: { ...process.env, NODE_COMPILE_CACHE: cachePath },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    let isKilling = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      // A new ledger is opened without a backup, say: such a point is then passed for good.
      const isPassed = said.includes('opened\n') && isOfOpening(plan.point)
      const isDue = said.includes(plan.isOpening ? 'opening\n' : 'opened\n')
      if (isKilling || (plan.point === null ? !isDue : !isPassed)) return
      isKilling = true
      setTimeout(() => child.kill('SIGKILL'), plan.delayMs)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(said.split('\n').slice(0, -1))
      else reject(new Error(`The workload ended by itself (code ${code}, signal ${signal}) after: ${said.slice(-200)}`))
    })
  })
}

async function examine(folder: string, version: number, promised: ReadonlySet<ReceiptId>): Promise<void> {
  const features = featuresOf(version)
  const ledger = openIn(folder, { features })
  try {
    const kept = knownIds(ledger.read, [...promised])
    expect([...promised].filter((id) => !kept.has(id))).toEqual([])
    expect(counters(ledger.read).receipts).toBeGreaterThanOrEqual(promised.size)
    const nodeKey = nodeKeyOf(ledger.read, seededSigner('ada').node)
    if (nodeKey !== null) expect(forkSeqOf(ledger.read, nodeKey)).toBeNull()
    expect((await doctor(ledger, features, NOW)).filter((check) => !check.ok)).toEqual([])
  } finally {
    ledger.close()
  }
  expectWholeBackups(folder)
}
