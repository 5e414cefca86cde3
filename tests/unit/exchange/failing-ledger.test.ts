// The disk under the ledger fails for a while: the exchange tells it, ends nothing, and goes on by itself.
import { expect, test, vi } from 'vitest'
import { systemTimers } from '#core/exchange/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { SharedFolder, type Steward } from './shared-folder.ts'

/** Answers how to begin and to end failing. */
function failingReads({ ledger }: Steward): (fails: boolean) => void {
  const { read } = ledger
  const real: typeof read.prepare = read.prepare.bind(read)
  let failing = false
  vi.spyOn(read, 'prepare').mockImplementation((sql) => {
    if (!failing) return real(sql)
    throw new StewardError({
      code: 'LEDGER_IO',
      happened: 'The disk failed while the ledger was read or written.',
      kept: 'Nothing of this change was kept.',
      remedy: 'Check the disk.',
    })
  })
  return (fails) => (failing = fails)
}

test('a look at the folder while the ledger cannot be read ends neither the core nor the looking', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const dora = shared.steward('dora', { timers: systemTimers() }).joinNetwork(ada.network!)
  const failing = failingReads(dora)
  dora.exchange.start()
  await vi.waitFor(() => expect(dora.exchange.view().lastRescan).not.toBeNull(), 20_000)

  failing(true)
  for (let attempt = 0; dora.bugs.length === 0 && attempt < 50; attempt++) {
    ben.observe(`while-it-fails-${attempt}.json`)
    await ben.exchange.publish()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  expect(dora.bugs).toContainEqual(expect.objectContaining({ code: 'LEDGER_IO' }))

  failing(false)
  await vi.waitFor(
    async () => {
      ben.observe('afterwards.json')
      await ben.exchange.publish()
      expect(dora.seqOf(ben)).toBeGreaterThan(3)
    },
    { timeout: 20_000, interval: 200 },
  )
  expect(dora.exchange.view().reason ?? '').not.toContain('disk failed')
}, 60_000)
