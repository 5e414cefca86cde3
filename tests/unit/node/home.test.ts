// The data folder where the system says no: what is told is what a person can do about it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHome } from '#core/node/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { Place, refusal } from '#tests/kit/place.ts'

function problemOf(work: () => void): StewardError {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof StewardError) return thrown
    throw thrown
  }
  throw new Error('It was done.')
}

test('a folder that cannot be written says so, keeps what is there and leaves nothing half-written', async () => {
  await using place = new Place()
  const home = openHome(place.home('ada'))
  home.write('node.json', Buffer.from('old'))
  // A folder stands where the file would go.
  mkdirSync(home.path('taken'))
  const problem = problemOf(() => home.write('taken', Buffer.from('new')))
  expect(problem).toMatchObject({ code: 'HOME_UNWRITABLE', remedy: 'Check who owns the data folder, then try again.' })
  expect(problem.happened).toMatch(/^The data folder cannot be written \(E[A-Z]+\)\.$/)
  expect(readdirSync(home.folder).toSorted()).toEqual(['node.json', 'taken'])
  expect(readFileSync(home.path('node.json'), 'utf8')).toBe('old')
})

test.skipIf(!existsSync('/dev/full'))('a full disk is called one (needs /dev/full)', async () => {
  await using place = new Place()
  const home = openHome(place.home('ada'))
  symlinkSync('/dev/full', home.path('piece'))
  const problem = problemOf(() => home.writeAt('piece', 0, Buffer.from('bytes')))
  expect(problem).toMatchObject({
    code: 'HOME_UNWRITABLE',
    happened: 'There is no space left for the data folder.',
    remedy: 'Free some space on that disk, then try again.',
  })
})

test('a data folder that went away, or is none, is refused before anything is written', async () => {
  await using place = new Place()
  const ada = await place.core('ada')
  rmSync(ada.home, { recursive: true })
  const wish = { name: 'ada', passphrase: null, exchange: null, networkName: null }
  expect(await refusal(ada.steward.node.create(wish))).toEqual({
    code: 'HOME_UNWRITABLE',
    happened: 'The data folder cannot be written (ENOENT).',
  })
  writeFileSync(join(place.folder, 'file'), '')
  const home = openHome(place.home('other'))
  rmSync(home.folder, { recursive: true })
  symlinkSync(join(place.folder, 'file', 'below'), home.folder)
  expect(() => home.moveIn()).toThrow(/ENOTDIR/)
})

test('a node file that is far too large is called damaged, not read', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await ada.stop()
  const file = join(ada.home, 'node.json')
  writeFileSync(file, readFileSync(file, 'utf8').padEnd(300 * 1024, ' '))
  await expect(ada.restart()).rejects.toMatchObject({ code: 'NODE_FILE_DAMAGED' })
})
