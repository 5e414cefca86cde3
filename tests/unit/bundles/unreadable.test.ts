// A folder to be imported, with a file that the system does not let its reader open: on a disk of the tests, since root may read every
// file of the real one.
import { expect, onTestFinished, test, vi } from 'vitest'
import { Disk } from '#tests/kit/disk/disk.ts'
import { Machine } from '#tests/kit/disk/machine.ts'
import { mount } from '#tests/kit/disk/mounted-fs.ts'
import { Place } from '#tests/kit/place.ts'
import { imported, inspected } from './desk.ts'
import { folderOf, lines } from './made-bundle.ts'
import { withAdmitted } from './strangers.ts'

vi.mock('node:fs', async (original) => (await import('#tests/kit/disk/mounted-fs.ts')).mountedFs(await original()))
vi.mock('node:fs/promises', async (original) =>
  (await import('#tests/kit/disk/mounted-fs.ts')).mountedPromises(await original()),
)

const POINT = '/stick-of-eve'

test('a file of a dropped folder that may not be read is told by name, what is beside it is imported, and it too once it may be read', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  for (const value of [1, 2]) eve.observe('a.json', { value })
  const machine = new Machine(new Disk())
  const mounted = mount(POINT, machine)
  onTestFinished(() => mounted[Symbol.dispose]())
  const last = `/dropped/${folderOf(eve)}/feed/3-3.jsonl`
  machine.plant(`/dropped/${folderOf(eve)}/feed/1-2.jsonl`, lines(eve.signed.slice(0, 2)))
  machine.plant(last, lines(eve.signed.slice(2)))

  machine.changeMode(last, 0)
  const { refusals, nodes } = await inspected(ada, `${POINT}/dropped`)
  expect(refusals).toMatchObject([{ reason: 'unreadable' }])
  expect(refusals[0]!.entry).toContain('feed/3-3.jsonl')
  expect(nodes).toMatchObject([{ node: eve.id, new: 2 }])
  expect(await imported(ada)).toMatchObject({ added: 2 })

  machine.changeMode(last, 0o644)
  expect(await inspected(ada, `${POINT}/dropped`)).toMatchObject({ refusals: [], nodes: [{ new: 1, known: 2 }] })
  expect(await imported(ada)).toMatchObject({ added: 1 })
})
