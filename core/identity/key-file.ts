// key.age: the key as PKCS#8 PEM inside an age file with a scrypt recipient, both standard, so that a steward can open it
// without Steward: `age -d key.age | openssl pkey`.
import { invariant, StewardError } from '#core/problem/index.ts'
import { keyFromSecret, secretOf } from './node-key.ts'
import type { NodeKey } from './node-key.ts'

/** Encrypts under a passphrase, with randomness of its own: comes in as an argument, `sealWithAge` where a host runs. */
export type PassphraseSeal = (secret: Uint8Array, passphrase: string, workFactor: number) => Promise<Uint8Array>

/** Base-2 logarithm of scrypt's N. Below 17 a stolen file is guessed too cheaply. */
const LEAST_WORK_FACTOR = 17
/** 2^20 takes 1 GiB of memory to open; a file asking for more would be an attack, and age's own reader stops there too. */
const MOST_WORK_FACTOR = 20
const FILE_LIMIT_BYTES = 16 * 1024

/** Encrypts the key under a passphrase. Takes about half a second of processor time at the default work factor. */
export async function sealKey(
  key: NodeKey,
  passphrase: string,
  seal: PassphraseSeal,
  { workFactor = LEAST_WORK_FACTOR }: { readonly workFactor?: number } = {},
): Promise<Uint8Array> {
  invariant(workFactor >= LEAST_WORK_FACTOR && workFactor <= MOST_WORK_FACTOR, 'the work factor is 17 to 20')
  return seal(secretOf(key), typed(passphrase), workFactor)
}

/**
 * Opens what `sealKey`, or another age tool, made.
 * Throws a StewardError: WRONG_PASSPHRASE, or KEY_DAMAGED with what is the matter with the file.
 */
export async function openKey(bytes: Uint8Array, passphrase: string): Promise<NodeKey> {
  if (bytes.length > FILE_LIMIT_BYTES)
    throw damaged(`It has ${bytes.length} bytes; a key file has at most ${FILE_LIMIT_BYTES}.`)
  const workFactor = workFactorOf(bytes)
  if (workFactor === null) throw damaged('It is no age file that was sealed with a passphrase.')
  if (workFactor > MOST_WORK_FACTOR) {
    throw damaged(`It asks for a work factor of ${workFactor}; at most ${MOST_WORK_FACTOR} is done.`)
  }
  return keyFromSecret(await decrypt(bytes, passphrase))
}

async function decrypt(bytes: Uint8Array, passphrase: string): Promise<Uint8Array> {
  // Loaded when a key is opened: fifty modules of cryptography are not for a start that asks for no passphrase.
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addPassphrase(typed(passphrase))
  try {
    return await decrypter.decrypt(bytes)
  } catch (cause) {
    if (cause instanceof Error && cause.message === NO_IDENTITY_MATCHED) throw wrongPassphrase()
    throw damaged('Its contents do not fit its own check sums.')
  }
}

/** How age says that the passphrase does not open the file. */
const NO_IDENTITY_MATCHED = "no identity matched any of the file's recipients"

/** The first stanza of the header, which for a passphrase is the only one. Read before any work is done for the file. */
function workFactorOf(bytes: Uint8Array): number | null {
  const head = Buffer.from(bytes.subarray(0, 256)).toString('latin1')
  const stanza = /^age-encryption\.org\/v1\n-> scrypt [A-Za-z0-9+/]{22} ([1-9]\d{0,3})\n/.exec(head)
  return stanza === null ? null : Number(stanza[1])
}

/** One passphrase is typed as different characters on different keyboards; composed characters make them one. */
function typed(passphrase: string): string {
  return passphrase.normalize('NFC')
}

function wrongPassphrase(): StewardError {
  return new StewardError({
    code: 'WRONG_PASSPHRASE',
    happened: 'The passphrase does not open the key.',
    kept: 'Nothing was changed.',
    remedy: 'Try again; if it is lost, restore the node from its recovery phrase.',
  })
}

function damaged(how: string): StewardError {
  return new StewardError({
    code: 'KEY_DAMAGED',
    happened: `The key file cannot be read. ${how}`,
    kept: 'The file was left as it is.',
    remedy: 'Put back key.age from a backup, or restore the node from its recovery phrase.',
  })
}
