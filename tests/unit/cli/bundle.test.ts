import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makePlace, type Place, type Said } from './command-line.ts'

async function network(place: Place): Promise<void> {
  for (const name of ['ada', 'ben']) {
    const words = ['init', '--name', name, '--exchange', place.exchange, '--network', 'pilot']
    done(await place.runWithKey(name, ...words, '--recovery-phrase-file', join(place.folder, `${name}.phrase`)))
    done(await place.runWithKey(name, 'sync'))
  }
  done(await place.runWithKey('ada', 'sync'))
  done(await place.runWithKey('ada', 'admit', 'ben'))
  for (const name of ['ada', 'ben', 'ada']) done(await place.runWithKey(name, 'sync'))
  done(await place.runWithKey('ada', 'sign', '--kind', 'evidence/observed', '--subject', 'a.json', '--body', '{"a":1}'))
}

function done(said: Said): Said {
  expect(said.err).toBe('')
  expect(said.code).toBe(0)
  return said
}

test('a bundle for a node goes from one command line to the other', async () => {
  using place = makePlace()
  await network(place)
  const bundle = join(place.folder, 'for-ben.zip')
  const exported = done(await place.runWithKey('ada', 'export', '--to', bundle, '--lacked-by', 'ben'))
  expect(exported.json).toMatchObject({ out: bundle, nodes: 1, receipts: 1 })

  const looked = done(await place.runForPerson('ben', 'import', bundle, '--dry-run'))
  expect(looked.out).toContain('for-ben.zip: a Steward bundle')
  expect(looked.out).toMatch(/ada +1 +0 +0 +0 +0 +0 +admitted/)
  expect(done(await place.run('ben', 'import', bundle)).json).toMatchObject({ report: { added: 1 } })
  expect(done(await place.runForPerson('ben', 'import', bundle)).out).toContain('There is nothing new to import.')

  // What cannot be imported says what to do, and what is hostile ends with the code for it.
  const gone = await place.runForPerson('ben', 'import', 'nowhere.zip')
  expect(gone.code).toBe(2)
  expect(gone.err).toContain('Nothing was imported.')
  writeFileSync(join(place.folder, 'cut.zip'), Buffer.from('504b030414000000', 'hex'))
  const cut = await place.run('ben', 'import', join(place.folder, 'cut.zip'))
  expect(cut.code).toBe(3)
  expect(cut.json).toMatchObject({ refused: [{ entry: '', reason: 'truncated' }] })
})
