// Front door of core/identity: the node's key, its file, its recovery phrase, and signing with it.
export { sealWithAge } from './age-adapter.ts'
export { openKey, sealKey } from './key-file.ts'
export type { PassphraseSeal } from './key-file.ts'
export { generateIdentity, keyFromSecret, secretOf } from './node-key.ts'
export type { NodeKey } from './node-key.ts'
export { confirmPhrase, identityFromPhrase, phraseOf } from './phrase.ts'
export { signerOf } from './signer.ts'
