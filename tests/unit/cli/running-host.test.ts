// While a host runs on a data folder, commands go through it; when it has gone, they work in process again.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import * as z from 'zod'
import { makePlace, type Place } from './command-line.ts'

const MAIN = fileURLToPath(new URL('../../../core/hosts/cli/main.ts', import.meta.url))
const Running = z.object({ url: z.string(), origin: z.string(), pid: z.number(), home: z.string() })
const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

async function serve(place: Place, name: string, ...options: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, '--home', place.home(name), '--json', 'serve', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(child)
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => lines.push(line))
  await Promise.race([once(reader, 'line'), once(child, 'exit')])
  return { child, lines, running: Running.parse(JSON.parse(lines[0] ?? 'null')) }
}

async function withNode(): Promise<Place> {
  const place = makePlace()
  expect((await place.runWithKey('ada', 'init', '--name', 'Ada', '--exchange', place.exchange)).code).toBe(0)
  return place
}

const SIGN = ['sign', '--kind', 'evidence/observed', '--subject', 'a', '--body', '{"v":1}']

test('serve says where its page is in one JSON line, keeps running, and stops cleanly', async () => {
  using place = await withNode()
  const { child, lines, running } = await serve(place, 'ada')
  expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+$/)
  const file = join(place.home('ada'), 'running.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toContain(running.origin)
  expect((await fetch(running.origin)).status).toBe(200)

  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(lines).toHaveLength(1)
  expect(existsSync(file)).toBe(false)
})

test('commands go through the running host, and leave its key as it was', async () => {
  using place = await withNode()
  await serve(place, 'ada')
  expect((await place.run('ada', 'status')).json).toMatchObject({ phase: 'locked' })
  expect((await place.run('ada', ...SIGN)).json).toMatchObject({ error: { code: 'PASSPHRASE_NEEDED' } })
  expect((await place.runWithKey('ada', ...SIGN)).json).toMatchObject({ seq: expect.any(Number) as number })
  expect((await place.run('ada', 'status')).json).toMatchObject({ phase: 'locked' })
})

test('a host that was given the passphrase signs without being asked again', async () => {
  using place = await withNode()
  await serve(place, 'ada', '--passphrase-file', place.passphraseFile)
  expect((await place.run('ada', ...SIGN)).code).toBe(0)
})

test('open gives another address of the page, good once', async () => {
  using place = await withNode()
  const { running } = await serve(place, 'ada')
  const { url } = z.object({ url: z.string() }).parse((await place.run('ada', 'open')).json)
  expect(url).not.toBe(running.url)
  const swap = () =>
    fetch(`${running.origin}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: new URL(url).hash.replace('#token=', '') }),
    })
  expect([(await swap()).status, (await swap()).status]).toEqual([200, 401])
})

test('a second host on the same data folder is refused and harms nothing', async () => {
  using place = await withNode()
  await serve(place, 'ada')
  const second = await place.run('ada', 'serve')
  expect(second.code).toBe(2)
  expect(second.json).toMatchObject({ error: { code: 'HOME_IN_USE' } })
  expect((await place.run('ada', 'status')).code).toBe(0)
})

test('after a host was killed, commands work in process again', async () => {
  using place = await withNode()
  const { child } = await serve(place, 'ada')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(existsSync(join(place.home('ada'), 'running.json'))).toBe(true)
  expect((await place.runWithKey('ada', ...SIGN)).code).toBe(0)
  expect(existsSync(join(place.home('ada'), 'running.json'))).toBe(false)
})

test('a wrong passphrase keeps serve from starting, and says so', async () => {
  using place = await withNode()
  const said = await place.run('ada', 'serve', '--passphrase-file', fileURLToPath(import.meta.url))
  expect(said.code).toBe(2)
  expect(said.json).toMatchObject({ error: { kept: expect.any(String) as string } })
  expect((await place.run('ada', 'status')).code).toBe(0)
})
