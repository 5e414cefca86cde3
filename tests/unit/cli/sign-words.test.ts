// What `sign` refuses, and how. Commands go through a running host.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'
import { serve } from './served.ts'

test('a folder or a pipe in the place of a file is refused in a sentence, and nothing is signed', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await using host = await serve(ada)
  const folder = join(place.folder, 'a-folder')
  const pipe = join(place.folder, 'a-pipe')
  mkdirSync(folder)
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
  for (const named of [folder, pipe, place.folder]) {
    const said = await host.read('sign', '--kind=evidence/observed', '--subject=a', `--file=${named}`)
    expect(said).toMatchObject({ code: 2, out: '' })
    expect(said.err).toBe(
      `${named} is no file.\nNothing was signed.\nName one file; a folder is taken by \`steward import\`.\n`,
    )
  }
})
