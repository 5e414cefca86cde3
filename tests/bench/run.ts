// `npm run bench [-- row …] [--smoke] [--receipts 100000]`: measures, prints a table, writes JSON, fails where a gate is missed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { buildApp } from '#core/hosts/launcher/index.ts'
import { holds, NOISY_SPREAD, type Figure } from './measure.ts'
import type { Row, Scale } from './row.ts'
import { rows } from './rows/index.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    smoke: { type: 'boolean', default: false },
    receipts: { type: 'string' },
    conflicts: { type: 'string' },
    pairs: { type: 'string' },
  },
})
const scale: Scale = {
  receipts: Number(values.receipts ?? (values.smoke ? 1_000 : 100_000)),
  conflicts: Number(values.conflicts ?? (values.smoke ? 500 : 100_000)),
  pairs: Number(values.pairs ?? (values.smoke ? 1 : 5)),
  smoke: values.smoke,
}
const unknown = positionals.filter((name) => !rows.some((row) => row.name === name))
if (unknown.length > 0) {
  console.error(`No such row: ${unknown.join(', ')}. There are: ${rows.map((row) => row.name).join(', ')}.`)
  process.exit(2)
}

interface Result {
  readonly row: string
  readonly figures: readonly Figure[]
  readonly verdict: 'held' | 'missed' | 'noisy' | 'not measured' | 'ran'
  readonly note: string | null
}

async function measure(row: Row): Promise<Result> {
  const cannot = row.cannot?.(scale) ?? null
  if (cannot !== null) return { row: row.name, figures: [], verdict: 'not measured', note: cannot }
  const first = await row.run(scale)
  if (scale.smoke) return { row: row.name, figures: first, verdict: 'ran', note: 'Too small to judge.' }
  if (first.every(holds)) return { row: row.name, figures: first, verdict: 'held', note: null }
  const noisy = first.some((figure) => !holds(figure) && figure.spread > NOISY_SPREAD)
  if (!noisy) return { row: row.name, figures: first, verdict: 'missed', note: null }
  const second = await row.run(scale)
  const verdict = second.every(holds) ? 'noisy' : 'missed'
  return { row: row.name, figures: second, verdict, note: 'The first run was noisy, so it was run again.' }
}

const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${release()}, Node ${process.versions.node}`
console.log(machine)
console.log(
  `${scale.receipts} receipts, ${scale.conflicts} conflicts, ${scale.pairs} pairs${scale.smoke ? ', smoke: nothing is judged' : ''}\n`,
)

// What is measured is the app as a steward runs it: built.
await buildApp((line) => console.log(line))

const results: Result[] = []
for (const row of rows.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const result = await measure(row)
  results.push(result)
  print(result)
}

mkdirSync('bench-results', { recursive: true })
const file = `bench-results/${new Date().toISOString().replaceAll(':', '')}.json`
writeFileSync(file, `${JSON.stringify({ machine, scale, results }, null, 2)}\n`)
console.log(`\n${file}`)
process.exitCode = results.some((result) => result.verdict === 'missed') ? 1 : 0

function print({ row, figures, verdict, note }: Result): void {
  console.log(`${row}: ${verdict}${note === null ? '' : ` (${note})`}`)
  for (const figure of figures) {
    const beside =
      figure.limit === null ? '' : `, beside ${round(figure.limit)} (${figure.limitIs}): ${round(figure.value)}x`
    console.log(
      `  ${holds(figure) ? ' ' : '!'} ${figure.what}: ${round(figure.ours)} ${figure.unit}${beside}${gateText(figure)}`,
    )
  }
}

function gateText({ gate, limit, spread, unit }: Figure): string {
  const spreadText = spread > 1.005 ? `, spread ${round(spread)}` : ''
  if (gate === null) return spreadText
  const [sign, value] = 'atLeast' in gate ? ['>=', gate.atLeast] : ['<=', gate.atMost]
  return `${spreadText}, gate ${sign} ${value}${limit === null ? ` ${unit}` : 'x'}`
}

function round(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}
