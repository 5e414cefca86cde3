// One of the threads that the limit of verification is measured with: bare signature checks, nothing else.
import { createPublicKey, verify } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { loadSodium, parseStoredLine, publicKeyFromNodeId, signedBytes } from '#core/receipts/index.ts'

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

// verify-limit.ts starts this thread and nobody else does.
const { lines, native } = workerData as { readonly lines: readonly string[]; readonly native: 'node' | 'sodium' }
const sodium = native === 'sodium' ? loadSodium() : null
const checks = lines.map((line) => {
  const receipt = parseStoredLine(line)
  const publicKey = publicKeyFromNodeId(receipt.receipt.node)
  if (publicKey === null) throw new Error('A node of the bench has a key.')
  const key = createPublicKey({ format: 'der', type: 'spki', key: Buffer.concat([SPKI_PREFIX, publicKey]) })
  const message = signedBytes(receipt)
  const signature = Buffer.from(receipt.receipt.sig, 'base64url')
  return sodium === null
    ? () => verify(null, message, key, signature)
    : () => sodium.crypto_sign_verify_detached(signature, message, publicKey)
})

parentPort?.on('message', () => {
  for (const check of checks) if (!check()) throw new Error('A signature of the bench is valid.')
  parentPort?.postMessage('done')
})
parentPort?.postMessage('ready')
