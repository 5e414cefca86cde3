import { expect, test } from 'vitest'
import { ContentHash, Instant } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { createVerifier, signReceipt } from '#core/receipts/index.ts'
import type { Draft, Signer } from '#core/receipts/index.ts'
import { draft, judge, next, NOON, signerNamed, valueOf } from './feeds.ts'

const ada = signerNamed('ada')
const place = { seq: 1, prev: null, time: NOON }

test('a signed receipt says what the draft said, at its place in the feed', () => {
  const first = next(ada, null)
  const second = signReceipt(draft({ task: 'pilot' }), { seq: 2, prev: first.id, time: NOON }, ada)
  expect(second.receipt).toMatchObject({
    ...draft({ task: 'pilot' }),
    node: ada.node,
    seq: 2,
    prev: first.id,
    time: NOON,
  })
  expect(valueOf(judge(second.line))).toStrictEqual({ ...second })
})

test('what is signed under an anchor names it', () => {
  const anchor = { hash: ContentHash.parse(`sha256:${'a'.repeat(64)}`), time: NOON }
  const signed = signReceipt(draft({ anchor }), place, ada)
  expect(signed.receipt.anchor).toEqual(anchor)
  expect(valueOf(judge(signed.line))).toStrictEqual({ ...signed })
})

test('what is signed verifies with every native library', () => {
  for (const native of ['node', 'sodium'] as const) {
    expect(createVerifier({ native, slowChecksAllowed: () => false }).verify(next(ada, null), 's').ok).toBe(true)
  }
})

const tooMuch: [string, Partial<Draft>, RegExp][] = [
  ['a subject that is too long', { subject: 'a'.repeat(1025) }, /“subject” has 1025 bytes; at most 1024/],
  ['a control character', { task: 'a\tb' }, /“task” holds a control character/],
  ['a body over 64 KiB', { body: { text: 'x'.repeat(65_536) } }, /The body has \d+ bytes; at most 65536/],
  ['a kind without namespace', { kind: 'note' }, /“kind”/],
  ['an integer that is not exact', { body: { amount: 2 ** 60 } }, /“body\.amount” cannot be signed/],
  ['a key that is not taken', { body: JSON.parse('{"__proto__":1}') as Draft['body'] }, /“__proto__”/],
]

test.each(tooMuch)('%s is said with field and limit, and nothing is signed', (_what, change, message) => {
  const untouched: Signer = {
    node: ada.node,
    sign() {
      throw new Error('the key was used')
    },
  }
  const attempt = () => signReceipt(draft(change), place, untouched)
  expect(attempt).toThrow(StewardError)
  expect(attempt).toThrow(message)
})

test('a place that is none in a feed is refused', () => {
  expect(() => signReceipt(draft(), { ...place, seq: 2 }, ada)).toThrow(/“prev”/)
  // The pattern of Instant lets this day pass.
  expect(() => signReceipt(draft(), { ...place, time: Instant.parse('2026-02-30T00:00:00.000Z') }, ada)).toThrow(
    /“time”/,
  )
})

test('a locked signer’s own words reach the steward', () => {
  const locked: Signer = {
    node: ada.node,
    sign() {
      throw new StewardError({ code: 'LOCKED', happened: 'The key is locked.', kept: 'Nothing.', remedy: 'Unlock it.' })
    },
  }
  expect(() => signReceipt(draft(), place, locked)).toThrow('The key is locked.')
})
