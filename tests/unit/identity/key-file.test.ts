import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { Decrypter, Encrypter } from 'age-encryption'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  generateIdentity,
  keyFromSecret,
  openKey,
  sealKey,
  sealWithAge,
  secretOf,
  signerOf,
} from '#core/identity/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { publicKeyFromNodeId } from '#core/receipts/index.ts'

const PASSPHRASE = 'seven green bottles'
const key = generateIdentity((count) => new Uint8Array(count).fill(7))
let sealed: Uint8Array

beforeAll(async () => {
  sealed = await sealKey(key, PASSPHRASE, sealWithAge)
})

/** An age file that another tool might have made; cheap to open. */
async function ageFile(content: Uint8Array | string, workFactor = 2): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(workFactor)
  encrypter.setPassphrase(PASSPHRASE)
  return encrypter.encrypt(content)
}

function header(file: Uint8Array): string {
  return Buffer.from(file).toString('latin1').split('\n---')[0] ?? ''
}

async function codeOf(opening: Promise<unknown>): Promise<string> {
  try {
    await opening
    return 'opened'
  } catch (thrown) {
    if (!(thrown instanceof StewardError)) throw thrown
    return thrown.code
  }
}

test('a sealed key opens with its passphrase and is the same node', async () => {
  expect((await openKey(sealed, PASSPHRASE)).node).toBe(key.node)
})

test('the wrong passphrase is said to be wrong, and nothing else', async () => {
  expect(await codeOf(openKey(sealed, 'seven green bottle'))).toBe('WRONG_PASSPHRASE')
})

test('one passphrase typed on two systems, composed and decomposed, is one passphrase', async () => {
  const file = await sealKey(key, 'Gr\u00fc\u00dfe aus K\u00f6ln', sealWithAge)
  expect((await openKey(file, 'Gru\u0308\u00dfe aus Ko\u0308ln')).node).toBe(key.node)
})

test('the file is an age file under scrypt with N = 2^17 at least', () => {
  expect(header(sealed)).toMatch(/^age-encryption\.org\/v1\n-> scrypt [A-Za-z0-9+/]{22} 17\n/)
})

test('a weaker seal is not made', async () => {
  await expect(sealKey(key, PASSPHRASE, sealWithAge, { workFactor: 16 })).rejects.toThrow(/Broken invariant/)
})

test('another age reader and another key reader open it without Steward', async () => {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(PASSPHRASE)
  const pem = await decrypter.decrypt(sealed, 'text')
  expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)

  const native = createPrivateKey(pem)
  expect(native.asymmetricKeyType).toBe('ed25519')
  const publicKey = createPublicKey(native).export({ format: 'der', type: 'spki' }).subarray(-32)
  expect(Buffer.compare(publicKey, publicKeyFromNodeId(key.node) ?? Buffer.of())).toBe(0)
  const message = Buffer.from('any message')
  expect(Buffer.compare(sign(null, message, native), signerOf(key).sign(message))).toBe(0)
})

test('sealing twice gives two files: salt and nonce are fresh', async () => {
  expect(Buffer.compare(await sealKey(key, PASSPHRASE, sealWithAge), sealed)).not.toBe(0)
})

describe('a damaged file is said to be damaged', () => {
  const damages: [string, (file: Uint8Array) => Uint8Array][] = [
    ['empty', () => new Uint8Array()],
    ['cut short', (file) => file.subarray(0, -1)],
    ['without its contents', (file) => file.subarray(0, file.length - 150)],
    ['with a bit changed in its contents', (file) => file.with(file.length - 5, (file.at(-5) ?? 0) ^ 1)],
    ['with a bit changed in its check sum', (file) => file.with(header(file).length + 8, 0x21)],
    ['filled with zeros', (file) => file.slice().fill(0, 120)],
    ['no age file', () => Buffer.from('-----BEGIN PRIVATE KEY-----\n')],
    ['larger than any key file', (file) => Buffer.concat([file, new Uint8Array(20_000)])],
    ['for a recipient, not a passphrase', () => Buffer.from('age-encryption.org/v1\n-> X25519 AAAA\nAAAA\n--- AAAA\n')],
  ]
  test.each(damages)('%s', async (_what, damage) => {
    const file = await ageFile(secretOf(key))
    expect(await codeOf(openKey(damage(file), PASSPHRASE))).toBe('KEY_DAMAGED')
  })

  test('holding no key', async () => {
    expect(await codeOf(openKey(await ageFile('no key'), PASSPHRASE))).toBe('KEY_DAMAGED')
  })

  test('holding a key of another kind', async () => {
    const pem = [
      '-----BEGIN PRIVATE KEY-----',
      'MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6UduSwq',
      '-----END PRIVATE KEY-----',
      '',
    ].join('\n')
    expect(createPrivateKey(pem).asymmetricKeyType).toBe('x25519')
    expect(await codeOf(openKey(await ageFile(pem), PASSPHRASE))).toBe('KEY_DAMAGED')
  })
})

test('a file that asks for more work than any machine should do is refused before the work', async () => {
  const costly = Buffer.from(Buffer.from(sealed).toString('latin1').replace(/ 17\n/, ' 30\n'), 'latin1')
  await expect(openKey(costly, PASSPHRASE)).rejects.toThrow(/work factor of 30; at most 20/)
})

test('what seals is handed in, and asked for work enough', async () => {
  const asked: string[] = []
  const file = await sealKey(key, 'Gru\u0308\u00dfe', (secret, passphrase, workFactor) => {
    asked.push(`${passphrase} ${workFactor}`)
    return Promise.resolve(secret.slice(0, 3))
  })
  expect(Buffer.from(file).toString()).toBe('---')
  expect(asked).toEqual(['Gr\u00fc\u00dfe 17'])
})

test('what goes to a keychain comes back as the same key', () => {
  expect(keyFromSecret(secretOf(key)).node).toBe(key.node)
  expect(() => keyFromSecret(Buffer.from('rubbish'))).toThrow(StewardError)
})
