import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { membersFit } from '#core/contract/index.ts'

const Tree = z.object({
  name: z.string(),
  note: z.string().nullable(),
  size: z.int().min(0).optional(),
  parts: z.array(z.object({ id: z.string(), marks: z.array(z.enum(['a', 'b'])) })).max(3),
})

const word = fc.oneof(fc.string(), fc.constantFrom('a', 'b', null, undefined, 0, -1, 0.5, true, [], {}))
const part = fc.record({ id: word, marks: fc.oneof(fc.array(word), word) }, { requiredKeys: [] })
const tree = fc.record(
  { name: word, note: word, size: word, parts: fc.oneof(fc.array(part), word) },
  { requiredKeys: [] },
)

test('what a schema takes fits, and where all members fit it finds no fault with any of them', () => {
  const isRight = (value: unknown) => {
    const { success, error } = Tree.safeParse(value)
    if (!membersFit(Tree, value)) return !success
    return (error?.issues ?? []).every(({ code }) => code === 'too_big')
  }
  expect(() => fc.assert(fc.property(fc.oneof(tree, word), isRight), { numRuns: 2_000 })).not.toThrow()
})

test('it ends at the first fault', () => {
  let looked = 0
  const Item = z.unknown().refine(() => (looked += 1) < 2)
  expect(membersFit(z.object({ items: z.array(Item) }), { items: Array.from({ length: 1_000 }) })).toBe(false)
  expect(looked).toBe(2)
})
