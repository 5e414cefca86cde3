import { expect, test } from 'vitest'
import * as z from 'zod'
import { createTree, createVerifier, parseHead, parseSeen, verifyHead, verifySeen } from '#core/receipts/index.ts'
import { bytesOf, judge, judgedSegment, valueOf, vectors } from './feeds.ts'

const Frozen = z.object({
  node: z.string(),
  root: z.string(),
  head: z.string(),
  seen: z.string(),
  receipts: z.array(z.object({ id: z.string(), leaf: z.string(), line: z.string() })).length(20),
})
const frozen = Frozen.parse(vectors('receipts.json'))
const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => false })

test('twenty receipts signed long ago are still valid, under the same ids', () => {
  for (const { id, leaf, line } of frozen.receipts) {
    const candidate = valueOf(judge(line))
    expect(candidate.id).toBe(id)
    expect(Buffer.from(candidate.leaf).toString('hex')).toBe(leaf)
    expect(verifier.verify(candidate, 'fixture').ok).toBe(true)
  }
})

test('they are one feed: each names the one before', () => {
  const bytes = bytesOf(frozen.receipts.map(({ line }) => `${line}\n`).join(''))
  const { complete, lines } = judgedSegment(bytes, { first: 1, last: 20 })
  expect(complete).toBe(true)
  expect(lines.map((line) => valueOf(line).receipt.prev)).toEqual([
    null,
    ...frozen.receipts.slice(0, -1).map(({ id }) => id),
  ])
})

test('their tree has the frozen root, and the head that was signed over it holds', () => {
  const tree = createTree()
  for (const { line } of frozen.receipts) tree.append(valueOf(judge(line)).leaf)
  expect(Buffer.from(tree.root()).toString('hex')).toBe(frozen.root)

  const head = valueOf(parseHead(bytesOf(frozen.head)))
  expect(verifyHead(head)).toMatchObject({ ok: true })
  expect(head).toMatchObject({ node: frozen.node, seq: 20, id: frozen.receipts[19]?.id })
  expect(Buffer.from(head.root).toString('hex')).toBe(frozen.root)
})

test('the frozen statement of what its node holds is still valid', () => {
  const seen = valueOf(parseSeen(bytesOf(frozen.seen)))
  expect(verifySeen(seen).ok).toBe(true)
  expect(seen.rows.map(({ seq }) => seq)).toEqual([3, 20])
})
