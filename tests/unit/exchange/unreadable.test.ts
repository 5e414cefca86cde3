// A file that the system does not let its reader open: on a disk of the tests, since root may read every file of the real one.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Disk } from '#tests/kit/disk/disk.ts'
import { Machine } from '#tests/kit/disk/machine.ts'
import { mount } from '#tests/kit/disk/mounted-fs.ts'
import { settle, Steward } from './shared-folder.ts'

vi.mock('node:fs', async (original) => (await import('#tests/kit/disk/mounted-fs.ts')).mountedFs(await original()))
vi.mock('node:fs/promises', async (original) =>
  (await import('#tests/kit/disk/mounted-fs.ts')).mountedPromises(await original()),
)

const POINT = '/machine-of-both'
let machine: Machine
let mounted: Disposable
let ada: Steward
let ben: Steward

beforeEach(async () => {
  machine = new Machine(new Disk())
  machine.makeFolder('/exchange', 0o755)
  mounted = mount(POINT, machine)
  const [one, other] = ['ada', 'ben'].map(
    (name) => new Steward(`${POINT}/${name}`, { name, folder: `${POINT}/exchange` }),
  )
  ada = one!
  ben = other!
  ada.found([ada, ben])
  ben.introduce()
  await settle([ada, ben])
})

afterEach(async () => {
  for (const steward of [ada, ben]) await steward.close()
  mounted[Symbol.dispose]()
})

function pathOfBen(name: string): string {
  return `/exchange/nodes/${ben.id.slice('did:key:'.length)}/${name}`
}

test.each([
  { name: 'feed/2-2.jsonl', arrivesAtOnce: false },
  { name: 'head', arrivesAtOnce: true },
  { name: 'feed/905-905.jsonl', arrivesAtOnce: true },
])(
  '$name may not be read: it is told, the rest is read, and so is this once it may be',
  async ({ name, arrivesAtOnce }) => {
    ben.observe('a.json')
    await ben.exchange.publish()
    const path = pathOfBen(name)
    if (machine.look(path) === null) machine.plant(path, 'x')
    machine.changeMode(path, 0)
    await ada.sync()
    await ada.sync()
    expect(ada.seqOf(ben)).toBe(arrivesAtOnce ? 2 : 1)
    const troublesOfIt = () =>
      ada.exchange
        .troubles({ limit: 10 })
        .items.filter(({ source, reason }) => source.endsWith(name) && reason === 'unreadable')
    expect(troublesOfIt()).toMatchObject([
      { node: ben.id, outcome: 'waiting', detail: 'The system does not let this file be read.' },
    ])
    expect(ada.exchange.view().state).toBe('idle')

    machine.changeMode(path, 0o644)
    await ada.sync()
    expect([ada.seqOf(ben), troublesOfIt()]).toEqual([2, []])
  },
)
