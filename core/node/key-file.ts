// Where the key is kept: sealed by the system's keychain, or in an age file under a passphrase. Never in the clear.
// The file that is there says how to open it; where a crash left both, the passphrase's file does, since it was written last.
import { openKey, keyFromSecret, sealKey, secretOf, type NodeKey } from '#core/identity/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { NodeId } from '#core/contract/index.ts'
import type { Keychain, NodeDeps } from './deps.ts'
import type { HomeAdapter } from './home-adapter.ts'

const UNDER_PASSPHRASE = 'key.age'
const IN_KEYCHAIN = 'key.sealed'

/** Durable before it returns. @throws StewardError PASSPHRASE_NEEDED where there is neither keychain nor passphrase. */
export async function keepKey(
  home: HomeAdapter,
  key: NodeKey,
  passphrase: string | null,
  { keychain, sealUnderPassphrase }: Pick<NodeDeps, 'keychain' | 'sealUnderPassphrase'>,
): Promise<void> {
  if (passphrase !== null) {
    home.write(UNDER_PASSPHRASE, await sealKey(key, passphrase, sealUnderPassphrase))
    home.remove(IN_KEYCHAIN)
    return
  }
  if (keychain === null) throw passphraseNeeded()
  home.write(IN_KEYCHAIN, await keychain.seal(secretOf(key)))
  home.remove(UNDER_PASSPHRASE)
}

/** A key file whose node is gone is still somebody's key: it is kept beside the new one, under another name. */
export function setKeysAside(home: HomeAdapter, now: string): void {
  for (const name of [UNDER_PASSPHRASE, IN_KEYCHAIN]) {
    const bytes = home.read(name)
    if (bytes !== null) home.write(`set-aside-${now.replaceAll(/[:.]/g, '')}-${name}`, bytes)
    home.remove(name)
  }
}

export function isUnderPassphrase(home: HomeAdapter): boolean {
  return home.read(UNDER_PASSPHRASE) !== null
}

/** @throws StewardError WRONG_PASSPHRASE, KEY_DAMAGED, KEY_FILE_MISSING, KEY_OF_ANOTHER_NODE. */
export async function keyUnderPassphrase(home: HomeAdapter, node: NodeId, passphrase: string): Promise<NodeKey> {
  const sealed = home.read(UNDER_PASSPHRASE)
  if (sealed === null) throw keyMissing()
  return keyOf(node, await openKey(sealed, passphrase))
}

/** Seals it anew where the keychain asks for that. @throws StewardError KEYCHAIN_REFUSED, KEY_FILE_MISSING, KEY_OF_ANOTHER_NODE. */
export async function keyInKeychain(home: HomeAdapter, node: NodeId, keychain: Keychain | null): Promise<NodeKey> {
  const sealed = home.read(IN_KEYCHAIN)
  if (sealed === null) throw keyMissing()
  if (keychain === null) throw keychainRefused(undefined)
  const { secret, reseal } = await keychain.open(sealed).catch((thrown: unknown) => {
    // A host that says more about its keychain is passed on.
    throw thrown instanceof StewardError ? thrown : keychainRefused(thrown)
  })
  const key = keyOf(node, keyFromSecret(secret))
  if (reseal) home.write(IN_KEYCHAIN, await keychain.seal(secret))
  return key
}

function keyOf(node: NodeId, key: NodeKey): NodeKey {
  if (key.node === node) return key
  throw new StewardError({
    code: 'KEY_OF_ANOTHER_NODE',
    happened: 'The key file holds the key of another node.',
    kept: 'The ledger and the key file are untouched.',
    remedy: 'Put this node’s own key file back from a backup, or restore the node from its recovery phrase.',
  })
}

function passphraseNeeded(): StewardError {
  return new StewardError({
    code: 'PASSPHRASE_NEEDED',
    happened: 'This system has no keychain that could keep the key.',
    kept: 'No key was made.',
    remedy: 'Choose a passphrase of at least eight characters.',
  })
}

function keyMissing(): StewardError {
  return new StewardError({
    code: 'KEY_FILE_MISSING',
    happened: 'The key file is not in the data folder.',
    kept: 'The ledger is untouched and can be read.',
    remedy: 'Put the key file back from a backup, or restore the node from its recovery phrase.',
  })
}

function keychainRefused(cause: unknown): StewardError {
  return new StewardError({
    code: 'KEYCHAIN_REFUSED',
    happened: 'The system’s keychain does not open the key of this node.',
    kept: 'The ledger is untouched: reading and merging go on, nothing is signed.',
    remedy:
      'Unlock the keychain and start Steward again, or run `steward restore` on this data folder with the recovery phrase and a passphrase.',
    cause,
  })
}
