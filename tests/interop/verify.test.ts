// What Steward exports holds for a second implementation in another language, and whatever was changed in it is found there.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { Place } from '#tests/kit/place.ts'
import { checkProof, proofText, type Proof } from '#core/proof/index.ts'
import { bare, conflictOf, headOf, proofOf } from '#tests/kit/made-proofs.ts'
import type { Json } from '#core/contract/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { disagreement, proofOfConflict, toldApart, twoStories } from '#tests/kit/proofs.ts'
import { HOW_TO_GET_NACL } from '#tests/python.ts'
import { oneByteChanged, python, script, verified } from './verifier.ts'

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .toSorted()
}

test('the verifier stays small enough to be read', () => {
  expect(readFileSync(script, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(300)
})

test('proofs of receipts, conflicts and forks hold, as pages and as data, and no changed byte goes unnoticed', async (context) => {
  if (python === null) context.skip(HOW_TO_GET_NACL)
  await using place = new Place()
  const { ben } = await twoStories(place)
  const [conflict] = (await ben.conflicts()).filter(({ kind }) => kind === 'hash-mismatch')
  if (conflict === undefined) throw new Error('they disagree')
  const members = conflict.members.map(({ receipt }) => receipt)
  const [newest] = (await ben.steward.receipts.list({ filter: {}, sort: 'newest', limit: 1 })).items
  if (newest === undefined || members[0] === undefined) throw new Error('something was signed')
  const paths: string[] = []
  for (const form of ['html', 'json'] as const) {
    for (const { fileName, text } of [
      await ben.steward.receipts.proof({ id: members[0], form }),
      await ben.steward.receipts.proof({ id: newest.id, form }),
      await proofOfConflict(ben, 'hash-mismatch', form),
      await proofOfConflict(ben, 'fork', form),
    ]) {
      paths.push(join(place.folder, fileName))
      writeFileSync(join(place.folder, fileName), text)
    }
  }
  for (const answer of verified(paths)) expect(answer).toMatchObject({ holds: true, faults: [] })

  const changed = paths.flatMap((path) =>
    oneByteChanged(join(place.folder, 'changed'), basename(path), readFileSync(path), 25),
  )
  const unnoticed = verified(changed).filter(({ holds }) => holds)
  expect(unnoticed.map(({ path }) => path)).toEqual([])
})

test('both verifiers judge alike what no honest node exports', async (context) => {
  if (python === null) context.skip(HOW_TO_GET_NACL)
  await using place = new Place()
  const [ada, ben, cleo] = [new TestNode('ada'), new TestNode('ben'), new TestNode('cleo')]
  const imported = (node: TestNode, bytes: string, canonical: string) => {
    const content = { hash: `sha256:${bytes.repeat(64)}` }
    return node.observe('a.json', { origin: node.name, round: 1, content, canonical: `sha256:${canonical.repeat(64)}` })
  }
  const about = (...members: ReturnType<typeof imported>[]) =>
    proofOf(
      members.map((one) => bare('member', one)),
      conflictOf('hash-mismatch', members),
    )
  const alike = about(imported(ada, '1', '2'), imported(ben, '3', '2'))
  const differing = about(imported(ada, '1', '2'), imported(ben, '3', '4'))
  const withheld = (from: number, to: number) =>
    proofOf([], conflictOf('withheld', [], { subject: ada.id, range: [from, to], head: headOf(ada) }))
  const flawed = (kind: string, body: { readonly [key: string]: Json }) => {
    const member = cleo.observe('a.json', {
      origin: 'node-c',
      round: 1,
      content: { hash: `sha256:${'0'.repeat(64)}` },
      ...body,
    })
    return proofOf([bare('member', member)], conflictOf(kind, [member]))
  }
  const cases: readonly (readonly [Proof, boolean])[] = [
    [flawed('invalid-signature', { envelope: { state: 'invalid', why: 'Other bytes.' } }), true],
    [flawed('invalid-signature', { envelope: { state: 'ok' } }), false],
    [flawed('content-mismatch', { mismatches: ['Another hash.'] }), true],
    [flawed('content-mismatch', { mismatches: [] }), false],
    [flawed('content-mismatch', {}), false],
    [alike, false],
    [differing, true],
    [withheld(1, 2), true],
    [withheld(0, 2), false],
    [withheld(2, 1), false],
    [withheld(1, 3), false],
  ]
  const paths = cases.map(([proof], index) => {
    const path = join(place.folder, `${index}.json`)
    writeFileSync(path, proofText(proof))
    return path
  })
  const expected = cases.map(([, holds]) => holds)
  expect(cases.map(([proof]) => checkProof(proof).holds)).toEqual(expected)
  expect(verified(paths).map(({ holds }) => holds)).toEqual(expected)
})

test('an exchange folder holds; a byte changed in any file of it and a feed that is missing are found', async (context) => {
  if (python === null) context.skip(HOW_TO_GET_NACL)
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  const upload = await ada.steward.uploads.begin({ sizeBytes: 5 })
  await ada.steward.uploads.piece({ ...upload, offset: 0, base64: Buffer.from('bytes').toString('base64') })
  const content = { type: 'upload' as const, ...upload, name: 'a.bin' }
  await ada.steward.receipts.sign({ kind: 'evidence/observed', subject: 'a.bin', task: null, anchor: null, content })
  await place.settle([ada, ben])
  const [whole] = verified([place.exchange])
  expect(whole).toMatchObject({ holds: true, faults: [] })
  expect(whole?.told).toHaveLength(2)

  const files = filesIn(place.exchange)
  expect(files.some((name) => name.includes('blobs'))).toBe(true)
  const copies = files.flatMap((name, index) => {
    const size = statSync(join(place.exchange, name)).size
    return [...(name.includes('/feed/') ? [null] : []), 0.1, 0.5, 0.9].map((part) => {
      const copy = join(place.folder, `copy-${index}-${part ?? 'gone'}`)
      cpSync(place.exchange, copy, { recursive: true })
      const path = join(copy, name)
      if (part === null) rmSync(dirname(path), { recursive: true })
      else {
        const bytes = readFileSync(path)
        const at = Math.floor(size * part)
        bytes[at] = (bytes[at] ?? 0) ^ 1
        writeFileSync(path, bytes)
      }
      return { name, part, copy }
    })
  })
  const holds = new Map(verified(copies.map(({ copy }) => copy)).map((answer) => [answer.path, answer.holds]))
  const unnoticed = copies.filter(({ copy }) => holds.get(copy) !== false)
  expect(unnoticed.map(({ name, part }) => [name, part])).toEqual([])
})

test('the leaves that nodes publish where they were told different stories are under the root that they signed', async (context) => {
  if (python === null) context.skip(HOW_TO_GET_NACL)
  await using place = new Place()
  const { ada, exchange } = await toldApart(place)
  expect(verified([exchange], '--partial')).toMatchObject([{ holds: true, faults: [] }])
  const leaves = filesIn(exchange).filter((name) => name.includes('/leaves/'))
  expect(leaves).toHaveLength(2)
  const path = join(exchange, leaves.find((name) => name.includes(ada.id.slice('did:key:'.length))) ?? '')
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')),
  )
  expect(verified([exchange], '--partial')).toMatchObject([
    { holds: false, faults: [expect.stringContaining('leaves') as string] },
  ])
})

test('numbers and texts are canonical there as here', (context) => {
  if (python === null) context.skip(HOW_TO_GET_NACL)
  const values = [
    0.1,
    1e-6,
    1e-7,
    1.5e-9,
    -0.000123,
    123456.789,
    5e-324,
    1.7976931348623157e-300,
    'é\u2028"\\',
    { '\ufb33': 1, '\u{1f602}': 2 },
  ]
  const run = spawnSync(
    python ?? '',
    ['-c', 'import json, sys, verify; print(json.dumps([verify.canonical(v) for v in json.load(sys.stdin)]))'],
    {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      input: JSON.stringify(values),
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    },
  )
  const sorted = '{"\u{1f602}":2,"\ufb33":1}'
  expect(JSON.parse(run.stdout)).toEqual(
    values.map((value) => (typeof value === 'object' ? sorted : JSON.stringify(value))),
  )
})

test('the commands that come with a proof check it by hand, and end with an error where it was changed', async () => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  for (const kind of ['hash-mismatch', 'fork'] as const) {
    const { fileName, text } = await proofOfConflict(ben, kind, 'json')
    const { byHand } = z.object({ byHand: z.array(z.object({ command: z.string() })) }).parse(JSON.parse(text))
    expect(byHand).toHaveLength(3)
    const run = (name: string, content: string) => {
      const cwd = join(place.folder, name)
      mkdirSync(cwd)
      writeFileSync(join(cwd, fileName), content)
      return byHand.map(({ command }) => spawnSync('bash', ['-c', command], { cwd, encoding: 'utf8' }))
    }
    const good = run(kind, text)
    expect(good.map(({ status, stderr }) => [status, stderr])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ])
    expect(good[0]?.stdout).toMatch(/^(proof-parts\/receipt-\d\.txt: OK\n)+$/)
    expect(good[1]?.stdout).toMatch(/^(Signature Verified Successfully\n)+$/)
    const said = kind === 'fork' ? ['\\"v\\":1', '\\"v\\":7'] : ['\\"count\\":12', '\\"count\\":13']
    const bad = run(`${kind}-changed`, text.replace(said[0] ?? '', said[1] ?? ''))
    expect(bad.slice(0, 2).map(({ status }) => status === 0)).toEqual([false, false])
    // A member of a fork is in no one tree, so there the third command has nothing to say about it.
    expect(kind === 'fork' || bad[2]?.status !== 0).toBe(true)
  }
})
