import { execFileSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'
import { imported, inspected } from './desk.ts'

const PILOT = fileURLToPath(new URL('../../fixtures/teof/pilot-sample', import.meta.url))

test('TEOF node directories are recognised in a folder and in a zip, counted by origin, and signed for once', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const folder = join(place.folder, 'pilot')
  for (const label of ['node-a', 'node-b'])
    cpSync(join(PILOT, label), join(folder, label), { recursive: true, verbatimSymlinks: true })
  const zip = join(place.folder, 'pilot.zip')
  execFileSync('python3', ['-m', 'zipfile', '-c', zip, 'pilot'], { cwd: place.folder })

  const zipped = await inspected(ada, zip)
  expect(zipped.kinds).toEqual(['teof'])
  expect(zipped.origins.map(({ label }) => label)).toEqual(['node-a', 'node-b'])
  const looked = await inspected(ada, folder)
  expect(looked.origins.map((origin) => [origin.label, origin.new])).toEqual(
    zipped.origins.map((origin) => [origin.label, origin.new]),
  )
  expect(looked.adds).toBeGreaterThan(4)

  const report = await imported(ada)
  expect(report).toMatchObject({ signed: looked.adds, conflicts: 2 })
  const again = await inspected(ada, zip)
  expect(again.adds).toBe(0)
  expect(again.origins.every((origin) => origin.new + origin.changed === 0)).toBe(true)

  // Somebody took a file away and dropped the folder again: that is told too.
  rmSync(join(folder, 'node-a', '_report', 'usage'), { recursive: true })
  const less = await inspected(ada, folder)
  expect(less.origins.find(({ label }) => label === 'node-a')!.gone).toBeGreaterThan(0)
  expect(ada.bugs).toEqual([])
})
