// What the test runners' own JSON reports say, so that nobody has to believe a printed line.
import { existsSync, readFileSync } from 'node:fs'
import * as z from 'zod'

export const REPORTS = {
  folder: '.cache/reports',
  vitest: '.cache/reports/vitest.json',
  coverage: '.cache/reports/coverage/coverage-final.json',
  playwright: '.cache/reports/playwright.json',
  fuzz: '.cache/reports/fuzz.json',
}

/** Where the report of those files stands that were run a second time. */
export function secondReport(file: string): string {
  return file.replace(/\.json$/, '-again.json')
}

export interface TestCount {
  readonly file: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const VitestFile = z.object({
  name: z.string().default(''),
  status: z.string(),
  message: z.string().default(''),
  assertionResults: z.array(
    z.object({ status: z.string(), title: z.string(), failureMessages: z.array(z.string()).nullish() }),
  ),
})
type VitestFile = z.infer<typeof VitestFile>

const VitestReport = z.object({ testResults: z.array(VitestFile) })

const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()),
})

export interface FailedTest {
  readonly file: string
  readonly name: string
  readonly message: string
}

/** What failed in a report of vitest, with the words of the runner; nothing where there is no such report. */
export function failedTests(file: string): FailedTest[] {
  return (vitestFiles(file) ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => ({ file: name, name: test.title, message: (test.failureMessages ?? []).join('\n') }))
    return status === 'failed' && failed.length === 0 ? [{ file: name, name: 'the file itself', message }] : failed
  })
}

/**
 * Whether a failure may come of a machine that was busy: what waits for disks, threads and children. What was searched for and found
 * stays found, whatever the next draw says: a lost receipt of a kill most of all.
 */
export function mayRunAgain({ file, message }: FailedTest): boolean {
  return !/(^|[\\/])tests[\\/](property|simulation|kill)[\\/]/.test(file) && !message.includes('Property failed')
}

/** A report that is missing or unreadable is one failure: a runner that said nothing has not passed. */
export function countReport(file: string): TestCount {
  const files = vitestFiles(file)
  if (files !== null) {
    const statuses = files.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status))
    const passed = statuses.filter((status) => status === 'passed').length
    const failed = statuses.filter((status) => status === 'failed').length
    return { file, passed, failed: failedTests(file).length, skipped: statuses.length - passed - failed }
  }
  const report: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
  const playwright = PlaywrightReport.safeParse(report)
  if (playwright.success) {
    const { stats, errors } = playwright.data
    // A test that passed when it was tried again has passed; the runner tells which those are.
    return {
      file,
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected + errors.length,
      skipped: stats.skipped,
    }
  }
  return { file, passed: 0, failed: 1, skipped: 0 }
}

/** A file that was run again stands for what it said then. */
function vitestFiles(file: string): VitestFile[] | null {
  const first = readVitest(file)
  const again = new Map((readVitest(secondReport(file)) ?? []).map((result) => [result.name, result]))
  return first?.map((result) => again.get(result.name) ?? result) ?? null
}

function readVitest(file: string): VitestFile[] | null {
  const report = VitestReport.safeParse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)
  return report.success ? report.data.testResults : null
}
