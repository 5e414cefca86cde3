// Run under each runtime that SQLite's binding loads in: the same receipts in a real ledger, and everything that two nodes must show
// alike, reports included. Prints every answer under a name.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { fingerprint } from '#core/network/index.ts'
import { reportOf } from '#tests/kit/report.ts'
import { play, steps } from '#tests/kit/story.ts'
import { World } from '#tests/kit/world.ts'

const STORIES = 12
const answers: Record<string, string> = {}

for (const [index, told] of fc.sample(steps(60), { seed: 20_261_121, numRuns: STORIES }).entries()) {
  const { genesis, receipts } = play(told)
  using world = new World().joinNetwork(genesis.id)
  world.deliver(receipts)
  answers[`story ${index} receipts`] = digest(receipts.map(({ id, line }) => `${id} ${line}\n`).join(''))
  answers[`story ${index} fingerprint`] = fingerprint(world.db).fingerprint
  answers[`story ${index} state`] = digest(world.state())
  const { files } = await reportOf(world, { network: genesis.id })
  for (const [name, text] of files) answers[`story ${index} ${name}`] = digest(text)
}
process.stdout.write(`${JSON.stringify(answers, null, 1)}\n`)

function digest(text: string): string {
  return `${text.length} characters, ${createHash('sha256').update(text).digest('hex')}`
}
