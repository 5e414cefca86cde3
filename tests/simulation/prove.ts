// `npm run prove`: searches for a run in which a promise is broken, or plays one again.
//   --minutes M [--processes 2]   searches, each run with a seed of its own that begins with --from
//   --seed S                      plays this one run, twice
//   --known                       plays every run that ever failed (seeds.json, found/)
//   --plan FILE                   plays a plan that a failure printed
//   --broken NAME                 with a core that is broken on purpose: something must be found
import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { breakCore } from './broken-builds.ts'
import { parseWish, type ProveWish } from './machinery/arguments.ts'
import type { Plan } from './machinery/plan.ts'
import type { Searched } from './machinery/search.ts'
import { neverSeen } from './rare-paths.ts'

const SHORTEN_MS = 120_000

const wish = parseWish(process.argv.slice(2))
process.exitCode = wish.processes > 1 ? await inProcesses(wish) : await here(wish)

async function here({ broken, report }: ProveWish): Promise<number> {
  const only = wish.only ?? (broken === null ? undefined : breakCore(broken).only)
  // Only now: what is broken on purpose is broken while it is loaded.
  const { search } = await import('./machinery/search.ts')
  const searched = await search(await plansFor({ ...wish, only }), wish.known ? Infinity : wish.minutes)
  if (report !== null) writeFileSync(report, JSON.stringify(searched))
  await tell(searched)
  const missed = isWholeSearch(wish) ? neverSeen(searched.virtualHours, searched.seen) : []
  if (missed.length > 0) console.log(`\nNever seen, so this search shows less than it should: ${missed.join(', ')}`)
  return searched.finding === null && missed.length === 0 ? 0 : 1
}

/** Whatever can happen may happen in it. */
function isWholeSearch({ broken, known, plan, seed, only }: ProveWish): boolean {
  return broken === null && !known && plan === null && seed === null && only === undefined
}

async function plansFor(asked: ProveWish): Promise<Iterable<Plan>> {
  const { knownPlans, planIn } = await import('./machinery/known-plans.ts')
  if (asked.plan !== null) return [planIn(asked.plan)]
  if (asked.known) return knownPlans()
  return (await import('./machinery/search.ts')).plansOf(asked)
}

async function tell(searched: Searched): Promise<void> {
  const { finding, runs, virtualHours, events, seconds, seen } = searched
  // Each run was played twice.
  const perMinute = (2 * virtualHours) / (seconds / 60)
  console.log(
    `${runs} runs from ${wish.seed ?? wish.from}: ${virtualHours.toFixed(1)} virtual hours, ${events} events in ${seconds.toFixed(0)} s (${perMinute.toFixed(0)} virtual hours a minute, log ${searched.log}).`,
  )
  const paths = Object.entries(seen).sort(([one], [other]) => (one < other ? -1 : 1))
  console.log(`Seen: ${paths.map(([path, count]) => `${path} ${count}`).join(', ')}`)
  if (finding === null) return
  const { shorten } = await import('./machinery/try-plan.ts')
  const { violation } = finding
  console.log(`\nBROKEN ${violation.invariant}: ${violation.message}`)
  console.log(`seed ${finding.plan.seed}, commit ${commit()}`)
  console.log(finding.tail.join('\n'))
  if (violation.invariant === 'one-story' || wish.brief) return
  const shortest = await shorten(finding, performance.now() + SHORTEN_MS)
  console.log(`\nIt takes ${shortest.plan.happenings.length} of ${finding.plan.happenings.length} happenings:`)
  console.log(JSON.stringify(shortest.plan))
  console.log(`${shortest.violation.invariant}: ${shortest.violation.message}`)
  console.log(`Again: npm run prove -- --seed ${finding.plan.seed}${asAsked(wish)}`)
}

/** What a plan was drawn with besides its seed, as it is asked for. */
function asAsked({ hours, machines, only, broken }: ProveWish): string {
  const asked = { hours, machines, only: only?.join(','), broken: broken ?? undefined }
  return Object.entries(asked)
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${value}`))
    .join('')
}

/** A search in several processes, each with seeds of its own. */
async function inProcesses({ processes, from }: ProveWish): Promise<number> {
  const args = process.argv
    .slice(2)
    .filter(
      (arg, at, all) =>
        !['--processes', '--from'].includes(arg) && !['--processes', '--from'].includes(all[at - 1] ?? ''),
    )
  const codes = await Promise.all(
    Array.from({ length: processes }, (_, number) => {
      const child = spawn(process.execPath, [import.meta.filename, ...args, '--from', `${from}-${number}`], {
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      return new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
    }),
  )
  return Math.max(...codes)
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
