import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPageFiles } from '#core/hosts/page/index.ts'
import { scratchPage } from './loopback.ts'

test('the files of the page are known by their exact paths', () => {
  const { byPath } = readPageFiles(scratchPage())
  expect([...byPath.keys()].toSorted()).toEqual(['/assets/app.css', '/assets/app.js'])
})

test('a link in the folder leads nowhere', () => {
  const folder = scratchPage()
  symlinkSync('/etc/hostname', join(folder, 'assets', 'host.txt'))
  expect(readPageFiles(folder).byPath.has('/assets/host.txt')).toBe(false)
})

test('a page that is not built is told with what to do', () => {
  const empty = mkdtempSync(join(tmpdir(), 'steward-page-'))
  expect(() => readPageFiles(empty)).toThrow('The window of Steward is not built yet.')
  const half = mkdtempSync(join(tmpdir(), 'steward-page-'))
  mkdirSync(join(half, 'assets'))
  writeFileSync(join(half, 'index.html'), '<html><head></head></html>')
  expect(() => readPageFiles(half)).toThrow('The window of Steward is not built yet.')
})
