// Run by durability.test.ts under strace: commits receipts one by one and says so after each.
import { writeSync } from 'node:fs'
import { append } from '#core/ledger/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { FROM_FOLDER, nextReceipt, NOW, openIn, seededSigner } from './world.ts'

const [folder, commits] = process.argv.slice(2)
const ledger = openIn(folder!)
const signer = seededSigner('ada')
let last: VerifiedReceipt | null = null
for (let index = 0; index < Number(commits); index++) {
  const receipt: VerifiedReceipt = nextReceipt(signer, last)
  ledger.write(NOW, (tx) => append(tx, receipt, FROM_FOLDER))
  last = receipt
  writeSync(1, `committed ${index + 1}\n`)
}
ledger.close()
