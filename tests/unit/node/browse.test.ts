// Choosing a folder where the host has no dialog of its own.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { Place, refusal } from '#tests/kit/place.ts'

test('the folders of a folder are shown in the order of their names, hidden ones and files left out', async () => {
  await using place = new Place()
  const { steward } = await place.core('ada')
  const shared = join(place.folder, 'shared')
  for (const name of ['Zeta', 'alpha', '.hidden']) mkdirSync(join(shared, name), { recursive: true })
  writeFileSync(join(shared, 'a file'), '')
  expect(await steward.exchange.browse({ folder: shared })).toEqual({
    folder: shared,
    parent: place.folder,
    folders: [join(shared, 'alpha'), join(shared, 'Zeta')],
    more: 0,
  })
})

test('browsing begins at the steward’s own folder and ends at the root of the disk', async () => {
  await using place = new Place()
  const { steward } = await place.core('ada')
  const begin = await steward.exchange.browse({ folder: null })
  expect(begin).toMatchObject({ folder: place.folder, parent: dirname(place.folder) })
  expect(begin.folders).toContain(place.exchange)
  expect(await steward.exchange.browse({ folder: '/' })).toMatchObject({ folder: '/', parent: null })
})

test.each(['exchange', 'exchange/', './other/../exchange'])(
  'what is no whole path is read below the steward’s own folder, wherever the app was started: %s',
  async (asked) => {
    await using place = new Place()
    const { steward } = await place.core('ada')
    mkdirSync(place.exchange, { recursive: true })
    expect(place.exchange).toBe(join(place.folder, 'exchange'))
    expect(await steward.exchange.browse({ folder: asked })).toMatchObject({
      folder: place.exchange,
      parent: place.folder,
    })
  },
)

test.each(['gone', 'a file'])('a folder that cannot be shown is refused: %s', async (name) => {
  await using place = new Place()
  const { steward } = await place.core('ada')
  writeFileSync(join(place.folder, 'a file'), '')
  const { code, happened } = await refusal(steward.exchange.browse({ folder: join(place.folder, name) }))
  expect(code).toBe('FOLDER_UNREADABLE')
  expect(happened).toContain(join(place.folder, name))
})

test('what a folder would mean is told before there is a node', async () => {
  await using place = new Place()
  const { steward } = await place.core('ada')
  expect(await steward.exchange.probe({ folder: place.exchange })).toMatchObject({ problem: null, network: null })
  const ben = await place.node('ben')
  await ben.sync()
  const { network } = await steward.exchange.probe({ folder: place.exchange })
  expect(network).toMatchObject({ name: 'network of ben' })
  expect(network?.words).toHaveLength(6)
})
