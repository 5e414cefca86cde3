// The way out for a restored node whose own feed is nowhere to be read, on a machine without a screen.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makePlace } from './command-line.ts'

test('a restored node without its feed signs nothing until its steward declares the head lost', async () => {
  using place = makePlace()
  const phraseFile = join(place.folder, 'phrase')
  await place.runWithKey('ada', 'init', '--name', 'Ada', '--recovery-phrase-file', phraseFile)
  const restored = await place.runWithKey('new', 'restore', '--name', 'Ada', '--phrase-file', phraseFile)
  expect(restored.json).toMatchObject({ ready: false })
  const sign = ['sign', '--kind', 'evidence/observed', '--subject', 'a', '--body', '{}']
  expect((await place.runWithKey('new', ...sign)).json).toMatchObject({ error: { code: 'HEAD_UNKNOWN' } })
  expect((await place.run('new', 'declare-head-lost')).json).toMatchObject({ error: { code: 'PASSPHRASE_NEEDED' } })
  expect((await place.runWithKey('new', 'declare-head-lost')).json).toEqual({ declared: true })
  expect((await place.runWithKey('new', ...sign)).json).toMatchObject({ seq: 3 })
})
