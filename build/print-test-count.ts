// Prints `<passed> <failed>` over the reports named as arguments; for .ci/run.
import { countReport } from './test-reports.ts'

const counts = process.argv.slice(2).map(countReport)
const sum = (pick: 'passed' | 'failed') => counts.reduce((total, count) => total + count[pick], 0)
console.log(`${sum('passed')} ${sum('failed')}`)
