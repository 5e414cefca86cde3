import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataFolder, typedIn } from '#core/hosts/thread/index.ts'

const linux = { platform: 'linux', cwd: '/home/ada' } as const

test('--home comes before STEWARD_HOME, and that before the system’s place', () => {
  const env = { STEWARD_HOME: '/env', XDG_DATA_HOME: '/share' }
  expect(dataFolder({ ...linux, env, option: '/option' })).toBe('/option')
  expect(dataFolder({ ...linux, env })).toBe('/env')
  expect(dataFolder({ ...linux, env: { XDG_DATA_HOME: '/share' } })).toBe('/share/steward')
})

test('a relative folder is relative to where the command was typed', () => {
  expect(dataFolder({ ...linux, env: {}, option: 'node' })).toBe('/home/ada/node')
})

test('an empty STEWARD_HOME and a relative XDG_DATA_HOME count as not set', () => {
  expect(dataFolder({ ...linux, env: { STEWARD_HOME: '', XDG_DATA_HOME: 'share' } })).toMatch(
    /\/\.local\/share\/steward$/,
  )
})

test('each system has its own place for it', () => {
  expect(dataFolder({ ...linux, platform: 'darwin', env: {} })).toBe(
    join(homedir(), 'Library', 'Application Support', 'Steward'),
  )
  expect(dataFolder({ ...linux, platform: 'win32', env: { APPDATA: '/roaming' } })).toBe(join('/roaming', 'Steward'))
  expect(dataFolder({ ...linux, platform: 'win32', env: {} })).toBe(join(homedir(), 'AppData', 'Roaming', 'Steward'))
})

test('a path that was typed behind `npm run` is relative to where it was typed, not to the repository', () => {
  expect(typedIn({}, '/repository')).toBe('/repository')
  expect(typedIn({ INIT_CWD: '/left/over' }, '/repository')).toBe('/repository')
  expect(typedIn({ npm_lifecycle_event: 'steward', INIT_CWD: '/home/ada' }, '/repository')).toBe('/home/ada')
  expect(typedIn({ npm_lifecycle_event: 'steward' }, '/repository')).toBe('/repository')
})
