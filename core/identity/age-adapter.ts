// age draws salt, file key and nonce itself, from the machine: its library takes no other randomness.
import type { PassphraseSeal } from './key-file.ts'

/** An age file with a scrypt recipient. */
export const sealWithAge: PassphraseSeal = async (secret, passphrase, workFactor) => {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(workFactor)
  encrypter.setPassphrase(passphrase)
  return encrypter.encrypt(secret)
}
