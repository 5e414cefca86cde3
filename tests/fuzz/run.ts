// `npm run fuzz -- --minutes M [--seed S] [--only name]`: every decoder on input that means harm. Inputs that broke a promise once are
// played first; the rest of the time is shared by the targets. What is found is kept as a file, and ends this with exit code 1.
import { randomInt } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { REPORTS } from '../../build/test-reports.ts'
import { foundInputs, keepInput } from './found-files.ts'
import type { Finding } from './order.ts'
import { targetNames } from './targets/index.ts'
import { judgeInputs, searchTarget } from './judging.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string' }, only: { type: 'string' } },
})
const seed = Number(values.seed ?? randomInt(2 ** 32))
const chosen = targetNames.filter((name) => values.only === undefined || name === values.only)
if (!Number.isSafeInteger(seed) || !(Number(values.minutes) > 0) || chosen.length === 0) {
  console.error(`npm run fuzz -- --minutes M [--seed S] [--only ${targetNames.join('|')}]`)
  process.exit(2)
}

/** Two targets at a time, each in a process of its own; this one only looks on. */
const LANES = Math.min(2, chosen.length)
const began = Date.now()
const totalMs = Number(values.minutes) * 60_000
const results: { readonly title: string; readonly failure: string | null }[] = []
console.log(`Fuzzing ${chosen.length} decoders for ${values.minutes} minutes, seed ${seed}.`)

const waiting = [...chosen]
await Promise.all(Array.from({ length: LANES }, () => lane()))
writeReport()
const failed = results.filter(({ failure }) => failure !== null).length
console.log(
  `Seed ${seed}: ${results.length - failed} passed, ${failed} failed, ${Math.round((Date.now() - began) / 1_000)} s.`,
)
process.exitCode = failed === 0 ? 0 : 1

async function lane(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    // What is left, shared by those that are left: who ends early leaves the others more.
    const leftMs = began + totalMs - Date.now()
    const shareMs = (leftMs * LANES) / (waiting.length + LANES)
    await replay(name)
    await search(name, Date.now() + Math.max(0, Math.min(shareMs, leftMs)))
  }
}

async function replay(name: string): Promise<void> {
  const inputs = foundInputs(name)
  if (inputs.length === 0) return
  const findings = await judgeInputs(
    name,
    inputs.map(({ bytes }) => bytes),
  )
  for (const [nth, input] of inputs.entries()) {
    const finding = findings.find((each) => each.nth === nth)
    results.push({ title: `found before: ${input.name}`, failure: finding === undefined ? null : finding.what })
    if (finding !== undefined) console.log(`${input.name} ${finding.how} again: ${finding.what}`)
  }
}

async function search(name: string, untilMs: number): Promise<void> {
  const { cases, findings } = await searchTarget(name, seed, untilMs)
  console.log(
    `${name}: ${cases.toLocaleString('en')} cases, ${findings.length === 0 ? 'sound' : `${findings.length} FOUND`}`,
  )
  for (const finding of findings) tell(name, finding)
  const failure = findings.map((finding) => `case ${finding.nth} ${finding.how}: ${finding.what}`).join('\n')
  // No case at all proves nothing.
  results.push({
    title: `fuzz: ${name}`,
    failure: cases === 0 ? 'No case was judged.' : failure === '' ? null : failure,
  })
}

function tell(name: string, finding: Finding): void {
  const file = keepInput(name, finding.bytes)
  const shown = finding.bytes.length <= 2_048 ? `\n  base64: ${Buffer.from(finding.bytes).toString('base64')}` : ''
  console.log(
    `FOUND ${name}, case ${finding.nth} of seed ${seed}, ${finding.bytes.length} bytes, ${finding.how}: ${finding.what}\n  kept as tests/fixtures/found/${file}${shown}`,
  )
}

/** In the form of vitest's own report, so that the same code counts both. */
function writeReport(): void {
  const failures = results.filter(({ failure }) => failure !== null).length
  const report = {
    numPassedTests: results.length - failures,
    numFailedTests: failures,
    numPendingTests: 0,
    seed,
    testResults: [
      {
        status: failures === 0 ? 'passed' : 'failed',
        assertionResults: results.map(({ title, failure }) => ({
          title,
          status: failure === null ? 'passed' : 'failed',
          failureMessages: failure === null ? [] : [failure],
        })),
      },
    ],
  }
  mkdirSync(dirname(REPORTS.fuzz), { recursive: true })
  writeFileSync(REPORTS.fuzz, JSON.stringify(report, null, 2))
}
