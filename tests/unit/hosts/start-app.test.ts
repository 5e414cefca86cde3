// `npm start`, on a machine that the test makes up: which way the app opens, and what a person is told.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ServeOptions } from '#core/hosts/browser/index.ts'
import { writeRunningFile } from '#core/hosts/running/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { startApp, type Launcher } from '../../../core/hosts/launcher/start-app.ts'
import { startLoopback } from './loopback.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'steward-start-'))
})
afterEach(() => rmSync(home, { recursive: true }))

interface Machine {
  readonly launcher: Launcher
  readonly said: string[]
  /** Answers, on stdout. */
  readonly out: string[]
  /** What was done, in order. */
  readonly done: string[]
  readonly served: ServeOptions[]
}

/** A Linux machine with a screen and an Electron that runs until it is closed, unless said otherwise. */
function machine(wish: Partial<Launcher> = {}): Machine {
  const [said, out, done, served]: [string[], string[], string[], ServeOptions[]] = [[], [], [], []]
  let stop: () => void = () => undefined
  const launcher: Launcher = {
    env: { STEWARD_HOME: home, DISPLAY: ':0' },
    platform: 'linux',
    version: '0.0.0-test',
    args: ['--hidden'],
    cwd: home,
    out: (line) => void out.push(line),
    say: (line) => void said.push(line),
    electronBinary: () => '/electron',
    fetchElectron: () => Promise.resolve(false),
    runElectron(binary, args) {
      done.push(`run ${binary} ${args.join(' ')}`)
      return Promise.resolve(true)
    },
    buildApp: () => Promise.resolve(void done.push('build')),
    builtPage: () => Promise.resolve('/page'),
    serveNode(options) {
      done.push('serve')
      served.push(options)
      const over = new Promise<'stopped'>((resolve) => (stop = () => resolve('stopped')))
      return Promise.resolve({
        origin: 'http://127.0.0.1:4711',
        pageAddress: () => 'http://127.0.0.1:4711/#token=abc',
        over,
        stop: () => Promise.resolve(stop()),
      })
    },
    openPage: (address) => Promise.resolve(done.push(`open ${address}`) > 0),
    // Whoever started it presses Ctrl+C once the page has been shown.
    whenStopped: (end) => void setTimeout(end, 10),
    ...wish,
  }
  return { launcher, said, out, done, served }
}

test('where there is an Electron the app is built, runs with what was typed, and ends with 0', async () => {
  const { launcher, said, out, done } = machine()
  expect(await startApp(launcher)).toBe(0)
  expect(done).toEqual(['build', 'run /electron --hidden'])
  expect([said, out]).toEqual([[], []])
})

test('an Electron that is not there is fetched once, and used', async () => {
  let binary: string | null = null
  const { launcher, said, done } = machine({
    electronBinary: () => binary,
    fetchElectron() {
      binary = '/fetched'
      return Promise.resolve(true)
    },
  })
  expect(await startApp(launcher)).toBe(0)
  expect(said).toEqual(['Getting Electron; this happens once …'])
  expect(done).toContain('run /fetched --hidden')
})

const IN_BROWSER = 'Steward opens in your browser instead, with everything it has.'

test.each<[string, () => Partial<Launcher>, string]>([
  ['no Electron can be had', () => ({ electronBinary: () => null }), 'There is no Electron here'],
  ['there is no screen', () => ({ env: { STEWARD_HOME: home, DISPLAY: '' } }), 'There is no screen for Electron here'],
  ['it does not start', () => ({ runElectron: () => Promise.resolve(false) }), 'Electron does not start here'],
])('where %s the node runs behind the browser until it is stopped', async (_why, wish, reason) => {
  const { launcher, said, out, done, served } = machine(wish())
  expect(await startApp(launcher)).toBe(0)
  expect(said.at(-2)).toBe(`${reason}: ${IN_BROWSER}`)
  expect(said.at(-1)).toContain('Ctrl+C stops the node.')
  expect(out).toEqual(['http://127.0.0.1:4711/#token=abc'])
  expect(done.slice(-2)).toEqual(['serve', 'open http://127.0.0.1:4711/#token=abc'])
  expect(served).toMatchObject([{ home, version: '0.0.0-test', pageFolder: '/page', passphrase: null }])
})

test('only Linux can be without a screen; nothing is fetched for nobody to see', async () => {
  const onMac = machine({ platform: 'darwin', env: { STEWARD_HOME: home } })
  expect(await startApp(onMac.launcher)).toBe(0)
  expect(onMac.done).toEqual(['build', 'run /electron --hidden'])

  let fetched = false
  const bare = machine({
    env: { STEWARD_HOME: home },
    electronBinary: () => null,
    fetchElectron: () => Promise.resolve((fetched = true)),
  })
  await startApp(bare.launcher)
  expect(fetched).toBe(false)
})

test('a core that is given up on ends the app with 2', async () => {
  const { launcher } = machine({
    electronBinary: () => null,
    serveNode: () =>
      Promise.resolve({
        origin: 'http://127.0.0.1:4711',
        pageAddress: () => 'http://127.0.0.1:4711/#token=abc',
        over: Promise.resolve('gave-up'),
        stop: () => Promise.resolve(),
      }),
  })
  expect(await startApp(launcher)).toBe(2)
})

test('a node that is being served already is only opened', async () => {
  await using loopback = await startLoopback()
  const { origin, controlToken } = loopback.host
  writeRunningFile(home, { url: origin, pid: process.pid, controlToken })
  const { launcher, out, done } = machine({ electronBinary: () => null })
  expect(await startApp(launcher)).toBe(0)
  expect(out).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+$/)])
  expect(done).toEqual([`open ${out[0]}`])
})

test('what a killed host left behind does not keep the node from being served', async () => {
  writeRunningFile(home, { url: 'http://127.0.0.1:1', pid: 1, controlToken: 'gone' })
  const { launcher, done } = machine({ electronBinary: () => null })
  expect(await startApp(launcher)).toBe(0)
  expect(done).toContain('serve')
})

test('what cannot be done is told in its sentences; a fault of ours is not swallowed', async () => {
  const problem = { code: 'BUILD_FAILED', happened: 'It was not built.', kept: 'All.', remedy: 'Build it.' }
  const refused = machine({ buildApp: () => Promise.reject(new StewardError(problem)) })
  expect(await startApp(refused.launcher)).toBe(2)
  expect(refused.said).toEqual(['It was not built.', 'All.', 'Build it.'])

  const broken = machine({ buildApp: () => Promise.reject(new TypeError('ours')) })
  await expect(startApp(broken.launcher)).rejects.toThrow('ours')
})
