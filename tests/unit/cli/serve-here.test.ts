// `serve` and `open` in this process: a core in a thread behind the browser host, until the system asks it to stop.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRunningFile } from '#core/hosts/running/index.ts'
import { makePlace, say } from './command-line.ts'

const PATIENCE = { timeout: 150_000 }

test('serve keeps a node running until it is stopped; commands and pages go through it, and nothing of it is left', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada', '--exchange', place.exchange)
  let stop: () => void = () => undefined
  const stopped = new Promise<void>((resolve) => (stop = resolve))
  const home = place.home('ada')
  const words = ['--home', home, '--passphrase-file', place.passphraseFile, 'serve']
  const serving = say(words, place.folder, [], stopped)
  await expect.poll(() => readRunningFile(home), PATIENCE).not.toBeNull()

  // It was given the passphrase, so that it signs without being asked.
  const sign = ['sign', '--kind', 'evidence/observed', '--subject', 'a', '--body', '{"v":1}']
  expect(await place.run('ada', ...sign)).toMatchObject({ code: 0 })
  expect((await place.run('ada', 'status')).json).toMatchObject({ phase: 'ready' })
  const opened = await place.runForPerson('ada', 'open', '--print')
  expect(opened).toMatchObject({ code: 0, out: expect.stringMatching(/^http:\S+\/#token=[\w-]+\n$/) as string })
  expect((await place.run('ada', 'open')).json).toEqual({ url: expect.stringContaining('/#token=') as string })

  stop()
  const said = await serving
  expect(said.code).toBe(0)
  expect(said.out).toMatch(/^Steward runs\. Its page: http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+\n$/)
  expect(existsSync(join(home, 'running.json'))).toBe(false)
  expect((await place.runForPerson('ada', 'open')).err).toContain('No node is being served from this data folder.')
})
