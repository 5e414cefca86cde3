// `npm run mutants [-- name …]`: do the tests bite? Each deliberate fault goes into a copy of the source, and the test that is named
// beside it must fail there. Exit code 1 where one survives. Takes minutes: for the night, not for every change.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { mutants, type Mutant } from './mutants.ts'
import { mutated } from './mutated.ts'
import { copySource } from './source-copy.ts'

const TEST_MS = 60_000
const RUN_MS = 240_000

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), title: z.string() })),
    }),
  ),
})
type FileResult = z.infer<typeof Report>['testResults'][number]

type Verdict =
  | { readonly is: 'caught'; readonly by: string }
  | { readonly is: 'survived' }
  /** It says nothing about the test: the text is gone, the test fails without any fault, or did not come to an end. */
  | { readonly is: 'unclear'; readonly why: string }

const root = join(import.meta.dirname, '../..')
const asked = process.argv.slice(2)
const chosen = mutants.filter(({ name }) => asked.length === 0 || asked.includes(name))
const startedMs = Date.now()

using copy = copySource(root)
const sound = soundTests()
const verdicts = chosen.map((mutant): Verdict => {
  const verdict = judge(mutant)
  console.log(line(mutant, verdict))
  return verdict
})

const caught = verdicts.filter(({ is }) => is === 'caught').length
console.log(`\nTook ${Math.round((Date.now() - startedMs) / 1000)} s.`)
console.log(`${caught} caught, ${verdicts.length - caught} survived`)
process.exitCode = caught === verdicts.length && caught > 0 ? 0 : 1

/** The named tests that pass while nothing is wrong: only these can tell something. */
function soundTests(): ReadonlySet<string> {
  const tests = [...new Set(chosen.map(({ test }) => test))]
  const results = run(tests) ?? []
  return new Set(
    tests.filter((test) => {
      const result = results.find(({ name }) => name.endsWith(test))
      return result?.status === 'passed' && result.assertionResults.length > 0
    }),
  )
}

function judge(mutant: Mutant): Verdict {
  if (!sound.has(mutant.test)) return { is: 'unclear', why: `${mutant.test} does not pass without it` }
  const text = mutated(copy.path, mutant)
  if (text === null) return { is: 'unclear', why: 'the text to be replaced is not there exactly once' }
  const file = join(copy.path, mutant.file)
  const original = readFileSync(file)
  writeFileSync(file, text)
  try {
    const results = run([mutant.test])
    if (results === null) return { is: 'unclear', why: 'the test came to no end' }
    const failed = results.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === 'failed')
    if (failed !== undefined) return { is: 'caught', by: failed.title }
    // A file that does not even load says nothing about what its tests see.
    return results.every(({ status }) => status === 'passed')
      ? { is: 'survived' }
      : { is: 'unclear', why: 'the test file does not load' }
  } finally {
    writeFileSync(file, original)
  }
}

/** What the tests say in the copy as it is now; null where they did not end in time. */
function run(tests: readonly string[]): readonly FileResult[] | null {
  const report = join(copy.path, '.mutants.json')
  rmSync(report, { force: true })
  const { error } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...tests,
      `--testTimeout=${TEST_MS}`,
      '--reporter=json',
      `--outputFile=${report}`,
      ...(tests.length === 1 ? ['--bail=1'] : []),
    ],
    { cwd: copy.path, stdio: 'ignore', timeout: RUN_MS * Math.max(1, tests.length / 4) },
  )
  if (error !== undefined) return null
  return Report.parse(JSON.parse(readFileSync(report, 'utf8'))).testResults
}

function line({ name, file, test, loss }: Mutant, verdict: Verdict): string {
  const where = `${name.padEnd(42)} ${file.replace('core/', '').padEnd(34)}`
  switch (verdict.is) {
    case 'caught':
      return `caught    ${where} ${verdict.by}`
    case 'survived':
      return `SURVIVED  ${where} ${test} sees nothing. ${loss}`
    case 'unclear':
      return `UNCLEAR   ${where} ${verdict.why}`
  }
}
