import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemTimers } from '#core/exchange/index.ts'
import { proofText } from '#core/proof/index.ts'
import { bare, conflictOf, proofOf } from '#tests/kit/made-proofs.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { Place, type Core } from '#tests/kit/place.ts'
import { disagreement, proofOfConflict } from '#tests/kit/proofs.ts'
import { inspected } from './desk.ts'

/** What the import sheet says of one file. */
async function shown(core: Core, name: string, text: string) {
  const path = join(core.place.folder, name)
  writeFileSync(path, text)
  const { kinds, adds, proofs, refusalCount, foreign } = await inspected(core, path)
  expect({ kinds, adds, refusalCount, foreign }).toEqual({ kinds: ['proof'], adds: 0, refusalCount: 0, foreign: 0 })
  return proofs[0]!
}

test('a proof that is dropped says what it proves, that it holds, and whether its receipts are here', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const stranger = await place.node('stranger', { exchange: null })
  for (const form of ['json', 'html'] as const) {
    const { fileName, text, sentence } = await proofOfConflict(ada, 'hash-mismatch', form)
    const proof = await shown(ada, fileName, text)
    expect(proof).toMatchObject({ entry: fileName, holds: true, sentence, faults: [] })
    expect(proof.here).toBe(proof.receipts)
    expect(proof.held).toBeGreaterThan(10)
    expect(proof.beside).toContain('Network: network of ada.')
    expect(await shown(stranger, fileName, text)).toMatchObject({ holds: true, sentence, here: 0 })
  }
})

test('a proof of which one byte was changed does not hold, says why, and does not say what it would prove', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const { text, sentence } = await proofOfConflict(ada, 'hash-mismatch', 'json')
  const proof = await shown(ada, 'changed.json', text.replace('\\"count\\":12', '\\"count\\":13'))
  expect(proof.holds).toBe(false)
  expect(proof.sentence).not.toBe(sentence)
  expect(proof.faults.join('\n')).toMatch(/Signature: /)
})

test('a page that says something else around a proof that holds is told; half a proof is no proof', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const { text } = await proofOfConflict(ada, 'hash-mismatch', 'html')
  const page = await shown(ada, 'page.html', text.replace('<main>', '<main><h1>Ada is right</h1>'))
  expect(page).toMatchObject({ holds: true })
  expect(page.beside.join(' ')).toContain('rely on what stands here, not on the page')
  const { text: json } = await proofOfConflict(ada, 'hash-mismatch', 'json')
  expect(await shown(ada, 'half.json', json.slice(0, json.length / 2))).toMatchObject({ holds: false, held: 0 })
})

test('while the receipts of a long proof are checked the node answers what it is asked', async () => {
  await using place = new Place()
  const real = systemTimers()
  let asked = 0
  let ask = () => Promise.resolve<unknown>(null)
  const answers: unknown[] = []
  const timers = {
    ...real,
    setTimeout(run: () => void, ms: number) {
      if (ms === 0) void ask().then((answer) => answers.push(answer))
      if (ms === 0) asked++
      return real.setTimeout(run, ms)
    },
  }
  const ada = await place.node('ada', { exchange: null, timers })
  const zoe = new TestNode('zoe')
  const members = Array.from({ length: 40 }, (_, v) => zoe.observe('meter.json', { v }))
  const proof = proofOf(
    members.map((receipt) => bare('member', receipt)),
    conflictOf('hash-mismatch', members),
  )
  ask = () => ada.steward.app.state({})
  expect(await shown(ada, 'long.json', proofText(proof))).toMatchObject({ holds: true, receipts: 40 })
  expect(asked).toBeGreaterThanOrEqual(10)
  expect(answers.length).toBeGreaterThanOrEqual(10)
})
