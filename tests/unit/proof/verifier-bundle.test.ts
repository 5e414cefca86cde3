import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packVerifier } from '../../../build/make-proof-verifier.ts'

test('the verifier inside exported pages is what its sources give (node build/make-proof-verifier.ts)', async () => {
  expect(readFileSync('core/proof/verifier.json', 'utf8')).toBe(await packVerifier())
})
