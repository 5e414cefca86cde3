// One of the threads that the limit of reconciling is measured with: read, hash, and where asked check the signature; nothing else.
import { hash, createPublicKey, verify } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { loadSodium } from '#core/receipts/index.ts'

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const HASH_MEMBER = Buffer.from(',"hash_sha256":"')
const SIGNATURE_MEMBER = Buffer.from('"signature":"')
const SIGNATURE_CHARACTERS = 88

// reconcile-limit.ts starts this thread and nobody else does.
const { files, publicKey } = workerData as { readonly files: readonly string[]; readonly publicKey: Uint8Array }
const sodium = loadSodium()
const key = createPublicKey({ format: 'der', type: 'spki', key: Buffer.concat([SPKI_PREFIX, publicKey]) })
const buffer = Buffer.allocUnsafe(64 * 1024)

parentPort?.on('message', (order: 'read' | 'verify') => {
  for (const file of files) {
    const bytes = readFile(file)
    hash('sha256', bytes, 'buffer')
    if (order === 'verify' && !isSigned(bytes)) throw new Error('A signature of the bench is valid.')
  }
  parentPort?.postMessage('done')
})
parentPort?.postMessage('ready')

function readFile(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    return buffer.subarray(0, readSync(file, buffer))
  } finally {
    closeSync(file)
  }
}

/** The generator writes the signed members first and in order, so that the signed bytes need no parsing. */
function isSigned(bytes: Buffer): boolean {
  const message = Buffer.concat([bytes.subarray(0, bytes.indexOf(HASH_MEMBER)), Buffer.from('}')])
  const from = bytes.indexOf(SIGNATURE_MEMBER) + SIGNATURE_MEMBER.length
  const signature = Buffer.from(bytes.toString('latin1', from, from + SIGNATURE_CHARACTERS), 'base64url')
  return sodium === null
    ? verify(null, message, key, signature)
    : sodium.crypto_sign_verify_detached(signature, message, publicKey)
}
