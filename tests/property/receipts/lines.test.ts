import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createVerifier, parseLine, parseStoredLine, sha256Id, signedBytes, signReceipt } from '#core/receipts/index.ts'
import { bytesOf, feed, next, signerNamed, valueOf } from '#tests/unit/receipts/feeds.ts'
import { body, damaged, draft, flipBit, instant } from './arbitraries.ts'

const ada = signerNamed('ada')
const verifier = createVerifier({ native: 'sodium', slowChecksAllowed: () => true })

test('whatever may be signed parses to itself, verifies, and is printed as it was', () => {
  fc.assert(
    fc.property(draft, instant, (made, time) => {
      const signed = signReceipt(made, { seq: 1, prev: null, time }, ada)
      const parsed = valueOf(parseLine(bytesOf(signed.line)))
      expect(parsed).toStrictEqual({ ...signed })
      expect(parsed.receipt).toEqual({
        receipt: 'steward/1',
        node: ada.node,
        seq: 1,
        prev: null,
        time,
        sig: parsed.receipt.sig,
        ...made,
      })
      expect(canonicalize(parsed.receipt)).toBe(signed.line)
      expect(sha256Id(signedBytes(parsed))).toBe(signed.id)
      expect(verifier.verify(parsed, 's').ok).toBe(true)
      expect(parseStoredLine(signed.line)).toStrictEqual({ ...signed })
    }),
    { numRuns: 1000 },
  )
})

test('a receipt with any single bit changed is refused', () => {
  const samples = feed(ada, 3).concat(
    next(ada, null, { subject: 'Größe 報告 😂', task: 'pilot', body: { n: [1, 2.5, null] } }),
  )
  // What the native library refuses is refused by noble too; asking it 10,000 times would take half a minute.
  const native = createVerifier({ native: 'sodium', slowChecksAllowed: () => false })
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.nat(), fc.nat(7), (sample, at, bit) => {
      const bytes = bytesOf(sample.line)
      const parsed = parseLine(flipBit(bytes, at % bytes.length, bit))
      expect(parsed.ok && native.verify(parsed.value, 's').ok === true).toBe(false)
    }),
    { numRuns: 10_000 },
  )
})

test('a changed receipt that still parses is refused by the deciding check too', () => {
  const sample = next(ada, null)
  fc.assert(
    fc.property(fc.nat(), fc.nat(7), (at, bit) => {
      const bytes = bytesOf(sample.line)
      const parsed = parseLine(flipBit(bytes, at % bytes.length, bit))
      expect(parsed.ok && verifier.verify(parsed.value, 's').ok !== false).toBe(false)
    }),
    { numRuns: 1000 },
  )
})

test('a line is taken exactly where it is the canonical form of what it says', () => {
  const sample = next(ada, null)
  const spellings = fc
    .tuple(body, fc.constantFrom('canonical', 'plain print', 'with spaces'))
    .map(([value, spelling]) => {
      const receipt = { ...sample.receipt, body: value }
      if (spelling === 'canonical') return canonicalize(receipt) ?? ''
      return spelling === 'with spaces' ? JSON.stringify(receipt, null, 1) : JSON.stringify(receipt)
    })
  fc.assert(
    fc.property(spellings, (line) => {
      expect(parseLine(bytesOf(line)).ok).toBe(canonicalize(JSON.parse(line)) === line)
    }),
    { numRuns: 2000 },
  )
})

test('whatever is taken, after any damage, is the canonical form of what it says', () => {
  const samples = [...feed(ada, 2), next(ada, null, { body: { '😂': 1, ﬀ: '\u0007', list: [{ a: [] }] } })]
  fc.assert(
    fc.property(damaged(samples.map(({ line }) => bytesOf(line))), (bytes) => {
      const parsed = parseLine(bytes)
      if (!parsed.ok) return
      const text = Buffer.from(bytes).toString()
      expect(parsed.value.line).toBe(text)
      expect(canonicalize(JSON.parse(text))).toBe(text)
    }),
    { numRuns: 10_000 },
  )
})
