import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSignatureChecker, judgeFile, keyRings, NO_KEYS, parseKeyFile, readJson } from '#core/teof/index.ts'
import type { JudgedFile, KeyRing } from '#core/teof/index.ts'
import { bytesOf, checker, textContaining } from './corpus.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const RAW_KEY = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
const RING = ringWith('node.key-1', RAW_KEY)
const PATH = '_report/x/20260101T000000Z.json'

test.each([
  ['feed', { feed_id: 'x', value: '24.0', public_key_id: 'node.key-1' }, ['hash_sha256', 'signature', 'public_key_id']],
  [
    'systemic',
    { artifact: 'a.json', hash_sha256: 'f'.repeat(64), public_key_id: 'node.key-1', signature_algorithm: 'ed25519' },
    ['signature', 'public_key_id', 'signature_algorithm'],
  ],
  ['document', { title: 'ü', public_key_id: 'node.key-1', signature_algorithm: 'ed25519' }, ['signature']],
] as const)('a receipt signed in the %s form verifies, and that form is recorded', (form, body, omitted) => {
  expect(judge({ ...body, signature: signed(body, omitted) }).envelope).toMatchObject({ state: 'ok', form })
})

test('where several forms have the same bytes, the first one is recorded', () => {
  const body = { a: 1, public_key_id: 'node.key-1' }
  expect(judge({ ...body, signature: signed(body, ['public_key_id']) }).envelope).toMatchObject({ form: 'feed' })
})

test('both native libraries say the same', () => {
  const body = { a: 1, public_key_id: 'node.key-1' }
  const good = { ...body, signature: signed(body, ['public_key_id']) }
  for (const value of [good, { ...good, a: 2 }]) {
    const answers = (['node', 'sodium'] as const).map(
      (native) => judgeFile(PATH, jsonBytes(value), RING, createSignatureChecker(native)).envelope.state,
    )
    expect(new Set(answers)).toHaveLength(1)
  }
})

describe('every result has its own sentence', () => {
  const body = { feed_id: 'x', public_key_id: 'node.key-1' }
  const good = { ...body, signature: signed(body, ['public_key_id']) }

  test('no signature is missing, not bad', () => {
    expect(judge(body).envelope).toEqual({ state: 'missing' })
    expect(judge({ ...body, signature: null }).envelope).toEqual({ state: 'missing' })
    expect(judge([1]).envelope).toEqual({ state: 'missing' })
  })

  test('an unknown key is not called tampering', () => {
    const { envelope, findings } = judge(good, NO_KEYS)
    expect(envelope).toMatchObject({ state: 'unknown_key', keyId: 'node.key-1' })
    expect(findings).toMatchObject([{ code: 'unknown-key', remedy: textContaining('node.key-1.pub') }])
    expect(judge({ ...good, public_key_id: undefined }).envelope).toMatchObject({ state: 'unknown_key', keyId: null })
  })

  test.each(['../../etc/passwd', '..', 'keys/other', 'C:\\key', '.hidden', 'a..b', '', 'x'.repeat(129), 'k\u0000'])(
    'the key id %j never becomes a path',
    (keyId) => {
      const { envelope, findings } = judge({ ...good, public_key_id: keyId })
      expect(envelope).toMatchObject({ state: 'invalid', fault: 'key-id-leaves-folder' })
      expect(findings).toMatchObject([
        {
          code: 'key-id-leaves-folder',
          happened: textContaining('no file was opened for it'),
          remedy: textContaining('forged'),
        },
      ])
    },
  )

  test.each([
    ['cut', good.signature.slice(0, 80)],
    ['not base64url', good.signature.replace(/^./, '+')],
    ['with bits to spare', `${good.signature.slice(0, 85)}B==`],
    ['a number', 7],
  ])('a signature that is %s is malformed', (_, signature) => {
    expect(judge({ ...good, signature }).envelope).toMatchObject({ state: 'invalid', fault: 'malformed' })
  })

  test('without padding it is the same signature', () => {
    expect(judge({ ...good, signature: good.signature.replaceAll('=', '') }).envelope).toMatchObject({ state: 'ok' })
  })

  test('a key of small order is refused whatever it signed', () => {
    const weak = ringWith('node.key-1', Buffer.from('01'.padEnd(64, '0'), 'hex'))
    expect(judge(good, weak).envelope).toMatchObject({ state: 'invalid', fault: 'weak-key' })
  })

  test('unchecked is said to be unchecked', () => {
    expect(judgeFile(PATH, jsonBytes(good), RING, null).envelope.state).toBe('skipped')
    expect(judgeFile(PATH, bytesOf('{'), RING, checker).envelope.state).toBe('skipped')
  })
})

