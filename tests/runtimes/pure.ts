// Run under each runtime, as one bundle: what needs no ledger. Prints every answer under a name, so that runtimes can be compared byte
// for byte. Argument: the root of the repository, where the fixtures are.
import './old-node.ts'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContentHash, Instant, Json } from '#core/contract/index.ts'
import { holdsUnder } from '#core/proof/crypto.ts'
import {
  canonicalJson,
  consistencyProof,
  createTree,
  createVerifier,
  feedLeavesText,
  fingerprintWords,
  inclusionProof,
  loadSodium,
  nodeIdFromPublicKey,
  parseLine,
  segmentName,
  sha256Id,
  signHead,
  signSeen,
  signState,
} from '#core/receipts/index.ts'
import type { Verdict } from '#core/receipts/index.ts'
import { mergeInto } from '#tests/kit/directories.ts'
import { instantAt, signerFromSeed, START, TestNode } from '#tests/kit/nodes.ts'

const [root = '.'] = process.argv.slice(2)
const answers: Record<string, string> = {}

verdicts('published', 'ed25519-edge-cases.json')
verdicts('made', 'ed25519-verdicts.json')
canonicalForms()
signedFeed()
oldReceipts()
await directories('pilot-sample', ['pilot-sample/node-a', 'pilot-sample/node-b'])
await directories('corpus', ['node-a', 'node-b', 'node-c'])
process.stdout.write(`${JSON.stringify(answers, null, 1)}\n`)

/** What each library, with the rules around it, says of a case; and what an exported page says. */
function verdicts(table: string, file: string): void {
  // The fixtures are this repository's own; tests/unit/receipts/verdicts.test.ts checks their form.
  const { cases } = fixture(file) as unknown as {
    cases: Record<'what' | 'publicKey' | 'message' | 'signature', string>[]
  }
  for (const native of loadSodium() === null ? (['node'] as const) : (['node', 'sodium'] as const)) {
    const verifier = createVerifier({ native, slowChecksAllowed: () => true })
    // The same names whether sodium loads or not: which library stood in front must not show.
    for (const [index, { what, publicKey, message, signature }] of cases.entries()) {
      const node = nodeIdFromPublicKey(hex(publicKey))
      const name = `verdict ${table} ${index} ${what}`
      const said = wordFor(verifier.verifyBytes(node, hex(message), hex(signature), 'table'))
      answers[name] =
        answers[name] === undefined || answers[name] === said ? said : `${answers[name]}, but ${native}: ${said}`
      answers[`page ${table} ${index} ${what}`] = String(holdsUnder(hex(publicKey), hex(message), hex(signature)))
    }
  }
}

function canonicalForms(): void {
  const values: Json[] = [
    [0, -0, 1e-7, 5e-324, 2.2250738585072014e-308, 0.1 + 0.2, 333333333.3333333, 4.35, 9007199254740991, -1.5e-300],
    {
      '\u20ac': 'Euro',
      '\r': 'CR',
      '\ufb33': 'dalet',
      '1': 'one',
      '\ud83d\ude00': 'smile',
      '\u0080': 'control',
      ö: 'o',
    },
    { text: '\u0000\u001f"\\/\u2028\ud83d\ude02 Größe' },
  ]
  for (const [index, value] of values.entries()) answers[`canonical ${index}`] = canonicalJson(value)
}

