// What a face may send: the input of every procedure, near what its schema asks for, as far as the schema reaches.
import * as z from 'zod'
import { contract } from '#core/contract/index.ts'
import { canonicalText, looseText, mutateTree, treeOf } from '../mutate-json.ts'
import { blownUp, mutateBytes } from '../mutate-bytes.ts'
import type { Random } from '../random.ts'
import { must, mustEqual, type Target } from '../target.ts'
import { ada, newest, textOf } from './samples.ts'

interface Procedure {
  readonly path: string
  readonly input: z.ZodType
  readonly shape: Shape
}

/** What is read of a JSON schema. */
const Shape = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
  maxLength: z.number().optional(),
  maximum: z.number().optional(),
  minimum: z.number().optional(),
  get anyOf() {
    return z.array(Shape).optional()
  },
  get oneOf() {
    return z.array(Shape).optional()
  },
  get items() {
    return Shape.optional()
  },
  get properties() {
    return z.record(z.string(), Shape).optional()
  },
})
type Shape = z.infer<typeof Shape>

/** Where oRPC keeps what a procedure takes. */
const Definition = z.object({ '~orpc': z.object({ inputSchema: z.instanceof(z.ZodType) }) })

export const procedures: readonly Procedure[] = Object.entries(contract).flatMap(([section, group]) =>
  Object.entries(group).map(([name, procedure]) => {
    const input = Definition.parse(procedure)['~orpc'].inputSchema
    const shape = Shape.parse(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }))
    return { path: `${section}/${name}`, input, shape }
  }),
)

/** A value that the schema may take; what no schema says is guessed. */
export function sample(random: Random, shape: Shape, depth = 0): unknown {
  if (shape.const !== undefined) return shape.const
  if (shape.enum !== undefined) return random.pick(shape.enum)
  const choices = shape.anyOf ?? shape.oneOf
  if (choices !== undefined && choices.length > 0) return sample(random, random.pick(choices), depth)
  const type = Array.isArray(shape.type) ? random.pick(shape.type) : shape.type
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties ?? {}).map(([key, member]) => [key, sample(random, member, depth + 1)]),
      )
    case 'array':
      return Array.from({ length: depth > 4 ? 0 : 1 + random.below(2) }, () =>
        sample(random, shape.items ?? {}, depth + 1),
      )
    case 'number':
    case 'integer':
      return random.pick([shape.minimum ?? 0, Math.min(shape.maximum ?? 1, 1), 1])
    case 'boolean':
      return random.oneIn(2)
    case 'null':
      return null
    default:
      return sampleText(random, shape)
  }
}

const TEXTS = [
  ada.id,
  newest.id,
  '2026-11-21T12:00:00.000Z',
  'a text',
  'name',
  'evidence/observed',
  '22:00',
  '/tmp/x',
  'a.json',
  '**/*.json',
  '00000000-0000-4000-8000-000000000000',
  '20261121T120000Z',
  'abandon '.repeat(24).trim(),
  Buffer.from('{"k":[1]}').toString('base64url'),
]

function sampleText(random: Random, { pattern, format }: Shape): string {
  const fits = (text: string) => pattern === undefined || new RegExp(pattern, 'u').test(text)
  if (format === 'uuid') return TEXTS.find((text) => text.includes('-4000-')) ?? ''
  return random.pick([...TEXTS.filter(fits), 'x'])
}

const inputs: Target = {
  name: 'contract',
  make(random) {
    const procedure = random.pick(procedures)
    const tree = treeOf(sample(random, procedure.shape))
    const text = Buffer.from(
      random.oneIn(2) ? canonicalText(mutateTree(random, tree)) : looseText(random, mutateTree(random, tree)),
    )
    // A frame has at most a mebibyte.
    const body = random.oneIn(400)
      ? blownUp(random, text, 1024 * 1024)
      : random.oneIn(10)
        ? mutateBytes(random, text)
        : text
    return Buffer.concat([Buffer.from(`${procedure.path}\n`), body])
  },
  check(bytes) {
    const newline = bytes.indexOf(0x0a)
    const path = textOf(bytes.subarray(0, newline))
    const procedure = procedures.find((each) => each.path === path)
    if (procedure === undefined) return
    let value: unknown
    try {
      value = JSON.parse(textOf(bytes.subarray(newline + 1)))
    } catch {
      return // The frame is judged before its input is.
    }
    const taken = procedure.input.safeParse(value)
    if (!taken.success) return must(taken.error.issues.length > 0, 'an input is refused with what is wrong')
    const again = procedure.input.safeParse(taken.data)
    must(again.success, 'what was taken is taken again')
    mustEqual(again.data, taken.data, 'and stays what it is')
  },
}

export const contractTargets = [inputs]
