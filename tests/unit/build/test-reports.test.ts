import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { countReport, failedTests, mayRunAgain, secondReport } from '../../../build/test-reports.ts'

const result = (name: string, ...statuses: readonly string[]) => ({
  name,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  message: '',
  assertionResults: statuses.map((status, at) => ({
    status,
    title: `test ${at}`,
    failureMessages: status === 'failed' ? ['it broke'] : [],
  })),
})

function reported(...files: readonly unknown[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-reports-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'vitest.json')
  writeFileSync(file, JSON.stringify({ testResults: files }))
  return file
}

test('tests are counted as their runner reports them, and a file that broke before its first test is a failure', () => {
  const broke = { name: 'c', status: 'failed', message: 'no such module', assertionResults: [] }
  const file = reported(result('a', 'passed', 'failed', 'skipped'), result('b', 'passed'), broke)
  expect(countReport(file)).toMatchObject({ passed: 2, failed: 2, skipped: 1 })
  expect(failedTests(file)).toEqual([
    { file: 'a', name: 'test 1', message: 'it broke' },
    { file: 'c', name: 'the file itself', message: 'no such module' },
  ])
})

test('what a file said the second time stands for it, and for no other', () => {
  const file = reported(result('a', 'passed', 'failed'), result('b', 'failed'))
  writeFileSync(secondReport(file), JSON.stringify({ testResults: [result('a', 'passed', 'passed')] }))
  expect(countReport(file)).toMatchObject({ passed: 2, failed: 1, skipped: 0 })
  expect(failedTests(file).map(({ file: name }) => name)).toEqual(['b'])
})

test.each([
  ['tests/unit/hosts/core-thread.test.ts', 'Test timed out in 5000ms.', true],
  ['tests/interop/runtimes.test.ts', 'spawn failed', true],
  ['tests/unit/kit/draws.test.ts', 'Property failed after 3 tests', false],
  ['tests/property/ledger/order.test.ts', 'expected 1 to be 2', false],
  ['tests/simulation/simulation.test.ts', 'expected 1 to be 2', false],
  ['tests/kill/host.test.ts', 'receipt 7 was acknowledged and is lost', false],
  ['tests/kill/ledger.test.ts', 'Test timed out in 5000ms.', false],
])('what a search found is never asked a second time: %s, %s', (file, message, may) => {
  expect(mayRunAgain({ file: join('/steward', file), name: 'a test', message })).toBe(may)
  expect(mayRunAgain({ file, name: 'a test', message })).toBe(may)
})

test('a runner that left no report has failed', () => {
  expect(countReport('nowhere/vitest.json')).toMatchObject({ passed: 0, failed: 1, skipped: 0 })
})
