import { expect, test } from 'vitest'
import { NodeId } from '#core/contract/index.ts'
import {
  LIMITS,
  merkleRoot,
  parseHead,
  parseSeen,
  signHead,
  signSeen,
  verifyHead,
  verifySeen,
} from '#core/receipts/index.ts'
import { bytesOf, feed, NOON, refusalOf, signerNamed, valueOf } from './feeds.ts'
import type { Signer, VerifiedReceipt } from '#core/receipts/index.ts'

const ada = signerNamed('ada')
const ben = signerNamed('ben')
const receipts = feed(ada, 3)
const last = receipts[2] as VerifiedReceipt // three were asked for
const root = merkleRoot(receipts.map(({ leaf }) => leaf))
const head = signHead({ seq: 3, id: last.id, root, time: NOON }, ada)

const [headText = '', headSignature = ''] = head.split('\n\n')

test('a head says what was signed', () => {
  const parsed = valueOf(parseHead(bytesOf(head)))
  expect(parsed).toMatchObject({ node: ada.node, seq: 3, id: last.id, time: NOON })
  expect(Buffer.compare(parsed.root, root)).toBe(0)
  expect(verifyHead(parsed).ok).toBe(true)
})

test('a head is a C2SP checkpoint that other tools can read', () => {
  const [origin, size, base64, idLine, timeLine, empty, signature, end] = head.split('\n')
  expect([origin, size, idLine, timeLine]).toEqual([`steward/1 ${ada.node}`, '3', `id ${last.id}`, `time ${NOON}`])
  expect([empty, end]).toEqual(['', ''])
  expect(Buffer.from(base64 ?? '', 'base64')).toHaveLength(32)
  expect(signature).toMatch(new RegExp(`^— ${ada.node} [A-Za-z0-9+/]+=*$`))
  expect(Buffer.from(signature?.split(' ')[2] ?? '', 'base64')).toHaveLength(4 + 64)
})

test('a head that somebody changed, or signed for another, does not hold', () => {
  const longer = valueOf(parseHead(bytesOf(head.replace('\n3\n', '\n4\n'))))
  expect(verifyHead(longer)).toMatchObject({ ok: false, refusal: { reason: 'bad-signature', node: ada.node } })
  const foreign = signHead(
    { seq: 3, id: last.id, root, time: NOON },
    { node: ada.node, sign: (bytes) => ben.sign(bytes) },
  )
  expect(verifyHead(valueOf(parseHead(bytesOf(foreign))))).toMatchObject({
    ok: false,
    refusal: { reason: 'bad-signature' },
  })
})

test('a head without its own node’s signature is refused', () => {
  const renamed = head.replace(`— ${ada.node}`, `— ${ben.node}`)
  expect(verifyHead(valueOf(parseHead(bytesOf(renamed))))).toMatchObject({ ok: false, refusal: { reason: 'bad-head' } })
})

test('a signature under another key hash is not the node’s', () => {
  const [, , encoded = ''] = headSignature.trim().split(' ')
  const raw = Buffer.from(encoded, 'base64')
  raw[0] = (raw[0] ?? 0) ^ 1
  const renamed = head.replace(encoded, raw.toString('base64'))
  expect(verifyHead(valueOf(parseHead(bytesOf(renamed))))).toMatchObject({ ok: false, refusal: { reason: 'bad-head' } })
})

test('a signature has one spelling: bits to spare in its base64 are refused', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  // 68 bytes leave two unused bits in the last letter before the padding.
  const spare = head.replace(/(.)=\n$/, (_, letter: string) => `${letters.charAt(letters.indexOf(letter) + 1)}=\n`)
  expect(spare).not.toBe(head)
  expect(refusalOf(parseHead(bytesOf(spare))).reason).toBe('bad-head')
})

test('a witness may sign beside the node', () => {
  const witnessed = `${head}— witness.example/w1 ${Buffer.alloc(68, 7).toString('base64')}\n`
  expect(verifyHead(valueOf(parseHead(bytesOf(witnessed)))).ok).toBe(true)
})

