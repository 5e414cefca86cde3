import { expect, test } from 'vitest'
import { systemKeychain, type AsyncSafeStorage } from '../../../electron/key-storage.ts'

const SECRET = Uint8Array.from([0, 1, 2, 253, 254, 255])

function storage(wish: Partial<AsyncSafeStorage> = {}): AsyncSafeStorage {
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    getSelectedStorageBackend: () => 'gnome_libsecret',
    encryptStringAsync: (text) => Promise.resolve(Buffer.from(Buffer.from(text).map((byte) => byte ^ 0x55))),
    decryptStringAsync: (sealed) =>
      Promise.resolve({
        result: Buffer.from(sealed.map((byte) => byte ^ 0x55)).toString(),
        shouldReEncrypt: false,
      }),
    ...wish,
  }
}

test('a sealed key opens again, byte for byte', async () => {
  const keychain = await systemKeychain(storage(), 'linux')
  const sealed = await keychain?.seal(SECRET)
  expect(Buffer.from(sealed ?? [])).not.toEqual(Buffer.from(SECRET))
  const opened = await keychain?.open(sealed ?? new Uint8Array())
  expect([...(opened?.secret ?? [])]).toEqual([...SECRET])
  expect(opened?.reseal).toBe(false)
})

test('a keychain that changed its key asks for the secret to be sealed again', async () => {
  const changed = storage({
    decryptStringAsync: () =>
      Promise.resolve({ result: Buffer.from(SECRET).toString('base64'), shouldReEncrypt: true }),
  })
  const opened = await (await systemKeychain(changed, 'win32'))?.open(new Uint8Array())
  expect(opened?.reseal).toBe(true)
})

test.each(['basic_text', 'unknown'] as const)('on Linux, %s counts as no keychain', async (backend) => {
  expect(await systemKeychain(storage({ getSelectedStorageBackend: () => backend }), 'linux')).toBeNull()
})

test('where the system cannot encrypt, there is no keychain', async () => {
  const none = storage({ isAsyncEncryptionAvailable: () => Promise.resolve(false) })
  expect(await systemKeychain(none, 'darwin')).toBeNull()
})

test('a keychain that refuses tells so and hands out nothing', async () => {
  const locked = storage({ decryptStringAsync: () => Promise.reject(new Error('locked out')) })
  await expect((await systemKeychain(locked, 'darwin'))?.open(new Uint8Array())).rejects.toThrow('locked out')
})
