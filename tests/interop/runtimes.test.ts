// The same bytes under every Node: signatures at the edges, receipts, heads, trees, node directories reconciled, and where SQLite's
// binding loads, whole ledgers with their reports. In CI every runtime must be had; elsewhere one that is not here is skipped, and says why.
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { ROOT } from '#tests/kit/bundle-for-node.ts'
import { bundlePrograms, type Program } from '#tests/runtimes/bundle.ts'
import { NODE_VERSIONS, nodeBinary } from '#tests/runtimes/node-binaries.ts'

/** Elsewhere a test run downloads nothing on its own: `npm run runtimes` does. */
const IS_CI = process.env['CI'] === 'true'
/** SQLite's binding is built for this version of Node-API. */
const NODE_API = 10

const Answers = z.record(z.string(), z.string())
type Answers = z.infer<typeof Answers>

let programs: Readonly<Record<Program, string>>
let expected: Readonly<Record<Program, Answers>>

beforeAll(async () => {
  const folder = join(ROOT, `.cache/runtimes/bundle-${process.pid}`)
  programs = await bundlePrograms(folder)
  expected = {
    pure: await answersOf(process.execPath, 'pure'),
    'with-ledger': await answersOf(process.execPath, 'with-ledger'),
  }
  return () => rmSync(folder, { recursive: true, force: true })
})

async function answersOf(node: string, program: Program): Promise<Answers> {
  const { stdout } = await promisify(execFile)(node, [programs[program], ROOT], { maxBuffer: 64 * 1024 * 1024 })
  return Answers.parse(JSON.parse(stdout))
}

test('the comparison is over something: verdicts, receipts, directories, reports', () => {
  expect(Object.keys(expected.pure).length).toBeGreaterThan(400)
  expect(Object.keys(expected['with-ledger']).filter((name) => name.endsWith('summary.md')).length).toBe(12)
  expect(Object.values(expected.pure).filter((answer) => answer.includes(', but '))).toEqual([])
})

test.for(NODE_VERSIONS)('Node %s gives the same bytes', async (version, context) => {
  const found = await nodeBinary(version, IS_CI)
  if ('missing' in found) {
    if (IS_CI) throw new Error(`Node ${version} cannot be had, so that nothing was compared: ${found.missing}`)
    console.log(`skipped: Node ${version}: ${found.missing}`)
    context.skip(found.missing)
    return
  }
  const { path } = found
  const { stdout } = await promisify(execFile)(path, ['-p', '`${process.versions.node} ${process.versions.napi}`'])
  const [real, nodeApi] = stdout.trim().split(' ')
  expect(real).toBe(version)
  expect(await answersOf(path, 'pure')).toEqual(expected.pure)
  if (Number(nodeApi) < NODE_API) {
    console.log(
      `Node ${version}: ledger and reports not compared, since SQLite’s binding needs Node-API ${NODE_API}, here is ${nodeApi}.`,
    )
    return
  }
  expect(await answersOf(path, 'with-ledger')).toEqual(expected['with-ledger'])
})