const badHeads: [string, string, string][] = [
  ['nothing', '', 'bad-head'],
  ['no signature', `${headText}\n`, 'bad-head'],
  ['no newline at the end', head.slice(0, -1), 'bad-head'],
  ['another origin', head.replace('steward/1 ', 'other/1 '), 'bad-head'],
  ['a node that is none', head.replaceAll(ada.node, 'did:web:x'), 'bad-head'],
  ['size 0', head.replace('\n3\n', '\n0\n'), 'bad-head'],
  ['size 03', head.replace('\n3\n', '\n03\n'), 'bad-head'],
  ['size 2^53', head.replace('\n3\n', '\n9007199254740992\n'), 'bad-head'],
  [
    'a root of 31 bytes',
    head.replace(Buffer.from(root).toString('base64'), Buffer.alloc(31).toString('base64')),
    'bad-head',
  ],
  ['an id that is none', head.replace('id sha256:', 'id sha512:'), 'bad-head'],
  ['a day that does not exist', head.replace('2026-11-21', '2026-02-30'), 'bad-head'],
  ['a line too many', `${headText}\nmore\n\n${headSignature}`, 'bad-head'],
  ['CRLF', head.replaceAll('\n', '\r\n'), 'bad-head'],
  ['a control character', head.replace('time', 'ti\u0007me'), 'bad-head'],
  ['a signature that is no base64', `${headText}\n\n— ${ada.node} ????\n`, 'bad-head'],
  ['17 signatures', `${headText}\n\n${headSignature.repeat(17)}`, 'too-many'],
  ['4 KiB and one byte', head.padEnd(LIMITS.headBytes + 1, '\n'), 'too-large'],
]

test.each(badHeads)('a head with %s is refused', (_what, text, reason) => {
  expect(refusalOf(parseHead(bytesOf(text))).reason).toBe(reason)
})

test('a head that is no UTF-8 is refused', () => {
  expect(refusalOf(parseHead(Uint8Array.of(0xff, 0x0a, 0x0a, 0x0a))).reason).toBe('not-utf8')
})

test('what a node says to hold comes back in the order of the nodes', () => {
  const text = signSeen(
    [
      { node: ben.node, seq: 7, id: last.id },
      { node: ada.node, seq: 3, id: last.id },
    ],
    ben,
  )
  const seen = valueOf(parseSeen(bytesOf(text)))
  expect(seen.node).toBe(ben.node)
  expect(seen.rows.map(({ node }) => node)).toEqual([ada.node, ben.node].toSorted())
  expect(verifySeen(seen).ok).toBe(true)
  expect(verifySeen(valueOf(parseSeen(bytesOf(text.replace(' 7 ', ' 8 '))))).ok).toBe(false)
})

test('a node that holds nothing may say so', () => {
  const seen = valueOf(parseSeen(bytesOf(signSeen([], ada))))
  expect(seen.rows).toEqual([])
  expect(verifySeen(seen).ok).toBe(true)
})

test('a statement about 1,000 nodes fits', () => {
  const rows = Array.from({ length: 1000 }, (_, index) => ({
    node: signerNamed(`node ${index}`).node,
    seq: 1_000_000 + index,
    id: last.id,
  }))
  expect(valueOf(parseSeen(bytesOf(signSeen(rows, ada)))).rows).toHaveLength(1000)
})

const seenText = signSeen([{ node: ada.node, seq: 3, id: last.id }], ben)
const row = `${ada.node} 3 ${last.id}\n`
const badSeen: [string, string][] = [
  ['a node named twice', seenText.replace(row, row + row)],
  ['seq 0', seenText.replace(' 3 ', ' 0 ')],
  ['a word too many', seenText.replace(' 3 ', ' 3 3 ')],
  ['an id that is none', seenText.replace('sha256:', 'sha256-')],
  ['no signature', seenText.slice(0, seenText.indexOf('\n\n') + 1)],
  ['the origin of a head', seenText.replace('steward/1/seen', 'steward/1')],
]

test.each(badSeen)('a statement with %s is refused', (_what, text) => {
  expect(refusalOf(parseSeen(bytesOf(text))).reason).toBe('bad-head')
})

test('a head is never taken for a statement of what is held, nor the other way round', () => {
  expect(parseSeen(bytesOf(head)).ok).toBe(false)
  expect(parseHead(bytesOf(seenText)).ok).toBe(false)
})

test('a head of a node whose id spells no key is refused, whoever signed it', () => {
  const nobody = NodeId.parse(`did:key:z6Mk${'z'.repeat(44)}`)
  const text = head.replaceAll(ada.node, nobody)
  expect(verifyHead(valueOf(parseHead(bytesOf(text))))).toMatchObject({ ok: false, refusal: { reason: 'bad-head' } })
})

test('a statement without its own node’s signature is refused', () => {
  const foreign: Signer = { node: ada.node, sign: (bytes) => ada.sign(bytes) }
  const text = signSeen([], foreign).replace(`seen ${ada.node}`, `seen ${ben.node}`)
  expect(verifySeen(valueOf(parseSeen(bytesOf(text))))).toMatchObject({ ok: false, refusal: { reason: 'bad-head' } })
})
