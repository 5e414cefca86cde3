// Run by folder-adapter.test.ts under strace: writes files one after the other and says so after each.
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { nodeFolderAdapter } from '#core/exchange/index.ts'

const [folder = '', count] = process.argv.slice(2)
const files = nodeFolderAdapter()
for (let index = 0; index < Number(count); index++) {
  await files.write(join(folder, `${index}.jsonl`), Buffer.from(`line ${index}\n`))
  writeSync(1, `written ${index}\n`)
}
const both = ['segment.jsonl', 'head.jsonl'].map((name) => ({ path: join(folder, name), bytes: Buffer.from(name) }))
await files.writeInOrder(both)
writeSync(1, 'written both\n')
