// The system's keychain seals the key, where there is a real one. What counts as none: no keychain, and Linux's `basic_text`,
// which is a fixed password in the program. The steward then chooses a passphrase, and the window says why.
import type { SafeStorage } from 'electron'
import type { Keychain } from '#core/hosts/desktop/index.ts'

export type AsyncSafeStorage = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

/** Backends that keep secrets; `unknown` means that none was found. */
const LINUX_KEYCHAINS = new Set(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'])

/** Only after the app is ready. */
export async function systemKeychain(storage: AsyncSafeStorage, platform: NodeJS.Platform): Promise<Keychain | null> {
  if (!(await storage.isAsyncEncryptionAvailable())) return null
  if (platform === 'linux' && !LINUX_KEYCHAINS.has(storage.getSelectedStorageBackend())) return null
  return {
    seal: (secret) => storage.encryptStringAsync(Buffer.from(secret).toString('base64')),
    async open(sealed) {
      const { result, shouldReEncrypt } = await storage.decryptStringAsync(Buffer.from(sealed))
      return { secret: Buffer.from(result, 'base64'), reseal: shouldReEncrypt }
    },
  }
}
