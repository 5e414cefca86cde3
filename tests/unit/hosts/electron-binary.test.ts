// Programs that stand in for Electron and its installer: what matters is how they end.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { electronBinary, fetchElectron, runElectron } from '../../../core/hosts/launcher/electron-binary-adapter.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-electron-'))
  mkdirSync(join(folder, 'dist'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function program(lines: string): string {
  const path = join(folder, 'program')
  writeFileSync(path, `#!/bin/sh\n${lines}\n`)
  chmodSync(path, 0o755)
  return path
}

test('the binary is the one that the package names, if it was downloaded', () => {
  expect(electronBinary(folder)).toBeNull()
  writeFileSync(join(folder, 'path.txt'), 'electron\n')
  expect(electronBinary(folder)).toBeNull()
  writeFileSync(join(folder, 'dist', 'electron'), '')
  expect(electronBinary(folder)).toBe(join(folder, 'dist', 'electron'))
})

test('the package’s own installer fetches it, and says by its exit code whether it did', async () => {
  expect(await fetchElectron(folder)).toBe(false)
  const installer = join(folder, 'install.js')
  const marker = join(folder, 'fetched')
  writeFileSync(installer, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`)
  expect(await fetchElectron(folder)).toBe(true)
  expect(existsSync(marker)).toBe(true)
  writeFileSync(installer, 'process.exit(1)')
  expect(await fetchElectron(folder)).toBe(false)
})

test.each([
  ['exit 0', true],
  // Chromium ends so where it finds no display or may not be root, and with SIGTRAP where it finds no sandbox.
  ['exit 1', false],
  ['kill -TRAP $$', false],
  ['kill -SEGV $$', false],
  // Somebody ended it.
  ['kill -TERM $$', true],
  ['kill -KILL $$', true],
])('an app that ends at once with `%s` started: %s', async (lines, started) => {
  expect(await runElectron(program(lines), [])).toBe(started)
})

test('what cannot be run at all did not start', async () => {
  expect(await runElectron(join(folder, 'nothing'), [])).toBe(false)
})

test('a signal to the launcher is passed to the app, and not kept for what comes after it', async () => {
  const ready = join(folder, 'ready')
  const before = process.listenerCount('SIGTERM')
  const running = runElectron(program(`trap 'exit 0' TERM; : > "$2"; while :; do sleep 0.05; done`), [ready])
  await expect.poll(() => existsSync(ready), { timeout: 50_000 }).toBe(true)
  // As the system would, but only to whoever listens in this process.
  process.emit('SIGTERM', 'SIGTERM')
  expect(await running).toBe(true)
  expect(process.listenerCount('SIGTERM')).toBe(before)
})
