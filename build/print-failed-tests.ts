// Prints what failed in the runs of vitest whose reports are named as arguments; for .ci/run, where the end of the output is all that is kept.
import { relative } from 'node:path'
import { failedTests } from './test-reports.ts'

const MESSAGE_LINES = 25

for (const { file, name, message } of process.argv.slice(2).flatMap(failedTests)) {
  console.log(`Failed: ${relative(process.cwd(), file)} › ${name}`)
  console.log(message.split('\n').slice(0, MESSAGE_LINES).join('\n'))
}
