import { expect, test } from 'vitest'
import { dataFolder } from '#core/hosts/thread/index.ts'

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
