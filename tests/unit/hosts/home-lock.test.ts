import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockHome } from '../../../core/hosts/machine/lock-adapter.ts'

const HOLDER = fileURLToPath(new URL('./hold-lock.ts', import.meta.url))
const started: ChildProcess[] = []
let home = ''

beforeEach(() => {
  home = join(mkdtempSync(join(tmpdir(), 'steward-lock-')), 'home')
})
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  rmSync(join(home, '..'), { recursive: true })
})

/** Starts a second process on the folder and gives the first thing that it says. */
async function startHolder(): Promise<{ readonly said: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [HOLDER, home], { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  const [said] = (await once(child.stdout, 'data')) as [Buffer] // a stream of bytes
  return { said: said.toString().trim(), child }
}

const now = () => true

test('a second process cannot take a data folder that is in use', async () => {
  const lock = await lockHome(home)
  expect((await startHolder()).said).toBe('HOME_IN_USE')
  lock.release()
  expect((await startHolder()).said).toBe('held')
  await expect(lockHome(home, now)).rejects.toMatchObject({ code: 'HOME_IN_USE', kept: 'Nothing was changed.' })
})

test('a core that was killed leaves no lock behind', async () => {
  const { said, child } = await startHolder()
  expect(said).toBe('held')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = await lockHome(home, now)
  lock.release()
})

test('of two that start at the same moment, one gets the folder', async () => {
  const both = await Promise.all([startHolder(), startHolder()])
  expect(both.map(({ said }) => said).toSorted()).toEqual(['HOME_IN_USE', 'held'])
})

test('a command waits for another one that is about to finish', async () => {
  const first = await lockHome(home)
  const second = lockHome(home)
  setTimeout(() => first.release(), 120)
  const lock = await second
  await expect(lockHome(home, now)).rejects.toMatchObject({ code: 'HOME_IN_USE' })
  lock.release()
})

test('where nothing was and nothing was made, nothing is left; what is there stays', async () => {
  const deep = join(home, 'a', 'b')
  ;(await lockHome(deep)).release()
  expect(existsSync(home)).toBe(false)

  mkdirSync(home)
  ;(await lockHome(home)).release()
  expect(readdirSync(home)).toEqual([])

  const lock = await lockHome(deep)
  writeFileSync(join(deep, 'node.json'), '{}')
  lock.release()
  expect(readdirSync(deep).toSorted()).toEqual(['lock.sqlite', 'node.json'])

  const beside = await lockHome(join(home, 'c', 'd'))
  writeFileSync(join(home, 'c', 'notes'), 'mine')
  beside.release()
  expect(readdirSync(join(home, 'c'))).toEqual(['notes'])
})

test('whoever waits while the folder goes away makes it anew and keeps others out of that one', async () => {
  for (let round = 0; round < 5; round++) {
    const first = await lockHome(home)
    const waiting = [lockHome(home), lockHome(home)]
    setTimeout(() => first.release(), 60)
    const second = await Promise.race(waiting)
    expect(existsSync(join(home, 'lock.sqlite'))).toBe(true)
    expect((await startHolder()).said).toBe('HOME_IN_USE')
    second.release()
    for (const lock of await Promise.all(waiting)) lock.release()
    expect(existsSync(home)).toBe(false)
  }
})

test('the folder and the lock are the owner’s alone', async () => {
  const lock = await lockHome(home)
  expect(statSync(home).mode & 0o777).toBe(0o700)
  expect(statSync(join(home, 'lock.sqlite')).mode & 0o777).toBe(0o600)
  lock.release()
})

test('the address that a killed host left behind goes with the lock', async () => {
  mkdirSync(home)
  const running = join(home, 'running.json')
  writeFileSync(running, '{}')
  const lock = await lockHome(home)
  expect(existsSync(running)).toBe(false)
  writeFileSync(running, '{}')
  await expect(lockHome(home, now)).rejects.toMatchObject({ code: 'HOME_IN_USE' })
  expect(existsSync(running)).toBe(true)
  lock.release()
})

test('a folder that cannot be made is told as such', async () => {
  writeFileSync(home, 'a file where the folder should be')
  await expect(lockHome(home)).rejects.toMatchObject({ code: 'HOME_UNUSABLE' })
})
