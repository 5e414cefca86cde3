// A proof is what somebody sends: whatever it holds, it is judged and never thrown, and nothing but what was exported holds.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkProof, parseProof, proofText, PROOF_FORMAT, sealProof, type Proof } from '#core/proof/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { publicKeyFromNodeId } from '#core/receipts/index.ts'

const ada = new TestNode('ada')
const receipt = ada.observe('a.json', { value: 1, text: 'Größe' })
const good: Proof = sealProof({
  format: PROOF_FORMAT,
  made: '2026-11-21T12:00:00.000Z',
  conflict: null,
  receipts: [
    {
      role: 'receipt',
      id: receipt.id,
      publicKey: Buffer.from(publicKeyFromNodeId(ada.id) ?? []).toString('base64'),
      line: receipt.line,
      inclusion: null,
      head: null,
    },
  ],
  stated: null,
  byHand: [],
})

test('a proof is read back as it was written', () => {
  expect(parseProof(proofText(good))).toEqual(good)
  expect(checkProof(good).holds).toBe(true)
})

test('any text is no proof, and any JSON in its place is judged', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseProof(text)).toBe(null)
    }),
    { numRuns: 1_000 },
  )
  expect(parseProof(JSON.stringify({ ...good, made: '\ud800' }))).toBe(null)
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(good)), fc.json({ maxDepth: 3 }), (member, json) => {
      const other: unknown = JSON.parse(json)
      const proof = parseProof(JSON.stringify({ ...good, [member]: other }))
      expect(proof !== null && checkProof(proof).holds && JSON.stringify(proof) !== JSON.stringify(good)).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

test('a changed member of a receipt does not hold, also with the checksum made anew', () => {
  const [proved] = good.receipts
  if (proved === undefined) throw new Error('it proves one')
  const text = fc.oneof(
    fc.string(),
    fc.nat(proved.line.length - 1).map((at) => proved.line.slice(0, at) + proved.line.slice(at + 1)),
  )
  fc.assert(
    fc.property(fc.constantFrom('id', 'publicKey', 'line'), text, (member, value) => {
      const changed = { ...proved, [member]: value }
      expect(checkProof(sealProof({ ...good, receipts: [changed] })).holds).toBe(false)
    }),
    { numRuns: 1_000 },
  )
  fc.assert(
    fc.property(fc.nat(20), fc.nat(20), fc.array(fc.base64String(), { maxLength: 5 }), (index, size, path) => {
      const inclusion = { index, size, leaf: path[0] ?? '', root: path[1] ?? '', path }
      expect(checkProof(sealProof({ ...good, receipts: [{ ...proved, inclusion, head: 'x\n\ny' }] })).holds).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})
