import { expect, test } from 'vitest'
import { ContentHash } from '#core/contract/index.ts'
import {
  descendToDifference,
  feedLeavesText,
  parseFeedLeaves,
  parseState,
  rootOf,
  signState,
  verifyState,
  type PublishedRow,
} from '#core/receipts/index.ts'
import { bytesOf, feed, refusalOf, signerNamed, valueOf } from './feeds.ts'

const ada = signerNamed('ada')
const ben = signerNamed('ben')
const receipts = feed(ada, 3)
const root = rootOf(receipts)
const policy = ContentHash.parse(`sha256:${'0'.repeat(64)}`)
const whole: PublishedRow = { node: ada.node, seq: 3, id: receipts[2]?.id ?? null, aside: 'a'.repeat(64), root }
const nothing: PublishedRow = { node: ben.node, seq: 0, id: null, aside: null, root: null }
const note = signState(policy, [whole, nothing], ada)

test('a node says what it has merged of each feed, also where that is nothing', () => {
  const state = valueOf(parseState(bytesOf(note)))
  expect(state).toMatchObject({ node: ada.node, policy })
  expect(state.rows.toSorted((a, b) => b.seq - a.seq)).toEqual([whole, nothing])
  expect(verifyState(state).ok).toBe(true)
  // In which order the rows were given does not show.
  expect(signState(policy, [nothing, whole], ada)).toBe(note)
})

const row = `${whole.node} 3 ${whole.id} ${whole.aside} ${root}`
const bad: [string, string][] = [
  ['no signature', note.slice(0, note.indexOf('\n\n') + 1)],
  ['the origin of a statement of what is held', note.replace('steward/1/state', 'steward/1/seen')],
  ['a node that is none', note.replaceAll(`state ${ada.node}`, 'state did:web:x')],
  ['no second line', note.replace(/\n[^]*?\n\n/, '\n\n')],
  ['no policy', note.replace('policy ', 'rules ')],
  ['a policy that is no hash', note.replace(policy, 'sha256:short')],
  ['a row of a node that is none', note.replace(row, row.replace(ada.node, 'did:web:x'))],
  ['a row that says where it is merged to, and to nothing', note.replace(row, `${ada.node} 3 - - -`)],
  ['a row that is merged to nothing, at a receipt', note.replace(row, `${ada.node} 0 ${whole.id} - -`)],
  ['a row that is merged to nothing, under a root', note.replace(row, `${ada.node} 0 - - ${root}`)],
  ['an id that is none', note.replace(`${whole.id}`, 'sha256:short')],
  ['a seq of 2^53', note.replace(' 3 ', ' 9007199254740992 ')],
  ['a word too many', note.replace(row, `${row} more`)],
  ['a node named twice', note.replace(`${row}\n`, `${row}\n${row}\n`)],
]

test.each(bad)('a state note with %s is refused', (_what, text) => {
  expect(text).not.toBe(note)
  expect(refusalOf(parseState(bytesOf(text))).reason).toBe('bad-head')
})

test('a state note that its node did not sign is not believed', () => {
  const renamed = note.replace(`— ${ada.node}`, `— ${ben.node}`)
  expect(verifyState(valueOf(parseState(bytesOf(renamed))))).toMatchObject({
    ok: false,
    refusal: { reason: 'bad-head', node: ada.node },
  })
  const changed = note.replace(' 3 ', ' 2 ')
  expect(verifyState(valueOf(parseState(bytesOf(changed))))).toMatchObject({
    ok: false,
    refusal: { reason: 'bad-signature', node: ada.node },
  })
})

test('published leaves with a line of another form are not believed', () => {
  const text = feedLeavesText(receipts)
  expect(parseFeedLeaves(text, 3, root)).toHaveLength(3)
  expect(parseFeedLeaves(text.replace('= sha256:', '= sha512:'), 3, root)).toBeNull()
  expect(parseFeedLeaves(text.replace('= ', '=='), 3, root)).toBeNull()
  // As long as it should be, with a line break in another place, or under another root.
  expect(parseFeedLeaves(text.replace('= ', '=\n'), 3, root)).toBeNull()
  expect(parseFeedLeaves(text, 3, rootOf(receipts.toReversed()))).toBeNull()
  expect(parseFeedLeaves(text.trimEnd(), 3, root)).toBeNull()
})

test('two nodes that were told different stories find the first receipt that differs', () => {
  const common = feed(ada, 5)
  const other = feed(ada, 4, common[4], 'another story')
  const same = feed(ada, 6, common[4])
  expect(descendToDifference([...common, ...same], [...common, ...other])).toMatchObject({ seq: 6 })
  expect(descendToDifference(other, same)).toMatchObject({ seq: 1 })
  expect(descendToDifference([...common, ...same], common)).toBeNull()
})
