// What is signed here verifies elsewhere: a second implementation, in another language, over the same bytes.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { createTree, signHead } from '#core/receipts/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { next, NOON, signerNamed, vectors } from '#tests/unit/receipts/feeds.ts'

// Debian keeps PyNaCl (python3-nacl) with its own interpreter; elsewhere the one in the path may have it.
const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import nacl.signing']).status === 0,
)
const missing = 'PyNaCl is not installed (Debian: python3-nacl), so nothing was checked by a second implementation.'

const Found = z.object({
  receipts: z.array(z.object({ id: z.string(), leaf: z.string() })),
  root: z.string(),
  head: z.object({ size: z.number(), root: z.string(), id: z.string() }),
})

function checkedInPython(lines: readonly string[], head: string): z.infer<typeof Found> {
  const script = fileURLToPath(new URL('check_receipt.py', import.meta.url))
  const run = spawnSync(python ?? '', [script], { input: JSON.stringify({ lines, head }), encoding: 'utf8' })
  expect(run.stderr).toBe('')
  return Found.parse(JSON.parse(run.stdout))
}

test('receipts signed now have the same ids, leaves and root in Python, and their signatures hold there', (context) => {
  if (python === undefined) context.skip(missing)
  const ada = signerNamed('ada')
  const receipts: VerifiedReceipt[] = []
  const bodies = [
    { a: 1 },
    { text: 'Größe 😂 \u0007 "\\' },
    { '\ufb33': [0.5, -7], '\u{1f602}': null },
    { sig: 'x' },
    {},
  ]
  for (const body of bodies) receipts.push(next(ada, receipts.at(-1) ?? null, { body }))
  const tree = createTree()
  for (const { leaf } of receipts) tree.append(leaf)
  const newest = receipts.at(-1)?.id ?? ('' as never)
  const head = signHead({ seq: receipts.length, id: newest, root: tree.root(), time: NOON }, ada)

  const root = Buffer.from(tree.root()).toString('hex')
  expect(
    checkedInPython(
      receipts.map(({ line }) => line),
      head,
    ),
  ).toEqual({
    receipts: receipts.map(({ id, leaf }) => ({ id, leaf: Buffer.from(leaf).toString('hex') })),
    root,
    head: { size: receipts.length, root, id: newest },
  })
})

test('the frozen receipts hold there as well', (context) => {
  if (python === undefined) context.skip(missing)
  const Frozen = z.object({
    root: z.string(),
    head: z.string(),
    receipts: z.array(z.object({ id: z.string(), leaf: z.string(), line: z.string() })),
  })
  const frozen = Frozen.parse(vectors('receipts.json'))
  const found = checkedInPython(
    frozen.receipts.map(({ line }) => line),
    frozen.head,
  )
  expect(found.receipts).toEqual(frozen.receipts.map(({ id, leaf }) => ({ id, leaf })))
  expect(found.root).toBe(frozen.root)
  expect(found.head).toMatchObject({ size: 20, root: frozen.root })
})
