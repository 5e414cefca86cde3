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

export interface TestCount {
  readonly file: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()),
})

/** A report that is missing or unreadable is one failure: a runner that said nothing has not passed. */
export function countReport(file: string): TestCount {
  const report: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
  const vitest = VitestReport.safeParse(report)
  if (vitest.success) {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = vitest.data
    const filesThatBroke = testResults.filter(
      (result) => result.status === 'failed' && result.assertionResults.length === 0,
    ).length
    return { file, passed: numPassedTests, failed: numFailedTests + filesThatBroke, skipped: numPendingTests }
  }
  const playwright = PlaywrightReport.safeParse(report)
  if (playwright.success) {
    const { stats, errors } = playwright.data
    // A test that only passed when tried again is not called passed.
    return {
      file,
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky + errors.length,
      skipped: stats.skipped,
    }
  }
  return { file, passed: 0, failed: 1, skipped: 0 }
}