/** A feed with what bodies, subjects, tasks and anchors can hold; its head, statements, tree, proofs and segment. */
function signedFeed(): void {
  const ada = new TestNode('ada')
  const signer = signerFromSeed('ada')
  const anchor = { hash: sha256Id<ContentHash>('anchor'), time: instantAt(START) }
  const bodies: { readonly [key: string]: Json }[] = [
    { value: 1 },
    { nested: { b: [1, 2.5, -3e-9, null, true], a: 'Größe 😂' } },
    { content: { hash: sha256Id<ContentHash>('content'), size: 7 } },
    { empty: {}, list: [] },
  ]
  for (let n = 0; n < 40; n++) {
    ada.observe(n % 3 === 0 ? 'Über/naïve café.json' : `report-${n % 5}.json`, bodies[n % bodies.length] ?? {}, {
      task: n % 2 === 0 ? null : 'pilot',
      anchor: n % 4 === 0 ? anchor : null,
    })
  }
  const tree = createTree()
  for (const [index, { id, line, leaf }] of ada.signed.entries()) {
    tree.append(leaf)
    answers[`receipt ${index + 1}`] = `${id} ${Buffer.from(leaf).toString('hex')} ${line}`
    answers[`root ${index + 1}`] = Buffer.from(tree.root()).toString('hex')
  }
  const last = ada.signed.at(-1)
  if (last === undefined) throw new Error('it signed something')
  const { id } = last
  const { seq } = last.receipt
  const leaves = ada.signed.map(({ leaf }) => leaf)
  const root64 = Buffer.from(tree.root()).toString('base64')
  const rows = [{ node: ada.id, seq, id }]
  answers['head'] = signHead({ seq, id, root: tree.root(), time: instantAt(START) }, signer)
  answers['seen'] = signSeen(rows, signer)
  answers['state'] = signState(
    sha256Id<ContentHash>('policy'),
    [{ node: ada.id, seq, id, aside: null, root: root64 }],
    signer,
  )
  answers['leaves'] = digest(feedLeavesText(ada.signed))
  answers['inclusion'] = inclusionProof(leaves, 20)
    .map((hash) => Buffer.from(hash).toString('hex'))
    .join(' ')
  answers['consistency'] = consistencyProof(leaves, 13)
    .map((hash) => Buffer.from(hash).toString('hex'))
    .join(' ')
  answers['words'] = fingerprintWords(ada.id).join(' ')
  answers[`segment ${segmentName(1, seq)}`] = digest(ada.signed.map(({ line }) => `${line}\n`).join(''))
}

/** Receipts that were signed long ago are still the same. */
function oldReceipts(): void {
  // As above.
  const { receipts } = fixture('receipts.json') as unknown as { receipts: { line: string }[] }
  const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => false })
  for (const [index, { line }] of receipts.entries()) {
    const parsed = parseLine(Buffer.from(line))
    const verdict = parsed.ok ? verifier.verify(parsed.value, 'fixture') : parsed
    answers[`old receipt ${index + 1}`] = parsed.ok ? `${parsed.value.id} ${wordFor(verdict)}` : wordFor(verdict)
  }
}

/** Node directories reconciled in both formats: every file that is written. */
async function directories(name: string, nodes: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-runtime-'))
  try {
    for (const format of ['steward', 'reference'] as const) {
      const { files } = await mergeInto(join(folder, format), {
        format,
        nodes: nodes.map((node) => ({
          label: node.split('/').at(-1) ?? node,
          folder: join(root, 'tests/fixtures/teof', node),
        })),
        expect: ['_report/usage/*', '_report/nowhere.json'],
        // An instant by its form.
        asOf: '2026-03-01T12:00:00.000Z' as Instant,
      })
      for (const [file, text] of Object.entries(files)) answers[`${name} ${format} ${file}`] = digest(text)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function wordFor(verdict: Verdict<unknown>): string {
  if (verdict.ok === true) return 'accepted'
  return verdict.ok === false ? verdict.refusal.reason : 'deferred'
}

function fixture(name: string): Json {
  // What JSON.parse gives is Json by definition.
  return JSON.parse(readFileSync(join(root, 'tests/fixtures/vectors', name), 'utf8')) as Json
}

function hex(text: string): Uint8Array {
  return Buffer.from(text, 'hex')
}

function digest(text: string): string {
  return `${text.length} characters, ${createHash('sha256').update(text).digest('hex')}`
}