test('signature fields do not make content differ, and everything else does', () => {
  const body = { feed_id: 'x', hash_sha256: 'a'.repeat(64) }
  const plain = judge(body)
  const signedOnce = judge({ ...body, public_key_id: 'node.key-1', signature: 'x', signature_algorithm: 'ed25519' })
  expect(signedOnce.contentHash).toBe(plain.contentHash)
  expect(judge({ ...body, hash_sha256: 'b'.repeat(64) }).contentHash).not.toBe(plain.contentHash)
  expect(judgeFile(PATH, bytesOf('{"n":24.0}'), RING, null).contentHash).not.toBe(
    judgeFile(PATH, bytesOf('{"n":24}'), RING, null).contentHash,
  )
})

test('the hash that a signature does not cover cannot be changed unseen', () => {
  const body = { feed_id: 'x', public_key_id: 'node.key-1', signature: '' }
  const good = { ...body, signature: signed(body, ['public_key_id', 'signature']) }
  for (const hash of ['0'.repeat(64), 7, null]) {
    const { envelope, findings } = judge({ ...good, hash_sha256: hash })
    expect(envelope).toMatchObject({ state: 'invalid', fault: 'stated-hash-differs' })
    expect(findings.map(({ code }) => code)).toEqual(['stated-hash-differs', 'bad-signature'])
  }
})

test('unreadable files keep their raw hash, so that two nodes can still agree on them', () => {
  const judged = judgeFile(PATH, bytesOf('{"a":'), RING, checker)
  expect(judged).toMatchObject({ isJson: false, contentHash: judged.rawHash })
  expect(judged.findings).toMatchObject([{ code: 'unreadable-json', happened: textContaining('the file ends') }])
  expect(judged.rawHash).toBe(`sha256:${createHash('sha256').update('{"a":').digest('hex')}`)
})

describe('key files', () => {
  const text = RAW_KEY.toString('base64')

  test.each([
    ['with a newline', `${text}\n`],
    ['with CRLF', `${text}\r\n`],
    ['without padding', text.replace('=', '')],
    ['behind a byte-order mark', `\uFEFF${text}`],
  ])('a key %s is read', (_, written) => {
    expect(parseKeyFile('a.pub', bytesOf(written))).toMatchObject({ ok: true, key: { keyId: 'a' } })
  })

  test.each([
    ['a.pub', ''],
    ['a.pub', RAW_KEY.subarray(1).toString('base64')],
    ['a.pub', 'x'.repeat(5_000)],
    ['..pub', text],
    ['a.txt', text],
  ])('%s with other content is told and passed over', (name, written) => {
    expect(parseKeyFile(name, bytesOf(written))).toMatchObject({ ok: false, finding: { code: 'bad-key-file' } })
  })
})

function judge(value: unknown, ring: KeyRing = RING): JudgedFile {
  return judgeFile(PATH, jsonBytes(value), ring, checker)
}

function jsonBytes(value: unknown): Uint8Array {
  return bytesOf(JSON.stringify(value))
}

function signed(
  body: Readonly<Record<string, unknown>>,
  omitted: readonly string[],
  key: KeyObject = privateKey,
): string {
  const kept = Object.fromEntries(Object.entries(body).filter(([name]) => !omitted.includes(name)))
  const read = readJson(jsonBytes(kept))
  if (!read.ok) throw new Error(read.why)
  return `${sign(null, Buffer.from(read.json.canonical), key).toString('base64url')}==`
}

function ringWith(keyId: string, raw: Uint8Array): KeyRing {
  const parsed = parseKeyFile(`${keyId}.pub`, bytesOf(`${Buffer.from(raw).toString('base64')}\n`))
  if (!parsed.ok) throw new Error(parsed.finding.happened)
  return keyRings(new Map([['here', [parsed.key]]])).get('here') ?? NO_KEYS
}
