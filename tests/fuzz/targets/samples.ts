// Valid things to begin with: a feed of every form that a receipt can have, and receipts that were changed and signed again, so that
// what is wrong with them lies behind the signature.
import { createTree, signHead, type Draft, type Signer, type VerifiedReceipt } from '#core/receipts/index.ts'
import { signerFromSeed, TestNode } from '#tests/kit/nodes.ts'
import { blownUp, mutateBytes } from '../mutate-bytes.ts'
import { canonicalText, looseText, mutateTree, treeOf, type Tree } from '../mutate-json.ts'
import type { Random } from '../random.ts'

export const ada = new TestNode('ada')
export const ben = new TestNode('ben')
export const adaSigner = signerFromSeed('ada')

const HASH = `sha256:${'ab'.repeat(32)}`
// As kit/nodes.ts makes them: the pattern is the whole rule.
const anchor = { hash: HASH, time: '2026-11-20T12:00:00.000Z' } as unknown as Draft['anchor']

const drafts: readonly Partial<Draft>[] = [
  { kind: 'node/profile', subject: 'profile', body: { name: 'ada', org: 'Größe', region: 'EU' } },
  {
    body: {
      result: 'ok',
      count: 12,
      ratio: 0.5,
      list: [1, [2, { a: null }], 'text'],
      nested: { a: { b: { c: true } } },
    },
  },
  {
    subject: 'Größe 😂',
    task: 'pilot',
    anchor,
    body: { '\u0001': '"\\', deep: [[[{ a: [1e-7, null] }]]], sig: 'AAAA' },
  },
  { body: { content: { hash: HASH, size: 12 }, label: 'a blob' } },
  { kind: 'note/text', subject: 'x', body: {} },
]

export const signed: readonly VerifiedReceipt[] = drafts.map((draft) =>
  ada.sign({ kind: 'evidence/observed', subject: '_report/a.json', task: null, anchor: null, body: {}, ...draft }),
)

export const lines: readonly string[] = signed.map(({ line }) => line)
const receiptTrees: readonly Tree[] = lines.map((line) => treeOf(JSON.parse(line)))
export const newest: VerifiedReceipt = ada.signed.at(-1) ?? ada.observe('never', {})

export const tree = createTree()
for (const { leaf } of signed) tree.append(leaf)

export const headText = signHead(
  { seq: signed.length, id: newest.id, root: tree.root(), time: newest.receipt.time },
  adaSigner,
)

/** A line near one that holds: changed as bytes or as a tree, and then signed again or not. */
export function hostileLine(random: Random): Uint8Array {
  const line = random.pick(lines)
  switch (random.below(8)) {
    case 0:
      return mutateBytes(random, Buffer.from(line))
    case 1:
      return Buffer.from(looseText(random, mutateTree(random, treeOf(JSON.parse(line)), receiptTrees)))
    case 2:
      return Buffer.from(canonicalText(mutateTree(random, treeOf(JSON.parse(line)), receiptTrees)))
    default:
      return Buffer.from(signedAgain(mutateTree(random, random.pick(receiptTrees), receiptTrees)))
  }
}

/** The tree as a line, with the signature that its own node would give it; as it stands where it is no object. */
export function signedAgain(receipt: Tree, signer: Signer = adaSigner): string {
  if (receipt.is !== 'object') return canonicalText(receipt)
  const unsigned = receipt.members.filter(([key]) => key !== 'sig')
  const text = canonicalText({ is: 'object', members: unsigned })
  const sig = Buffer.from(signer.sign(Buffer.from(text))).toString('base64url')
  return canonicalText({ is: 'object', members: [...unsigned, ['sig', { is: 'text', text: JSON.stringify(sig) }]] })
}

/** JSON near one of the samples, spelled in any way, now and then as large as `mostBytes`. */
export function hostileJson(random: Random, samples: readonly string[], mostBytes: number): Uint8Array {
  const sample = random.pick(samples)
  if (random.oneIn(150))
    return blownUp(random, Buffer.from(sample), random.pick([mostBytes, mostBytes + 1, mostBytes >> 2]))
  if (random.oneIn(4)) return mutateBytes(random, Buffer.from(sample))
  const trees = samples.map((text) => treeOf(JSON.parse(text)))
  const changed = mutateTree(random, treeOf(JSON.parse(sample)), trees)
  return Buffer.from(random.oneIn(2) ? canonicalText(changed) : looseText(random, changed))
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
