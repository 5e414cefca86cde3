// A ledger that was lost, or put back from an older copy beside the node's own file, signs no second story: not even where no folder is
// there to contradict it.
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place, refusal, type Core } from '#tests/kit/place.ts'

const SIGNING = {
  kind: 'evidence/observed',
  subject: 'a',
  task: null,
  anchor: null,
  content: { type: 'body' as const, body: { v: 'after' } },
}

/** Ada shares a folder with Ben and signed three claims, which both have. */
async function ada(place: Place): Promise<Core> {
  const [node, other] = await place.network('ada', 'ben')
  if (node === undefined || other === undefined) throw new Error('two were asked for')
  for (const v of [1, 2, 3]) await node.observe('a', { v })
  await place.settle([node, other])
  await other.stop()
  return node
}

const ledgerFiles = (core: Core) => readdirSync(core.home).filter((name) => name.startsWith('ledger.sqlite'))

async function expectRefusal(core: Core, signed: number, here: string): Promise<void> {
  expect(await core.steward.app.state({})).toMatchObject({ phase: 'head-unknown' })
  expect(await refusal(core.steward.receipts.sign(SIGNING))).toMatchObject({
    code: 'HEAD_UNKNOWN',
    happened: expect.stringContaining(`It signed ${signed} receipts; ${here} here.`) as string,
  })
}

test('without its ledger and its folder it signs nothing; once the folder is back and read, it goes on where it was', async () => {
  await using place = new Place()
  const core = await ada(place)
  await core.stop()
  for (const name of ledgerFiles(core)) rmSync(join(core.home, name))
  const stick = join(place.folder, 'stick')
  renameSync(place.exchange, stick)

  await core.restart()
  await expectRefusal(core, 6, '0 of them are')
  await core.sync()
  await core.restart()
  await expectRefusal(core, 6, '0 of them are')

  renameSync(stick, place.exchange)
  await core.sync()
  expect(await core.steward.app.state({})).toMatchObject({ phase: 'ready' })
  expect(await core.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 7 })
  expect(await core.conflicts()).toEqual([])
})

test('a ledger put back from an older copy signs nothing while no folder can bring what it lacks', async () => {
  await using place = new Place()
  const core = await ada(place)
  await core.stop()
  const old = join(place.folder, 'old')
  mkdirSync(old)
  for (const name of ledgerFiles(core)) cpSync(join(core.home, name), join(old, name))
  await core.restart()
  await core.observe('b', { v: 4 })
  await core.stop()
  for (const name of ledgerFiles(core)) rmSync(join(core.home, name))
  cpSync(old, core.home, { recursive: true })
  const stick = join(place.folder, 'stick')
  renameSync(place.exchange, stick)

  await core.restart()
  await expectRefusal(core, 7, '6 of them are')

  // The folder holds no more than the copy does: the last receipt had not been published. Only a person can say that it is lost.
  renameSync(stick, place.exchange)
  await core.sync()
  await expectRefusal(core, 7, '6 of them are')
  await core.steward.node.declareHeadLost({})
  expect(await core.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 7 })
  await core.restart()
  expect(await core.steward.app.state({})).toMatchObject({ phase: 'ready' })
})

test('a node of before this was counted, whose ledger is gone, signs nothing either', async () => {
  await using place = new Place()
  const core = await ada(place)
  await core.stop()
  for (const name of ledgerFiles(core)) rmSync(join(core.home, name))
  const file = join(core.home, 'node.json')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/ *"signedSeq": \d+,\n/, ''))
  expect(readFileSync(file, 'utf8').length).toBeLessThan(text.length)
  renameSync(place.exchange, join(place.folder, 'stick'))
  await core.restart()
  expect(await refusal(core.steward.receipts.sign(SIGNING))).toMatchObject({ code: 'HEAD_UNKNOWN' })
})
