// Signed notes of a node (head, what it holds, what it merged), the leaves beside them, and node ids.
import { NodeId } from '#core/contract/index.ts'
import {
  feedLeavesText,
  LIMITS,
  nodeIdFromPublicKey,
  parseFeedLeaves,
  parseHead,
  parseSeen,
  parseState,
  publicKeyFromNodeId,
  rootOf,
  signHead,
  signSeen,
  signState,
  verifyHead,
  verifySeen,
  verifyState,
  type Parsed,
  type Verdict,
} from '#core/receipts/index.ts'
import { signNote } from '../../../core/receipts/note.ts'
import { publicKeyOf } from '../../../core/proof/bytes.ts'
import { readHead } from '../../../core/proof/head-note.ts'
import { nodeFolderName, nodeOfFolderName } from '../../../core/exchange/exchange-paths.ts'
import { blownUp, mutateBytes, mutateLines } from '../mutate-bytes.ts'
import type { Random } from '../random.ts'
import { must, type Target } from '../target.ts'
import { mustBeJudged } from './receipts.ts'
import { ada, adaSigner, ben, headText, newest, signed, textOf, tree } from './samples.ts'

const rows = [ada, ben].map(({ id }) => ({ node: id, seq: 5, id: newest.id }))
const seenText = signSeen(rows, adaSigner)
const root = Buffer.from(tree.root()).toString('base64')
// A content hash has the form of a receipt's id.
const policy = newest.id as unknown as Parameters<typeof signState>[0]
const published = [
  { ...rows[0]!, aside: null, root },
  { node: ben.id, seq: 0, id: null, aside: 'ab'.repeat(32), root: null },
]
const stateText = signState(policy, published, adaSigner)

interface NoteKind<T extends { readonly note: { readonly text: string } }> {
  readonly name: string
  readonly sample: string
  readonly limitBytes: number
  readonly parse: (bytes: Uint8Array) => Parsed<T>
  readonly verify: (value: T) => Verdict<T>
  /** The value signed anew by the test's own key. */
  readonly print: (value: T) => string
}

function noteTarget<T extends { readonly note: { readonly text: string } }>(kind: NoteKind<T>): Target {
  const sample = Buffer.from(kind.sample)
  return {
    name: kind.name,
    make: (random) => hostileNote(random, sample, kind.limitBytes),
    check(bytes) {
      const parsed = kind.parse(bytes)
      mustBeJudged(parsed)
      if (!parsed.ok) return
      // Whoever it says to be from: what stands above the signatures says all of it, in one spelling.
      const [printed = ''] = kind.print(parsed.value).split('\n\n— ')
      must(withoutOrigin(`${printed}\n`) === withoutOrigin(parsed.value.note.text), 'printed again it is the same')
      const verdict = kind.verify(parsed.value)
      if (verdict.ok === false) mustBeJudged(verdict)
      if (verdict.ok !== true || kind.name !== 'head') return
      const read = readHead(textOf(bytes))
      must(read?.signed === true, 'a head that holds holds for the reader of proofs too')
    },
  }
}

function withoutOrigin(text: string): string {
  return text.slice(text.indexOf('\n'))
}

function hostileNote(random: Random, sample: Buffer, limitBytes: number): Uint8Array {
  if (random.oneIn(300)) return blownUp(random, sample, limitBytes + random.below(2))
  const split = sample.indexOf('\n\n')
  switch (random.below(6)) {
    case 0:
      return mutateBytes(random, sample)
    case 1:
      return mutateLines(random, sample, Buffer.from(headText + seenText + stateText))
    case 2:
      // More signatures than one.
      return Buffer.concat([
        sample,
        ...Array.from({ length: random.pick([1, 15, 16, 17]) }, () => sample.subarray(split + 2)),
      ])
    case 3:
      return signedText(random, mutateBytes(random, sample.subarray(0, split + 1)))
    default:
      return signedText(random, mutateLines(random, sample.subarray(0, split + 1), Buffer.from(seenText + stateText)))
  }
}

function signedText(random: Random, text: Uint8Array): Uint8Array {
  const note = signNote(textOf(text), adaSigner)
  return Buffer.from(random.oneIn(8) ? note.replace(/\n$/, random.pick(['', '\n\n', '\r\n', ' \n'])) : note)
}

const head = noteTarget({
  name: 'head',
  sample: headText,
  limitBytes: LIMITS.headBytes,
  parse: parseHead,
  verify: (value) => verifyHead(value),
  print: (value) => signHead(value, adaSigner),
})

const seen = noteTarget({
  name: 'seen',
  sample: seenText,
  limitBytes: LIMITS.seenBytes,
  parse: parseSeen,
  verify: (value) => verifySeen(value),
  print: (value) => signSeen(value.rows, adaSigner),
})

const state = noteTarget({
  name: 'state',
  sample: stateText,
  limitBytes: LIMITS.stateBytes,
  parse: parseState,
  verify: (value) => verifyState(value),
  print: (value) => signState(value.policy, value.rows, adaSigner),
})

const leavesText = feedLeavesText(signed)

/** The first line says under what they must be: size and root. */
const leaves: Target = {
  name: 'leaves',
  make(random) {
    const above = random.oneIn(5) ? `${random.below(12)} ${root}` : `${signed.length} ${root}`
    const sample = Buffer.from(leavesText)
    const text = random.oneIn(200)
      ? blownUp(random, sample, LIMITS.leavesBytes)
      : random.oneIn(2)
        ? mutateLines(random, sample)
        : mutateBytes(random, sample)
    return Buffer.concat([Buffer.from(`${above}\n`), text])
  },
  check(bytes) {
    const newline = bytes.indexOf(0x0a)
    const [size = '', stated = ''] = textOf(bytes.subarray(0, newline)).split(' ')
    const text = textOf(bytes.subarray(newline + 1))
    const parsed = parseFeedLeaves(text, Number(size), stated)
    if (parsed === null) return
    must(feedLeavesText(parsed) === text, 'printed again they are the same')
    must(parsed.length === Number(size) && rootOf(parsed) === stated, 'they are as many as promised, under the root')
  },
}

const nodeIds: Target = {
  name: 'node-id',
  make: (random) => {
    const sample = Buffer.from(random.pick([ada.id, ben.id]))
    if (random.oneIn(2)) return mutateBytes(random, sample)
    // Letters of the alphabet in any order: it has the pattern, and may spell no key.
    const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
    return Buffer.from(
      `did:key:z6Mk${Array.from({ length: 44 }, () => letters[random.below(letters.length)]).join('')}`,
    )
  },
  check(bytes) {
    const text = textOf(bytes)
    const node = NodeId.safeParse(text)
    const independent = publicKeyOf(text)
    if (!node.success)
      return must(independent === null, 'what is no node id spells no key for the reader of proofs either')
    const key = publicKeyFromNodeId(node.data)
    must((key === null) === (independent === null), 'both readers find a key, or none')
    if (key !== null && independent !== null) {
      must(Buffer.compare(key, independent) === 0, 'both readers find the same key')
      must(nodeIdFromPublicKey(key) === text, 'a key has one id')
    }
    must(nodeOfFolderName(nodeFolderName(node.data)) === text, 'its folder leads back to it')
  },
}

export const noteTargets = [head, seen, state, leaves, nodeIds]
