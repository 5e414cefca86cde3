// How many branches of core the tests take, by module: prints the table, and fails where a module has less than is asked of it.
// `--missing MODULE` lists the branches of a module that no test takes. The figures come from the last run of vitest with --coverage.
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import * as z from 'zod'
import { REPORTS } from './test-reports.ts'

/** Percent of branches. What everything else stands on is tested whole. */
const ASKED: Readonly<Record<string, number>> = { 'core/receipts': 100, 'core/ledger': 100 }
const ASKED_ELSEWHERE = 90

const ROOT = join(import.meta.dirname, '..')
const Place = z.object({ start: z.object({ line: z.number().nullish(), column: z.number().nullish() }) })
const Report = z.record(
  z.string(),
  z.object({
    branchMap: z.record(z.string(), z.object({ type: z.string(), loc: Place, locations: z.array(Place) })),
    b: z.record(z.string(), z.array(z.number())),
  }),
)

interface Branch {
  readonly file: string
  readonly line: number
  readonly type: string
  readonly taken: boolean
}

interface ModuleCoverage {
  readonly module: string
  readonly branches: readonly Branch[]
  readonly taken: number
  readonly percent: number
  readonly asked: number
}

if (!existsSync(REPORTS.coverage)) throw new Error(`${REPORTS.coverage} is missing: run vitest with --coverage first.`)
const modules = coverageByModule(Report.parse(JSON.parse(readFileSync(REPORTS.coverage, 'utf8'))))
const [option, wished] = process.argv.slice(2)

if (option === '--missing') printMissing(modules.find(({ module }) => module === wished))
else printTable(modules)

function coverageByModule(report: z.infer<typeof Report>): readonly ModuleCoverage[] {
  const branches = Object.entries(report).flatMap(([path, { branchMap, b }]) => {
    const file = relative(ROOT, path).split(sep).join('/')
    return Object.entries(branchMap).flatMap(([id, { type, loc, locations }]) =>
      (b[id] ?? []).map((count, index): Branch => ({
        file,
        type,
        line: locations[index]?.start.line ?? loc.start.line ?? 0,
        taken: count > 0,
      })),
    )
  })
  return [...Map.groupBy(branches, ({ file }) => file.split('/').slice(0, 2).join('/'))]
    .map(([module, own]): ModuleCoverage => {
      const taken = own.filter((branch) => branch.taken).length
      const percent = (100 * taken) / own.length
      return { module, branches: own, taken, percent, asked: ASKED[module] ?? ASKED_ELSEWHERE }
    })
    .toSorted((a, b) => (a.module < b.module ? -1 : 1))
}

function printTable(all: readonly ModuleCoverage[]): void {
  console.log(row('module', 'branches', 'taken', '%', 'asked'))
  for (const { module, branches, taken, percent, asked } of all) {
    const remark = percent < asked ? `  below ${asked}` : ''
    console.log(row(module, String(branches.length), String(taken), floored(percent), String(asked)) + remark)
  }
  const lacking = all.filter(({ percent, asked }) => percent < asked)
  for (const { module } of lacking) console.log(`What ${module} lacks: node build/coverage.ts --missing ${module}`)
  process.exitCode = lacking.length > 0 ? 1 : 0
}

function row(module: string, ...figures: readonly string[]): string {
  return module.padEnd(20) + figures.map((figure) => figure.padStart(10)).join('')
}

/** Rounded down, so that 100 means all. */
function floored(percent: number): string {
  return (Math.floor(percent * 10) / 10).toFixed(1)
}

function printMissing(found: ModuleCoverage | undefined): void {
  if (found === undefined)
    throw new Error(`No such module; there are ${modules.map(({ module }) => module).join(', ')}.`)
  for (const { file, line, type } of found.branches.filter(({ taken }) => !taken))
    console.log(`${file}:${line} ${type}`)
}
