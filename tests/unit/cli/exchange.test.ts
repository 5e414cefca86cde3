// The shared folder from the command line alone: how it is, though no host watches it; and choosing it.
import { renameSync } from 'node:fs'
import { expect, test } from 'vitest'
import { makePlace } from './command-line.ts'

test('status looks how the folder is where no host runs, and says what to do', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada', '--exchange', place.exchange)
  await place.runWithKey('ben', 'init', '--name', 'Ben', '--exchange', place.exchange)
  expect((await place.run('ada', 'status')).json).toMatchObject({ exchange: { state: 'idle', unpublished: 0 } })
  expect((await place.run('ben', 'status')).json).toMatchObject({
    exchange: { state: 'not-admitted', reason: expect.stringContaining('has admitted this node') as string },
  })
  const waiting = (await place.runForPerson('ben', 'status')).out
  expect(waiting).toContain(`Folder     ${place.exchange} (not-admitted)\n`)
  expect(waiting).toContain('run `steward admit`')

  await place.runWithKey('ada', 'sign', '--kind', 'evidence/observed', '--subject', 'a', '--body', '{}')
  expect((await place.runForPerson('ada', 'status')).out).toContain(
    '1 receipt of this node not published yet: run `steward sync` with the passphrase.\n',
  )
  renameSync(place.exchange, `${place.exchange}-away`)
  expect((await place.run('ada', 'status')).json).toMatchObject({
    exchange: { state: 'missing', folder: place.exchange, unpublished: 1 },
    safety: { headline: 'The exchange stands still', remedy: expect.stringContaining('`steward exchange') as string },
  })
  const gone = (await place.runForPerson('ada', 'status')).out
  expect(gone).toContain('The exchange folder is not there.\n')
  expect(gone).toContain('kept in the data folder; 1 receipt of this node waits to be published.\n')
})
