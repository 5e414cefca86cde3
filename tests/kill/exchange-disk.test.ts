// A node that publishes, and one that reads, on a disk whose power fails at every call and whose every call fails once with each error of
// the system. Whatever is left, the node starts again on it, goes on by itself, and both end with the same fingerprint; what was
// acknowledged or published is there, and no reader was ever shown half a file.
import { describe, expect, test, vi } from 'vitest'
import type { Loss } from '#tests/kit/disk/disk.ts'
import type { Fault } from '#tests/kit/disk/machine.ts'
import { ExchangeScene, type Start, type Who } from './exchange-scene.ts'

vi.mock('node:fs', async (original) => (await import('#tests/kit/disk/mounted-fs.ts')).mountedFs(await original()))
vi.mock('node:fs/promises', async (original) =>
  (await import('#tests/kit/disk/mounted-fs.ts')).mountedPromises(await original()),
)

/** What a call may answer; `less` is none, but to do a part of what was asked. */
const ERRORS = ['EIO', 'ENOSPC', 'EACCES', 'EROFS', 'EMFILE', 'EBUSY', 'ENOENT', 'less']
/** CI draws some errors for each call by its seed, another share of them at each commit; `npm run kill` takes all, which is minutes more. */
const EACH_ERROR = process.env['STEWARD_EACH_ERROR'] !== undefined
/** More of the same says nothing new. */
const ENOUGH = 8
const SEED = Number(process.env['STEWARD_KILL_SEED'] ?? Date.now() % 1_000_000)
console.log(`disk test: STEWARD_KILL_SEED=${SEED}`)

function errorsAt(call: number, count: number): readonly string[] {
  const errors = Array.from(
    { length: count },
    (_, more) => ERRORS[(call * count + SEED + more) % ERRORS.length] ?? 'EIO',
  )
  // Last, when it is known whether it is a call that can do less.
  return errors.toSorted((one, other) => Number(one === 'less') - Number(other === 'less'))
}

function faultOf(at: number, error: string): Fault {
  if (error === 'less') return { at, does: 'less' }
  // A shared folder may be gone for a moment; of the machine's own disk nobody says that what is there is not.
  return { at, does: 'fail', code: error, ...(error === 'ENOENT' ? { spares: '/home-' } : {}) }
}

/** Every call in turn with each of its faults, until the act is over before one comes; answers what went wrong, and at how many calls it was tried. */
async function sweep(start: Start, who: Who, faultsAt: (call: number) => readonly Fault[]) {
  const wrong: string[] = []
  for (let call = 1; ; call++) {
    let struck: string | null = null
    for (const fault of faultsAt(call)) {
      if (fault.does === 'less' && struck !== null && !/: (read|write) /.test(struck)) continue
      const tried = await tryOnce(start, who, fault)
      struck = tried.struck
      wrong.push(...tried.wrong)
      if (struck === null || wrong.length > ENOUGH) return { wrong, calls: call - 1 }
    }
  }
}

async function tryOnce(start: Start, who: Who, fault: Fault) {
  await using scene = await ExchangeScene.begin(start)
  if (who === 'ben') await scene.act('ada')
  await scene.actStruck(who, fault)
  const { struck } = scene
  if (fault.does !== 'power-failure') {
    // It goes on without a restart; what it says is done then stays.
    await scene.goOn()
    await scene.pullPlug(who, { lost: 'all' })
  }
  // What a failed sync left under its name is taken up as published when it is found whole; it is looked for at every start.
  else scene.lookForPublished()
  await scene.lookAtFolder()
  await scene.goOn()
  await scene.examine()
  return { struck, wrong: scene.wrong.map((what) => `${what} (${JSON.stringify(fault)}, ${struck ?? 'afterwards'})`) }
}

const powerFailure =
  (loss: Loss['lost']) =>
  (at: number): readonly Fault[] => [
    { at, does: 'power-failure', loss: loss === 'some' ? { lost: 'some', seed: SEED + at } : { lost: loss } },
  ]

describe.each([
  { act: 'publishing for the first time', who: 'ada', start: { segments: 0 }, drawn: 2 },
  // Takes as long as the others together.
  { act: 'publishing and making one segment of many', who: 'ada', start: { segments: 16 }, drawn: 1 },
  { act: 'reading, with content', who: 'ben', start: { segments: 2 }, drawn: 2 },
] as const)('$act', ({ who, start, drawn }) => {
  test.each(['all', 'nothing', 'some'] as const)(
    'the power may fail at any call, and of what was not synced %s is lost',
    async (lost) => {
      const swept = await sweep(start, who, powerFailure(lost))
      expect(swept.wrong).toEqual([])
      expect(swept.calls).toBeGreaterThan(25)
    },
  )

  const count = EACH_ERROR ? ERRORS.length : drawn
  test(`any call may fail, with ${count} of ${ERRORS.join(', ')}`, async () => {
    const swept = await sweep(start, who, (call) => errorsAt(call, count).map((error) => faultOf(call, error)))
    expect(swept.wrong).toEqual([])
    expect(swept.calls).toBeGreaterThan(60)
  })
})

test.each(['files', 'folders'] as const)('a build that forgot to sync %s would be caught', async (forgotten) => {
  const { wrong } = await sweep({ segments: 0, forgotten: [forgotten] }, 'ada', powerFailure('all'))
  expect(wrong.length).toBeGreaterThan(0)
})
