import { expect, test } from 'vitest'
import { FaultyFolders } from './faulty-folders.ts'
import { SharedFolder, type Steward } from './shared-folder.ts'

/** Ada with 16 small segments and two more receipts to come: publishing writes, compacts and deletes. */
async function nearCompaction(shared: SharedFolder, faulty: FaultyFolders): Promise<Steward> {
  const ada = shared.steward('ada', { files: faulty.adapter }).found()
  for (let index = 0; index < 16; index++) {
    ada.observe(`${index}.json`)
    await ada.exchange.publish()
  }
  ada.observe('second last.json')
  ada.observe('last.json')
  return ada
}

test('a crash at any step of publishing leaves readers with the old or the new feed, and the next start repairs it', async () => {
  let steps = 0
  for (let step = 1; ; step++) {
    await using shared = new SharedFolder()
    const faulty = FaultyFolders.crashing()
    const ada = await nearCompaction(shared, faulty)
    const before = ada.exchange.view().unpublished
    expect(before).toBe(2)
    faulty.failAt = faulty.calls + step
    // With a look at the folder: what is published in between leaves compacting to it.
    await ada.sync()
    if (!faulty.happened) {
      steps = step - 1
      break
    }

    const ben = shared.steward('ben').joinNetwork(ada.network!)
    const report = await ben.sync()
    expect(report).toMatchObject({ refused: [], waiting: 0 })
    expect([18, 20]).toContain(ben.seqOf(ada))
    expect(ben.exchange.observations()).toEqual([])
    expect(ben.exchange.peer(ada.id).trouble).toBeNull()

    // The machine starts again: what lies in the folder is found there, and the rest follows.
    faulty.happened = false
    faulty.failAt = 0
    await ada.sync()
    await ben.sync()
    expect(ben.seqOf(ada)).toBe(20)
    expect(ada.exchange.view()).toMatchObject({ unpublished: 0, state: 'idle' })
  }
  expect(steps).toBeGreaterThan(15)
})

// Which code it is only changes what is shown (see folder-states.test.ts), so the codes take turns in the second sweep.
test.each([[['EIO']], [['ENOSPC', 'EACCES', 'EBUSY', 'EMFILE']]])(
  'whichever call fails with %j, nothing is lost or refused, and the next pass is complete',
  async (codes) => {
    await using shared = new SharedFolder()
    const faulty = new FaultyFolders('error')
    const [ada] = await shared.three()
    let step = 0
    do {
      step++
      ada.observe(`${step}.json`)
      await ada.exchange.publish()
      const cleo = shared.steward(`cleo-${step}`, { files: faulty.adapter, seed: 'cleo' }).joinNetwork(ada.network!)
      faulty.code = codes[step % codes.length] ?? 'EIO'
      faulty.calls = 0
      faulty.happened = false
      faulty.failAt = step
      expect((await cleo.sync()).refused).toEqual([])
      faulty.failAt = 0
      await cleo.sync()
      expect(cleo.receipts()).toBe(ada.receipts())
      expect(cleo.exchange.view()).toMatchObject({ state: 'idle', waiting: 0, refused: 0 })
      await cleo.close()
    } while (faulty.happened)
    expect(step).toBeGreaterThan(20)
  },
  300_000,
)
