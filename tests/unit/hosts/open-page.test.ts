// What opens an address in the steward's browser, on each system: the programs are the test's own.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPage } from '#core/hosts/browser/index.ts'
import { PATIENCE } from './patience.ts'

const ADDRESS = 'http://127.0.0.1:4711/#token=a&b'
const path = process.env['PATH']
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-open-'))
  process.env['PATH'] = folder
})
afterEach(() => {
  process.env['PATH'] = path
  rmSync(folder, { recursive: true })
})

test.each<[NodeJS.Platform, Record<string, string>, string, string]>([
  ['linux', { DISPLAY: ':0' }, 'xdg-open', ADDRESS],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open', ADDRESS],
  ['darwin', {}, 'open', ADDRESS],
  ['win32', {}, 'rundll32', `url.dll,FileProtocolHandler ${ADDRESS}`],
])('on %s with %j it is %s, given the address and no shell', async (platform, env, program, words) => {
  const file = join(folder, program)
  writeFileSync(file, `#!/bin/sh\necho "$@" > "${folder}/said.part"\n/bin/mv "${folder}/said.part" "${folder}/said"\n`)
  chmodSync(file, 0o755)
  expect(await openPage(ADDRESS, platform, env)).toBe(true)
  await expect.poll(() => existsSync(join(folder, 'said')), PATIENCE).toBe(true)
  expect(readFileSync(join(folder, 'said'), 'utf8')).toBe(`${words}\n`)
})

test('without a screen, or without a program that opens it, it says so', async () => {
  expect(await openPage(ADDRESS, 'linux', {})).toBe(false)
  expect(await openPage(ADDRESS, 'linux', { DISPLAY: ':0' })).toBe(false)
})
