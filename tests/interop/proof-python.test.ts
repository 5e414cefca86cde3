// A proof that a node exports convinces somebody who has nothing of Steward: checked in Python, inclusion and head note too.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Place, type Core } from '#tests/kit/place.ts'

const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import nacl.signing']).status === 0,
)
const missing = 'PyNaCl is not installed (Debian: python3-nacl), so nothing was checked by a second implementation.'
const script = fileURLToPath(new URL('check_proof.py', import.meta.url))

const checkedInPython = (text: string) => spawnSync(python ?? '', [script], { input: text, encoding: 'utf8' })

async function everyProof(core: Core) {
  const { items } = await core.steward.receipts.list({ filter: {}, sort: 'oldest', limit: 200 })
  return Promise.all(
    items.map(async ({ id, seq }) => ({ id, seq, text: (await core.steward.receipts.proof({ id })).text })),
  )
}

test('proofs of own and of others’ receipts hold in Python, for every place in feeds of several lengths', async (context) => {
  if (python === undefined) context.skip(missing)
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  for (let v = 0; v < 4; v++) await ada.observe('a', { v, text: 'Größe 😂' })
  await ben.observe('a', { v: 9 })
  await place.settle([ada, ben])
  for (const { id, seq, text } of await everyProof(ada)) {
    const run = checkedInPython(text)
    expect([id, run.stderr]).toEqual([id, ''])
    expect(JSON.parse(run.stdout)).toMatchObject({ id, seq })
  }
})

test('a receipt that is not published yet is proved under a head that its node signs for the proof', async (context) => {
  if (python === undefined) context.skip(missing)
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const id = await ada.observe('a', { v: 1 })
  const { text, fileName } = await ada.steward.receipts.proof({ id })
  expect(fileName).toMatch(/^receipt-3-[0-9a-f]{12}\.proof\.json$/)
  expect(JSON.parse(checkedInPython(text).stdout)).toEqual({ id, seq: 3, size: 3 })
})

test('a proof in which anything was changed does not hold there', async (context) => {
  if (python === undefined) context.skip(missing)
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.observe('a', { value: 1 })
  await ada.observe('a', { value: 2 })
  await ada.sync()
  const proof = (await everyProof(ada)).at(-2)
  for (const [from, to] of [
    ['\\"value\\":1', '\\"value\\":3'],
    ['"index": 2', '"index": 1'],
    ['"size": 4', '"size": 5'],
  ] as const) {
    const changed = proof?.text.replace(from, to) ?? ''
    expect(changed).not.toBe(proof?.text)
    expect(checkedInPython(changed).status).not.toBe(0)
  }
})
